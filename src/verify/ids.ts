/** Text → part of a check's id: lower-case letters, digits, `-` and `.`. */
export function idPart(text: string): string {
  const part = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/[-.]*\.[-.]*/g, '.')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60)
    .replace(/[-.]+$/, '')
  return part === '' ? 'unnamed' : part
}
