import { answered, few, passed } from '../../join/index.ts'
import type { NodeState, PodState } from '../../kubernetes/index.ts'
import type { Check } from '../../report/index.ts'
import type { CapacityOutcome } from '../await-capacity.ts'
import { type ExpectedCapacity, isGpuResource, numberOf } from '../capacity.ts'
import type { GpuFacts, GpuWish } from '../model.ts'
import { ownedBy } from '../plugin/carry-out.ts'
import type { PluginObject } from '../plugin/owners.ts'
import { nameOf } from '../plugin/recognise.ts'

/** What is known after the changes, or, when there was nothing to do, from the first reading. */
export interface CapacityEvidence {
  readonly wish: Pick<GpuWish, 'devicePlugin' | 'expectGpus'>
  readonly gpu: GpuFacts
  readonly node: NodeState | undefined
  readonly plugin: PluginObject | undefined
  readonly expected: ExpectedCapacity | undefined
  /** Of the node. */
  readonly pods: readonly PodState[]
  /** How the wait ended; undefined: there was none, because nothing was changed. */
  readonly outcome?: CapacityOutcome
}

const pluginRemedy = (plugin: PluginObject): string =>
  `kubectl -n ${plugin.namespace} logs daemonset/${plugin.name} --tail=40`

function pluginCheck({ node, plugin, pods, outcome }: CapacityEvidence, own: PluginObject): Check {
  const question = 'Does the device plugin run on the node?'
  const mine = pods.filter(ownedBy(own))
  const ready = mine.find((pod) => pod.isReady && !pod.isTerminating)
  const isHopeless = outcome?.type === 'hopeless'
  const problem = mine.flatMap((pod) => pod.problems)[0]
  const found = ready
    ? `${nameOf(ready)} is Ready`
    : (problem ?? (mine.length === 0 ? 'no pod of it is there' : 'not Ready'))
  return answered('confirm.plugin', question, ready !== undefined && !isHopeless, isHopeless ? outcome.reason : found, {
    cause: isHopeless
      ? 'waiting any longer would not mend it'
      : `${plugin ? nameOf(plugin) : 'the plugin'} has no Ready pod on ${node?.name ?? 'the node'}`,
    remedy: isHopeless ? outcome.remedy : pluginRemedy(own),
    evidence: [...(outcome?.state.events ?? []).slice(0, 3), ...(outcome?.state.log ?? []).slice(-8)],
  })
}

/** `nvidia.com/gpu: capacity 1, allocatable 1` */
function numbersOf(node: NodeState, names: readonly string[]): string {
  return names
    .map(
      (name) => `${name}: capacity ${numberOf(node.capacity, name)}, allocatable ${numberOf(node.allocatable, name)}`,
    )
    .join('; ')
}

/** Whether the node offers what it has: none, unhealthy, too few and stale are different faults with different remedies. Pure. */
export function capacityChecks(evidence: CapacityEvidence): readonly Check[] {
  const { wish, gpu, node, plugin, expected, outcome } = evidence
  if (wish.devicePlugin === 'absent' || wish.devicePlugin === 'none' || node === undefined) return []
  if (plugin === undefined || expected === undefined) {
    return [
      answered('confirm.plugin', 'Does the device plugin run on the node?', false, 'there is no device plugin', {
        cause: 'without one the kubelet does not know of the GPUs, and no pod gets one',
        remedy: 'press with `device-plugin: apply`, or put back the one that was there; `none` does without',
      }),
    ]
  }
  const pluginIs = pluginCheck(evidence, plugin)
  const names = Object.keys(expected.resources)
  const offered = Object.keys(node.capacity).filter(isGpuResource)
  const numbers = numbersOf(node, [...new Set([...names, ...offered])].slice(0, 12)) || 'no GPU resource'
  const lacking = names.filter((name) => numberOf(node.capacity, name) === 0)
  const unhealthy = names.filter((name) => numberOf(node.allocatable, name) < numberOf(node.capacity, name))
  const short = names.filter((name) => numberOf(node.capacity, name) < (expected.resources[name] ?? 0))
  const more = names.filter((name) => numberOf(node.capacity, name) > (expected.resources[name] ?? 0))
  const isNone = lacking.length === names.length

  const checks = [
    pluginIs,
    answered('capacity.registered', 'Has the kubelet heard of the GPU?', names.length > 0 && !isNone, numbers, {
      cause:
        names.length === 0
          ? 'the host shows no GPU that could be registered'
          : 'no device plugin has registered it: it does not run, sees no GPU, or lost its registration (NVIDIA/k8s-device-plugin#1228)',
      remedy: `${pluginRemedy(plugin)}; when it says nothing: kubectl -n ${plugin.namespace} rollout restart daemonset/${plugin.name}`,
    }),
  ]
  if (names.length === 0 || isNone) return checks
  checks.push(
    answered('capacity.healthy', 'Are all registered GPUs healthy?', unhealthy.length === 0, numbers, {
      cause:
        'the plugin reported a device as unhealthy (an Xid error, or it fell off the bus), and never takes that back (NVIDIA/k8s-device-plugin#1014)',
      remedy: `on the host: nvidia-smi, and dmesg | grep -i xid; when the GPU is well: kubectl -n ${plugin.namespace} rollout restart daemonset/${plugin.name}`,
      evidence: gpu.driver.kernelLog.slice(0, 5),
    }),
    completeCheck(evidence, expected, numbers, { lacking, short, more }),
  )
  const isStale = pluginIs.verdict === 'fail' || (outcome !== undefined && !outcome.state.isFresh)
  checks.push(
    answered('capacity.fresh', 'Are the numbers those of the plugin that runs now?', !isStale, numbers, {
      cause:
        pluginIs.verdict === 'fail'
          ? 'the numbers stand, but the plugin that told them does not run: they are left over'
          : 'the plugin has started anew, and nothing shows that it has registered since',
      remedy: `kubectl -n ${plugin.namespace} rollout restart daemonset/${plugin.name}, then press again`,
    }),
  )
  return checks
}

function completeCheck(
  { wish, gpu }: CapacityEvidence,
  expected: ExpectedCapacity,
  numbers: string,
  { lacking, short, more }: Record<'lacking' | 'short' | 'more', readonly string[]>,
): Check {
  const id = 'capacity.complete'
  const question = 'Does the node offer all its GPUs?'
  const physical = gpu.devices.length
  const wanted = wish.expectGpus
  const isFewer = wanted !== undefined && physical < wanted
  const found = `${numbers}; expected: ${expected.words}${isFewer ? `, of ${wanted} wanted` : ''}`
  if (short.length > 0 || lacking.length > 0) {
    return answered(id, question, false, found, {
      cause:
        'the plugin registered fewer than there are: a GPU was not there yet when it started, or its configuration leaves some out',
      remedy: 'compare nvidia-smi -L on the host with the log of the plugin, then restart the plugin',
    })
  }
  if (isFewer) {
    return answered(id, question, false, found, {
      cause: `the host shows ${physical} GPU${physical === 1 ? '' : 's'}, and expect-gpus says ${wanted}`,
      remedy: 'on the host: nvidia-smi -L and lspci -nn -d 10de: show which one is missing; or correct expect-gpus',
    })
  }
  if (more.length > 0) {
    return answered(id, question, false, found, {
      verdict: 'warn',
      cause: 'GPUs are shared by a configuration that could not be read, or somebody set the numbers by hand',
      remedy: 'look at the configuration of the plugin',
    })
  }
  return passed(id, question, found)
}

const holdsGpu = (pod: PodState): boolean => Object.keys(pod.devices).some(isGpuResource)

/**
 * Whether the pods that held a GPU before the run still do. A restart of the kubelet may refuse them for good until the plugin has
 * registered again (kubernetes/kubernetes#124345, #124934). Undefined: there was none. Pure.
 */
export function gpuPodsCheck(
  before: readonly PodState[],
  after: readonly PodState[],
  allowGpuDisruption: boolean,
): Check | undefined {
  const held = before.filter((pod) => holdsGpu(pod) && !pod.isTerminating && ['Running', 'Pending'].includes(pod.phase))
  if (held.length === 0) return undefined
  const id = 'confirm.gpu-pods'
  const question = 'Do the pods that had a GPU still have it?'
  const now = new Map(after.map((pod) => [pod.uid, pod]))
  const lost = held.filter((pod) => {
    const one = now.get(pod.uid)
    return one === undefined || one.phase === 'Failed'
  })
  // After a restart of the kubelet its probes begin anew: a pod may be not ready for a while, and lose nothing.
  const unready = held.filter((pod) => {
    const one = now.get(pod.uid)
    return one !== undefined && pod.isReady && !one.isReady && !['Failed', 'Succeeded'].includes(one.phase)
  })
  const all = `${held.length} before, ${held.length - lost.length} still there`
  return answered(id, question, lost.length + unready.length === 0, all, {
    verdict: allowGpuDisruption || lost.length === 0 ? 'warn' : 'fail',
    cause: lost.length === 0 ? 'some are not ready at this moment' : 'they ended or failed since this run began',
    remedy: 'a pod that failed at admission stays so: delete it, and its owner makes a new one',
    evidence: [...lost, ...unready].slice(0, 8).map((pod) => {
      const one = now.get(pod.uid)
      return `${nameOf(pod)}: ${one === undefined ? 'gone' : few([one.isReady || one.phase === 'Failed' ? one.phase : `${one.phase}, not ready`, ...one.problems], 2)}`
    }),
  })
}
