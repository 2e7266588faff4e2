import type { Report } from '../src/report/index.ts'

/** Words of this program, from fixed sets. A secret that happens to be the same word is not given away by them. */
const ownWords = new Set(
  'schema action result verdict kind id code applied undone startedAt changed restarted failure-code command severity operation'.split(
    ' ',
  ),
)

function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((one) => redacted(one, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, ownWords.has(key) ? one : redacted(one, redact)]),
  )
}

/** The report with every text redacted, before it is rendered: in JSON or Markdown a secret might no longer look like itself. Pure. */
export function redactReport(report: Report, redact: (text: string) => string): Report {
  const { plan, ...rest } = report.outputs
  const safe = redacted({ ...report, outputs: rest }, redact) as Report
  // The plan among the outputs is JSON in a string.
  return plan === undefined ? safe : { ...safe, outputs: { ...safe.outputs, plan: JSON.stringify(safe.plan.changes) } }
}
