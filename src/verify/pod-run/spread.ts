import type { ApiObject, NodeState, PodState } from '../../kubernetes/index.ts'
import { type Intervals, refusalsOf } from './await-ending.ts'
import { classify } from './classify.ts'
import { classifyRefusal } from './classify-refusal.ts'
import { type CreatedJob, createJob } from './create.ts'
import { type Ending, patienceMs, problemOf } from './ending.ts'
import type { PodPorts, PodSpec } from './model.ts'
import { jobKind, labelsOf, renderJob, selectorOf } from './render.ts'
import { nextIdentity, removeLost } from './run.ts'

/** As many pods as there are nodes, one for each if the scheduler spreads them. */
export interface SpreadSpec extends Pick<PodSpec, 'purpose' | 'namespace' | 'image' | 'pull'> {
  /** Nodes that take ordinary pods: without taints that keep them away, at least two. */
  readonly nodes: readonly Pick<NodeState, 'name' | 'labels' | 'taints' | 'kubeletVersion'>[]
}

export interface SpreadOutcome {
  /** No pod of it came to be: why. */
  readonly refusal?: Ending
  /** Node → how many of the pods run there. */
  readonly running: ReadonlyMap<string, number>
  /** Node → why the pod that was given to it does not run. */
  readonly broken: ReadonlyMap<string, Ending>
  /** The scheduler's words about pods without a node; empty: every pod has one. Remote text. */
  readonly unplaced: readonly string[]
  /** Time was over before every pod had run or failed for good. */
  readonly isLate: boolean
  /** `namespace/name` of the Job, when it could not be taken away; empty: it is gone. */
  readonly leftover: string
}

const usualIntervals: Intervals = { judgeMs: 250, askMs: 1_000, goneMs: 20_000 }
const cleanUpMs = 10_000
const hostLabel = 'kubernetes.io/hostname'

/**
 * One Job with a pod for each node, that may differ by one at most between nodes (kubernetes/website:
 * content/en/docs/concepts/scheduling-eviction/topology-spread-constraints.md). Taints are honoured, as a DaemonSet's or Deployment's
 * author would want: otherwise a node that may not be used would count as an empty one, and no pod could go anywhere.
 */
export function renderSpread(
  spec: SpreadSpec,
  identity: Parameters<typeof renderJob>[1],
  deadlineMs: number,
): ApiObject {
  const { nodes } = spec
  const [first] = nodes
  if (first === undefined) throw new RangeError('pods cannot be spread over no node')
  const job = renderJob(
    { ...spec, node: first, command: ['sh', '-c', `sleep ${Math.ceil(deadlineMs / 1000) + 60}`], memoryMiB: 64 },
    identity,
    deadlineMs,
  ) as {
    readonly metadata: ApiObject
    readonly spec: ApiObject & { readonly template: ApiObject & { spec: ApiObject } }
  }
  const labels = labelsOf(spec.purpose, identity)
  const values = nodes.map((node) => node.labels[hostLabel] ?? node.name)
  const { nodeSelector: _one, ...podSpec } = job.spec.template.spec
  return {
    ...job,
    metadata: { ...job.metadata, annotations: { 'k3s-gpu-actions/by': identity.label } },
    spec: {
      ...job.spec,
      parallelism: nodes.length,
      completions: nodes.length,
      template: {
        ...job.spec.template,
        spec: {
          ...podSpec,
          tolerations: [],
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: [{ key: hostLabel, operator: 'In', values }] }],
              },
            },
          },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: hostLabel,
              whenUnsatisfiable: 'DoNotSchedule',
              nodeTaintsPolicy: 'Honor',
              labelSelector: { matchLabels: labels },
            },
          ],
        },
      },
    },
  }
}

/** What is known of the pods at one moment. Pure; `waitedMs` says since when a pod has been as it is. */
function sort(
  pods: readonly PodState[],
  spec: SpreadSpec,
  waitedMs: (pod: PodState) => number,
): Pick<SpreadOutcome, 'running' | 'broken' | 'unplaced'> & { readonly isSettled: boolean } {
  const running = new Map<string, number>()
  const broken = new Map<string, Ending>()
  const unplaced: string[] = []
  let settled = 0
  for (const pod of pods) {
    if (pod.node === undefined || pod.node === '') {
      const words = problemOf(pod, /^(Unschedulable|SchedulerError|SchedulingGated)\b/)
      if (words === undefined) continue
      unplaced.push(words)
      if (waitedMs(pod) >= patienceMs.unschedulable) settled += 1
    } else if (pod.phase === 'Running' || pod.phase === 'Succeeded') {
      running.set(pod.node, (running.get(pod.node) ?? 0) + 1)
      settled += 1
    } else {
      const node = spec.nodes.find(({ name }) => name === pod.node) ?? { name: pod.node, labels: {}, taints: [] }
      const moment = { pod, podEvents: [], refusals: [], waitedMs: waitedMs(pod) }
      const ending = classify(moment, { ...spec, node, command: [] })
      if (ending === undefined) continue
      broken.set(pod.node, ending)
      settled += 1
    }
  }
  return { running, broken, unplaced, isSettled: settled >= spec.nodes.length }
}

/**
 * Runs the pods, and takes them away as soon as it is certain where each of them is. Rejects with a ClusterError when the cluster cannot
 * be asked, or with the signal's reason.
 */
export async function runSpread(
  ports: PodPorts,
  spec: SpreadSpec,
  deadlineMs: number,
  intervals: Intervals = usualIntervals,
): Promise<SpreadOutcome> {
  ports.signal.throwIfAborted()
  const identity = nextIdentity(ports)
  const [first] = spec.nodes
  if (first === undefined) throw new RangeError('pods cannot be spread over no node')
  const one: PodSpec = { ...spec, node: first, command: [] }
  const none = { running: new Map(), broken: new Map(), unplaced: [], isLate: false, leftover: '' }
  let job: CreatedJob | Ending
  try {
    job = await createJob(ports, one, identity, deadlineMs, renderSpread(spec, identity, deadlineMs))
  } catch (error) {
    await removeLost(ports, spec.namespace, identity.key)
    throw error
  }
  if ('code' in job) return { ...none, refusal: job }
  return await watchSpread(ports, spec, { ...job, key: identity.key }, deadlineMs, intervals)
}

async function watchSpread(
  ports: PodPorts,
  spec: SpreadSpec,
  job: CreatedJob & { readonly key: string },
  deadlineMs: number,
  intervals: Intervals,
): Promise<SpreadOutcome> {
  const startedMs = ports.now()
  const ended = new AbortController()
  const pods = new Map<string, PodState>()
  const since = new Map<string, { readonly as: string; readonly ms: number }>()
  const { promise, resolve: settle, reject: fail } = Promise.withResolvers<Omit<SpreadOutcome, 'leftover'>>()
  promise.catch(() => undefined)
  let onGone: (() => void) | undefined
  const waitedMs = ({ name, problems, phase }: PodState): number => {
    const as = /^\w+/.exec(problems[0] ?? '')?.[0] ?? phase
    const before = since.get(name)
    if (before?.as !== as) since.set(name, { as, ms: ports.now() })
    return ports.now() - (since.get(name)?.ms ?? 0)
  }
  const judge = (): void => {
    const { isSettled, ...now } = sort([...pods.values()], spec, waitedMs)
    const isOver = ports.now() - startedMs >= deadlineMs
    if (isSettled || isOver) settle({ ...now, isLate: !isSettled })
  }
  let refusedSince: number | undefined
  const askRefusals = async (): Promise<void> => {
    if (pods.size >= spec.nodes.length) return
    // Who may not read events waits for the deadline.
    const refusals = await refusalsOf(ports, spec.namespace, job.name, ended.signal).catch(() => [])
    if (refusals.length === 0 || pods.size >= spec.nodes.length) return
    refusedSince ??= ports.now()
    const [first] = spec.nodes
    if (first === undefined) return
    const moment = { podEvents: [], refusals, waitedMs: ports.now() - refusedSince }
    const refusal = classifyRefusal(moment, { ...spec, node: first, command: [] })
    const { isSettled: _settled, ...now } = sort([...pods.values()], spec, waitedMs)
    if (refusal !== undefined) settle({ ...now, refusal, isLate: false })
  }
  const timers = [setInterval(judge, intervals.judgeMs), setInterval(() => void askRefusals(), intervals.askMs)]
  const whenAborted = (): void => fail(ports.signal.reason)
  ports.signal.addEventListener('abort', whenAborted, { once: true })
  if (ports.signal.aborted) whenAborted()
  const watching = ports.cluster
    .watchPodsWith(
      spec.namespace,
      selectorOf(job.key),
      (event) => {
        if (event.type === 'pod') pods.set(event.pod.name, event.pod)
        else pods.delete(event.name)
        if (pods.size === 0) onGone?.()
        judge()
      },
      ended.signal,
    )
    .then(
      () => fail(new Error('the watch of the pods ended before they did')),
      (error: unknown) => fail(error),
    )
  const remove = async (goneMs: number): Promise<string> => {
    try {
      await ports.cluster.deleteObject(jobKind, spec.namespace, job.name, job.uid, AbortSignal.timeout(cleanUpMs))
    } catch {
      return `${spec.namespace}/${job.name}`
    }
    if (pods.size === 0) return ''
    const { promise: gone, resolve } = Promise.withResolvers<string>()
    onGone = () => resolve('')
    const timer = setTimeout(() => resolve(`${spec.namespace}/${job.name}`), goneMs)
    return await gone.finally(() => clearTimeout(timer))
  }
  try {
    const outcome = await promise.catch(async (error: unknown) => {
      await remove(Math.min(intervals.goneMs, 2_000))
      throw error
    })
    return { ...outcome, leftover: await remove(intervals.goneMs) }
  } finally {
    for (const timer of timers) clearInterval(timer)
    ports.signal.removeEventListener('abort', whenAborted)
    ended.abort(new Error('the wait is over'))
    await watching
  }
}
