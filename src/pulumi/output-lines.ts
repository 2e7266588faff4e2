import { StringDecoder } from 'node:string_decoder'

/** Splits a stream into lines, however it is cut into chunks; keeps no more than one line. */
export interface LineReader {
  read(chunk: Buffer): void
  /** The last line, when it has no end. */
  end(): void
}

/** Of a line with more characters `onLong` hears, instead of `onLine`, once: a part of it is of no use, and of a secret it is a leak. */
export function readLines(longest: number, onLine: (line: string) => void, onLong: () => void): LineReader {
  const decoder = new StringDecoder('utf8')
  let line: string[] = []
  let length = 0
  let isSkipping = false

  const finish = () => {
    if (!isSkipping && length > 0) onLine(line.join('').replace(/\r$/, ''))
    line = []
    length = 0
    isSkipping = false
  }
  const grow = (part: string) => {
    if (isSkipping) return
    length += part.length
    if (length <= longest) {
      line.push(part)
      return
    }
    line = []
    isSkipping = true
    onLong()
  }
  const take = (text: string) => {
    const [first = '', ...rest] = text.split('\n')
    grow(first)
    for (const part of rest) {
      finish()
      grow(part)
    }
  }
  return {
    read: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end())
      finish()
    },
  }
}
