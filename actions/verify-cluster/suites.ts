import type { Suite, SuiteName } from '../../src/verify/index.ts'
import {
  apiSuite,
  certificatesSuite,
  fluxSuite,
  gpuJobSuite,
  gpuSuite,
  monitoringSuite,
  networkSuite,
  nodesSuite,
  storageSuite,
  tritonSuite,
  workloadsSuite,
} from '../../src/verify/index.ts'

/** Every suite, with the heading of its stage. */
export const suites: Readonly<Record<SuiteName, { readonly suite: Suite; readonly title: string }>> = {
  api: { suite: apiSuite, title: 'API server' },
  nodes: { suite: nodesSuite, title: 'Nodes' },
  workloads: { suite: workloadsSuite, title: 'Workloads' },
  gpu: { suite: gpuSuite, title: 'GPUs as the cluster offers them' },
  'gpu-job': { suite: gpuJobSuite, title: 'GPU Job' },
  triton: { suite: tritonSuite, title: 'Triton' },
  flux: { suite: fluxSuite, title: 'Flux' },
  storage: { suite: storageSuite, title: 'Storage' },
  certificates: { suite: certificatesSuite, title: 'Certificates' },
  network: { suite: networkSuite, title: 'Network' },
  monitoring: { suite: monitoringSuite, title: 'Monitoring' },
}
