import type { VerifyEntry } from '../../model.ts'

const entry = (id: string, asks: string, remedy: string): VerifyEntry => ({
  id,
  suite: 'workloads',
  asks,
  severity: 'fail',
  mode: 'observe',
  remedy,
})

/** What is asked about workloads. */
export const workloadEntries = [
  entry(
    'workloads.<namespace>',
    'Do the pods of this namespace really run, and none again and again?',
    '`kubectl -n <namespace> describe pod <pod>`; `kubectl -n <namespace> logs <pod> --previous`',
  ),
  entry(
    'workloads.controllers',
    'Has every Deployment, StatefulSet and DaemonSet as many pods available as it wants?',
    '`kubectl -n <namespace> describe <kind> <name>`',
  ),
  entry(
    'workloads.jobs',
    'Did the Jobs end well, the newest of every CronJob, and does none wait in vain?',
    '`kubectl -n <namespace> describe job <name>`; delete a failed one that nobody needs',
  ),
] as const satisfies readonly VerifyEntry[]

/** Younger than this, whatever waits may still come, and whatever is missing may be on its way. */
export const patienceMs = 10 * 60 * 1000
