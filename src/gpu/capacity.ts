import type { DaemonSetState, NodeState } from '../kubernetes/index.ts'
import type { GpuDevice, GpuFacts } from './model.ts'
import { type PluginSettings, pluginSettings } from './plugin/settings.ts'

/** What the node should offer, and where that is known from. */
export interface ExpectedCapacity {
  /** Full resource name → number, e.g. `nvidia.com/gpu` → 1. */
  readonly resources: Readonly<Record<string, number>>
  /** For people, e.g. `2 GPUs × 4 (time-slicing)`. */
  readonly words: string
}

/** GPUs as far as they are counted. */
export interface CountedGpus extends Pick<GpuFacts, 'migDevices'> {
  readonly devices: readonly Pick<GpuDevice, 'isMigEnabled'>[]
}

export const gpuResource = 'nvidia.com/gpu'

/** Resources of NVIDIA's plugins; other domains are others' business. */
export const isGpuResource = (name: string): boolean => name.startsWith('nvidia.com/')

/** The number that a quantity is; devices are counted in whole numbers. */
export function numberOf(quantities: Readonly<Record<string, string>>, resource: string): number {
  const quantity = Object.hasOwn(quantities, resource) ? (quantities[resource] ?? '') : ''
  return /^\d{1,9}$/.test(quantity) ? Number(quantity) : 0
}

const gpus = (number: number): string => `${number} GPU${number === 1 ? '' : 's'}`

function add(resources: Record<string, number>, name: string, number: number): void {
  if (number > 0) resources[name] = (resources[name] ?? 0) + number
}

/** Devices by resource name, before any sharing (NVIDIA/k8s-device-plugin: internal/rm/device_map.go, rm.go). */
function devicesBySettings(gpu: CountedGpus, mig: PluginSettings['mig']): Record<string, number> {
  const resources: Record<string, number> = {}
  // Without a MIG strategy a GPU with MIG counts as the one GPU that it is.
  const whole = mig === 'none' ? gpu.devices : gpu.devices.filter((one) => one.isMigEnabled !== true)
  add(resources, gpuResource, whole.length)
  if (mig === 'none') return resources
  for (const { profile } of gpu.migDevices)
    add(resources, mig === 'single' ? gpuResource : `nvidia.com/mig-${profile.replaceAll('+', '.')}`, 1)
  return resources
}

function fromSettings(gpu: CountedGpus, settings: PluginSettings): ExpectedCapacity {
  const resources: Record<string, number> = {}
  const words: string[] = []
  for (const [name, number] of Object.entries(devicesBySettings(gpu, settings.mig))) {
    const copies = settings.copies[name] ?? { replicas: 1, name }
    add(resources, copies.name, number * copies.replicas)
    const what = name === gpuResource && settings.mig !== 'single' ? gpus(number) : `${number} ${name}`
    words.push(copies.replicas > 1 ? `${what} × ${copies.replicas} (${settings.sharing})` : what)
  }
  return { resources, words: words.join(' and ') || 'nothing' }
}

/** A label of gpu-feature-discovery that is a number; undefined: it is not there, or none. */
function labelled(labels: Readonly<Record<string, string>>, name: string): number | undefined {
  const text = Object.hasOwn(labels, name) ? (labels[name] ?? '') : ''
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined
}

/**
 * What gpu-feature-discovery counted: `<resource>.count` and `.replicas`. A product with `-SHARED` keeps the resource's name, else the
 * copies are called `.shared` (NVIDIA/k8s-device-plugin: README.md, internal/lm/resource.go).
 */
function fromLabels(labels: Readonly<Record<string, string>>): ExpectedCapacity | undefined {
  const resources: Record<string, number> = {}
  for (const label of Object.keys(labels)) {
    const name = /^(nvidia\.com\/(?:gpu|mig-[0-9a-z.]+))\.count$/.exec(label)?.[1]
    const number = name === undefined ? undefined : labelled(labels, label)
    if (name === undefined || number === undefined) continue
    const replicas = labelled(labels, `${name}.replicas`) ?? 1
    // Zero stands for a GPU that is shared out as MIG devices, which have labels of their own.
    if (replicas === 0) continue
    const isRenamed = replicas > 1 && !(labels[`${name}.product`] ?? '').endsWith('-SHARED')
    add(resources, isRenamed ? `${name}.shared` : name, number * replicas)
  }
  const names = Object.entries(resources)
  if (names.length === 0) return undefined
  return {
    resources,
    words: `${names.map(([name, number]) => `${number} ${name}`).join(' and ')} (labels of the node)`,
  }
}

/**
 * What a node with these GPUs offers under this plugin: physical GPUs, times copies for time-slicing and MPS, or MIG devices. From the
 * plugin's own configuration, else from the labels of gpu-feature-discovery, else the physical GPUs. Undefined: there is no plugin.
 */
export function expectedCapacity(
  gpu: CountedGpus,
  plugin: Pick<DaemonSetState, 'object'> | undefined,
  configs: Readonly<Record<string, string>> | undefined,
  node: Pick<NodeState, 'labels'> | undefined,
): ExpectedCapacity | undefined {
  if (plugin === undefined) return undefined
  const labels = node?.labels ?? {}
  const settings = pluginSettings(plugin, configs, labels)
  if (settings !== undefined) return fromSettings(gpu, settings)
  return (
    fromLabels(labels) ?? {
      resources: gpu.devices.length === 0 ? {} : { [gpuResource]: gpu.devices.length },
      words: `${gpus(gpu.devices.length)} (the plugin's configuration could not be read)`,
    }
  )
}
