/** The status of a Pod as a kubelet reports it, for each thing that can become of its container. Pure. */
import { createHash } from 'node:crypto'
import type { KubernetesObject } from '../contract.ts'
import type { ContainerOutcome, Json } from './model.ts'

/** What a kubelet knows of a pod beside its outcome. */
export interface PodPast {
  readonly restarts: number
  /** RFC 3339: when the container was last started. */
  readonly startedAt: string
  /** RFC 3339: now. */
  readonly now: string
  readonly hostIp: string
  readonly podIp: string
  /** The back-off has begun: the next start comes later. */
  readonly isWaiting: boolean
}

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])

/** `containerd://…`, the same for the same start of the same pod. */
export function containerId(uid: string, restarts: number): string {
  return `containerd://${createHash('sha256').update(`${uid} ${restarts}`).digest('hex')}`
}

/** Words of the kubelet for a container that it restarts ever more slowly (pkg/kubelet/kuberuntime). */
function backOff(pod: KubernetesObject, name: string, restarts: number): string {
  const seconds = Math.min(10 * 2 ** Math.max(0, restarts - 1), 300)
  const { namespace = '', uid = '' } = pod.metadata
  const time = seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
  return `back-off ${time} restarting failed container=${name} pod=${pod.metadata.name}_${namespace}(${uid})`
}

function conditions(at: string, isReady: boolean, hasSandbox: boolean, name: string): readonly Json[] {
  const one = (type: string, isTrue: boolean, reason = '', message = ''): Json => ({
    type,
    status: isTrue ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: at,
    ...(reason !== '' && { reason, message }),
  })
  const unready = ['ContainersNotReady', `containers with unready status: [${name}]`] as const
  return [
    one('PodReadyToStartContainers', hasSandbox),
    one('Initialized', true),
    isReady ? one('Ready', true) : one('Ready', false, ...unready),
    isReady ? one('ContainersReady', true) : one('ContainersReady', false, ...unready),
    one('PodScheduled', true),
  ]
}

/** Conditions of a pod that has ended, as a real kubelet (1.33) leaves them. */
function endConditions(at: string, startedAt: string, isGood: boolean): readonly Json[] {
  const reason = isGood ? 'PodCompleted' : 'PodFailed'
  const one = (type: string, status: string, since: string, why?: string): Json => ({
    type,
    status,
    lastProbeTime: null,
    lastTransitionTime: since,
    ...(why !== undefined && { reason: why }),
  })
  return [
    one('PodReadyToStartContainers', 'False', at),
    one('Initialized', 'True', startedAt, isGood ? reason : undefined),
    one('Ready', 'False', startedAt, reason),
    one('ContainersReady', 'False', startedAt, reason),
    one('PodScheduled', 'True', startedAt),
  ]
}

/** The status of a pod that is not started again: its container has ended, could not be started, or was never made. */
export function endStatus(
  pod: KubernetesObject,
  outcome: Extract<ContainerOutcome, { kind: 'exited' | 'not-started' | 'rejected' }>,
  past: PodPast,
): Json {
  const startTime = pod.metadata.creationTimestamp
  if (outcome.kind === 'rejected')
    // The kubelet's own words before those of whoever refused (pkg/kubelet, rejectPod).
    return { phase: 'Failed', reason: outcome.reason, message: `Pod was rejected: ${outcome.message}`, startTime }
  const { uid = '' } = pod.metadata
  const [container = {}] = list((pod.spec as Json | undefined)?.containers)
  const isGood = outcome.kind === 'exited' && outcome.code === 0
  const containerID = containerId(uid, past.restarts)
  const terminated =
    outcome.kind === 'exited'
      ? {
          exitCode: outcome.code,
          reason: isGood ? 'Completed' : (outcome.reason ?? 'Error'),
          startedAt: past.startedAt,
          finishedAt: past.now,
          containerID,
        }
      : {
          // A container that runc could not start never started.
          exitCode: 128,
          reason: 'StartError',
          message: outcome.message,
          startedAt: '1970-01-01T00:00:00Z',
          finishedAt: past.now,
          containerID,
        }
  return {
    phase: isGood ? 'Succeeded' : 'Failed',
    conditions: endConditions(past.now, past.startedAt, isGood),
    hostIP: past.hostIp,
    hostIPs: [{ ip: past.hostIp }],
    podIP: past.podIp,
    podIPs: [{ ip: past.podIp }],
    startTime,
    containerStatuses: [
      {
        name: String(container.name ?? ''),
        state: { terminated },
        lastState: {},
        ready: false,
        started: false,
        restartCount: past.restarts,
        image: String(container.image ?? ''),
        imageID: String(container.image ?? ''),
        containerID,
      },
    ],
    qosClass: 'BestEffort',
  }
}

export function podStatus(
  pod: KubernetesObject,
  outcome: Exclude<ContainerOutcome, { kind: 'rejected' }>,
  past: PodPast,
): Json {
  const { uid = '' } = pod.metadata
  const [container = {}] = list((pod.spec as Json | undefined)?.containers)
  const name = String(container.name ?? '')
  const image = String(container.image ?? '')
  const id = containerId(uid, past.restarts)
  const previous = containerId(uid, Math.max(0, past.restarts - 1))
  const died = (code: number, reason: string, message?: string): Json => ({
    terminated: {
      exitCode: code,
      reason,
      ...(message !== undefined && { message }),
      startedAt: past.startedAt,
      finishedAt: past.startedAt,
      containerID: past.isWaiting ? previous : id,
    },
  })
  const waiting = (reason: string, message?: string): Json => ({
    waiting: { reason, ...(message !== undefined && { message }) },
  })
  const looped = waiting('CrashLoopBackOff', backOff(pod, name, past.restarts))
  const hasContainer = outcome.kind !== 'no-sandbox' && outcome.kind !== 'no-image'
  const of = (state: Json, last: Json, isReady: boolean): Json => ({
    phase:
      outcome.kind === 'no-sandbox' || outcome.kind === 'no-image' || outcome.kind === 'not-started'
        ? 'Pending'
        : 'Running',
    conditions: conditions(past.now, isReady, outcome.kind !== 'no-sandbox', name),
    hostIP: past.hostIp,
    hostIPs: [{ ip: past.hostIp }],
    ...(outcome.kind !== 'no-sandbox' && { podIP: past.podIp, podIPs: [{ ip: past.podIp }] }),
    startTime: pod.metadata.creationTimestamp,
    containerStatuses: [
      {
        name,
        state,
        lastState: last,
        ready: isReady,
        started: isReady,
        restartCount: past.restarts,
        image,
        imageID: hasContainer ? image : '',
        ...(hasContainer && { containerID: id }),
      },
    ],
    qosClass: 'BestEffort',
  })
  switch (outcome.kind) {
    case 'no-sandbox':
      return of(waiting('ContainerCreating'), {}, false)
    case 'no-image':
      // The kubelet's reasons, one after the other (pkg/kubelet/images).
      return past.isWaiting
        ? of(
            waiting('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${outcome.message}`),
            {},
            false,
          )
        : of(waiting('ErrImagePull', outcome.message), {}, false)
    case 'not-started':
      // A container that runc could not start has exit code 128, and the kubelet goes on trying.
      return past.isWaiting
        ? of(looped, died(128, 'StartError', outcome.message), false)
        : of(waiting('RunContainerError', outcome.message), {}, false)
    case 'exited':
      return past.isWaiting
        ? of(looped, died(outcome.code, 'Error'), false)
        : of(died(outcome.code, 'Error'), {}, false)
    case 'running':
      return of({ running: { startedAt: past.startedAt } }, {}, true)
  }
}
