/** Pods as their controllers and kubelets have left them, and what kubelets say of those that are not well (seen on real ones, 1.33). */
import { withDefaults } from '../defaults.ts'
import { type ApiObject, resources } from '../objects.ts'
import { dayMs, type Stage, uuidOf } from './stage.ts'

type Json = Readonly<Record<string, unknown>>

export interface Workload {
  readonly namespace: string
  readonly name: string
  readonly image: string
  /** A pod each. */
  readonly nodes: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly ageMs?: number
  /** Further fields of the pods' spec. */
  readonly pod?: Json
  /** Further fields of their container. */
  readonly container?: Json
}

interface PodWish {
  readonly name: string
  readonly node: string
  readonly owner: { readonly apiVersion: string; readonly kind: string; readonly name: string }
  readonly labels: Readonly<Record<string, string>>
}

const condition = (type: string, at: string, isTrue = true) => ({
  type,
  status: isTrue ? 'True' : 'False',
  lastProbeTime: null,
  lastTransitionTime: at,
})

export const ageOf = (workload: Workload): number => workload.ageMs ?? 40 * dayMs

/** Nothing is started anew because of it: its status is there from the beginning. */
export function runningStatus(spec: Json, at: string): Json {
  const [container = {}] = (spec.containers ?? []) as Json[]
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']
  return {
    phase: 'Running',
    conditions: types.map((type) => condition(type, at)),
    containerStatuses: [
      {
        name: container.name,
        state: { running: { startedAt: at } },
        lastState: {},
        ready: true,
        started: true,
        restartCount: 0,
        image: container.image,
        imageID: container.image,
        containerID: `containerd://${uuidOf(String(container.name)).replaceAll('-', '').repeat(2)}`,
      },
    ],
    startTime: at,
    qosClass: 'BestEffort',
  }
}

export function podSpecOf({ name, image, pod, container }: Workload): Json {
  return { ...pod, containers: [{ name, image, ...container }] }
}

export function putPod(stage: Stage, workload: Workload, wish: PodWish): ApiObject {
  const { namespace } = workload
  const at = stage.ago(ageOf(workload))
  const key = `pods/${namespace}/${wish.name}`
  const { name, labels } = wish
  const owner = { ...wish.owner, uid: uuidOf(`${wish.owner.kind} ${namespace}/${wish.owner.name}`) }
  const bare = {
    metadata: {
      name,
      namespace,
      labels,
      creationTimestamp: at,
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    } as ApiObject['metadata'],
    spec: { ...podSpecOf(workload), ...(wish.node !== '' && { nodeName: wish.node }) },
  }
  const resource = resources.get('pods')
  if (resource === undefined) throw new Error('there are no pods')
  const { status: _status, ...pod } = withDefaults(resource, bare)
  return stage.put(key, { ...pod, status: runningStatus(pod.spec as Json, at) })
}

/** The status of a pod that has done its work, as a real kubelet (1.33) leaves it. */
export function completed(stage: Stage, key: string, at: string): void {
  stage.change(key, (pod) => {
    const { containerStatuses = [], ...status } = pod.status as { containerStatuses?: Json[] } & Json
    const ended = { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at }
    return {
      ...pod,
      status: {
        ...status,
        phase: 'Succeeded',
        conditions: [
          condition('PodReadyToStartContainers', at, false),
          { ...condition('Initialized', at), reason: 'PodCompleted' },
          { ...condition('Ready', at, false), reason: 'PodCompleted' },
          { ...condition('ContainersReady', at, false), reason: 'PodCompleted' },
          condition('PodScheduled', at),
        ],
        containerStatuses: containerStatuses.map((one) => ({
          ...one,
          state: { terminated: ended },
          ready: false,
          started: false,
        })),
      },
    }
  })
}

/** The status of a pod whose container is not ready, in the words of its kubelet. */
export function unready(
  stage: Stage,
  key: string,
  how: {
    readonly phase: 'Pending' | 'Running'
    readonly sinceMs: number
    readonly restarts: number
    readonly state: Json
    readonly lastState?: Json
    readonly started?: boolean
  },
): void {
  stage.change(key, (pod) => {
    const { containerStatuses = [], ...status } = pod.status as { containerStatuses?: Json[] } & Json
    const at = stage.ago(how.sinceMs)
    const name = String(containerStatuses[0]?.name ?? '')
    const not = { reason: 'ContainersNotReady', message: `containers with unready status: [${name}]` }
    return {
      ...pod,
      status: {
        ...status,
        phase: how.phase,
        conditions: [
          condition('PodReadyToStartContainers', at),
          condition('Initialized', at),
          { ...condition('Ready', at, false), ...not },
          { ...condition('ContainersReady', at, false), ...not },
          condition('PodScheduled', at),
        ],
        containerStatuses: containerStatuses.map((one) => ({
          ...one,
          state: how.state,
          lastState: how.lastState ?? {},
          ready: false,
          started: how.started ?? false,
          restartCount: how.restarts,
        })),
      },
    }
  })
}

/** containerd's words for a tag that its registry does not have, and the kubelet's for waiting to try once more. */
export function pullBackOff(image: string): Json {
  const problem = `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`
  return {
    waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ErrImagePull: ${problem}` },
  }
}

/** The key of the only pod whose name begins so. @throws Error when there is none */
export function podKey(stage: Stage, namespace: string, beginning: string): string {
  const pod = stage.objects.view(`pods/${namespace}`).find(({ metadata }) => metadata.name.startsWith(beginning))
  if (pod === undefined) throw new Error(`${namespace} has no pod ${beginning}…`)
  return `pods/${namespace}/${pod.metadata.name}`
}
