/** What can be wrong with workloads and their pods, as the API shows it. */
import type { VerifyFault } from '../../contract.ts'
import { agent } from './house.ts'
import { completed, podKey, pullBackOff, unready } from './pods.ts'
import { dayMs, minuteMs, type Stage, uuidOf } from './stage.ts'
import { putDeployment, putDoneJob, unavailable } from './workloads.ts'

type Json = Readonly<Record<string, unknown>>

const hourMs = 60 * minuteMs

/** A pod that nobody has a place for; the scheduler says why, and has said so for three hours. */
function putPending(stage: Stage): void {
  const name = 'report'
  putDeployment(stage, {
    namespace: 'apps',
    name,
    image: 'docker.io/library/python:3.12-slim',
    nodes: [''],
    labels: { app: name },
    ageMs: 3 * hourMs,
    container: { resources: { requests: { cpu: '64' } } },
  })
  const waiting = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '', lastProbeTime: null }
  stage.change(podKey(stage, 'apps', name), (pod) => ({
    ...pod,
    status: {
      phase: 'Pending',
      qosClass: 'Burstable',
      conditions: [{ ...waiting, lastTransitionTime: stage.ago(3 * hourMs) }],
    },
  }))
  unavailable(stage, 'apps', name, 3 * hourMs)
}

function putCrashLoop(stage: Stage): void {
  const [namespace, name] = ['apps', 'label-studio-adapter']
  const key = podKey(stage, namespace, name)
  const pod = stage.get(key)
  const ended = {
    exitCode: 1,
    reason: 'Error',
    startedAt: stage.ago(3 * minuteMs),
    finishedAt: stage.ago(3 * minuteMs),
  }
  const message = `back-off 5m0s restarting failed container=${name} pod=${pod.metadata.name}_${namespace}(${pod.metadata.uid})`
  unready(stage, key, {
    phase: 'Running',
    sinceMs: 7 * hourMs,
    restarts: 87,
    state: { waiting: { reason: 'CrashLoopBackOff', message } },
    lastState: { terminated: ended },
  })
  unavailable(stage, namespace, name, 7 * hourMs)
}

function putWrongImage(stage: Stage): void {
  const image = 'docker.io/cloudflare/cloudflared:2025.88.1'
  const key = podKey(stage, 'cloudflared', 'cloudflared')
  unready(stage, key, { phase: 'Pending', sinceMs: 2 * hourMs, restarts: 0, state: pullBackOff(image) })
  stage.change(key, (pod) => {
    const spec = pod.spec as { containers: Json[] }
    return { ...pod, spec: { ...spec, containers: spec.containers.map((one) => ({ ...one, image })) } }
  })
  stage.changeStatus('deployments/cloudflared/cloudflared', {
    readyReplicas: 1,
    availableReplicas: 1,
    unavailableReplicas: 1,
  })
}

/** Of nobody's: a copy of a pod that ran out of its disk (words seen of a real kubelet, the blank at the end as well). */
function putEvicted(stage: Stage): void {
  const key = podKey(stage, 'apps', 'label-studio-adapter')
  const pod = stage.get(key)
  const name = `${pod.metadata.name.slice(0, -5)}x7k2p`
  stage.put(`pods/apps/${name}`, {
    ...pod,
    metadata: { ...pod.metadata, name, uid: uuidOf(`evicted ${name}`), creationTimestamp: stage.ago(5 * dayMs) },
    status: {
      phase: 'Failed',
      reason: 'Evicted',
      message: 'Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ',
      startTime: stage.ago(5 * dayMs),
      qosClass: 'BestEffort',
    },
  })
}

function putFailedJob(stage: Stage): void {
  const name = 'dump-29311740'
  const at = stage.ago(9 * hourMs)
  putDoneJob(
    stage,
    {
      namespace: 'apps',
      name,
      image: 'docker.io/library/postgres:17',
      nodes: [agent],
      labels: { app: 'dump' },
      ageMs: 9 * hourMs,
      pod: { restartPolicy: 'Never' },
    },
    'dump',
  )
  const of = (type: string) => ({
    type,
    status: 'True',
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
    lastProbeTime: at,
    lastTransitionTime: at,
  })
  stage.change(`jobs/apps/${name}`, (job) => ({
    ...job,
    status: {
      startTime: at,
      conditions: [of('FailureTarget'), of('Failed')],
      failed: 7,
      ready: 0,
      terminating: 0,
      uncountedTerminatedPods: {},
    },
  }))
  stage.change(podKey(stage, 'apps', name), (pod) => {
    const { containerStatuses = [], ...status } = pod.status as { containerStatuses?: Json[] } & Json
    const state = { terminated: { exitCode: 1, reason: 'Error', startedAt: at, finishedAt: at } }
    return {
      ...pod,
      status: { ...status, phase: 'Failed', containerStatuses: containerStatuses.map((one) => ({ ...one, state })) },
    }
  })
}

function stickPod(stage: Stage): void {
  const key = podKey(stage, 'apps', 'label-studio-adapter')
  const pod = stage.get(key)
  const name = `${pod.metadata.name.slice(0, -5)}h9w4t`
  stage.put(`pods/apps/${name}`, {
    ...pod,
    metadata: {
      ...pod.metadata,
      name,
      uid: uuidOf(`stuck ${name}`),
      creationTimestamp: stage.ago(3 * dayMs),
      deletionTimestamp: stage.ago(6 * hourMs),
      deletionGracePeriodSeconds: 0,
      finalizers: ['example.org/hold'],
    } as typeof pod.metadata,
  })
  completed(stage, `pods/apps/${name}`, stage.ago(6 * hourMs))
}

function downDns(stage: Stage): void {
  const key = podKey(stage, 'kube-system', 'coredns')
  unready(stage, key, {
    phase: 'Running',
    sinceMs: hourMs,
    restarts: 0,
    state: { running: { startedAt: stage.ago(9 * dayMs) } },
    started: true,
  })
  const slice = stage.objects
    .view('endpointslices/kube-system')
    .find(({ metadata }) => metadata.name.startsWith('kube-dns'))
  const sliceKey = `endpointslices/kube-system/${slice?.metadata.name}`
  stage.change(sliceKey, (object) => ({
    ...object,
    endpoints: (object.endpoints as Json[]).map((one) => ({
      ...one,
      conditions: { ready: false, serving: false, terminating: false },
    })),
  }))
  unavailable(stage, 'kube-system', 'coredns', hourMs)
}

export const workloadFaults = {
  'verify-pod-crash-loop': putCrashLoop,
  'verify-pod-image': putWrongImage,
  'verify-pod-pending': putPending,
  'verify-pod-evicted': putEvicted,
  'verify-pod-stuck': stickPod,
  'verify-job-failed': putFailedJob,
  'verify-flux-controller': (stage) => {
    const key = podKey(stage, 'flux-system', 'kustomize-controller')
    const image = 'ghcr.io/fluxcd/kustomize-controller:v1.6.1'
    unready(stage, key, { phase: 'Pending', sinceMs: 2 * hourMs, restarts: 0, state: pullBackOff(image) })
    unavailable(stage, 'flux-system', 'kustomize-controller', 2 * hourMs)
  },
  'verify-dns-down': downDns,
  // Enough pods for a second page: what a CronJob has left that keeps everything.
  'verify-api-slow-pages-410': (stage) => {
    for (let number = 0; number < 600; number++)
      putDoneJob(stage, {
        namespace: 'apps',
        name: `sync-${29_300_000 + number * 10}`,
        image: 'docker.io/library/postgres:17',
        nodes: [agent],
        labels: { app: 'sync' },
        ageMs: dayMs,
        pod: { restartPolicy: 'Never' },
      })
  },
} satisfies Partial<Record<VerifyFault, (stage: Stage) => unknown>>
