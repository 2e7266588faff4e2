/** Cells of the tables that programs write into the documentation. */

/** On one line, with nothing in it that ends the cell. */
export const cell = (text: string): string =>
  text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
/** The same as code; empty stays empty. */
export const code = (text: string): string => (text === '' ? '' : `\`${cell(text)}\``)
