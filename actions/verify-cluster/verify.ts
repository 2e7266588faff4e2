import { existsSync, readFileSync } from 'node:fs'
import { type Cluster, type NodeState, openCluster } from '../../src/kubernetes/index.ts'
import type { Check, Verification } from '../../src/report/index.ts'
import {
  entriesOf,
  nothingRemembered,
  type Remembered,
  readPreviousReport,
  rememberRun,
  suites,
} from '../../src/verify/index.ts'
import type { Ending } from '../run.ts'
import { announce } from './announce.ts'
import { askSuites, type Found } from './ask.ts'
import type { Verifying } from './context.ts'
import { endFailed, endPlanned, endVerified, setOutputs } from './endings.ts'
import { tellIssue } from './issue.ts'
import { openPorts } from './ports.ts'
import { topologyOf } from './topology.ts'

/** What earlier runs saw. A file that is not there yet is a first run; one that cannot be read is said and forgotten. */
function remembered({ run, inputs }: Verifying): Remembered {
  const path = inputs.previousReport
  if (path === '' || !existsSync(path)) return nothingRemembered
  const { startedAt } = run.record.parts()
  let memory: Remembered
  try {
    memory = readPreviousReport(readFileSync(path, 'utf8'), run.cluster, startedAt)
  } catch (error) {
    memory = {
      ...nothingRemembered,
      said: `the previous report cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
    }
  }
  if (memory.said !== '') run.runner.line(`  ! previous-report: ${memory.said}`)
  return memory
}

/** The nodes for the picture; without an API there is none of them in it. */
async function pictureOf(
  { run, inputs, signal }: Verifying,
  cluster: Cluster,
  found: Found,
  nodes: () => Promise<readonly NodeState[] | undefined>,
): Promise<Verification['topology']> {
  const isUp = found.checks.some(({ id, verdict }) => id === 'api.reachable' && verdict === 'pass')
  const seen = isUp || !inputs.wish.suites.has('api') ? await nodes().catch(() => undefined) : undefined
  signal.throwIfAborted()
  return topologyOf(seen, inputs.wish, cluster.server, run.record.parts().checks, found.metrics)
}

/**
 * A kubeconfig that cannot be used: nothing was asked, which is an answer of its own. The report remembers what was known, so that the
 * issue tells of this night, too, and of nothing else as if it were mended.
 */
async function endUnopened(verifying: Verifying, error: unknown): Promise<Ending> {
  const { run, inputs } = verifying
  run.cluster = inputs.wish.cluster
  const ending = endFailed(run, error, false)
  const { cause = '', remedy = '' } = ending.failure ?? {}
  const found = ending.failure?.title ?? ''
  const check: Check = {
    id: 'api.reachable',
    verdict: 'error',
    question: 'Can the API server be asked?',
    found,
    cause,
    remedy,
  }
  run.record.check(check)
  const topology = topologyOf(undefined, inputs.wish, '', [check], {})
  const verification = rememberRun(
    runNow(verifying, { checks: [check], metrics: {} }, 0, topology),
    remembered(verifying),
    inputs.policy,
    inputs.alarm,
  )
  run.verification = verification
  setOutputs(run, [check], verification)
  if (inputs.issue.isKept && !inputs.dryRun) await tellIssue(run, inputs.issue, run.preview(ending), true)
  return ending
}

/** What this run found, to be compared with earlier ones. */
function runNow(
  { run, inputs }: Verifying,
  found: Found,
  apiRequests: number,
  topology: Verification['topology'],
): Parameters<typeof rememberRun>[0] {
  return {
    at: run.record.parts().startedAt,
    run: run.runner.environment.GITHUB_RUN_NUMBER ?? '',
    mode: inputs.wish.mode,
    suites: [...inputs.wish.suites],
    nodes: inputs.wish.nodes,
    checks: found.checks,
    metrics: found.metrics,
    apiRequests,
    topology,
    ...(found.gpuVerdict ? { gpuVerdict: found.gpuVerdict } : {}),
  }
}

/** Asks the cluster, compares with earlier runs, tells the issue. */
export async function verify(verifying: Verifying): Promise<Ending> {
  const { run, inputs, signal } = verifying
  let cluster: Cluster
  try {
    cluster = await openCluster({
      kubeconfigPath: inputs.kubeconfig,
      ...(inputs.context ? { context: inputs.context } : {}),
      signal,
    })
  } catch (error) {
    signal.throwIfAborted()
    return await endUnopened(verifying, error)
  }
  run.cluster = inputs.wish.cluster || new URL(cluster.server).host
  announce(verifying, cluster.server)
  const memory = remembered(verifying)
  let ports: ReturnType<typeof openPorts> | undefined
  const open = (say: (line: string) => void): ReturnType<typeof openPorts> => {
    ports = openPorts(verifying, cluster, memory.history, say)
    return ports
  }
  const found = await askSuites(verifying, open, inputs.dryRun)
  if (inputs.dryRun) {
    const kinds = [...inputs.wish.suites].flatMap((name) => entriesOf(suites[name], inputs.wish))
    for (const { id, asks } of kinds) run.runner.line(`  ${id.padEnd(32)}  ${asks}`)
    return endPlanned(run, kinds.length, found.checks)
  }
  const topology = await pictureOf(verifying, cluster, found, async () => await ports?.lists.nodes())
  const now = runNow(verifying, found, cluster.requests, topology)
  const verification = rememberRun(now, memory, inputs.policy, inputs.alarm)
  run.verification = verification
  setOutputs(run, found.checks, verification)
  const ending = endVerified(run, found.checks, verification, inputs.policy.otherwise)
  if (!inputs.issue.isKept) return ending
  const issueUrl = await tellIssue(run, inputs.issue, run.preview(ending), ending.failure !== undefined)
  if (issueUrl !== '') run.verification = { ...verification, issueUrl }
  return ending
}
