import { describe, expect, it } from '@jest/globals'
import { catalogue, diagnose, type Evidence } from '../../src/diagnosis/index.ts'

const saying = (texts: readonly string[]): Evidence => ({ stage: 'start', subject: 'calypso', texts })

/** The work of this process, not the clock on the wall: other tests run beside it. */
function milliseconds(work: () => void): number {
  const began = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000
}

/** The literal words of a pattern, without what may vary: what a line must hold to get the pattern going. */
const literals = (pattern: RegExp) => {
  const plain = pattern.source.replace(
    /\(\?<[a-z]+>|\(\?[:!=]|\(\?<[!=]|\{\d+(?:,\d*)?\}|\\[wdsSbW]|[()?*+^$|]|\[[^\]]*\]/g,
    '\u0000',
  )
  return plain
    .replace(/\\(.)/g, '$1')
    .split('\u0000')
    .filter((part) => part.length > 2)
}

describe('no line keeps the matcher busy', () => {
  const patterns = catalogue.flatMap((row) => [...row.matches, ...(row.also ?? [])])

  it.each([...new Set(patterns)].map((pattern) => [pattern.source, pattern] as const))('%s', (_source, pattern) => {
    const words = literals(pattern)
    const hostile = [
      ...['a', ' ', '"', '\\"', '/', ':', '127.0.0.1:6444 ', '\t', '['].map((unit) => unit.repeat(4000)),
      ...words.map((word) => word.repeat(Math.ceil(4000 / word.length))),
      ...words.map((word) => `${word}${'x'.repeat(4000)}`),
      words.join(' ').repeat(200),
      words.join('x'.repeat(100)).repeat(50),
    ].map((line) => line.slice(0, 4000))
    const spent = milliseconds(() => {
      for (const line of hostile) pattern.exec(line)
    })
    // One hundred thousand characters; a pattern that goes back over them once for each would take seconds.
    expect(spent / hostile.length).toBeLessThan(25)
  })

  it('20 000 lines of a busy agent take the whole catalogue a moment', () => {
    const words =
      'E1121 15:33:02.145476 406 pod_workers.go:1324] "Error syncing pod, skipping" err="failed to start container"'
    const texts = Array.from(
      { length: 20_000 },
      (_, index) => `Nov 21 15:33:02 calypso k3s[406]: ${words} n=${index} ${'y'.repeat(60)}`,
    )
    expect(milliseconds(() => diagnose(saying(texts)))).toBeLessThan(5000)
  })

  it('an endless journal is read at its beginning and at its end', () => {
    const noise = Array.from({ length: 60_000 }, (_, index) => `level=info msg="nothing ${index}"`)
    const refused = 'level=error msg="Node password rejected, duplicate hostname"'
    expect(diagnose(saying([refused, ...noise]))?.code).toBe('node-password-rejected')
    expect(diagnose(saying([...noise, refused]))?.code).toBe('node-password-rejected')
    const long = 'z'.repeat(4000)
    expect(diagnose(saying([...Array.from({ length: 5000 }, () => long), refused]))?.code).toBe(
      'node-password-rejected',
    )
  })
})
