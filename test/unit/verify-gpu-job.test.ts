/** The suite gpu-job: what is tried on a node, and what its pod's end means. */
import { describe, expect, it } from '@jest/globals'
import { proofDigest, proofMark } from '../../src/gpu/index.ts'
import type { PodOutcome } from '../../src/verify/pod-run/index.ts'
import type { GpuNode } from '../../src/verify/suites/gpu/read.ts'
import { checksOf } from '../../src/verify/suites/gpu-job/index.ts'
import { judgeJob, type Tried } from '../../src/verify/suites/gpu-job/judge.ts'
import { planJob } from '../../src/verify/suites/gpu-job/plan.ts'
import {
  annotation,
  calypsoNode,
  gpuNode,
  gpuWorld,
  holder,
  podSeen,
  tritonImage,
  uuid,
  wishOf,
} from './verify-gpu-world.ts'

const plan = (one: GpuNode = gpuNode(), changes: Parameters<typeof wishOf>[0] = {}) =>
  planJob(one, gpuWorld(), wishOf(changes), 'run000000001')
function tried(one?: GpuNode): Tried {
  const planned = plan(one)
  if (planned.type === 'skip') throw new Error(planned.why)
  return planned
}
const busyNode = gpuNode({ pods: [podSeen(), holder] })

describe('what is tried', () => {
  it('claims the free GPU with an image that is there, tolerating what is tainted', () => {
    expect(plan()).toMatchObject({
      type: 'claim',
      grade: 'computes',
      spec: {
        image: tritonImage,
        pull: 'never',
        devices: { 'nvidia.com/gpu': 1 },
        runtimeClass: 'nvidia',
        namespace: 'k3s-gpu-actions-verify',
        env: { PROOF_STEPS: 'all' },
      },
    })
  })

  it('only looks at a GPU that is held, and takes nothing', () => {
    expect(plan(busyNode)).toMatchObject({
      type: 'look',
      spec: { devices: {}, env: { PROOF_STEPS: 'device', PROOF_PTX: '' } },
    })
    const ended = gpuNode({ pods: [{ ...holder, phase: 'Succeeded' }] })
    expect(plan(ended).type).toBe('claim')
  })

  const many = (capacity: string, labels = {}) =>
    gpuNode({
      node: calypsoNode({
        capacity: { 'nvidia.com/gpu': capacity },
        allocatable: { 'nvidia.com/gpu': capacity },
        labels,
      }),
    })
  it.each<[string, GpuNode, object]>([
    [
      'every free one of several',
      gpuNode({
        node: calypsoNode({
          capacity: { 'nvidia.com/gpu': '4' },
          allocatable: { 'nvidia.com/gpu': '4' },
          annotations: {},
          labels: { 'nvidia.com/gpu.count': '4' },
        }),
      }),
      { 'nvidia.com/gpu': 4 },
    ],
    ['one share of a shared one', many('4'), { 'nvidia.com/gpu': 1 }],
    ['one share where the labels say so', many('1', { 'nvidia.com/gpu.replicas': '4' }), { 'nvidia.com/gpu': 1 }],
    [
      'a part of a divided one',
      gpuNode({
        node: calypsoNode({
          capacity: { 'nvidia.com/mig-1g.10gb': '7', 'nvidia.com/gpu': '0' },
          allocatable: { 'nvidia.com/mig-1g.10gb': '7' },
        }),
      }),
      { 'nvidia.com/mig-1g.10gb': 7 },
    ],
  ])('claims %s', (_, one, devices) => expect(plan(one)).toMatchObject({ type: 'claim', spec: { devices } }))

  it.each<[string, GpuNode, string]>([
    ['cordoned', gpuNode({ node: calypsoNode({ unschedulable: true }) }), 'calypso is cordoned'],
  ])('skips with a remedy: %s', (_, one, why) => {
    expect(plan(one)).toMatchObject({
      type: 'skip',
      why: expect.stringContaining(why),
      remedy: expect.stringMatching(/gpu-image|uncordon/),
    })
  })

  it('takes the given image, or where none is fit a known one, which may be fetched', () => {
    expect(plan(gpuNode(), { gpuImage: 'python:3.12' })).toMatchObject({
      spec: { image: 'python:3.12', pull: 'if-missing' },
    })
    const bare = gpuNode({ node: calypsoNode({ images: ['docker.io/rancher/mirrored-pause:3.6'] }) })
    expect(plan(bare)).toMatchObject({
      type: 'claim',
      grade: 'computes',
      spec: { image: expect.stringContaining('/cuda-sample:vectoradd-'), pull: 'if-missing' },
    })
  })
})

const claim = tried()
const fact = (it: object): string => `${proofMark} ${JSON.stringify({ seed: String(claim.seed), ...it })}`
const card = { uuid, name: 'NVIDIA GeForce RTX 4090' }
const device = (changes = {}): string =>
  fact({
    fact: 'device',
    exit: 0,
    said: '',
    cuda: '12.9',
    gpus: [{ ...card, driver: '575.51.03', total: 24564, used: 312 }],
    ...changes,
  })
const compute = (changes = {}): string =>
  fact({
    fact: 'compute',
    by: 'libcuda',
    code: '',
    said: '',
    cuda: 12090,
    gpus: [{ ...card, capability: '8.9', digest: proofDigest(claim.seed) }],
    ...changes,
  })
const ended = (changes: Partial<PodOutcome> = {}): PodOutcome => ({
  code: 'succeeded',
  isAdmitted: true,
  found: 'it ran and ended with 0',
  cause: '',
  remedy: '',
  evidence: [],
  log: `${device()}\n${compute()}`,
  elapsedMs: 2000,
  isRemoved: true,
  leftover: '',
  ...changes,
})
const refused = (code: PodOutcome['code'], changes: Partial<PodOutcome> = {}): PodOutcome =>
  ended({ code, isAdmitted: false, log: '', found: `found ${code}`, cause: 'cause', remedy: 'remedy', ...changes })
const judged = (outcome: PodOutcome, what = claim, isHeldNow = false, one = gpuNode()): string => {
  const checks = checksOf('calypso', judgeJob(one, what, outcome, isHeldNow), [])
  return checks.map(({ verdict, found }) => `${verdict}: ${found}`).join('\n')
}

describe('what a pod proves', () => {
  it('passes when it was scheduled, saw the recorded GPU and computed on it', () => {
    expect(judged(ended())).toBe(
      [
        'pass: a pod with nvidia.com/gpu: 1 got onto calypso',
        'pass: 1 × NVIDIA GeForce RTX 4090, driver 575.51.03, as recorded',
        'pass: 1 × NVIDIA GeForce RTX 4090 (compute capability 8.9) computed what was asked',
      ].join('\n'),
    )
  })

  it('passes where nothing is recorded, and says so', () => {
    expect(judged(ended(), claim, false, gpuNode({ node: calypsoNode({ annotations: {} }) }))).toContain(
      'nothing is recorded to compare it with',
    )
  })

  it.each<[string, PodOutcome, RegExp, RegExp, RegExp]>([
    [
      'another GPU',
      ended({
        log: `${device({ gpus: [{ uuid: 'GPU-99999999-0000', name: 'T4', driver: '575.51.03' }] })}\n${compute()}`,
      }),
      /^pass/,
      /fail: the pod sees another GPU/,
      /blocked by gpu-job.device/,
    ],
    [
      'another driver',
      ended({ log: `${device({ gpus: [{ ...card, driver: '580.1' }] })}\n${compute()}` }),
      /^pass/,
      /warn: the pod sees driver 580.1, recorded is 575.51.03/,
      /pass/,
    ],
    [
      'a driver that was updated under it',
      ended({
        log: `${device({ exit: 18, gpus: [], said: 'Failed to initialize NVML: Driver/library version mismatch' })}`,
      }),
      /^pass/,
      /fail: the pod sees no GPU \(nvidia-smi: exit code 18\)/,
      /blocked/,
    ],
    [
      'no nvidia-smi',
      ended({ log: `${device({ exit: 127, gpus: [], said: 'nvidia-smi is not in the container' })}` }),
      /^pass/,
      /fail/,
      /blocked/,
    ],
    [
      'a corrupt infoROM',
      ended({ log: `${device({ exit: 14 })}\n${compute()}` }),
      /^pass/,
      /warn: .* exit code 14/,
      /pass/,
    ],
    [
      'another GPU with a corrupt infoROM',
      ended({
        log: `${device({ exit: 14, gpus: [{ uuid: 'GPU-99999999-0000', name: 'T4', driver: '575.51.03' }] })}\n${compute()}`,
      }),
      /^pass/,
      /fail: the pod sees another GPU/,
      /blocked by gpu-job.device/,
    ],
    [
      'a wrong result',
      ended({ log: `${device()}\n${compute({ gpus: [{ ...card, capability: '8.9', digest: '0123456789abcdef' }] })}` }),
      /^pass/,
      /^pass/,
      /fail: 1 of 1 GPUs computed something else/,
    ],
    ['no result', ended({ log: `${device()}\n${compute({ gpus: [] })}` }), /^pass/, /^pass/, /fail: no GPU computed/],
    [
      'a forged result of another seed',
      ended({ log: `${device()}\n${compute({ seed: '1' })}` }),
      /^pass/,
      /^pass/,
      /error: what the pod printed is no proof/,
    ],
    [
      'CUDA fails',
      ended({ log: `${device()}\n${compute({ code: 'CUDA_ERROR_UNKNOWN', said: 'cuInit: unknown error' })}` }),
      /^pass/,
      /^pass/,
      /fail: the GPU did not compute: CUDA_ERROR_UNKNOWN/,
    ],
    [
      'its memory is used by somebody on the host',
      ended({ log: `${device()}\n${compute({ code: 'no-memory', said: '200 MiB are free' })}` }),
      /^pass/,
      /^pass/,
      /skip: busy/,
    ],
    [
      'its memory was taken meanwhile',
      ended({ log: `${device()}\n${compute({ code: 'CUDA_ERROR_OUT_OF_MEMORY' })}` }),
      /^pass/,
      /^pass/,
      /skip: busy/,
    ],
    [
      'an image without Python',
      ended({ log: `${device()}\n${compute({ by: 'none', code: 'no-python' })}` }),
      /^pass/,
      /^pass/,
      /skip: the image has neither/,
    ],
    [
      "NVIDIA's sample",
      ended({ log: `${device()}\n${compute({ by: 'sample', gpus: [] })}` }),
      /^pass/,
      /^pass/,
      /pass: NVIDIA's sample vectorAdd: Test PASSED/,
    ],
    [
      'a sample that fails',
      ended({ log: `${device()}\n${compute({ by: 'sample', code: 'sample-failed' })}` }),
      /^pass/,
      /^pass/,
      /fail: the GPU did not compute: sample-failed/,
    ],
    [
      'a sample that finds the card taken',
      ended({
        log: `${device()}\n${compute({ by: 'sample', code: 'sample-failed', said: 'exit code 1: Failed to allocate device vector A (error code out of memory)' })}`,
      }),
      /^pass/,
      /^pass/,
      /skip: busy/,
    ],
    [
      'a sample that is too new for the driver',
      ended({
        log: `${device()}\n${compute({ by: 'sample', code: 'sample-failed', said: 'exit code 1: (error code CUDA driver version is insufficient for CUDA runtime version)' })}`,
      }),
      /^pass/,
      /^pass/,
      /skip: the image was made for a newer driver/,
    ],
    [
      'a driver that ends the program',
      ended({ log: `${device()}\n${compute({ by: 'none', code: 'crashed', gpus: [] })}` }),
      /^pass/,
      /^pass/,
      /fail: the GPU did not compute: crashed/,
    ],
    [
      'an image that demands another driver',
      refused('container', {
        isAdmitted: true,
        evidence: ['nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.5'],
      }),
      /^pass/,
      /error/,
      /blocked/,
    ],
    ['a log that may not be read', ended({ log: '' }), /^pass/, /skip: may not be asked: get pods\/log/, /blocked/],
    ['a log of something else', ended({ log: 'hello' }), /^pass/, /error: what the pod printed is no proof/, /blocked/],
    ['the image cannot be fetched', refused('image', { isAdmitted: true }), /^pass/, /error: found image/, /blocked/],
    [
      'the node has no such runtime',
      refused('sandbox', { isAdmitted: true, evidence: ['no runtime for "nvidia" is configured'] }),
      /^pass/,
      /fail: found sandbox/,
      /blocked/,
    ],
    [
      'its network is not there',
      refused('sandbox', { isAdmitted: true, evidence: ['plugin type="flannel" failed'] }),
      /^pass/,
      /error/,
      /blocked/,
    ],
    [
      'the runtime cannot bring the GPU in',
      refused('container', { isAdmitted: true, evidence: ['nvidia-container-cli: initialization error: nvml error'] }),
      /^pass/,
      /fail/,
      /blocked/,
    ],
    [
      'the image has no shell',
      refused('container', { isAdmitted: true, evidence: ['exec: "/bin/sh": no such file'] }),
      /^pass/,
      /error/,
      /blocked/,
    ],
    [
      'it hangs',
      refused('deadline', { isAdmitted: true, found: 'its command did not end within 60 s' }),
      /^pass/,
      /fail: its command did not end/,
      /blocked/,
    ],
    [
      'its image is still on the way',
      refused('deadline', { isAdmitted: true, found: 'was still being fetched' }),
      /^pass/,
      /error/,
      /blocked/,
    ],
    [
      'the scheduler finds too little',
      refused('insufficient', { missing: 'nvidia.com/gpu' }),
      /^fail/,
      /blocked/,
      /blocked/,
    ],
    [
      'the scheduler finds too little memory',
      refused('insufficient', { missing: 'memory' }),
      /^fail/,
      /blocked/,
      /blocked/,
    ],
    ['a taint', refused('taint'), /^fail/, /blocked/, /blocked/],
    ['the kubelet does not admit it', refused('not-admitted'), /^fail/, /blocked/, /blocked/],
    ['Pod Security', refused('pod-security'), /^error/, /blocked/, /blocked/],
    ['a quota', refused('quota'), /^error/, /blocked/, /blocked/],
    ['no right', refused('not-allowed'), /^skip: may not be asked/, /blocked/, /blocked/],
    ['somebody took it away', refused('taken-away'), /^error/, /blocked/, /blocked/],
    ['it never started', refused('deadline'), /^fail/, /blocked/, /blocked/],
  ])('%s', (_, outcome, scheduled, device, compute) => {
    const [one = '', two = '', three = ''] = judged(outcome).split('\n')
    expect(one).toMatch(scheduled)
    expect(two).toMatch(device)
    expect(three).toMatch(compute)
  })

  it('is busy, and no failure, when somebody came first', () => {
    expect(judged(refused('insufficient', { missing: 'nvidia.com/gpu' }), claim, true)).toMatch(
      /^(skip: busy: .*\n?){3}$/,
    )
  })

  it('looks at a held GPU: the device is proved, the claim and the computation are not asked', () => {
    const look = tried(busyNode)
    expect(judged(ended({ log: device() }), look, false, busyNode).split('\n')).toEqual([
      'skip: busy: pods of triton hold all of nvidia.com/gpu',
      'pass: 1 × NVIDIA GeForce RTX 4090, driver 575.51.03, as recorded (looked at only, since it is busy)',
      'skip: busy: pods of triton hold all of nvidia.com/gpu; a computation would take memory from them',
    ])
    // A look that fails on its way is no fault of the GPU, one that sees none is.
    expect(
      judged(refused('taint'), look, false, busyNode)
        .split('\n')
        .map((one) => one.split(':')[0]),
    ).toEqual(['skip', 'error', 'skip'])
    expect(judged(ended({ log: device({ exit: 9, gpus: [] }) }), look, false, busyNode).split('\n')[1]).toMatch(/^fail/)
    // A toolkit may bring nothing in without a claim: then nobody can look.
    const nothing = ended({ log: device({ exit: 127, gpus: [], said: 'nvidia-smi is not in the container' }) })
    expect(judged(nothing, look, false, busyNode)).toMatch(/^(skip: busy: .*\n?){3}$/)
  })

  it('says nothing that differs from night to night', () => {
    const later = planJob(gpuNode(), gpuWorld(), wishOf(), 'run000000002')
    expect(later.type === 'skip' ? 0 : later.seed).not.toBe(claim.seed)
    expect(annotation).not.toContain(String(claim.seed))
    expect(judged(ended())).not.toContain(String(claim.seed))
  })

  const two = gpuNode({
    node: calypsoNode({
      annotations: {},
      labels: { 'nvidia.com/gpu.count': '2' },
      capacity: { 'nvidia.com/gpu': '2' },
      allocatable: { 'nvidia.com/gpu': '2' },
    }),
  })
  const second = { ...card, uuid: uuid.replace(/1$/, '2'), driver: '575.51.03' }
  const both = device({ gpus: [{ ...card, driver: '575.51.03' }, second] })
  it.each<[string, object, RegExp]>([
    ['the sample passed on one', { by: 'sample', gpus: [card] }, /^fail: only 1 of 2 GPUs computed/],
    ['the sample passed on both', { by: 'sample', gpus: [card, second] }, /^pass: .*PASSED, on each of 2 GPUs/],
    [
      'one computed twice',
      { gpus: [card, card].map((one) => ({ ...one, capability: '8.9', digest: proofDigest(claim.seed) })) },
      /^fail/,
    ],
  ])('with two GPUs each has to compute: %s', (_, changes, expected) => {
    const outcome = ended({ log: `${both}\n${compute(changes)}` })
    expect(judged(outcome, tried(two), false, two).split('\n')[2]).toMatch(expected)
  })

  it('knows the card also where it is shared under another name', () => {
    const resource = 'nvidia.com/gpu.shared'
    const shared = gpuNode({ node: calypsoNode({ capacity: { [resource]: '4' }, allocatable: { [resource]: '4' } }) })
    const outcome = ended({ log: `${device({ gpus: [second] })}\n${compute()}` })
    expect(judged(outcome, tried(shared), false, shared).split('\n')[1]).toMatch(/^fail: the pod sees another GPU/)
  })

  it('lowers what the cluster file lowers', () => {
    const rules = [{ check: 'gpu-job.compute.calypso', namespace: '', atMost: 'warn' as const }]
    const wrong = ended({ log: `${device()}\n${compute({ gpus: [] })}` })
    expect(checksOf('calypso', judgeJob(gpuNode(), claim, wrong, false), rules).at(-1)).toMatchObject({
      verdict: 'warn',
      found: expect.stringContaining('severity lowered'),
    })
  })
})
