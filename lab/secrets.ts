/** The scan of every press for secrets: whatever it wrote, whatever it left, and every process inside the lab while it ran. */
import assert from 'node:assert/strict'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Press, Running } from '../rehearsal/press.ts'

export interface Secret {
  readonly name: string
  readonly value: string
}

/** A text that must hold no secret, and where it was found. */
export interface Exhibit {
  readonly where: string
  readonly text: string
}

export interface Leak {
  readonly secret: string
  readonly form: string
  readonly where: string
}

/** Shorter ones would be found by chance. */
const minimumLength = 12

/** How one value may look after it went through something: as it is, and in the encodings that programs put texts into. Pure. */
export function formsOf(value: string): Readonly<Record<string, readonly string[]>> {
  const bytes = Buffer.from(value)
  // Inside a longer text base64 depends on how many bytes stand before; what its neighbours change is left out.
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return text.slice(before === 0 ? 0 : before + 1, Math.floor(((before + bytes.length) * 8) / 6))
  })
  const lines = value.split('\n').filter((line) => line.length >= 32 && !line.startsWith('-----'))
  return {
    raw: [value, ...lines],
    base64,
    base64url: base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    JSON: [JSON.stringify(value).slice(1, -1), JSON.stringify(JSON.stringify(value)).slice(3, -3)],
    URL: [encodeURIComponent(value), encodeURIComponent(encodeURIComponent(value))],
    hex: [bytes.toString('hex')],
  }
}

/** Every secret in every form in every text; one leak for each place and secret. Pure. */
export function leaksIn(exhibits: readonly Exhibit[], secrets: readonly Secret[]): readonly Leak[] {
  const needles = secrets.flatMap(({ name, value }) =>
    Object.entries(formsOf(value)).flatMap(([form, texts]) =>
      texts.filter((text) => text.length >= minimumLength).map((text) => ({ secret: name, form, text })),
    ),
  )
  const found = new Map<string, Leak>()
  for (const { where, text } of exhibits)
    for (const needle of needles) {
      const key = `${needle.secret} ${where}`
      if (!found.has(key) && text.includes(needle.text)) found.set(key, { ...needle, where })
    }
  return [...found.values()].map(({ secret, form, where }) => ({ secret, form, where }))
}

/** What a runner shows and keeps of a press. Commands that register a mask are the runner's to swallow. Pure. */
export function exhibitsOf(press: Press): readonly Exhibit[] {
  const shown = press.stdout
    .split('\n')
    .filter((line) => !line.startsWith('::add-mask::'))
    .join('\n')
  return [
    { where: 'the log', text: shown },
    { where: 'standard error', text: press.stderr },
    { where: 'the summary', text: press.summary },
    { where: 'the report', text: JSON.stringify(press.report ?? null) },
    ...Object.entries(press.outputs).map(([name, text]) => ({ where: `the output ${name}`, text })),
    ...Object.entries(press.state).map(([name, text]) => ({ where: `the state ${name}`, text })),
  ]
}

/** Every file below a folder, links not followed; those in `but` are left out with what is below them. */
export function filesBelow(folder: string, but: readonly string[] = []): readonly Exhibit[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (but.includes(path)) return []
    const entry = lstatSync(path, { throwIfNoEntry: false })
    if (entry?.isDirectory()) return filesBelow(path, but)
    return entry?.isFile() ? [{ where: `the file ${path}`, text: readFileSync(path, 'latin1') }] : []
  })
}

const sampleEveryMs = 150
/** Inputs come to a bundle in its own environment, by the runner's own protocol. */
const bundles = new Set<number>()

function procText(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    // It has ended.
    return ''
  }
}

/** Arguments and environment of every process that is seen while it runs. */
export class ProcessWatch {
  readonly #texts = new Map<string, Exhibit>()
  readonly #timer: NodeJS.Timeout
  readonly #pid: number | undefined
  readonly #more: () => void

  /** @param more is called at every sample */
  constructor({ child }: Pick<Running, 'child'>, more: () => void) {
    this.#pid = child.pid
    this.#more = more
    if (child.pid !== undefined) bundles.add(child.pid)
    this.#timer = setInterval(() => this.#sample(), sampleEveryMs)
    this.#sample()
  }

  #sample(): void {
    this.#more()
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const words = procText(pid, 'cmdline').replaceAll('\0', ' ').trim()
      if (words === '') continue
      // The kernel's name of it: words may hold what must not be shown.
      const program = procText(pid, 'comm').trim()
      this.#keep(`the arguments of ${program}`, words)
      if (this.#isBundle(pid, words)) continue
      this.#keep(`the environment of ${program}`, environmentOf(pid))
    }
  }

  #keep(where: string, text: string): void {
    this.#texts.set(`${where}\n${text}`, { where, text })
  }

  /** The bundle itself, also where it was put into a machine by a process of its own. */
  #isBundle(pid: string, words: string): boolean {
    if (bundles.has(Number(pid))) return true
    if (!/\/dist\/[a-z0-9-]+\/(?:index|post)\.js$/.test(words)) return false
    const parent = /^PPid:\t(\d+)$/m.exec(procText(pid, 'status'))?.[1]
    return bundles.has(Number(parent))
  }

  /** Ends the watch. */
  stop(): readonly Exhibit[] {
    clearInterval(this.#timer)
    if (this.#pid !== undefined) bundles.delete(this.#pid)
    return [...this.#texts.values()]
  }
}

/** The agent's own has its token, because k3s reads it there. */
function environmentOf(pid: string): string {
  const text = procText(pid, 'environ').replaceAll('\0', '\n')
  return /\/k3s-agent\.service$/m.test(procText(pid, 'cgroup')) ? text.replace(/^K3S_TOKEN=.*$/m, 'K3S_TOKEN=…') : text
}

/** @throws AssertionError that names the places and no secret */
export function expectNoLeaks(exhibits: readonly Exhibit[], secrets: readonly Secret[]): void {
  const leaks = leaksIn(exhibits, secrets)
  if (leaks.length === 0) return
  const lines = leaks.map(({ secret, form, where }) => `  ${secret}, ${form}, in ${where}`)
  throw new assert.AssertionError({ message: `${leaks.length} secrets are where none may be\n${lines.join('\n')}` })
}
