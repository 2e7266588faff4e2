/** What can go wrong between two nights, and come right again. */
import type { VerifyFault } from '../contract.ts'
import { verifyFaults } from '../scenarios/index.ts'
import type { TritonFault } from '../triton/index.ts'
import type { World } from '../world.ts'

export interface NightFault {
  /** In one line. */
  readonly shows: string
  /** Workflow that notices it. */
  readonly workflow: 'nightly.yml' | 'watchdog.yml'
  /** Ids of checks that fail because of it, and with them the run. */
  readonly fails: readonly string[]
  /** It has happened; resolves when whoever asks meets it. */
  begin(world: World): void | Promise<void>
  end(world: World): void | Promise<void>
}

const model = 'distilbert-base-uncased'

function ofTriton(fault: TritonFault, shows: string, ...fails: readonly string[]): NightFault {
  return {
    shows,
    workflow: 'nightly.yml',
    fails: fails.map((check) => `triton.${check}.${model}`),
    begin: (world) => world.triton.set(new Set([fault])),
    end: (world) => world.triton.set(new Set()),
  }
}

/**
 * Not played as nights: the committed cluster file names no Prometheus, and a pod on a node that is dead and Ready is waited for to its
 * deadline of three minutes. The suites themselves meet both.
 */
const notOfNights: ReadonlySet<VerifyFault> = new Set(['verify-target-down', 'verify-node-dead'])

/** Those of the cluster that fail a check; what only warns opens no issue, and what is no failure shall not. */
function ofCluster(): Readonly<Record<string, NightFault>> {
  return Object.fromEntries(
    (Object.keys(verifyFaults) as VerifyFault[]).flatMap((fault) => {
      const { shows, checks } = verifyFaults[fault]
      const fails = Object.keys(checks).filter((id) => checks[id] === 'fail')
      if (fails.length === 0 || notOfNights.has(fault)) return []
      const night: NightFault = {
        shows,
        workflow: 'nightly.yml',
        fails,
        begin: ({ cluster }) => cluster.comeOver(new Set([fault])),
        end: ({ cluster }) => cluster.comeOver(new Set()),
      }
      return [[fault, night]]
    }),
  )
}

/** A night that did not come: nobody asks the cluster, and the watchdog asks GitHub. */
function ofSilence(shows: string, fails: string, begin: (world: World, startedMs: number) => void): NightFault {
  // Between nightly.yml and watchdog.yml lie an hour and twenty minutes.
  const startedMs = (): number => Date.now() - 80 * 60_000
  return {
    shows,
    workflow: 'watchdog.yml',
    fails: [fails],
    begin: (world) => {
      // The other workflow that is watched, which nobody has started so far.
      world.github.workflows.setState('deploy.yml', 'active')
      begin(world, startedMs())
    },
    end: ({ github }) => {
      github.workflows.setState('nightly.yml', 'active')
      for (const run of github.workflows.runs.filter(({ workflow }) => workflow === 'deploy.yml'))
        Object.assign(run, { status: 'completed', conclusion: 'success' })
      github.workflows.add({ workflow: 'nightly.yml', createdMs: startedMs() + 60_000 })
    },
  }
}

/** By name; the first is played when nobody names one. */
export const nightFaults: Readonly<Record<string, NightFault>> = {
  'triton-cpu-fallback': ofTriton(
    'triton-cpu-fallback',
    'the model answers, and since the driver was updated it computes on the CPU',
    'gpu',
  ),
  'triton-stub-dead': ofTriton(
    'triton-stub-dead',
    'the process behind the model has died: everything says ready, and no question is answered',
    'infer',
  ),
  'triton-unloaded': ofTriton('triton-unloaded', 'somebody has unloaded the model', 'ready'),
  'triton-nan': ofTriton('triton-nan', 'the model answers with numbers that are none', 'infer'),
  'triton-slow': ofTriton('triton-slow', 'the model answers, and takes three times as long as it may', 'latency'),
  'access-open': ofTriton('access-open', 'the policy of Cloudflare Access lets everybody through', 'guarded'),
  'access-refused': ofTriton('access-refused', 'Cloudflare Access refuses the service token', 'live'),
  'tunnel-down': ofTriton('tunnel-down', 'nobody holds the tunnel that leads to Triton', 'live'),
  'origin-down': ofTriton('origin-down', 'the tunnel stands, and nothing answers behind it', 'live'),
  ...ofCluster(),
  'runner-offline': ofSilence(
    'the self-hosted runner is off: the night is queued, and nobody verifies anything',
    'watch.finished',
    ({ github }, createdMs) => {
      const job = { name: 'Nightly / Verify', status: 'queued', conclusion: null, labels: ['self-hosted', 'lan'] }
      github.workflows.add({ workflow: 'nightly.yml', status: 'queued', createdMs, jobs: [job] })
    },
  ),
  'deploy-waits': ofSilence(
    'the runner on tethys is off: the night was well, and since noon a deployment waits for its runner',
    'watch.finished',
    ({ github }, createdMs) => {
      const labels = ['self-hosted', 'self-hosted-tethys']
      const job = { name: 'Deploy / up', status: 'queued', conclusion: null, labels }
      github.workflows.add({ workflow: 'nightly.yml', createdMs })
      const waiting = { workflow: 'deploy.yml', event: 'push', status: 'queued' } as const
      github.workflows.add({ ...waiting, createdMs: createdMs - 12 * 3_600_000, jobs: [job] })
    },
  ),
  'schedule-off': ofSilence(
    'GitHub has switched the schedule off, because nobody pushed for 60 days',
    'watch.enabled',
    ({ github }) => github.workflows.setState('nightly.yml', 'disabled_inactivity'),
  ),
}
