import { type Attachment, attachmentWords, type BoundPod, type DrainOutcome, podName } from '../../src/leave/index.ts'
import { RunFailure } from '../failure.ts'
import type { Leave, LeavePlanned } from './leave-context.ts'

/** Why a node does not leave, in words: what keeps it, and what somebody can do about it. */

/** Lines of evidence; a node may have thousands of pods. */
const mostEvidence = 100

export function drainFailure(
  { inputs }: Leave,
  { situation }: LeavePlanned,
  outcome: Exclude<DrainOutcome, { type: 'drained' }>,
): RunFailure {
  const { node } = inputs.desired
  if (outcome.type === 'stopped') {
    const { pod, ruling } = outcome.pod
    const why = ruling.type === 'stops' ? ruling.why : ''
    // Also an ignored check allows nothing that only an input allows.
    const wasThere = situation.pods.some((one) => one.uid === pod.uid)
    return new RunFailure({
      code: 'drain-blocked',
      title: `${node} was not drained: ${podName(pod)} ${wasThere ? '' : 'came to it meanwhile, and '}${why}`,
      cause: wasThere
        ? 'what a pod loses is its owner’s to allow, by an input; ignoring a check does not'
        : 'it is not among the pods that the plan was made for',
      remedy: `press the button again${ruling.type === 'stops' && ruling.input !== '' ? `, with ${ruling.input} when that is acceptable` : ''}`,
      evidence: [],
    })
  }
  const { stragglers } = outcome
  if (!outcome.isListed) {
    return new RunFailure({
      code: 'drain-timeout',
      title: `${node} was not drained: the API server did not say which pods are on it until drain-timeout was over`,
      cause: 'it is busy, restarting, or cannot be reached any more',
      remedy: 'see that the API server answers (kubectl get pods -A), then press the button again',
      evidence: [],
    })
  }
  const held = stragglers.filter((one) => one.budget !== '')
  const [first] = held.length > 0 ? held : stragglers
  const evidence = stragglers
    .slice(0, mostEvidence)
    .map((one) => `${podName(one.pod)}${one.budget === '' ? '' : `, budget ${one.budget}`}: ${one.words}`)
  const name = first === undefined ? 'a pod' : podName(first.pod)
  if (held.length > 0) {
    return new RunFailure({
      code: 'drain-blocked',
      title: `${node} was not drained: ${name} may not leave, its budget ${first?.budget} does not allow it`,
      cause: `${first?.words}`,
      remedy: 'wait until its other pods are healthy, add a replica, or change the budget; then press the button again',
      evidence,
    })
  }
  return new RunFailure({
    code: 'drain-timeout',
    title: `${node} was not drained: ${name} had not left when drain-timeout was over`,
    cause: first?.words ?? 'nobody says why',
    remedy: 'look at that pod (kubectl describe), or give a longer drain-timeout; then press the button again',
    evidence,
  })
}

/** A pod that nothing keeps away. */
export function comesBackFailure(node: string, came: BoundPod, rounds: number): RunFailure {
  return new RunFailure({
    code: 'drain-blocked',
    title: `${node} was not drained: ${podName(came)} comes back to it each time`,
    cause:
      'it tolerates a node that is closed (node.kubernetes.io/unschedulable, or everything), so the scheduler lets it',
    remedy: 'take that toleration away, bind the pod to other nodes, or scale it down; then press the button again',
    evidence: [`${podName(came)} was on the node again after ${rounds} drains`],
  })
}

/** Nobody said what is attached. */
export function unlistedFailure(node: string): RunFailure {
  return new RunFailure({
    code: 'volumes-attached',
    title: `${node} was not removed: the API server did not say in time which volumes are attached to it`,
    cause: 'it is busy, restarting, or cannot be reached any more; what is not known is not taken for nothing',
    remedy: 'see that the API server answers (kubectl get volumeattachments), then press the button again',
    evidence: [],
  })
}

export function attachedFailure(node: string, attached: readonly [Attachment, ...Attachment[]]): RunFailure {
  const [first] = attached
  return new RunFailure({
    code: 'volumes-attached',
    title: `${node} was not removed: the volume ${attachmentWords(first)} is still attached to it`,
    cause: first.problem || 'its attacher has not let go of it, though its pods have left',
    remedy: `look at its driver: kubectl describe volumeattachment ${first.name}; then press the button again`,
    evidence: attached
      .slice(0, mostEvidence)
      .map((one) => `${one.name}: ${attachmentWords(one)}${one.problem ? `: ${one.problem}` : ''}`),
  })
}

/** `words`: each mount that is left, with its pod where one is known. */
export function mountsFailure(node: string, words: readonly string[]): RunFailure {
  return new RunFailure({
    code: 'foreign-mounts',
    title: `${node} was not removed: ${words[0]} is still mounted`,
    cause: 'the uninstaller would unmount it by force, and delete what it reaches',
    remedy:
      'end the pod that stays with it (a DaemonSet: keep it off this node), or unmount it by hand; then press the button again',
    evidence: words,
  })
}
