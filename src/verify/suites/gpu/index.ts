import { readGpuAnnotation } from '../../../gpu/index.ts'
import type { AccessRequest } from '../../../kubernetes/index.ts'
import { unanswered } from '../../gather.ts'
import { idPart } from '../../ids.ts'
import type { Suite, SuiteOutcome, VerifyPorts, VerifyWish } from '../../model.ts'
import { sharesOf } from './devices.ts'
import { asks, gpuEntries } from './entries.ts'
import { judgeGpu } from './judge.ts'
import { readGpuWorld } from './read.ts'

/** What both GPU suites read. */
export const gpuReading: readonly AccessRequest[] = [
  { verb: 'list', group: '', resource: 'nodes' },
  { verb: 'list', group: '', resource: 'pods' },
  { verb: 'list', group: 'apps', resource: 'daemonsets' },
  { verb: 'list', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' },
  { verb: 'get', group: 'node.k8s.io', resource: 'runtimeclasses', name: 'nvidia' },
]

async function verify(ports: VerifyPorts, wish: VerifyWish): Promise<SuiteOutcome> {
  let world: Awaited<ReturnType<typeof readGpuWorld>>
  try {
    world = await readGpuWorld(ports, wish)
  } catch (error) {
    // One word about the whole suite: without nodes and pods there is nothing to judge by.
    return { checks: [unanswered('gpu.cuda', asks('gpu.cuda'), error)] }
  }
  const facts: Record<string, string> = {}
  const metrics: Record<string, number> = {}
  for (const one of world.nodes) {
    const recorded = one.node && readGpuAnnotation(one.node.annotations)
    if (recorded !== undefined && recorded !== 'unreadable')
      facts[`GPUs of ${one.name}`] =
        `${recorded.gpus.map(({ product }) => product).join(', ')}; driver ${recorded.driver}, CUDA ${recorded.cuda}`
    metrics[`gpus_allocatable.${idPart(one.name)}`] = sharesOf(one).reduce(
      (sum, { allocatable }) => sum + allocatable,
      0,
    )
  }
  return { checks: judgeGpu(world, wish.severities), facts, metrics }
}

/** L1 to L4: everything below a pod that asks for a GPU. Reads only. */
export const gpuSuite: Suite = {
  name: 'gpu',
  entries: gpuEntries,
  access: () => gpuReading,
  verify,
}
