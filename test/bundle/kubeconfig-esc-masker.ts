/**
 * What GitHub's runner hides, in all its forms (actions/runner: AddMaskCommandExtension in ActionCommandManager.cs; the encoders of
 * HostContext.cs in ValueEncoders.cs): a masked value, each of its trimmed lines, and eleven encodings of each.
 * A job output in which it would hide anything is dropped (JobExtension.cs).
 */
import { parseCommand } from '../../rehearsal/workflow/commands.ts'

/** What remains of UTF-8 bytes from a place on, in base64; a value that short is taken whole. */
function base64From(value: string, place: number): string {
  const bytes = Buffer.from(value)
  return bytes.subarray(bytes.length > place ? place : 0).toString('base64')
}

/** PowerShell colours the character behind `&+`, or else it parts a line at its last `&`. */
function partsOfPowerShell(value: string): readonly string[] {
  const plus = value.indexOf('&+')
  const end = plus >= 0 ? plus + 2 : value.lastIndexOf('&') + 1
  if (end === 0) return []
  return [value.slice(0, end), value.slice(plus >= 0 ? end + 1 : end)].filter((part) => part.length >= 6)
}

const xml: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '&': '&amp;' }

/** Uri.EscapeDataString of .NET leaves unreserved characters of RFC 3986 only; JavaScript leaves five more. */
function uriData(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function encodingsOf(value: string): readonly string[] {
  return [
    ...[0, 1, 2].map((place) => base64From(value, place)),
    value.replaceAll('"', '\\"'),
    value.replaceAll("'", "''"),
    JSON.stringify(value).slice(1, -1),
    uriData(value),
    value.replace(/[<>"'&]/g, (sign) => xml[sign] ?? sign),
    value.length > 8 && /^".*"$/s.test(value) ? value.slice(1, -1) : '',
    ...partsOfPowerShell(value),
  ].filter((text) => text !== '')
}

export class RunnerMasker {
  /** What was asked to be masked, as it was asked. */
  readonly asked: readonly string[]
  readonly #forms = new Set<string>()

  /** @param stdout of a step; @param secrets of the workflow, which the runner knows before any step */
  constructor(stdout: string, secrets: readonly string[] = []) {
    const commands = stdout
      .split(/\r\n|\n|\r/)
      .flatMap((line) => parseCommand(line, (name) => name === 'add-mask')?.data ?? [])
    this.asked = commands.filter((data) => data.trim() !== '')
    for (const value of [...secrets, ...this.asked]) {
      this.#add(value)
      for (const line of value.split(/[\r\n]/)) this.#add(line.trim())
    }
  }

  #add(value: string): void {
    if (value === '') return
    for (const form of [value, ...encodingsOf(value)]) this.#forms.add(form)
  }

  /** Everything of the text that would be hidden. */
  hiddenIn(text: string): readonly string[] {
    return [...this.#forms].filter((form) => text.includes(form))
  }

  /** Whether nobody would see any of it: not a single character of the text is left. */
  hides(text: string): boolean {
    const left = [...this.#forms].reduce((rest, form) => rest.replaceAll(form, ''), text)
    return left.trim() === ''
  }
}
