/** Deployments, DaemonSets, StatefulSets and Jobs with the pods that their controllers and kubelets have made of them long ago. */

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

const ageOf = (workload: Workload): number => workload.ageMs ?? 40 * dayMs

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

/** A Deployment, its ReplicaSet and its pods, all available. */
export function putDeployment(stage: Stage, workload: Workload): void {
  const { namespace, name, labels, nodes } = workload
  const at = stage.ago(ageOf(workload))
  const hash = uuidOf(`${namespace}/${name} template`).replaceAll('-', '').slice(0, 9)
  const set = `${name}-${hash}`
  const podLabels = { ...labels, 'pod-template-hash': hash }
  const template = { metadata: { labels }, spec: podSpecOf(workload) }
  const count = nodes.length
  const counts = { replicas: count, readyReplicas: count, availableReplicas: count, observedGeneration: 1 }
  const said = (type: string, reason: string, message: string) => ({
    type,
    status: 'True',
    reason,
    message,
    lastUpdateTime: at,
    lastTransitionTime: at,
  })
  stage.put(`deployments/${namespace}/${name}`, {
    metadata: {
      name,
      namespace,
      labels,
      creationTimestamp: at,
      uid: uuidOf(`Deployment ${namespace}/${name}`),
      generation: 1,
    } as ApiObject['metadata'],
    spec: {
      replicas: count,
      selector: { matchLabels: labels },
      template,
      strategy: { type: 'RollingUpdate' },
      progressDeadlineSeconds: 600,
    },
    status: {
      ...counts,
      updatedReplicas: count,
      conditions: [
        said('Available', 'MinimumReplicasAvailable', 'Deployment has minimum availability.'),
        said('Progressing', 'NewReplicaSetAvailable', `ReplicaSet "${set}" has successfully progressed.`),
      ],
    },
  })
  stage.put(`replicasets/${namespace}/${set}`, {
    metadata: {
      name: set,
      namespace,
      labels: podLabels,
      creationTimestamp: at,
      uid: uuidOf(`ReplicaSet ${namespace}/${set}`),
      generation: 1,
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name,
          uid: uuidOf(`Deployment ${namespace}/${name}`),
          controller: true,
        },
      ],
    } as ApiObject['metadata'],
    spec: { replicas: count, selector: { matchLabels: podLabels }, template },
    status: { ...counts, fullyLabeledReplicas: count },
  })
  nodes.forEach((node, index) => {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set }
    const suffix = uuidOf(`${namespace}/${name} ${index}`).slice(0, 5)
    putPod(stage, workload, { name: `${set}-${suffix}`, node, owner, labels: podLabels })
  })
}

/** What it says of itself when none of its pods is available. */
export function unavailable(stage: Stage, namespace: string, name: string, sinceMs: number): void {
  stage.change(`deployments/${namespace}/${name}`, (deployment) => {
    const { replicas = 1 } = deployment.spec as { replicas?: number }
    const { readyReplicas: _ready, availableReplicas: _available, ...status } = deployment.status as Json
    const at = stage.ago(sinceMs)
    const conditions = [
      {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
        lastUpdateTime: at,
        lastTransitionTime: at,
      },
    ]
    return { ...deployment, status: { ...status, unavailableReplicas: replicas, conditions } }
  })
}

/** A StatefulSet of one pod a node. */
export function putStatefulSet(stage: Stage, workload: Workload): void {
  const { namespace, name, labels, nodes } = workload
  const count = nodes.length
  stage.put(`statefulsets/${namespace}/${name}`, {
    metadata: {
      name,
      namespace,
      labels,
      creationTimestamp: stage.ago(ageOf(workload)),
      uid: uuidOf(`StatefulSet ${namespace}/${name}`),
      generation: 1,
    } as ApiObject['metadata'],
    spec: {
      replicas: count,
      serviceName: name,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpecOf(workload) },
    },
    status: {
      replicas: count,
      readyReplicas: count,
      availableReplicas: count,
      currentReplicas: count,
      updatedReplicas: count,
      collisionCount: 0,
      observedGeneration: 1,
    },
  })
  nodes.forEach((node, index) => {
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name }
    putPod(stage, workload, { name: `${name}-${index}`, node, owner, labels })
  })
}

/** The DaemonSet alone: its controller makes the pods, as in every world. */
export function putDaemonSet(stage: Stage, workload: Workload, metadata: Json = {}): void {
  const { namespace, name, labels } = workload
  const resource = resources.get('daemonsets')
  if (resource === undefined) throw new Error('there are no DaemonSets')
  const bare = {
    metadata: {
      ...metadata,
      name,
      namespace,
      labels: { ...labels, ...(metadata.labels as object | undefined) },
      creationTimestamp: stage.ago(ageOf(workload)),
      generation: 1,
    } as ApiObject['metadata'],
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpecOf(workload) } },
  }
  stage.put(`daemonsets/${namespace}/${name}`, withDefaults(resource, bare))
}

/** A Job that has ended well, with its pod. */
export function putDoneJob(stage: Stage, workload: Workload, owner?: string): void {
  const { namespace, name, labels, nodes } = workload
  const at = stage.ago(ageOf(workload))
  const podLabels = { ...labels, 'batch.kubernetes.io/job-name': name, 'job-name': name }
  const done = (type: string) => ({
    type,
    status: 'True',
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
    lastProbeTime: at,
    lastTransitionTime: at,
  })
  stage.put(`jobs/${namespace}/${name}`, {
    metadata: {
      name,
      namespace,
      labels,
      creationTimestamp: at,
      uid: uuidOf(`Job ${namespace}/${name}`),
      generation: 1,
      ...(owner !== undefined && {
        ownerReferences: [
          {
            apiVersion: 'batch/v1',
            kind: 'CronJob',
            name: owner,
            uid: uuidOf(`CronJob ${namespace}/${owner}`),
            controller: true,
          },
        ],
      }),
    } as ApiObject['metadata'],
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      template: { metadata: { labels: podLabels }, spec: podSpecOf(workload) },
    },
    status: {
      startTime: at,
      completionTime: at,
      conditions: [done('SuccessCriteriaMet'), done('Complete')],
      succeeded: 1,
      ready: 0,
      terminating: 0,
      uncountedTerminatedPods: {},
    },
  })
  const { metadata } = putPod(stage, workload, {
    name: `${name}-${uuidOf(`${namespace}/${name} pod`).slice(0, 5)}`,
    node: nodes[0] ?? '',
    owner: { apiVersion: 'batch/v1', kind: 'Job', name },
    labels: podLabels,
  })
  completed(stage, `pods/${namespace}/${metadata.name}`, at)
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
