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
  readonly world: Pick<StartOptions, 'calypso' | 'faults' | 'kubeconfig' | 'hasWork'>
  /** Configuration variables besides those of the world. */
  readonly vars?: Readonly<Record<string, string>>
  readonly presses: readonly Pressing[]
}

/** What a stranger may call a pull request, and anybody a commit. */
const hostile = '::error::x ${{ secrets.PULUMI_CONFIG_PASSPHRASE }} $(id) @octocat'

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
    name: 'remove-calypso',
    workflow: '.github/workflows/remove-calypso.yml',
    callers: ['remove'],
    world: { calypso: 'joined-by-us', faults: new Set(), hasWork: true },
    presses: [
      {
        shows: 'without the name nothing is removed',
        event: { name: 'workflow_dispatch' },
        jobs: { remove: 'failure' },
        says: ['output | remove | Remove calypso | result=failed'],
      },
      {
        shows: 'calypso leaves oceanid',
        event: { name: 'workflow_dispatch', inputs: { node: 'calypso' } },
        jobs: { remove: 'success' },
        says: ['output | remove | Remove calypso | result=removed'],
      },
      {
        shows: 'pressed again, nothing is changed',
        event: { name: 'workflow_dispatch', inputs: { node: 'calypso' } },
        jobs: { remove: 'success' },
        says: ['output | remove | Remove calypso | result=unchanged'],
      },
    ],
  },
  {
    name: 'nightly',
    workflow: '.github/workflows/nightly.yml',
    callers: ['nightly', 'drift'],
    world: { calypso: 'in-service', faults: new Set() },
    vars: { PULUMI_DRIFT: 'true' },
    presses: [
      {
        shows: `an issue opens: ${nightFault.shows}; and somebody has changed by hand what Pulumi made`,
        event: { name: 'schedule', cron: '17 3 * * *' },
        before: async (world) => {
          world.deploy.settle()
          world.deploy.set(new Set(['deploy-drift']))
          await nightFault.begin(world)
        },
        jobs: { verify: 'failure', publish: 'success', deploy: 'failure' },
        says: [
          'output | verify | Verify | verdict=fail',
          'issue | 1 | open |',
          'output | deploy | Pulumi drift | failure-code=pulumi-drift',
          ...nightFault.fails.map((id) => `report | verify-report/report.json | ${id}="fail"`),
        ],
      },
      {
        shows: 'all is well again, and it closes',
        event: { name: 'schedule', cron: '17 3 * * *' },
        before: async (world) => {
          world.deploy.set(new Set())
          world.deploy.settle()
          await nightFault.end(world)
        },
        jobs: { verify: 'success', publish: 'success', deploy: 'success' },
        says: [
          'output | verify | Verify | failed-checks=[]',
          `output | verify | Verify | fixed=${JSON.stringify(nightFault.fails)}`,
          'output | publish | Publish | result=published',
          'issue | 1 | closed |',
          'output | deploy | Pulumi drift | result=unchanged',
        ],
      },
    ],
  },
  {
    name: 'deploy',
    workflow: '.github/workflows/deploy.yml',
    callers: ['deploy'],
    world: { calypso: 'in-service', faults: new Set(), kubeconfig: 'admin' },
    presses: [
      {
        shows: 'an update fails half-way, and says so',
        event: { name: 'push', commits: [{ message: hostile, modified: ['cluster/index.ts'] }] },
        before: ({ deploy }) => deploy.set(new Set(['deploy-update-fails'])),
        jobs: { deploy: 'failure' },
        says: ['output | deploy | Pulumi up | result=failed', 'step | deploy | Keep the report | success'],
      },
      {
        shows: 'the next push is deployed',
        event: { name: 'push', commits: [{ message: 'Two replicas', modified: ['cluster/index.ts'] }] },
        before: ({ deploy }) => deploy.set(new Set()),
        jobs: { deploy: 'success' },
        says: ['output | deploy | Guard | result=allowed', 'output | deploy | Pulumi up | result=deployed'],
      },
      {
        shows: 'the button finds all as it was deployed',
        event: { name: 'workflow_dispatch' },
        jobs: { deploy: 'success' },
        says: ['output | deploy | Pulumi up | result=unchanged'],
      },
    ],
  },
  {
    name: 'preview',
    workflow: '.github/workflows/deploy.yml',
    callers: ['preview'],
    world: { calypso: 'in-service', faults: new Set(), kubeconfig: 'admin' },
    vars: { PULUMI_PREVIEW: 'true' },
    presses: [
      {
        shows: 'a pull request is previewed on a machine of GitHub’s, and commented by another',
        event: { name: 'pull_request', number: 1, title: hostile, head: 'topic', paths: ['cluster/index.ts'] },
        before: ({ github }) => void github.issues.add({ title: hostile, isPullRequest: true }),
        jobs: { deploy: 'success', comment: 'success' },
        says: ['output | deploy | Pulumi preview | result=previewed', 'output | comment | Comment | result=commented'],
      },
    ],
  },
]
