import { quoteRemote } from '../../kubernetes/index.ts'
import { agentUnit } from '../distribution.ts'
import {
  classifyContainer,
  classifyFailed,
  classifyImage,
  containerTroubles,
  imageTroubles,
} from './classify-on-node.ts'
import { classifyRefusal } from './classify-refusal.ts'
import { classifyUnschedulable } from './classify-scheduling.ts'
import { type Ending, ending, oneName, type PodMoment, patienceMs, problemOf, type Words } from './ending.ts'
import type { PodSpec } from './model.ts'

/** pkg/scheduler/framework/plugins/volumebinding: somebody is making the volume, or nobody does; that takes its time. */
const isUnbound = /unbound immediate PersistentVolumeClaims|persistentvolumeclaim "[^"]*" not found/
/** What the kubelet and the controllers say of a volume that does not come. */
const volumeWords = /^(FailedMount|FailedAttachVolume|FailedMapVolume|ProvisioningFailed)\b/

/** How it has ended, as soon as that is certain; undefined: it may yet become anything. Pure. */
export function classify(moment: PodMoment, spec: PodSpec): Ending | undefined {
  const { pod, podEvents, waitedMs } = moment
  if (pod === undefined) return classifyRefusal(moment, spec)
  if (pod.phase === 'Succeeded') {
    return ending('succeeded', true, { found: 'it ran and ended with 0', cause: '', remedy: '' }, [], { exitCode: 0 })
  }
  if (pod.phase === 'Failed') return classifyFailed(pod, spec)
  const unschedulable = problemOf(pod, /^(Unschedulable|SchedulerError|SchedulingGated)\b/)
  if (unschedulable !== undefined && spec.volume !== undefined && isUnbound.test(unschedulable)) return undefined
  if (unschedulable !== undefined)
    return waitedMs < patienceMs.unschedulable ? undefined : classifyUnschedulable(unschedulable, spec)
  const image = problemOf(pod, imageTroubles)
  if (image !== undefined) return classifyImage(image, spec, waitedMs)
  const container = problemOf(pod, containerTroubles)
  if (container !== undefined) return classifyContainer(container, spec.node.name, spec.command)
  const driver = podEvents.find((one) =>
    /^Failed(Mount|AttachVolume)\b.*not found in the list of registered CSI drivers/.test(one),
  )
  if (driver !== undefined && spec.volume !== undefined && waitedMs >= patienceMs.sandbox)
    return ending(
      'volume',
      true,
      {
        found: `the storage driver does not run on ${spec.node.name}`,
        cause:
          'its DaemonSet has no pod there, e.g. because of a taint that it does not tolerate, or the pod does not start',
        remedy: `kubectl get pods --all-namespaces --field-selector spec.nodeName=${spec.node.name}; what the driver needs on the node (open-iscsi for Longhorn)`,
      },
      [driver],
    )
  const sandbox = podEvents.find((one) => one.startsWith('FailedCreatePodSandBox'))
  if (sandbox !== undefined && pod.phase === 'Pending') {
    const handler = /no runtime for "([^"]*)" is configured/.exec(sandbox)?.[1]
    if (handler === undefined && waitedMs < patienceMs.sandbox) return undefined
    return ending(
      'sandbox',
      true,
      handler === undefined
        ? {
            found: `the runtime of ${spec.node.name} does not make the pod's sandbox`,
            cause: 'most often the network plugin: its files or its daemon are missing on the node',
            remedy: `kubectl describe node ${spec.node.name}; on it: journalctl -u ${agentUnit(spec.node.kubeletVersion)} -n 50`,
          }
        : {
            found: `the containerd of ${spec.node.name} has no runtime ${quoteRemote(handler)}`,
            cause: 'k3s did not find nvidia-container-runtime when it last started',
            remedy: `press gpu-runtime for ${spec.node.name}`,
          },
      [sandbox],
    )
  }
  return undefined
}

/** What is said when time is over. Pure. */
export function classifyLate({ pod, podEvents, refusals }: PodMoment, spec: PodSpec, deadlineMs: number): Ending {
  const seconds = Math.round(deadlineMs / 1000)
  const said = podEvents.find((one) => volumeWords.test(one))
  const unbound = pod?.problems.find((one) => isUnbound.test(one))
  if (spec.volume !== undefined && pod?.phase === 'Pending' && (said !== undefined || unbound !== undefined))
    return ending(
      'volume',
      said !== undefined,
      said === undefined
        ? {
            found: `no volume was made within ${seconds} s`,
            cause: 'its provisioner does not run, or has no room; the evidence has its words, if it has any',
            remedy: `kubectl -n ${spec.namespace} get events; the log of the provisioner of that storage class`,
          }
        : {
            found: `its volume is not there on ${spec.node.name} after ${seconds} s`,
            cause: said.startsWith('FailedAttachVolume')
              ? 'it cannot be attached: the storage has no way to this node, or still holds it elsewhere'
              : 'it cannot be mounted; the evidence has the kubelet’s words',
            remedy: `kubectl describe node ${spec.node.name}; the driver’s pod there, and what it needs on the node (open-iscsi for Longhorn)`,
          },
      [...(said === undefined ? [] : [said]), ...(unbound === undefined ? [] : [unbound])],
    )
  const isPulling = podEvents.find((one) => !one.startsWith('Scheduled'))?.startsWith('Pulling') === true
  // Events may not be read, or be gone; the pod itself says where it is.
  const hasNode =
    pod?.node !== undefined || podEvents.some((one) => /^(Scheduled|Pulling|Pulled|Created|Started|Failed)/.test(one))
  const isRunning = pod?.phase === 'Running'
  const words: Words = isPulling
    ? {
        found: `the image ${spec.image} was still being fetched when ${seconds} s were over`,
        cause: 'it is large, or the line is slow',
        remedy:
          'run again, since the kubelet goes on fetching; or a longer timeout, or a smaller image (input gpu-image)',
      }
    : isRunning
      ? {
          found: `its command did not end within ${seconds} s`,
          cause: 'it hangs: a GPU that does not answer does that',
          remedy: `nvidia-smi on ${spec.node.name}; dmesg there says whether the GPU is lost (Xid)`,
        }
      : pod === undefined
        ? {
            found: `no pod of the Job appeared within ${seconds} s`,
            cause: 'the Job controller of the cluster does not work, or is far behind; or something refuses the pod',
            remedy: `kubectl get events -n ${spec.namespace}; on k3s it is part of the server: journalctl -u k3s -n 50`,
          }
        : {
            found: `its container did not start on ${spec.node.name} within ${seconds} s`,
            cause: 'the kubelet or containerd of the node is slow, or hangs; or the scheduler does not work',
            remedy: `kubectl describe node ${spec.node.name}; on it: journalctl -u ${agentUnit(spec.node.kubeletVersion)} -n 50`,
          }
  const evidence = [...(pod?.problems ?? []), ...podEvents.slice(0, 4), ...refusals.slice(-1).map(oneName)]
  return ending('deadline', isRunning || isPulling || hasNode, words, evidence)
}
