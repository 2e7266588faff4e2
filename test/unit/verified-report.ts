import { type Check, type Report, type Verification, verificationHeadline } from '../../src/report/index.ts'
import { check, nights, run } from './verify-runs.ts'

export const topology: Verification['topology'] = {
  tunnel: '157.173.210.123',
  server: 'https://157.173.210.123:6443',
  nodes: [
    { name: 'srv712429', isServer: true, verdict: 'pass', words: ['v1.33.4+k3s1'] },
    { name: 'styx', isServer: false, verdict: 'pass', words: [] },
    { name: 'calypso', isServer: false, verdict: 'fail', words: ['1 GPU', 'pods isolated'] },
  ],
  paths: [
    {
      host: 'gpu.boathou.se',
      guard: 'cloudflare',
      model: 'distilbert-base-uncased',
      node: 'calypso',
      verdict: 'fail',
      words: ['cpu-fallback'],
    },
  ],
}

export const p95 = 'triton_p95_ms.distilbert-base-uncased'
export const slow: Check = {
  id: 'triton.gpu.distilbert-base-uncased',
  verdict: 'fail',
  question: 'Does the GPU answer?',
  found: 'answers, but on the CPU (KIND_CPU, 0 bytes on the GPU)',
  cause: 'driver and library do not match',
  remedy: 'restart Triton on calypso',
  evidence: ['instance_group kind KIND_CPU'],
}
export const operator = check('workloads.pulumi-system=warn ImagePullBackOff for 12 days')
const good = ['api.ready=pass', 'nodes.ready=pass', 'gpu.cuda=skip no two GPU nodes']

const story = nights([
  run(15, good),
  run(16, [...good, 'workloads.pulumi-system=warn'], { metrics: { [p95]: 9 }, topology }),
  run(17, good, { metrics: { [p95]: 8.4 }, topology }),
  run(18, [...good, 'workloads.pulumi-system=warn'], { metrics: { [p95]: 9.2 }, topology }),
  {
    ...run(19, good, { metrics: { [p95]: 212.04 }, topology, gpuVerdict: 'cpu-fallback' }),
    checks: [...good.map(check), operator, slow],
  },
])
const last = story.at(-1) as Report
export const verification = last.verification as Verification
export const headline = verificationHeadline('oceanid', last.checks, verification)
export const report: Report = {
  ...last,
  headline,
  next: 'see the issue',
  stages: [
    { title: 'GPUs as the cluster offers them', startedMs: 0, endedMs: 250 },
    { title: 'GPU Job', startedMs: 250, endedMs: 1000 },
    { title: 'Triton', startedMs: 1000, endedMs: 3500 },
  ],
}
