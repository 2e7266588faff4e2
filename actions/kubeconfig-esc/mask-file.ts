import type { Runner } from '../../src/runner/index.ts'

/** Shorter lines of a text are as likely a word that everybody uses; masking those shreds every later log. */
const shortestLine = 16

/**
 * Masks the content of a placed file. One line is masked as it is; of several, each that is long enough to be a secret by itself,
 * so that `users:` or `kind: Config` stay readable. The armour of a PEM key is never masked (src/runner).
 */
export function maskFile(runner: Pick<Runner, 'mask'>, text: string): void {
  const lines = text
    .split(/\r\n|[\n\r]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  for (const line of lines) if (lines.length === 1 || line.length >= shortestLine) runner.mask(line)
}
