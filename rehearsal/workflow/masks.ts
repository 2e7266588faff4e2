/**
 * What the runner hides in a job's log: every secret as a whole and each of its lines.
 * The real runner also hides encoded forms (base64, JSON, URI escapes). Here they stay visible on purpose:
 * a secret that leaks in another form must be seen by whoever reads the log of a rehearsal, not be covered up.
 */
export class Masks {
  readonly #values = new Set<string>()

  constructor(values: Iterable<string> = []) {
    for (const value of values) this.add(value.trim())
  }

  add(value: string): void {
    if (value === '') return
    this.#values.add(value)
    for (const line of value.split(/[\r\n]+/)) if (line.trim() !== '') this.#values.add(line.trim())
  }

  /** The text with every secret replaced by `***`; secrets that overlap or touch become one. */
  hide(text: string): string {
    const found: [number, number][] = []
    for (const value of this.#values) {
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) found.push([at, at + value.length])
    }
    if (found.length === 0) return text
    found.sort((a, b) => a[0] - b[0])
    let result = ''
    let end = 0
    let covered = -1
    for (const [from, to] of found) {
      if (from > covered) result += `${text.slice(end, from)}***`
      covered = Math.max(covered, to)
      end = covered
    }
    return result + text.slice(end)
  }

  hides(text: string): boolean {
    return this.hide(text) !== text
  }
}
