import { cut, oneLine } from './text.ts'

/**
 * Text for a quoted label. Mermaid reads `"`, backticks, `#…;`, `%%` and HTML even there: letters, digits and a few signs are left.
 * Nothing at its beginning can make it a Markdown list, which Mermaid refuses.
 */
export function label(text: string, limit = 60): string {
  const plain = oneLine(text, 400)
    .replace(/[^\p{L}\p{N} .,+/:()-]/gu, ' ')
    .replace(/-{2,}/g, '-')
    .replace(/ {2,}/g, ' ')
    .trim()
    .replace(/^[-+.,:)]+\s*/, '')
    .replace(/^(\d+)[.)]\s/, '$1 ')
  return plain === '' ? 'unnamed' : cut(plain, limit)
}
