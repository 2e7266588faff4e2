import type { VerifyWish } from '../../src/verify/model.ts'

/** What a run asks for that was told nothing. */
export function wishOf(changes: Partial<VerifyWish> = {}): VerifyWish {
  return {
    cluster: 'oceanid',
    mode: 'observe',
    suites: new Set(['api', 'nodes', 'workloads']),
    distribution: 'k3s',
    nodes: [],
    joining: '',
    version: '',
    tunnel: '',
    flux: 'optional',
    triton: [],
    endpoints: [],
    certificateWarnMs: 30 * 86_400_000,
    certificateFailMs: 7 * 86_400_000,
    freePercent: 15,
    storageClass: '',
    prometheus: '',
    nodeJobs: [],
    gpuImage: '',
    probeImage: '',
    namespace: 'k3s-gpu-actions-verify',
    timeoutMs: 120_000,
    severities: [],
    ...changes,
  }
}
