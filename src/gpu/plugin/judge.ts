import type { CapacityGoal, CapacityState } from '../await-capacity.ts'
import { obstacles } from './scheduling.ts'
import { templateOf } from './shape.ts'

/** Why waiting for the plugin is no use. */
export interface Hopeless {
  /** Stable, for the failure code. */
  readonly kind: 'not-tolerated' | 'image' | 'crash' | 'no-runtime' | 'rejected' | 'no-device' | 'unschedulable'
  /** In words, the plugin's or the cluster's own among them. */
  readonly reason: string
  readonly remedy: string
}

/** Labels that this run set may not have arrived at the DaemonSet controller, nor the pod at the node. */
const graceMs = 3_000
/** Room is made for a critical pod by ending others, which takes their grace period. */
const preemptionMs = 30_000
/** A plugin that runs registers within a second; the kubelet writes its status every 10 s. */
const registrationMs = 25_000

/** Reasons of the kubelet for images that will not come by waiting (kubernetes/kubernetes: pkg/kubelet/images/types.go). */
const imageReasons = /^(ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)\b/

/** Lines of the plugin's log that are a reason, not a symptom (NVIDIA/k8s-device-plugin: internal/plugin/factory.go, main.go). */
const telling =
  /Incompatible (strategy|platform) detected|Failed to initialize NVML|could not load NVML|nvml init failed|No devices found|invalid MIG configuration|error starting plugins|Failed to start plugin|unable to (load|validate)/

function wordsOf(log: readonly string[]): string {
  const line = log.find((one) => telling.test(one)) ?? log.findLast((one) => /^E|error|fail/i.test(one)) ?? log.at(-1)
  // The prefix of klog: level, date, time, thread, file and line.
  return (line ?? '').replace(/^[EWIF]\d{4} [\d:.]+ +\d+ [^\]]*\] /, '').slice(0, 300)
}

function remedyFor(words: string): string {
  if (/Incompatible|could not load NVML|Failed to initialize NVML: ERROR_LIBRARY_NOT_FOUND/i.test(words))
    return 'the pod does not run under the NVIDIA runtime, or the runtime found no driver: on the host, nvidia-smi, and grep nvidia /var/lib/rancher/k3s/agent/etc/containerd/config.toml'
  if (/NVML|No devices found/i.test(words)) return 'the driver gives no GPU: nvidia-smi on the host says more'
  return 'look at the whole log: kubectl -n kube-system logs daemonset/k3s-gpu-actions-nvidia-device-plugin'
}

/** Judges a plugin that is not done. Pure. */
export function judgePlugin(state: CapacityState, goal: CapacityGoal, elapsedMs: number): Hopeless | undefined {
  const { node, pods, log, events } = state
  const pod = pods.at(-1)
  if (pod === undefined) {
    const reasons = node === undefined || elapsedMs < graceMs ? [] : obstacles(templateOf(goal.plugin), node)
    if (reasons.length === 0) return undefined
    return {
      kind: 'not-tolerated',
      reason: `no pod of ${goal.plugin.namespace}/${goal.plugin.name} comes to the node: ${reasons.join('; ')}`,
      remedy: 'add what is missing where the plugin is kept; `device-plugin: apply` keeps one that fits',
    }
  }
  const image = pod.problems.find((one) => imageReasons.test(one))
  if (image !== undefined) {
    return {
      kind: 'image',
      reason: `the image ${pod.images[0] ?? ''} does not come: ${image}`,
      remedy:
        'check name and tag (input device-plugin-image), that the node reaches the registry, and its credentials in registries.yaml',
    }
  }
  const rejected = pod.phase === 'Failed' ? (pod.problems[0] ?? 'it failed without a reason') : undefined
  if (rejected !== undefined && elapsedMs >= graceMs)
    return { kind: 'rejected', reason: `the kubelet refuses the plugin's pod: ${rejected}`, remedy: 'see its words' }
  const noRuntime = [...events, ...pod.problems].find((one) => /no runtime for ".*" is configured/.test(one))
  if (noRuntime !== undefined) {
    return {
      kind: 'no-runtime',
      reason: `containerd on the node does not know the runtime: ${noRuntime}`,
      remedy:
        'the toolkit has to be installed there before k3s starts: press again with `toolkit: install`; or restart k3s-agent',
    }
  }
  const unschedulable = pod.problems.find((one) => one.startsWith('Unschedulable'))
  if (unschedulable !== undefined && elapsedMs >= preemptionMs)
    return {
      kind: 'unschedulable',
      reason: `no room for the plugin's pod: ${unschedulable}`,
      remedy: 'make room on the node',
    }
  const isCrashing = pod.problems.some((one) => one.startsWith('CrashLoopBackOff')) || pod.restarts >= 2
  // Its own words are worth the moment that it takes to fetch them.
  if (isCrashing && !pod.isReady && (log.length > 0 || elapsedMs >= registrationMs)) {
    const words = wordsOf(log)
    const said = words === '' ? (pod.problems[0] ?? 'it says nothing') : words
    return { kind: 'crash', reason: `the device plugin ends again and again: ${said}`, remedy: remedyFor(said) }
  }
  const telltale = log.find((one) => telling.test(one))
  if (pod.isReady && telltale !== undefined && elapsedMs >= graceMs) {
    const words = wordsOf([telltale])
    return { kind: 'no-device', reason: `the device plugin runs without a GPU: ${words}`, remedy: remedyFor(words) }
  }
  return undefined
}
