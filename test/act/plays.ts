/** What both executors run: a caller's workflow, pressed one or more times in one world, and what must have come of it at least. */
import { nightFaults } from '../../rehearsal/nights/index.ts'
import type { WorkflowEvent } from '../../rehearsal/workflow/index.ts'
import type { StartOptions, World } from '../../rehearsal/world.ts'

export interface Pressing {
  readonly shows: string
  readonly event: WorkflowEvent
  before?(world: World): void | Promise<void>
  /** Jobs that have to run, and how they have to end; no other may. Two executors that ran nothing would agree. */
  readonly jobs: Readonly<Record<string, 'success' | 'failure'>>
  /** Beginnings of lines of the account that have to be there. */
  readonly says: readonly string[]
}

export interface Play {
  readonly name: string
  /** Path in the repository. */
  readonly workflow: string
  /** Jobs of it that are to run. */
  readonly callers: readonly string[]
  readonly world: Pick<StartOptions, 'calypso' | 'faults'>
  readonly presses: readonly Pressing[]
}

const [nightFault] = Object.values(nightFaults)
if (nightFault === undefined) throw new Error('there is no fault of nights')

export const plays: readonly Play[] = [
  {
    name: 'join-calypso',
    workflow: '.github/workflows/join-calypso.yml',
    callers: ['join'],
    world: { calypso: 'fresh', faults: new Set() },
    presses: [
      {
        shows: 'calypso joins oceanid',
        event: { name: 'workflow_dispatch' },
        jobs: { join: 'success' },
        says: [
          'output | join | Join calypso | result=joined',
          'output | join | Make the GPUs of calypso usable | result=prepared',
          'output | join | Prove that calypso works | verdict=pass',
        ],
      },
      {
        shows: 'pressed again, nothing is changed',
        event: { name: 'workflow_dispatch' },
        jobs: { join: 'success' },
        says: ['output | join | Join calypso | result=unchanged'],
      },
    ],
  },
  {
    name: 'nightly',
    workflow: '.github/workflows/nightly.yml',
    callers: ['nightly'],
    world: { calypso: 'in-service', faults: new Set() },
    presses: [
      {
        shows: `an issue opens: ${nightFault.shows}`,
        event: { name: 'schedule', cron: '17 3 * * *' },
        before: (world) => nightFault.begin(world),
        jobs: { verify: 'failure', publish: 'success' },
        says: [
          'output | verify | Verify | verdict=fail',
          'issue | 1 | open |',
          ...nightFault.fails.map((id) => `report | verify-report/report.json | ${id}="fail"`),
        ],
      },
      {
        shows: 'all is well again, and it closes',
        event: { name: 'schedule', cron: '17 3 * * *' },
        before: (world) => nightFault.end(world),
        jobs: { verify: 'success', publish: 'success' },
        says: [
          'output | verify | Verify | failed-checks=[]',
          `output | verify | Verify | fixed=${JSON.stringify(nightFault.fails)}`,
          'output | publish | Publish | result=published',
          'issue | 1 | closed |',
        ],
      },
    ],
  },
]
