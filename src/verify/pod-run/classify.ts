import { type PodState, quoteRemote } from '../../kubernetes/index.ts'
import type { PodOutcome, PodSpec } from './model.ts'
import { containerName } from './render.ts'

/** What is certain about a pod, before its log is read and it is taken away. */
export type Ending = Pick<
  PodOutcome,
  'code' | 'isAdmitted' | 'found' | 'cause' | 'remedy' | 'evidence' | 'missing' | 'exitCode'
>

/** What is known at one moment. Remote text. */
export interface PodMoment {
  readonly pod?: PodState
  /** `reason: message` of its events, newest first. */
  readonly podEvents: readonly string[]
  /** Messages of the Job's FailedCreate events. */
  readonly refusals: readonly string[]
  /** Since when it has been waiting for the same reason. */
  readonly waitedMs: number
}

/** What passes by itself gets this long; what does not is said at once. */
export const patienceMs = {
  /** The scheduler looks again as soon as something ends. */
  unschedulable: 4_000,
  /** A registry that did not answer is asked again after 10 s. */
  image: 20_000,
  /** The network of a node that has just started. */
  sandbox: 30_000,
  refusal: 6_000,
} as const

type Words = Pick<Ending, 'found' | 'cause' | 'remedy'>
const ending = (
  code: Ending['code'],
  isAdmitted: boolean,
  words: Words,
  evidence: readonly string[],
  more: Pick<Ending, 'missing' | 'exitCode'> = {},
): Ending => ({ code, isAdmitted, ...words, evidence: evidence.map(quoteRemote).slice(0, 8), ...more })

const problemOf = (pod: PodState, pattern: RegExp): string | undefined => pod.problems.find((one) => pattern.test(one))

/** A name that the server chose is different every night. */
const oneName = (text: string): string => text.replace(/pods "[^"]*"/g, 'the pod')

/** Why the API server lets no pod of the Job in; undefined: it may yet (kubernetes/kubernetes: pkg/controller/job, plugin/pkg/admission). */
export function classifyRefusal({ refusals, waitedMs }: PodMoment, { namespace }: PodSpec): Ending | undefined {
  const text = refusals.at(-1)
  if (text === undefined) return undefined
  const evidence = refusals.slice(-3).map(oneName)
  if (/violates PodSecurity/.test(text)) {
    const level = /violates PodSecurity "([a-z]+)/.exec(text)?.[1] ?? ''
    return ending(
      'pod-security',
      false,
      {
        found: `Pod Security${level ? ` (${level})` : ''} of the namespace ${namespace} does not let the pod in`,
        cause: 'an admission webhook adds to pods what the namespace forbids; the pod itself is made for `restricted`',
        remedy: `look at the evidence, or name another namespace; labels: kubectl get namespace ${namespace} --show-labels`,
      },
      evidence,
    )
  }
  if (/(exceeded|failed) quota/.test(text)) {
    const quota = /quota: ([a-z0-9.-]+)/.exec(text)?.[1] ?? ''
    return ending(
      'quota',
      false,
      {
        found: `the quota${quota ? ` ${quota}` : ''} of the namespace ${namespace} does not let the pod in`,
        cause: 'it is used up, or allows none of what the pod asks for',
        remedy: `kubectl describe quota -n ${namespace}; raise it, or name another namespace`,
      },
      evidence,
    )
  }
  const missingClass = /RuntimeClass "([^"]*)" not found/.exec(text)?.[1]
  if (missingClass !== undefined) {
    return ending(
      'refused',
      false,
      {
        found: `there is no RuntimeClass ${quoteRemote(missingClass)}`,
        cause: 'it was deleted, or the servers of k3s run with --disable=runtimes',
        remedy: `echo '{"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"nvidia"},"handler":"nvidia"}' | kubectl apply -f -`,
      },
      evidence,
    )
  }
  // A namespace that was just made has no service account for a moment.
  if (/serviceaccount "[^"]*" not found/.test(text) || waitedMs < patienceMs.refusal) return undefined
  return ending(
    'refused',
    false,
    {
      found: `the cluster does not let the pod into the namespace ${namespace}`,
      cause: 'a webhook, a policy or a limit range refuses it; the evidence names it',
      remedy: 'change that rule, or name another namespace',
    },
    evidence,
  )
}

/** `0/4 nodes are available: …` (kubernetes/kubernetes: pkg/scheduler/framework/types.go, FitError). */
function classifyUnschedulable(text: string, { node, devices }: PodSpec): Ending {
  const reasons = text.split(/ preemption: /)[0] ?? ''
  const evidence = [text]
  // Resources are looked at last, and of one node alone: the others do not have the host name that is asked for.
  const missing = /Insufficient ([A-Za-z0-9./-]+)/.exec(reasons)?.[1]?.replace(/[.,]$/, '')
  if (missing !== undefined) {
    const isDevice = Object.hasOwn(devices ?? {}, missing)
    return ending(
      'insufficient',
      false,
      {
        found: `${node.name} has too little of ${missing} left for the pod`,
        cause: isDevice
          ? 'pods hold all of it, or the device plugin offers less than before'
          : 'what runs there has reserved it',
        remedy: `kubectl describe node ${node.name} shows who holds it`,
      },
      evidence,
      { missing },
    )
  }
  const taint = /untolerated taint (?:\{([^}]*)\}|\(s\))/.exec(reasons)
  if (taint !== null) {
    const name = quoteRemote(taint[1] ?? '')
    return ending(
      'taint',
      false,
      {
        found: `a taint keeps the pod away from ${node.name}${name ? `: ${name}` : ''}`,
        cause: 'the node got it after it was read: it is being drained, or a controller found something wrong with it',
        remedy: `kubectl describe node ${node.name}; run again when it is gone`,
      },
      evidence,
    )
  }
  if (/were unschedulable|didn't match Pod's node affinity\/selector/.test(reasons)) {
    const isCordoned = /were unschedulable/.test(reasons)
    return ending(
      'no-node',
      false,
      {
        found: isCordoned ? `${node.name} is cordoned` : `no node answers to the host name of ${node.name}`,
        cause: isCordoned ? 'somebody closed it to new pods' : 'its label kubernetes.io/hostname is another, or it is gone',
        remedy: isCordoned ? `kubectl uncordon ${node.name}` : `kubectl get node ${node.name} --show-labels`,
      },
      evidence,
    )
  }
  return ending(
    'unschedulable',
    false,
    {
      found: `the scheduler does not place the pod on ${node.name}`,
      cause: 'it gives a reason that this program does not know; see the evidence',
      remedy: `kubectl describe node ${node.name}`,
    },
    evidence,
  )
}

/** Names of reasons: kubernetes/kubernetes: pkg/kubelet/images/types.go. */
const imageTroubles = /^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError|RegistryUnavailable)\b/
const finalImageTroubles =
  /^(ErrImageNeverPull|InvalidImageName)\b|not found|manifest unknown|denied|unauthorized|authorization failed|forbidden|no such host|no match for platform/i
/** pkg/kubelet/kuberuntime/kuberuntime_container.go. */
const containerTroubles =
  /^(CreateContainerConfigError|CreateContainerError|RunContainerError|PreCreateHookError|PreStartHookError|PostStartHookError)\b/

function classifyImage(text: string, { image, pull, node }: PodSpec, waitedMs: number): Ending | undefined {
  if (!finalImageTroubles.test(text) && waitedMs < patienceMs.image) return undefined
  const isNever = pull === 'never'
  return ending(
    'image',
    true,
    {
      found: isNever
        ? `the image ${image} is not on ${node.name} any more`
        : `the image ${image} is not on ${node.name} and cannot be fetched`,
      cause: isNever
        ? 'the kubelet cleaned up since the node was read'
        : /no such host|dial tcp|i\/o timeout|connection refused/.test(text)
          ? `${node.name} does not reach the registry`
          : 'there is no such image or tag, or it may not be read without credentials',
      remedy: isNever
        ? 'give an image (input gpu-image) that may be fetched'
        : `on ${node.name}: sudo k3s crictl pull ${image}; or give another one (input gpu-image)`,
    },
    [text],
  )
}

function classifyFailed(pod: PodState, { node, command }: PodSpec): Ending {
  const evidence = pod.problems.slice(0, 4)
  const status = problemOf(pod, /^[A-Za-z][\w./-]*: |^[A-Z]\w*$/) ?? ''
  const reason = /^([A-Za-z][\w./-]*)/.exec(status)?.[1] ?? ''
  const exit = problemOf(pod, new RegExp(`^container ${containerName} ended with exit code`))
  const parts = /ended with exit code (-?\d+) \(([^)]*)\)/.exec(exit ?? '')
  if (/^(UnexpectedAdmissionError|TopologyAffinityError|SMTAlignmentError|InvalidNodeInfo)$/.test(reason)) {
    return ending(
      'not-admitted',
      false,
      {
        found: `the kubelet of ${node.name} did not admit the pod: ${reason}`,
        cause: /Available: 0|no healthy devices|unhealthy/i.test(status)
          ? 'the device plugin has registered the device, and has no healthy one to give: it is restarting, or the driver lost the GPU'
          : 'the device plugin or the kubelet refused the device',
        remedy: `restart the device plugin's pod on ${node.name}, then run again; if it stays: nvidia-smi on ${node.name}`,
      },
      evidence,
    )
  }
  const lacking = /^OutOf([A-Za-z0-9./-]+)$/.exec(reason)?.[1]
  if (lacking !== undefined) {
    return ending(
      'insufficient',
      false,
      {
        found: `${node.name} has too little of ${lacking} left for the pod`,
        cause: 'another pod came first between scheduler and kubelet',
        remedy: `kubectl describe node ${node.name} shows who holds it`,
      },
      evidence,
      { missing: lacking },
    )
  }
  if (parts === null) {
    return ending(
      'taken-away',
      false,
      {
        found: `the pod was taken off ${node.name}${reason ? `: ${reason}` : ''}`,
        cause: 'the node is short of something, is being drained or shut down, or somebody deleted the pod',
        remedy: `kubectl describe node ${node.name}; run again when it is calm`,
      },
      evidence,
    )
  }
  const exitCode = Number(parts[1])
  if (/^(StartError|ContainerCannotRun)$/.test(parts[2] ?? '')) return classifyContainer(exit ?? '', node.name, command)
  const isMemory = parts[2] === 'OOMKilled'
  return ending(
    'failed',
    true,
    {
      found: `its command ended with exit code ${exitCode}${isMemory ? ' (out of memory)' : ''}`,
      cause: isMemory ? 'it needs more memory than its limit allows' : 'its log says why',
      remedy: 'see the evidence',
    },
    evidence,
    { exitCode },
  )
}

function classifyContainer(text: string, node: string, command: readonly string[]): Ending {
  const isProgramMissing = /no such file or directory|executable file not found/.test(text) && !/nvidia|cdi/i.test(text)
  const isGpu = /nvidia|cdi|nvml|cuda/i.test(text)
  return ending(
    'container',
    true,
    {
      found: `the runtime of ${node} did not start the container`,
      cause: isGpu
        ? 'the NVIDIA runtime could not bring the GPU into it; the evidence has its words'
        : isProgramMissing
          ? `the image has no ${command[0] ?? 'such program'}`
          : 'the evidence has its words',
      remedy: isGpu
        ? `press gpu-runtime for ${node}; on ${node}: nvidia-smi`
        : 'give another image, one with a shell and glibc',
    },
    [text],
  )
}

/** How it has ended, as soon as that is certain; undefined: it may yet become anything. Pure. */
export function classify(moment: PodMoment, spec: PodSpec): Ending | undefined {
  const { pod, podEvents, waitedMs } = moment
  if (pod === undefined) return classifyRefusal(moment, spec)
  if (pod.phase === 'Succeeded') {
    return ending('succeeded', true, { found: 'it ran and ended with 0', cause: '', remedy: '' }, [], { exitCode: 0 })
  }
  if (pod.phase === 'Failed') return classifyFailed(pod, spec)
  const unschedulable = problemOf(pod, /^(Unschedulable|SchedulerError|SchedulingGated)\b/)
  if (unschedulable !== undefined)
    return waitedMs < patienceMs.unschedulable ? undefined : classifyUnschedulable(unschedulable, spec)
  const image = problemOf(pod, imageTroubles)
  if (image !== undefined) return classifyImage(image, spec, waitedMs)
  const container = problemOf(pod, containerTroubles)
  if (container !== undefined) return classifyContainer(container, spec.node.name, spec.command)
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
            remedy: `kubectl describe node ${spec.node.name}; on it: journalctl -u k3s-agent -n 50`,
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
  const isPulling = podEvents.find((one) => !one.startsWith('Scheduled'))?.startsWith('Pulling') === true
  const hasNode = podEvents.some((one) => /^(Scheduled|Pulling|Pulled|Created|Started|Failed)/.test(one))
  const isRunning = pod?.phase === 'Running'
  const words: Words = isPulling
    ? {
        found: `the image ${spec.image} was still being fetched when ${seconds} s were over`,
        cause: 'it is large, or the line is slow',
        remedy: 'run again, since the kubelet goes on fetching; or a longer timeout, or a smaller image (input gpu-image)',
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
            remedy: `kubectl describe node ${spec.node.name}; on it: journalctl -u k3s-agent -n 50`,
          }
  const evidence = [...(pod?.problems ?? []), ...podEvents.slice(0, 4), ...refusals.slice(-1).map(oneName)]
  return ending('deadline', isRunning || isPulling || hasNode, words, evidence)
}
