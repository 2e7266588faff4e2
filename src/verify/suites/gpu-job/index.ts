import { ClusterError } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { blocked, gather, isMeant, skipped, unanswered } from '../../gather.ts'
import { idPart } from '../../ids.ts'
import type { SeverityRule, Suite, SuiteOutcome, VerifyPorts, VerifyWish } from '../../model.ts'
import { type PodOutcome, podAccess, runPod, type Sweep, sweepPods } from '../../pod-run/index.ts'
import { gpuReading } from '../gpu/index.ts'
import { blockingCheck, firstFailure } from '../gpu/judge.ts'
import { type GpuNode, type GpuWorld, readGpuWorld } from '../gpu/read.ts'
import { asks, gpuJobEntries, type Step } from './entries.ts'
import { type Judgements, judgeJob, type Tried } from './judge.ts'
import type { Judgement } from './judge-proof.ts'
import { planJob } from './plan.ts'

const steps: readonly Step[] = ['scheduled', 'device', 'compute']
/** Pods at the same time: each has a watch of its own, and the API server has others to serve. */
const atOnce = 8

const idOf = (step: Step, node: string): string => `gpu-job.${step}.${idPart(node)}`

/** What a rule of the cluster file leaves of a verdict. */
function lower(id: string, judgement: Judgement, severities: readonly SeverityRule[]): Judgement {
  const rules = severities.filter((rule) => rule.namespace === '' && isMeant(rule.check, id))
  const { verdict } = judgement
  const isBad = verdict === 'fail' || verdict === 'warn'
  const to = rules.some(({ atMost }) => atMost === 'skip') ? 'skip' : rules.length > 0 ? 'warn' : verdict
  if (!isBad || to === verdict) return judgement
  return { ...judgement, verdict: to, found: `${judgement.found}; severity lowered in the cluster file` }
}

/** Checks of one node: what is not judged is blocked by the first step that did not pass. Pure. */
export function checksOf(node: string, judgements: Judgements, severities: readonly SeverityRule[]): readonly Check[] {
  let by = ''
  return steps.map((step) => {
    const id = idOf(step, node)
    const judgement = judgements[step]
    if (judgement === undefined) return blocked(id, by, asks(step))
    if (by === '' && judgement.verdict !== 'pass' && judgement.verdict !== 'warn') by = id
    return { id, question: asks(step), ...lower(id, judgement, severities) }
  })
}

const blockedAll = (node: string, by: string): readonly Check[] =>
  steps.map((step) => blocked(idOf(step, node), by, asks(step)))

/**
 * Whether other pods hold the GPUs by now: production, but also the proof of another run, which may come at the same time. Ours was not
 * placed, or the kubelet has ended it.
 */
async function isHeld({ cluster, signal }: JobPorts, node: string, { share, spec }: Tried): Promise<boolean> {
  const pods = await cluster.podsOnNode(node, signal)
  const held = pods
    .filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed')
    .reduce((sum, { devices }) => sum + (devices[share.resource] ?? 0), 0)
  return share.allocatable - held < (spec.devices?.[share.resource] ?? 1)
}

/** What a pod on one node needs. */
type JobPorts = Pick<VerifyPorts, 'cluster' | 'now' | 'runId' | 'label' | 'say' | 'signal'>

interface NodeResult {
  readonly checks: readonly Check[]
  readonly outcome?: PodOutcome
}

async function proveNode(ports: JobPorts, wish: VerifyWish, world: GpuWorld, one: GpuNode): Promise<NodeResult> {
  const { name } = one
  const by = firstFailure(one, world)
  // Where the suite gpu is not asked, its word is said here: a run of nothing but skips and small things would look well.
  if (by !== undefined)
    return {
      checks: [...(wish.suites.has('gpu') ? [] : blockingCheck(by, world, wish.severities)), ...blockedAll(name, by)],
    }
  const plan = planJob(one, world, wish, ports.runId)
  if (plan.type === 'skip') {
    const skip: Judgement = { verdict: 'skip', found: plan.why, ...(plan.remedy ? { remedy: plan.remedy } : {}) }
    return { checks: checksOf(name, { scheduled: skip, device: skip, compute: skip }, wish.severities) }
  }
  ports.say(
    `${name}: ${plan.type === 'claim' ? 'a pod asks for' : 'busy; a pod looks at'} ${plan.share.resource}, image ${plan.spec.image}`,
  )
  let outcome: PodOutcome
  try {
    outcome = await runPod(ports, plan.spec, wish.timeoutMs)
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'forbidden') throw error
    return { checks: steps.map((step) => unanswered(idOf(step, name), asks(step), error)) }
  }
  const isHeldNow = outcome.code === 'insufficient' && (await isHeld(ports, name, plan))
  ports.say(`${name}: ${outcome.found}`)
  return { checks: checksOf(name, judgeJob(one, plan, outcome, isHeldNow), wish.severities), outcome }
}

async function sweep(ports: VerifyPorts, { namespace }: VerifyWish): Promise<Sweep | undefined> {
  try {
    return await sweepPods(ports, namespace, ports.lists.serverTimeMs())
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'forbidden') return undefined
    throw error
  }
}

function leftoversCheck(
  swept: Sweep | undefined,
  outcomes: readonly PodOutcome[],
  severities: readonly SeverityRule[],
): Check {
  const id = 'gpu-job.leftovers'
  const stays = [
    ...(swept?.left ?? []).map(({ name, why }) => ({
      subject: `Job/${name}`,
      found: `of an earlier run, and cannot be deleted: ${why}`,
    })),
    ...outcomes
      .filter(({ leftover }) => leftover !== '')
      .map(({ leftover }) => ({ subject: `Job/${leftover}`, found: 'of this run, and was not seen to go' })),
  ]
  if (swept === undefined && stays.length === 0) return skipped(id, asks('leftovers'), 'may not be asked: list jobs')
  const findings = stays.map(({ subject, found }) => ({
    namespace: '',
    subject,
    found,
    verdict: 'warn' as const,
    cause: 'a controller is slow, or a finalizer holds it; it ends by itself within minutes',
    remedy: 'kubectl delete jobs -A -l app.kubernetes.io/managed-by=k3s-gpu-actions',
  }))
  const number = swept?.removed.length ?? 0
  const passed =
    number === 0 ? 'nothing is left' : `${number} Job${number === 1 ? '' : 's'} of runs that were killed, now deleted`
  return gather(id, asks('leftovers'), findings, passed, severities)
}

/** Every node, some at a time. The first that rejects ends them all, and all are waited for: each takes its own Job away. */
async function proveAll(ports: VerifyPorts, wish: VerifyWish, world: GpuWorld): Promise<readonly NodeResult[]> {
  const broken = new AbortController()
  const either: JobPorts = {
    cluster: ports.cluster,
    runId: ports.runId,
    label: ports.label,
    now: () => ports.now(),
    say: (line) => ports.say(line),
    signal: AbortSignal.any([ports.signal, broken.signal]),
  }
  const waiting = [...world.nodes.entries()]
  const results = new Map<number, NodeResult>()
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        results.set(next[0], await proveNode(either, wish, world, next[1]))
      } catch (error) {
        broken.abort(error)
        throw error
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, waiting.length) }, worker))
  const fault = ended.find((one) => one.status === 'rejected')
  if (fault !== undefined) throw broken.signal.aborted ? broken.signal.reason : fault.reason
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result)
}

async function verify(ports: VerifyPorts, wish: VerifyWish): Promise<SuiteOutcome> {
  if (wish.mode === 'observe') return { checks: [] }
  let world: GpuWorld
  try {
    world = await readGpuWorld(ports, wish)
  } catch (error) {
    return { checks: [unanswered('gpu-job.leftovers', asks('leftovers'), error)] }
  }
  const swept = await sweep(ports, wish)
  // That nothing is left is no proof of anything where nothing was tried.
  if (world.nodes.length === 0 && swept !== undefined && swept.removed.length + swept.left.length === 0)
    return { checks: [] }
  const results = await proveAll(ports, wish, world)
  const outcomes = results.flatMap(({ outcome }) => outcome ?? [])
  const all = [...results.flatMap((one) => one.checks), leftoversCheck(swept, outcomes, wish.severities)]
  // One that blocks several nodes is said once.
  const checks = [...new Map(all.map((check) => [check.id, check])).values()]
  const proved = results.filter((one) => one.checks.every(({ verdict }) => verdict === 'pass' || verdict === 'warn'))
  return { checks, metrics: { gpu_nodes: world.nodes.length, gpu_nodes_proved: proved.length } }
}

/** L5 to L7: a pod through the scheduler, the device in it, and a computation on it. */
export const gpuJobSuite: Suite = {
  name: 'gpu-job',
  entries: gpuJobEntries,
  access: ({ namespace, mode }) => (mode === 'observe' ? [] : [...gpuReading, ...podAccess(namespace)]),
  verify,
}
