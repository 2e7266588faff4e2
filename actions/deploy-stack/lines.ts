import { StringDecoder } from 'node:string_decoder'
import { printableLines } from '../../src/report/index.ts'

/** Longer ones are cut: whoever prints without an end fills no memory. */
const longestLine = 64 * 1024

/** Cuts what a program prints into printable lines, and keeps the last of them. */
export class LineReader {
  readonly #decoder = new StringDecoder('utf8')
  readonly #say: (line: string) => void
  readonly #most: number
  #rest = ''
  readonly last: string[] = []

  constructor(say: (line: string) => void, most = 200) {
    this.#say = say
    this.#most = most
  }

  read(chunk: Buffer): void {
    const parts = `${this.#rest}${this.#decoder.write(chunk)}`.split('\n')
    this.#rest = (parts.pop() ?? '').slice(0, longestLine)
    for (const part of parts) this.#line(part)
  }

  end(): void {
    this.#line(this.#rest)
    this.#rest = ''
  }

  #line(text: string): void {
    for (const line of printableLines(text)) {
      this.#say(line)
      this.last.push(line)
      if (this.last.length > this.#most) this.last.shift()
    }
  }
}
