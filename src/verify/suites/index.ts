import type { Suite, SuiteName } from '../model.ts'
import { makeApiSuite } from './api/index.ts'
import { certificatesSuite } from './certificates/index.ts'
import { fluxSuite } from './flux/index.ts'
import { gpuSuite } from './gpu/index.ts'
import { gpuJobSuite } from './gpu-job/index.ts'
import { monitoringSuite } from './monitoring/index.ts'
import { networkSuite } from './network/index.ts'
import { nodesSuite } from './nodes/index.ts'
import { spreadSuite } from './spread/index.ts'
import { storageSuite } from './storage/index.ts'
import { tritonSuite } from './triton/index.ts'
import { workloadsSuite } from './workloads/index.ts'

const others = {
  nodes: nodesSuite,
  workloads: workloadsSuite,
  gpu: gpuSuite,
  'gpu-job': gpuJobSuite,
  triton: tritonSuite,
  flux: fluxSuite,
  storage: storageSuite,
  certificates: certificatesSuite,
  network: networkSuite,
  spread: spreadSuite,
  monitoring: monitoringSuite,
} satisfies Partial<Record<SuiteName, Suite>>

/** Every suite by its name, in the order in which they are asked. That of the API asks for the rights of all others. */
export const suites: Readonly<Record<SuiteName, Suite>> = { api: makeApiSuite(Object.values(others)), ...others }
