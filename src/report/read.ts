import type { Report } from './model.ts'
import { validateReport } from './validate-report.generated.ts'

/** A report of a cluster with a thousand nodes is some megabytes; what is longer is none of ours. */
const mostCharacters = 32 * 1024 * 1024

/** What was read is no report: `problem` says why, in words for people. */
export interface UnreadableReport {
  readonly problem: string
}

/**
 * Reads a JSON report that another job left. It is data from somewhere else: what breaks the schema is refused as a whole, so that
 * nothing of another shape reaches a renderer. Every text in it stays remote text.
 */
export function readReport(text: string): Report | UnreadableReport {
  if (text.length > mostCharacters) return { problem: 'is too long to be a report' }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return { problem: 'is no JSON' }
  }
  const [first] = validateReport(content)
  if (first) {
    const where = first.instancePath === '' ? '' : `: ${first.instancePath.slice(0, 100)} is not as it should be`
    return { problem: `is no report of this version${where}` }
  }
  return content as Report
}
