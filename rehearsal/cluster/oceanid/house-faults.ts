/** What can be wrong with workloads, Flux, storage and certificates, as the API shows it. */
import type { VerifyFault } from '../../contract.ts'
import { timestamp } from '../node-objects.ts'
import { certificate } from './certificates.ts'
import { fluxUnready, gitRepository, kustomization, revision } from './flux.ts'
import { agent, server } from './house.ts'
import { dayMs, minuteMs, type Stage, uuidOf } from './stage.ts'
import { fillDisk, longhornVolume } from './storage.ts'
import { completed, podKey, pullBackOff, putDeployment, putDoneJob, unavailable, unready } from './workloads.ts'

type Json = Readonly<Record<string, unknown>>

const hourMs = 60 * minuteMs
const base64 = (text: string): string => Buffer.from(text).toString('base64')

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

/** A bootstrap token of a run that was killed before it could take it back. */
function leaveToken(stage: Stage): void {
  const id = 'k4u7d1'
  const name = `bootstrap-token-${id}`
  const data = {
    'token-id': id,
    'token-secret': uuidOf('a token that was left').replaceAll('-', '').slice(0, 16),
    description: 'k3s-gpu-actions: calypso joins oceanid, run 38',
    expiration: timestamp(stage.nowMs + 20 * hourMs),
    'usage-bootstrap-authentication': 'true',
    'auth-extra-groups': 'system:bootstrappers:k3s:default-node-token',
  }
  stage.put(`secrets/kube-system/${name}`, {
    metadata: {
      name,
      namespace: 'kube-system',
      creationTimestamp: stage.ago(4 * hourMs),
      labels: { 'k3s-gpu-actions/node': 'calypso', 'k3s-gpu-actions/run': '38-1' },
    },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
  })
}

function losePendingClaim(stage: Stage): void {
  const [namespace, name] = ['apps', 'archive']
  const { metadata } = stage.put(`persistentvolumeclaims/${namespace}/${name}`, {
    metadata: { name, namespace, creationTimestamp: stage.ago(3 * hourMs) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'longhorn-static',
      resources: { requests: { storage: '5Gi' } },
    },
    status: { phase: 'Pending' },
  })
  const about = { kind: 'PersistentVolumeClaim', namespace, name, uid: metadata.uid ?? '' }
  const words = 'storageclass.storage.k8s.io "longhorn-static" not found'
  stage.event(about, 'persistentvolume-controller', 'ProvisioningFailed', words)
}

/** k3s's own complaint (k3s-io/k3s:pkg/certmonitor/certmonitor.go), an event of the Node in `default`. */
function complain(stage: Stage): void {
  const ends = timestamp(stage.nowMs + 12 * dayMs)
  const message = `Node certificates require attention - restart k3s on this node to trigger automatic rotation: kubelet/client-kubelet.crt: certificate CN=system:node:${server},O=system:nodes will expire within 90 days at ${ends}`
  const about = { kind: 'Node', namespace: 'default', name: server, uid: server }
  stage.event(about, 'k3s-cert-monitor', 'CertificateExpirationWarning', message)
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

export const houseFaults = {
  'verify-pod-crash-loop': putCrashLoop,
  'verify-pod-image': putWrongImage,
  'verify-pod-pending': putPending,
  'verify-pod-evicted': putEvicted,
  'verify-pod-stuck': stickPod,
  'verify-job-failed': putFailedJob,
  'verify-flux-not-ready': (stage) =>
    fluxUnready(
      stage,
      kustomization('apps'),
      5 * hourMs,
      'BuildFailed',
      "kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'adapter.yaml': open /tmp/kustomization/adapter.yaml: no such file or directory'",
    ),
  'verify-flux-suspended': (stage) => {
    stage.change(kustomization('infrastructure'), (object) => ({
      ...object,
      spec: { ...(object.spec as object), suspend: true },
    }))
  },
  // The source has moved on; what it feeds says that all is well, of the revision before.
  'verify-flux-stale': (stage) => {
    const { artifact } = stage.get(gitRepository).status as { artifact: Json }
    const newer = revision.replace(/:.*/, `:${uuidOf('a newer commit').replaceAll('-', '')}00000000`)
    stage.changeStatus(gitRepository, {
      artifact: { ...artifact, revision: newer, lastUpdateTime: stage.ago(3 * hourMs) },
    })
  },
  'verify-flux-controller': (stage) => {
    const key = podKey(stage, 'flux-system', 'kustomize-controller')
    const image = 'ghcr.io/fluxcd/kustomize-controller:v1.6.1'
    unready(stage, key, { phase: 'Pending', sinceMs: 2 * hourMs, restarts: 0, state: pullBackOff(image) })
    unavailable(stage, 'flux-system', 'kustomize-controller', 2 * hourMs)
  },
  'verify-volume-degraded': (stage) => {
    stage.changeStatus(longhornVolume, { robustness: 'degraded', lastDegradedAt: stage.ago(2 * dayMs) })
  },
  'verify-disk-full': (stage) => fillDisk(stage, agent, 4),
  'verify-claim-pending': losePendingClaim,
  'verify-certificate-soon': (stage) => {
    const issuing = {
      type: 'Issuing',
      status: 'False',
      reason: 'Failed',
      message:
        'The certificate request has failed to complete and will be retried: Failed to wait for order resource to become ready',
      lastTransitionTime: stage.ago(20 * dayMs),
    }
    const { conditions } = stage.get(certificate).status as { conditions: Json[] }
    stage.changeStatus(certificate, {
      conditions: [...conditions, issuing],
      notAfter: stage.ago(-5 * dayMs),
      renewalTime: stage.ago(25 * dayMs),
    })
  },
  'verify-node-certificates': complain,
  'verify-token-left': leaveToken,
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
