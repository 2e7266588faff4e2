import type { PodState } from '../../kubernetes/index.ts'
import { pullCommand } from '../distribution.ts'
import { type Ending, ending, patienceMs, problemOf } from './ending.ts'
import type { PodSpec } from './model.ts'
import { containerName } from './render.ts'

/** Names of reasons: kubernetes/kubernetes: pkg/kubelet/images/types.go. */
export const imageTroubles =
  /^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError|RegistryUnavailable)\b/
const finalImageTroubles =
  /^(ErrImageNeverPull|InvalidImageName)\b|not found|manifest unknown|denied|unauthorized|authorization failed|forbidden|no such host|no match for platform/i
/** pkg/kubelet/kuberuntime/kuberuntime_container.go. */
export const containerTroubles =
  /^(CreateContainerConfigError|CreateContainerError|RunContainerError|PreCreateHookError|PreStartHookError|PostStartHookError)\b/

export function classifyImage(text: string, { image, pull, node }: PodSpec, waitedMs: number): Ending | undefined {
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
        : `on ${node.name}: ${pullCommand(node.kubeletVersion, image)}; or give another one (input gpu-image)`,
    },
    [text],
  )
}

export function classifyFailed(pod: PodState, { node, command }: PodSpec): Ending {
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

export function classifyContainer(text: string, node: string, command: readonly string[]): Ending {
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
