import type { Runner } from '../../src/runner/index.ts'

/** What is shorter is found everywhere: masking it shreds logs, paths and outputs. */
export const shortestSecret = 8
/** Shorter lines of a text are as likely a word that everybody uses; masking those shreds every later log. */
const shortestLine = 16

/**
 * Masks the content of a placed file. One line is masked as it is, unless it is part of `visible`, which later steps need to read; of
 * several, each that is long enough to be a secret by itself, so that `users:` or `kind: Config` stay readable. The armour of a PEM key is
 * never masked (src/runner). False: it has one line, and that cannot be masked.
 */
export function maskFile(runner: Pick<Runner, 'mask'>, text: string, visible: string): boolean {
  const lines = text
    .split(/\r\n|[\n\r]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const shortest = lines.length === 1 ? shortestSecret : shortestLine
  const maskable = lines.filter((line) => line.length >= shortest && !visible.includes(line))
  for (const line of maskable) runner.mask(line)
  return lines.length !== 1 || maskable.length === 1
}
