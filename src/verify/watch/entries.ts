import type { VerifyEntry } from '../model.ts'

/** The checks of a watched workflow; they belong to no suite, because they ask GitHub and no cluster. */
export const watchEntries: readonly Omit<VerifyEntry, 'suite'>[] = [
  {
    id: 'watch.enabled',
    asks: 'Is the watched workflow there and switched on?',
    severity: 'fail',
    mode: 'observe',
    remedy: 'gh workflow enable <file>',
  },
  {
    id: 'watch.recent',
    asks: 'Has the watched workflow started lately?',
    severity: 'fail',
    mode: 'observe',
    remedy: 'gh workflow run <file>',
  },
  {
    id: 'watch.finished',
    asks: 'Has the last run of the watched workflow come to its end, and told what it found?',
    severity: 'fail',
    mode: 'observe',
    remedy: 'gh run view <id> --log-failed; start the self-hosted runner when the run is queued',
  },
]
