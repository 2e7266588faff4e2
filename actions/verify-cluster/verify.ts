import { existsSync, readFileSync } from 'node:fs'
import { type Cluster, openCluster } from '../../src/kubernetes/index.ts'
import type { Verification } from '../../src/report/index.ts'
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
import { endPlanned, endVerified, setOutputs } from './endings.ts'
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
  nodes: () => Promise<Parameters<typeof topologyOf>[0]>,
): Promise<Verification['topology']> {
  const isUp = found.checks.some(({ id, verdict }) => id === 'api.reachable' && verdict === 'pass')
  const seen = isUp || !inputs.wish.suites.has('api') ? await nodes().catch(() => []) : []
  signal.throwIfAborted()
  return topologyOf(seen, inputs.wish, cluster.server, run.record.parts().checks, found.metrics)
}

/** Asks the cluster, compares with earlier runs, tells the issue. */
export async function verify(verifying: Verifying): Promise<Ending> {
  const { run, inputs, signal } = verifying
  const cluster = await openCluster({
    kubeconfigPath: inputs.kubeconfig,
    ...(inputs.context ? { context: inputs.context } : {}),
    signal,
  })
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
  const verification = rememberRun(
    {
      at: run.record.parts().startedAt,
      run: run.runner.environment.GITHUB_RUN_NUMBER ?? '',
      mode: inputs.wish.mode,
      suites: [...inputs.wish.suites],
      nodes: inputs.wish.nodes,
      checks: found.checks,
      metrics: found.metrics,
      apiRequests: cluster.requests,
      topology: await pictureOf(verifying, cluster, found, async () => (await ports?.lists.nodes()) ?? []),
      ...(found.gpuVerdict ? { gpuVerdict: found.gpuVerdict } : {}),
    },
    memory,
    inputs.policy,
    inputs.alarm,
  )
  run.verification = verification
  setOutputs(run, found.checks, verification)
  const ending = endVerified(run, found.checks, verification, inputs.policy.otherwise)
  if (!inputs.issue.isKept) return ending
  const issueUrl = await tellIssue(run, inputs.issue, run.preview(ending), ending.failure !== undefined)
  if (issueUrl !== '') run.verification = { ...verification, issueUrl }
  return ending
}
