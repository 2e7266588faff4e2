import type { ApiObject } from '../../../kubernetes/index.ts'
import { type Check, count } from '../../../report/index.ts'
import { gather } from '../../gather.ts'
import type { Finding, SeverityRule } from '../../model.ts'
import { forDays, questionOf, typed } from '../../words.ts'
import { patienceMs, workloadEntries } from './entries.ts'

/** A Deployment, StatefulSet or DaemonSet. Remote text all of it. */
export interface ControllerSeen {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  readonly namespace: string
  readonly name: string
  readonly wanted: number
  readonly available: number
  /** Its controller has seen the newest spec. */
  readonly isObserved: boolean
  readonly createdMs: number
  /** When a roll-out that has not ended last made progress, epoch milliseconds; 0: it does not say. */
  readonly progressedMs: number
  /** Since when it has fewer than its minimum, epoch milliseconds; 0: it does not say. */
  readonly sinceMs: number
  /** What it says of itself where that is no good. */
  readonly troubles: readonly string[]
}

interface Condition {
  readonly type?: string
  readonly status?: string
  readonly reason?: string
  readonly message?: string
  readonly lastUpdateTime?: string
  readonly lastTransitionTime?: string
}
interface ControllerObject {
  readonly metadata?: {
    readonly namespace?: string
    readonly name?: string
    readonly generation?: number
    readonly creationTimestamp?: string
  }
  readonly spec?: { readonly replicas?: number }
  readonly status?: {
    readonly observedGeneration?: number
    readonly availableReplicas?: number
    readonly desiredNumberScheduled?: number
    readonly numberAvailable?: number
    readonly conditions?: readonly Condition[]
  }
}

/**
 * A roll-out on its way. One that has ended says `NewReplicaSetAvailable`, and is said anew at every crash of its pod (seen with
 * Kubernetes 1.33).
 */
const isRollingOut = ({ type, status, reason }: Condition): boolean =>
  type === 'Progressing' && status === 'True' && reason !== 'NewReplicaSetAvailable'

const timeOf = (text: string | undefined): number => Date.parse(text ?? '') || 0

const reader =
  (kind: ControllerSeen['kind']) =>
  (object: ApiObject): ControllerSeen => {
    const { metadata, spec, status } = object as ControllerObject
    const isDaemon = kind === 'DaemonSet'
    const conditions = status?.conditions ?? []
    const bad = conditions.filter(({ type, status: is }) =>
      type === 'ReplicaFailure' ? is === 'True' : is === 'False',
    )
    return {
      kind,
      namespace: metadata?.namespace ?? '',
      name: metadata?.name ?? '',
      // The server writes 1 where nothing is said; 0 is somebody's wish.
      wanted: (isDaemon ? status?.desiredNumberScheduled : spec?.replicas) ?? (isDaemon ? 0 : 1),
      available: (isDaemon ? status?.numberAvailable : status?.availableReplicas) ?? 0,
      isObserved: (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0),
      createdMs: timeOf(metadata?.creationTimestamp),
      progressedMs: timeOf(conditions.find(isRollingOut)?.lastUpdateTime),
      sinceMs: timeOf(
        conditions.find(({ type, status: is }) => type === 'Available' && is === 'False')?.lastTransitionTime,
      ),
      troubles: bad.map(({ type, reason, message }) => `${type}: ${reason ?? ''}: ${message ?? ''}`),
    }
  }

/** One function a kind, always the same: a list is kept by it. */
export const controllerReaders = {
  deployments: reader('Deployment'),
  statefulsets: reader('StatefulSet'),
  daemonsets: reader('DaemonSet'),
} as const

export function judgeControllers(
  controllers: readonly ControllerSeen[],
  nowMs: number,
  severities: readonly SeverityRule[],
): Check {
  const id = 'workloads.controllers'
  const findings = controllers.flatMap((one): Finding[] => {
    const { kind, namespace, name, wanted, available, troubles } = one
    const subject = `${kind.toLowerCase()}/${name}`
    const remedy = `kubectl -n ${typed(namespace, 'namespace')} describe ${kind.toLowerCase()} ${typed(name, 'name')}`
    // A new one, one that is being rolled out, and one that has just lost a pod may be on its way.
    const isYoung = nowMs - Math.max(one.createdMs, one.progressedMs, one.sinceMs) < patienceMs
    if (isYoung) return []
    if (!one.isObserved) {
      const cause =
        'its controller has not looked at its newest version: kube-controller-manager does not run, or cannot keep up'
      return [
        {
          namespace,
          subject,
          found: 'not looked at by its controller',
          verdict: 'fail',
          cause,
          remedy,
          evidence: troubles,
        },
      ]
    }
    if (available >= wanted) return []
    return [
      {
        namespace,
        subject,
        found: `${available} of ${wanted} available${forDays(one.sinceMs, nowMs)}`,
        // What still answers is not broken; the pods that are missing are told of in their namespace.
        verdict: available === 0 ? 'fail' : 'warn',
        cause: 'its pods do not come up, or there is no place for them: see the check of its namespace',
        remedy,
        evidence: troubles,
      },
    ]
  })
  const total = controllers.length
  const passed = `${count(total, 'controller')}, all with as many pods as they want`
  const lead = `${total - new Set(findings.map(({ namespace, subject }) => `${namespace}/${subject}`)).size} of ${count(total, 'controller')} as wanted`
  return gather(id, questionOf(workloadEntries, id), findings, passed, severities, lead)
}
