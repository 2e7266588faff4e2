/** The log of a run: the whole of it is kept, and what a person sees without unfolding anything is streamed. */
import type { Writable } from 'node:stream'
import type { Masks } from './masks.ts'

const width = 100

export class RunLog {
  readonly #lines: string[] = []
  readonly #stream: Writable | undefined
  readonly #onLine: (line: string) => void

  constructor(stream: Writable | undefined, onLine: (line: string) => void) {
    this.#stream = stream
    this.#onLine = onLine
  }

  write(line: string): void {
    this.keep(line)
    this.show(line)
  }

  /** Only for the kept log. */
  keep(line: string): void {
    this.#lines.push(line)
    this.#onLine(line)
  }

  /** Only for the stream. */
  show(line: string): void {
    this.#stream?.write(`${line}\n`)
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join('')
  }
}

/** The log of one job. Every text passes its masks. */
export class JobLog {
  readonly #log: RunLog
  readonly #masks: Masks
  #indent = ''
  #heading = ''

  constructor(log: RunLog, masks: Masks) {
    this.#log = log
    this.#masks = masks
  }

  /** One or more lines of output. */
  line(text: string): void {
    for (const line of text.split(/\r\n|\n|\r/)) this.#log.write(this.#masks.hide(this.#indent + line))
  }

  /** A heading of a job or step; ends any open group. */
  heading(text: string, rule: '═' | '─'): void {
    this.endGroup()
    const title = this.#masks.hide(text)
    this.#heading = title
    this.#log.write('')
    this.#log.write(`${rule}${rule} ${title} ${rule.repeat(Math.max(2, width - 4 - title.length))}`)
  }

  group(title: string): void {
    this.endGroup()
    this.line(`▾ ${title}`)
    this.#indent = '    '
  }

  endGroup(): void {
    this.#indent = ''
  }

  /** A group that GitHub shows folded and nobody needs to unfold: its title is streamed, its lines are only kept. */
  folded(title: string, lines: readonly string[]): void {
    this.endGroup()
    const hidden = this.#masks.hide(title)
    this.#log.keep(`▾ ${hidden}`)
    if (hidden !== this.#heading) this.#log.show(`▸ ${hidden}`)
    for (const text of lines) {
      for (const line of text.split(/\r\n|\n|\r/)) this.#log.keep(this.#masks.hide(`    ${line}`))
    }
  }
}
