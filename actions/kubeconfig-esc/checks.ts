import { kubeconfigCheckRegistry } from '../../src/kubeconfig/index.ts'
import { type Check, ignoreChecks, renderChecks, reportVerdict } from '../../src/report/index.ts'
import { failureOfChecks } from '../failure.ts'
import type { Say } from '../run.ts'
import type { Loading } from './context.ts'

/** Records and shows checks; one that fails ends the run. A dry run goes on and ends with all of them. */
export function settleChecks({ run, inputs }: Loading, checks: readonly Check[], say: Say): void {
  const known = kubeconfigCheckRegistry.map((entry) => entry.id)
  // What decides which cluster this is, and whether a tunnel is safe, is no matter of taste.
  const ignorable = inputs.ignoreChecks.filter((id) =>
    kubeconfigCheckRegistry.some((one) => one.id === id && one.isIgnorable),
  )
  const { checks: settled } = ignoreChecks(checks, ignorable, known)
  run.record.check(...settled)
  for (const line of renderChecks(settled)) say(line)
  const failing = failingOf(settled)
  if (failing.length > 0 && !inputs.dryRun) throw failureOfChecks('the kubeconfig cannot be used', failing)
}

/** Said once: ids that no check has are typing errors, ids that cannot be ignored are a misunderstanding. */
export function explainIgnored({ run, inputs }: Loading): void {
  const { unknown } = ignoreChecks(
    [],
    inputs.ignoreChecks,
    kubeconfigCheckRegistry.map((entry) => entry.id),
  )
  for (const { id, nearest } of unknown)
    run.runner.line(`  ! ignore-checks: there is no check ${id}${nearest ? `; did you mean ${nearest}?` : ''}`)
  for (const { id } of kubeconfigCheckRegistry.filter(
    (one) => !one.isIgnorable && inputs.ignoreChecks.includes(one.id),
  ))
    run.runner.line(`  ! ignore-checks: ${id} cannot be ignored`)
}

export function failingOf(checks: readonly Check[]): readonly Check[] {
  return reportVerdict(checks, 'fail').failing
}
