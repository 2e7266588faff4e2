import type { Report } from './model.ts'
import { validateReport } from './validate-report.generated.ts'

/** The report of a cluster with a thousand nodes is a few megabytes. */
const mostCharacters = 32 * 1024 * 1024

/** A report, or in one sentence why the text is none. */
export type ReadReport = { readonly report: Report } | { readonly problem: string }

/**
 * Reads a report that another job left. It may come from a machine that is trusted less than this one: what breaks the schema is
 * refused as a whole. Its texts are remote texts all the same.
 */
export function readReport(text: string): ReadReport {
  if (text.trim() === '') return { problem: 'it is empty' }
  if (text.length > mostCharacters) return { problem: 'it is too long for a report' }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return { problem: 'it is no JSON' }
  }
  const [error] = validateReport(content)
  if (error === undefined) return { report: content as Report }
  // The place is made of keys of the text: said only as far as it is plain.
  const place = error.instancePath.replace(/[^\w/.-]/g, '?').slice(0, 120)
  return { problem: `it breaks the schema of reports at ${place === '' ? 'its top' : place}: ${error.keyword}` }
}
