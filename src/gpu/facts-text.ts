import type { ScriptLine } from '../host/index.ts'

/** Lists longer than this are cut: a host cannot have that many, so it is not telling the truth. */
export const most = 256

/** A text of the host, cut; empty where it said none. */
export function text(line: ScriptLine | undefined, key: string, longest = 512): string {
  const value = line?.[key]
  return typeof value === 'string' ? value.slice(0, longest).trim() : ''
}

/** The lines or words of a longer text, each cut, none empty. */
export function pieces(line: ScriptLine | undefined, key: string, separator: string | RegExp = '\n'): string[] {
  return text(line, key, 128 * 1024)
    .split(separator)
    .map((piece) => piece.trim().slice(0, 1024))
    .filter((piece) => piece !== '')
    .slice(0, most)
}

/** A version of the driver in what the host said, e.g. `575.51.03`, `570.195`; empty: there is none. */
export const driverVersionIn = (said: string): string =>
  /(?<![\d.])\d{2,4}\.\d{1,3}(?:\.\d{1,3})?(?![\d.])/.exec(said)?.[0] ?? ''

/**
 * Orders versions as people mean them: runs of digits as numbers, everything else as text. Negative: a comes first.
 * Good for kernels and driver versions; not for Debian's epochs and tildes.
 */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string) => version.match(/\d+|[^\d]+/g) ?? []
  const left = parts(a)
  const right = parts(b)
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [one = '', other = ''] = [left[at], right[at]]
    if (one === other) continue
    const numbers = Number(one) - Number(other)
    if (/^\d/.test(one) && /^\d/.test(other) && numbers !== 0) return numbers
    if (!/^\d/.test(one) || !/^\d/.test(other)) return one < other ? -1 : 1
  }
  return 0
}
