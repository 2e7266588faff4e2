import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { details } from '../src/report/index.ts'

/**
 * A job whose steps are one work (join, GPU, proof) has one summary, with the verdict of the last step first. A step that is told
 * `SUMMARY=hold` keeps its own back; the next one that is not, or that fails, shows all of them folded below its own.
 */
const holdWord = 'hold'

/** Results after which nothing follows, so that there is nothing to wait for. */
const isLast = new Set(['failed', 'drifted', 'planned', 'checked'])

interface Held {
  readonly headline: string
  readonly markdown: string
}

const fileIn = (temporaryDirectory: string): string => join(temporaryDirectory, 'k3s-gpu-actions', 'held-summaries')

export function isHeld(environment: Readonly<Record<string, string>>, result: string): boolean {
  return environment.SUMMARY === holdWord && !isLast.has(result)
}

/** `markdown` is whole and escaped, `headline` Markdown of one line. */
export function holdSummary(temporaryDirectory: string, held: Held): void {
  const file = fileIn(temporaryDirectory)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  appendFileSync(file, `${JSON.stringify(held)}\n`, { mode: 0o600 })
}

/** A line that was cut, e.g. by a full disk, costs itself and not the run that tells. */
function heldOf(line: string): readonly Held[] {
  try {
    const { headline, markdown } = JSON.parse(line) as Partial<Held>
    return typeof headline === 'string' && typeof markdown === 'string' ? [{ headline, markdown }] : []
  } catch {
    return []
  }
}

/** The held summaries, folded, and no longer held; empty when there are none. */
export function takeHeldSummaries(temporaryDirectory: string): string {
  const file = fileIn(temporaryDirectory)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
    rmSync(file)
  } catch {
    return ''
  }
  const blocks = text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap(heldOf)
    .map(({ headline, markdown }) => {
      // Its first line is the heading, which the fold shows already.
      return details(headline, markdown.replace(/^## [^\n]*\n+/, '').trimEnd())
    })
  return blocks.length > 0 ? `\n${blocks.join('\n\n')}\n` : ''
}
