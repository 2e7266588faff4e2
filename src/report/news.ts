import type { Check, Verification } from './model.ts'
import { oneLine } from './text.ts'
import { count } from './units.ts'

/** Whether an earlier run is remembered: without one everything is as new as the memory. */
export function hasMemory(verification: Verification): boolean {
  return verification.history.length > 1
}

/** `new`, `since 2026-11-08`, and whether it goes to and fro; empty for what is well. */
export function newsOf(verification: Verification, id: string): string {
  const since = verification.since[id]
  const at = verification.history.at(-1)?.at
  const isNew = since !== undefined && since === at
  const words = [
    ...(hasMemory(verification) && isNew ? ['new'] : []),
    ...(since !== undefined && !isNew ? [`since ${since.slice(0, 10)}`] : []),
    ...(verification.flapping.includes(id) ? ['to and fro'] : []),
  ]
  return words.join(', ')
}

/** When the run before was, as people say it. */
function beforeThis(verification: Verification): string {
  const [before, now] = verification.history.slice(-2)
  if (!before || !now) return ''
  const days = Math.round((Date.parse(now.at.slice(0, 10)) - Date.parse(before.at.slice(0, 10))) / 86_400_000)
  return days === 0 ? "today's earlier run" : days === 1 ? 'yesterday' : before.at.slice(0, 10)
}

/** The verdict in one sentence: `oceanid: 1 of 47 checks fails (new since yesterday)`. Skipped checks are asked of nobody. */
export function verificationHeadline(
  cluster: string,
  checks: readonly Pick<Check, 'id' | 'verdict'>[],
  verification: Verification,
): string {
  const asked = checks.filter((check) => check.verdict !== 'skip').length
  const of = (verdict: Check['verdict']) => checks.filter((check) => check.verdict === verdict).map((check) => check.id)
  const failed = of('fail')
  const errors = of('error')
  const warned = of('warn')
  const subject = `${oneLine(cluster, 100) || 'the cluster'}:`
  if (failed.length > 0) {
    const fresh = failed.filter((id) => verification.newFailures.includes(id)).length
    const since = beforeThis(verification)
    const news = !hasMemory(verification)
      ? ''
      : fresh === 0
        ? ' (known)'
        : failed.length === 1
          ? ` (new since ${since})`
          : ` (${fresh} new since ${since})`
    return `${subject} ${failed.length} of ${count(asked, 'check')} ${failed.length === 1 ? 'fails' : 'fail'}${news}`
  }
  if (errors.length > 0) return `${subject} ${errors.length} of ${count(asked, 'check')} could not be asked`
  if (asked === 0) return `${subject} nothing could be asked`
  const good = verification.fixed.length > 0 ? ` (${count(verification.fixed.length, 'failure')} fixed)` : ''
  if (warned.length > 0)
    return `${subject} no check fails, ${warned.length} of ${asked} ${warned.length === 1 ? 'warns' : 'warn'}${good}`
  return `${subject} ${asked === 1 ? 'the one check passes' : `all ${asked} checks pass`}${good}`
}
