import { gpuResource, isGpuResource, numberOf, readGpuAnnotation } from '../../../gpu/index.ts'
import type { PodSeen } from '../../model.ts'
import type { GpuNode } from './read.ts'

/** What is left of a GPU resource on a node. */
export interface DeviceShare {
  /** `nvidia.com/gpu` */
  readonly resource: string
  readonly capacity: number
  readonly allocatable: number
  readonly held: number
  readonly free: number
  /** Several pods share one GPU, so that one more proves nothing about another GPU. */
  readonly isShared: boolean
  /** Namespaces of the pods that hold it, in order. */
  readonly holders: readonly string[]
}

/** It holds its devices until it has ended (kubernetes/kubernetes: pkg/kubelet/cm/devicemanager). */
export const isHolding = ({ phase }: Pick<PodSeen, 'phase'>): boolean => phase !== 'Succeeded' && phase !== 'Failed'

/** GPUs that the machine has, as far as anybody recorded; undefined: nobody did. */
export function physicalGpus({ node, expected }: Pick<GpuNode, 'node' | 'expected'>): number | undefined {
  const recorded = node && readGpuAnnotation(node.annotations)
  if (recorded !== undefined && recorded !== 'unreadable') return recorded.gpus.length
  const label = node?.labels['nvidia.com/gpu.count'] ?? ''
  return /^\d{1,3}$/.test(label) ? Number(label) : expected?.gpu?.count
}

function isShared(one: GpuNode, resource: string, capacity: number): boolean {
  const replicas = one.node?.labels[`${resource.replace(/\.shared$/, '')}.replicas`] ?? ''
  const physical = physicalGpus(one)
  return (
    resource.endsWith('.shared') ||
    (/^\d+$/.test(replicas) && Number(replicas) > 1) ||
    // Nobody says how many there are: then a second one may be the same one.
    (resource === gpuResource && capacity > (physical ?? 1))
  )
}

/** What the node offers of each GPU resource, the plain one first. Pure. */
export function sharesOf(one: GpuNode): readonly DeviceShare[] {
  const { node, pods } = one
  if (node === undefined) return []
  return Object.keys(node.capacity)
    .filter((name) => isGpuResource(name) && numberOf(node.capacity, name) > 0)
    .sort((a, b) => Number(b === gpuResource) - Number(a === gpuResource) || (a < b ? -1 : 1))
    .map((resource) => {
      const holders = pods.filter((pod) => isHolding(pod) && (pod.devices[resource] ?? 0) > 0)
      const held = holders.reduce((sum, { devices }) => sum + (devices[resource] ?? 0), 0)
      const capacity = numberOf(node.capacity, resource)
      const allocatable = numberOf(node.allocatable, resource)
      return {
        resource,
        capacity,
        allocatable,
        held,
        free: Math.max(0, allocatable - held),
        isShared: isShared(one, resource, capacity),
        holders: [...new Set(holders.map(({ namespace }) => namespace))].sort(),
      }
    })
}
