/** Deployments, DaemonSets, StatefulSets and Jobs with the pods that their controllers and kubelets have made of them long ago. */
import { withDefaults } from '../defaults.ts'
import { type ApiObject, resources } from '../objects.ts'
import { ageOf, completed, podSpecOf, putPod, type Workload } from './pods.ts'
import { type Stage, uuidOf } from './stage.ts'

type Json = Readonly<Record<string, unknown>>

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
