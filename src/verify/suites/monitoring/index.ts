import { setTimeout as pause } from 'node:timers/promises'
import { type AccessRequest, ClusterError } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { grantOf } from '../../access.ts'
import { gather, skipped, unanswered } from '../../gather.ts'
import type { Finding, SeverityRule, Suite, SuiteOutcome, VerifyEntry, VerifyPorts, VerifyWish } from '../../model.ts'
import { line } from '../reading.ts'
import { judgeNodeTargets, nodeJobsOf, noNodeJob } from './nodes.ts'
import { NoPrometheus, prometheusAccess, queryPrometheus, type Sample } from './prometheus.ts'

const pauseMs = 5_000
const longestWaitMs = 120_000

const targets = {
  id: 'monitoring.targets',
  suite: 'monitoring',
  asks: 'Does Prometheus answer, and does it reach all of its targets?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'look at /targets of the Prometheus: it says why a target could not be read',
} as const satisfies VerifyEntry

const nodeTargets = {
  id: 'monitoring.nodes',
  suite: 'monitoring',
  asks: 'Does Prometheus read the node-exporter of every node?',
  severity: 'fail',
  mode: 'observe',
  remedy:
    'kubectl get pods --all-namespaces -o wide, for its DaemonSet; then /targets and the ServiceMonitor or scrape configuration of Prometheus',
} as const satisfies VerifyEntry

/** One finding a job: all of its targets missing is a failure of that job, some of them a warning. */
export function judgeTargets(samples: readonly Sample[], severities: readonly SeverityRule[]): Check {
  const { id, asks } = targets
  if (samples.length === 0) {
    const none: Finding = {
      namespace: '',
      subject: 'Prometheus',
      found: 'has no target at all',
      verdict: 'fail',
      cause: 'it was started without scrape configuration, or its service discovery may not read the cluster',
      remedy: targets.remedy,
    }
    return gather(id, asks, [none], '', severities)
  }
  const jobs = Map.groupBy(samples, ({ labels }) => labels.job ?? 'no job')
  const findings = [...jobs].flatMap(([job, some]): readonly Finding[] => {
    const down = some.filter(({ value }) => value !== 1)
    if (down.length === 0) return []
    const namespaces = new Set(down.map(({ labels }) => labels.namespace ?? ''))
    return [
      {
        namespace: namespaces.size === 1 ? ([...namespaces][0] ?? '') : '',
        subject: `job ${job}`,
        found: `${down.length} of ${some.length} targets cannot be read`,
        verdict: down.length === some.length ? 'fail' : 'warn',
        cause: 'the target does not run, does not listen, or a network policy is in between',
        remedy: targets.remedy,
        evidence: down.slice(0, 5).map(({ labels }) => `${labels.instance ?? 'no instance'} is down`),
      },
    ]
  })
  const up = samples.filter(({ value }) => value === 1).length
  return gather(id, asks, findings, `${up} targets of ${jobs.size} jobs`, severities)
}

/** A failure of Prometheus itself. A fault of the API server is an error: it says nothing about Prometheus. */
function noAnswer(error: unknown, service: string, severities: readonly SeverityRule[]): Check {
  const isItsOwn = error instanceof NoPrometheus || (error instanceof ClusterError && isFromService(error))
  if (!isItsOwn) {
    const check = unanswered(targets.id, targets.asks, error)
    return check.verdict === 'skip'
      ? { ...check, remedy: `${grantOf(prometheusAccess(service))} (as an administrator)` }
      : check
  }
  const finding: Finding = {
    namespace: service.split('/')[0] ?? '',
    subject: service,
    found: line(error.message, 160),
    verdict: 'fail',
    cause: error instanceof ClusterError ? error.cause : 'another program listens there',
    remedy: error instanceof ClusterError ? error.remedy : `check verify.monitoring.prometheus: ${service}`,
    evidence: error instanceof ClusterError ? error.evidence : [],
  }
  return gather(targets.id, targets.asks, [finding], '', severities)
}

/** The proxy passes on what the service answered, and says 503 for a service without pods. */
function isFromService({ code, status }: ClusterError): boolean {
  return code === 'api-failed' && status !== undefined && status !== 429
}

/**
 * What Prometheus reads, and of which nodes. A node that has just joined is found by service discovery and read within a minute or so: a
 * run that is about it, and may take its time, asks again until then.
 */
async function askNodes(
  ports: VerifyPorts,
  wish: VerifyWish,
): Promise<{ readonly samples: readonly Sample[]; readonly check: readonly Check[] }> {
  const { prometheus, mode, timeoutMs } = wish
  const untilMs = ports.now() + (mode === 'observe' || wish.nodes.length === 0 ? 0 : Math.min(timeoutMs, longestWaitMs))
  for (;;) {
    const samples = await queryPrometheus(ports, prometheus, 'up')
    if (samples === undefined) throw new NoPrometheus(`there is no service ${prometheus}`)
    if (nodeJobsOf(samples, wish).length === 0)
      return { samples, check: [skipped(nodeTargets.id, nodeTargets.asks, noNodeJob)] }
    let check: Check
    try {
      check = judgeNodeTargets(nodeTargets, samples, await ports.lists.nodes(), wish)
    } catch (error) {
      return { samples, check: [unanswered(nodeTargets.id, nodeTargets.asks, error)] }
    }
    if (check.verdict !== 'fail' || ports.now() + pauseMs > untilMs) return { samples, check: [check] }
    await pause(pauseMs, undefined, { signal: ports.signal })
  }
}

async function verify(ports: VerifyPorts, wish: VerifyWish): Promise<SuiteOutcome> {
  const { prometheus, severities } = wish
  const { id, asks } = targets
  if (prometheus === '') {
    return { checks: [skipped(id, asks, 'no Prometheus is named (verify.monitoring.prometheus in the cluster file)')] }
  }
  try {
    const { samples, check } = await askNodes(ports, wish)
    const metrics = { monitoring_targets_down: samples.filter(({ value }) => value !== 1).length }
    return { checks: [judgeTargets(samples, severities), ...check], metrics }
  } catch (error) {
    return { checks: [noAnswer(error, prometheus, severities)] }
  }
}

function access({ prometheus }: VerifyWish): readonly AccessRequest[] {
  return prometheus === '' ? [] : [{ verb: 'list', group: '', resource: 'nodes' }, ...prometheusAccess(prometheus)]
}

export const monitoringSuite: Suite = { name: 'monitoring', entries: [targets, nodeTargets], access, verify }
