import type { SuiteName } from '../../src/verify/index.ts'

/** Headings of the stages. */
export const titles: Readonly<Record<SuiteName, string>> = {
  api: 'API server',
  nodes: 'Nodes',
  workloads: 'Workloads',
  gpu: 'GPUs as the cluster offers them',
  'gpu-job': 'GPU Job',
  triton: 'Triton',
  flux: 'Flux',
  storage: 'Storage',
  certificates: 'Certificates',
  network: 'Network',
  spread: 'Spread of pods',
  monitoring: 'Monitoring',
}
