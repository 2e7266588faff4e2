import type { Check } from '../../../report/index.ts'
import { count } from '../../../report/index.ts'
import { gather } from '../../gather.ts'
import { idPart } from '../../ids.ts'
import type { Finding, PodSeen, RunMemory, SeverityRule } from '../../model.ts'
import { forDays, questionOf, typed } from '../../words.ts'
import { patienceMs, workloadEntries } from './entries.ts'

/** More restarts than these since the last run are worth a word. */
const restartsToTell = 3

type State = Omit<Finding, 'namespace' | 'subject'>
type Trouble = PodSeen['troubles'][number]

/** Both words for the same: they take turns, seconds apart (seen with containerd 2.0). */
const pullReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable', 'ImageInspectError'])
/** A container that cannot be made: waiting does not help (kubernetes/kubernetes: pkg/kubelet/kuberuntime, pkg/kubelet/images/types.go). */
const madeBadly = new Set([
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
])

const inOneLine = ({ container, reason, message }: Trouble): string =>
  [container === '' ? '' : `container ${container}`, reason, message].filter((part) => part !== '').join(': ')

const describe = ({ namespace, name }: PodSeen): string =>
  `kubectl -n ${typed(namespace, 'namespace')} describe pod ${typed(name, 'pod')}`
const logs = ({ namespace, name }: PodSeen, flags = ''): string =>
  `kubectl -n ${typed(namespace, 'namespace')} logs ${typed(name, 'pod')}${flags}`

/**
 * What a pod belongs to, by a name that stays when the pod is replaced: the Deployment of its ReplicaSet, the CronJob of its Job. A pod
 * of nobody, and one of a StatefulSet, keep their own names.
 */
export function workloadOf({ name, owner, labels }: PodSeen): string {
  const [kind = '', ownerName = ''] = owner.split('/')
  const hash = labels['pod-template-hash']
  if (kind === 'ReplicaSet' && hash && ownerName.endsWith(`-${hash}`)) return ownerName.slice(0, -hash.length - 1)
  // A CronJob names its Jobs by the minute (kubernetes/kubernetes: pkg/controller/cronjob/utils.go).
  if (kind === 'Job') return ownerName.replace(/-\d{8,}$/, '')
  return kind === '' || kind === 'StatefulSet' || kind === 'Node' ? name : ownerName
}

/** Without an age: its last start, not its first crash, is what the pod remembers. */
function crashed(pod: PodSeen): State {
  const { troubles } = pod
  const why = troubles.find(({ reason }) => reason !== 'CrashLoopBackOff')
  const isMemory = troubles.some(({ reason }) => reason === 'OOMKilled')
  return {
    found: `CrashLoopBackOff${isMemory ? ' (OOMKilled)' : ''}`,
    verdict: 'fail',
    cause: isMemory
      ? 'a container needs more memory than its limit'
      : `a container ends again and again${why === undefined ? '' : `: ${why.reason}, ${why.message}`}`,
    remedy: logs(pod, ' --previous --all-containers'),
    evidence: troubles.map(inOneLine),
  }
}

/** Phase Failed: it runs no more, and nothing makes it run again. */
function leftOver(pod: PodSeen): State | undefined {
  // A Job tells of its pods itself: one that failed and was tried again with success is fine.
  if (pod.owner.startsWith('Job/')) return undefined
  const [why] = pod.troubles
  return {
    found: `left over: ${why?.reason || 'Failed'}`,
    verdict: 'warn',
    cause: why?.message || 'it failed and nobody removed it',
    remedy: `kubectl -n ${typed(pod.namespace, 'namespace')} delete pod ${typed(pod.name, 'pod')}`,
    evidence: pod.troubles.map(inOneLine),
  }
}

function waiting(pod: PodSeen, age: string): State {
  const evidence = pod.troubles.map(inOneLine)
  const unscheduled = pod.troubles.find(({ reason }) => reason === 'Unschedulable')
  if (unscheduled !== undefined) {
    return {
      found: `Unschedulable${age}`,
      verdict: 'fail',
      cause: unscheduled.message,
      remedy: describe(pod),
      evidence,
    }
  }
  if (pod.node === '') {
    const cause = 'no scheduler has looked at it, or it names one that does not run'
    return { found: `Pending${age}`, verdict: 'fail', cause, remedy: describe(pod), evidence }
  }
  const initialising = pod.troubles.find(({ reason }) => reason === 'PodInitializing')
  if (initialising !== undefined) {
    const cause = `its init container ${initialising.container} does not end`
    return {
      found: `stuck at its init containers${age}`,
      verdict: 'fail',
      cause,
      remedy: logs(pod, ' --all-containers'),
      evidence,
    }
  }
  const cause =
    'a volume cannot be mounted, the network or the runtime of that node cannot make a sandbox: its events say which'
  return { found: `its containers are not made${age}`, verdict: 'fail', cause, remedy: describe(pod), evidence }
}

/** What is wrong with a pod; undefined: nothing, or nothing yet. */
export function stateOf(pod: PodSeen, nowMs: number): State | undefined {
  const { phase, troubles } = pod
  if (pod.isTerminating) {
    if (pod.endsByMs === undefined || nowMs - pod.endsByMs < patienceMs) return undefined
    return {
      found: `Terminating${forDays(pod.endsByMs, nowMs)}, and does not end`,
      verdict: 'fail',
      cause: 'a finalizer that nobody serves, or the node that it runs on is gone',
      remedy: describe(pod),
      evidence: [`its time to end was over at ${new Date(pod.endsByMs).toISOString()}`],
    }
  }
  if (phase === 'Succeeded') return undefined
  if (phase === 'Failed') return leftOver(pod)
  const sinceMs = pod.notReadySinceMs ?? pod.createdMs
  const age = forDays(sinceMs, nowMs)
  const pull = troubles.find(({ reason }) => pullReasons.has(reason))
  if (pull !== undefined) {
    return {
      found: `ImagePullBackOff${age}`,
      verdict: 'fail',
      cause: `an image cannot be pulled: ${pull.message || pull.reason}`,
      remedy: describe(pod),
      evidence: troubles.map(inOneLine),
    }
  }
  const bad = troubles.find(({ reason }) => madeBadly.has(reason))
  if (bad !== undefined) {
    const cause = bad.message || 'its container cannot be made as it is written'
    return {
      found: `${bad.reason}${age}`,
      verdict: 'fail',
      cause,
      remedy: describe(pod),
      evidence: troubles.map(inOneLine),
    }
  }
  const isLooping = troubles.some(({ reason }) => reason === 'CrashLoopBackOff')
  // Between two tries it shows for a moment only how it ended.
  const hasEnded = !pod.isReady && pod.restarts > 0 && troubles.some(({ reason, message }) => isEnd(reason, message))
  if (isLooping || hasEnded) return crashed(pod)
  if (pod.isReady || troubles.some(({ reason }) => reason === 'SchedulingGated')) return undefined
  if (nowMs - sinceMs < patienceMs) return undefined
  if (phase === 'Pending') return waiting(pod, age)
  return {
    found: `${phase || 'no phase'}, and not Ready${age}`,
    verdict: 'fail',
    cause: 'its readiness probe says no, a container of it has ended, or its node is gone',
    remedy: `${describe(pod)}; ${logs(pod)}`,
    evidence: troubles.map(inOneLine),
  }
}

const isEnd = (reason: string, message: string): boolean =>
  ['Error', 'OOMKilled', 'StartError', 'ContainerCannotRun', 'DeadlineExceeded'].includes(reason) ||
  message.startsWith('exit code ')

/** Pods of one workload in the same state are one finding. */
function findingsOf(pods: readonly PodSeen[], nowMs: number): readonly Finding[] {
  const all = pods.flatMap((pod) => {
    const state = stateOf(pod, nowMs)
    return state === undefined ? [] : [{ ...state, namespace: pod.namespace, subject: workloadOf(pod), pod: pod.name }]
  })
  const alike = Map.groupBy(all, ({ subject, found }) => `${subject}\n${found}`)
  return [...alike.values()].flatMap((some) => {
    const [first] = some
    if (first === undefined) return []
    const { pod: _pod, ...finding } = first
    const found = some.length === 1 ? finding.found : `${finding.found} (${some.length} pods)`
    const evidence = some.slice(0, 5).flatMap(({ pod, evidence }) => (evidence ?? []).map((line) => `${pod}: ${line}`))
    return [{ ...finding, found, evidence }]
  })
}

/**
 * Ready pods whose containers end again and again: since the last run, or so lately that the kubelet still lengthens its back-off (it
 * forgets after 10 minutes of running: Kubernetes' documentation, Pod Lifecycle, Container restarts). A pod that loops is Ready between two ends (seen
 * with Kubernetes 1.33), and a first run remembers nothing.
 */
function restarted(pods: readonly PodSeen[], before: RunMemory | undefined, restarts: number, nowMs: number) {
  const namespace = pods[0]?.namespace ?? ''
  // A namespace without a restart has no number: it is 0 where that run counted any.
  const hasCounted = Object.keys(before?.metrics ?? {}).some((name) => name.startsWith('pod_restarts.'))
  const had = before?.metrics[restartMetric(namespace)] ?? (hasCounted ? 0 : undefined)
  const sinceMs = Date.parse(before?.at ?? '')
  const isMore = had !== undefined && !Number.isNaN(sinceMs) && restarts - had >= restartsToTell
  return pods
    .filter(({ isReady, restarts: own }) => isReady && own >= restartsToTell)
    .flatMap((pod): readonly Finding[] => {
      const endedMs = pod.lastEndMs ?? 0
      const isLate = nowMs - endedMs < patienceMs
      if (!isLate && !(isMore && endedMs > sinceMs)) return []
      return [
        {
          namespace,
          subject: workloadOf(pod),
          found: isLate ? 'Ready, and ends again and again' : 'restarted since the last run',
          verdict: 'warn',
          cause: 'a container ended and was started again: its program, its liveness probe or its memory limit',
          remedy: logs(pod, ' --previous'),
          evidence: [`${pod.name}: ${pod.restarts} restarts in all, the last at ${new Date(endedMs).toISOString()}`],
        },
      ]
    })
}

export const restartMetric = (namespace: string): string => `pod_restarts.${idPart(namespace)}`

/** One check a namespace, and the restarts of each that has had any. */
export function judgePods(
  pods: readonly PodSeen[],
  nowMs: number,
  before: RunMemory | undefined,
  severities: readonly SeverityRule[],
): { readonly checks: readonly Check[]; readonly metrics: Readonly<Record<string, number>> } {
  const question = questionOf(workloadEntries, 'workloads.<namespace>')
  const metrics: Record<string, number> = {}
  const namespaces = [...Map.groupBy(pods, ({ namespace }) => namespace)].sort(([a], [b]) => (a < b ? -1 : 1))
  const checks = namespaces.map(([namespace, own]) => {
    const restarts = own.reduce((sum, pod) => sum + pod.restarts, 0)
    if (restarts > 0) metrics[restartMetric(namespace)] = restarts
    const findings = [...findingsOf(own, nowMs), ...restarted(own, before, restarts, nowMs)]
    return gather(
      `workloads.${idPart(namespace)}`,
      question,
      findings,
      `${count(own.length, 'pod')}, as they should be`,
      severities,
    )
  })
  return { checks, metrics }
}
