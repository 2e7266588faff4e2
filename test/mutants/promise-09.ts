import type { Killer, Mutant } from './model.ts'

const of = (file: string) => (name: string) => ({ file, name }) satisfies Killer
const job = of('test/unit/verify-gpu-job.test.ts')
const proof = of('test/unit/gpu-proof.test.ts')
const pod = of('test/unit/verify-pod-run.test.ts')

/** "GPU works" means that a pod was scheduled, got a device, and computed. */
export const gpuWorks: readonly Mutant[] = [
  {
    promise: 9,
    breaks: 'any result of a GPU counts as the right one',
    file: 'src/verify/suites/gpu-job/judge-proof.ts',
    find: 'digest !== wanted',
    replace: "digest === ''",
    killedBy: job('what a pod proves a wrong result'),
  },
  {
    promise: 9,
    breaks: 'a proof of another night counts as one of tonight',
    file: 'src/gpu/proof/read.ts',
    find: 'if (said.seed !== String(seed)) continue',
    replace: 'if (said.seed === undefined || seed < 0) continue',
    killedBy: proof('readProof takes no fact from another seed'),
  },
  {
    promise: 9,
    breaks: 'another GPU than the recorded one counts as the same',
    file: 'src/verify/suites/gpu-job/judge-proof.ts',
    find: 'if (recorded !== undefined && other !== undefined && !isDivided) {',
    replace: 'if (recorded !== undefined && other !== undefined && isDivided) {',
    killedBy: job('what a pod proves another GPU'),
  },
  {
    promise: 9,
    breaks: 'the proof goes past the scheduler',
    file: 'src/verify/pod-run/render.ts',
    find: "nodeSelector: { 'kubernetes.io/hostname': spec.node.labels['kubernetes.io/hostname'] ?? spec.node.name },",
    replace: 'nodeName: spec.node.name,',
    killedBy: pod('the Job goes through the scheduler, to one node, with its taints but not those of controllers'),
  },
  {
    promise: 9,
    breaks: 'production that uses the GPU is a failure of it',
    file: 'src/verify/suites/gpu-job/judge.ts',
    find: '&& isHeldNow',
    replace: '&& !isHeldNow',
    killedBy: job('what a pod proves is busy, and no failure, when somebody came first'),
  },
  {
    promise: 10,
    breaks: 'a cancelled run leaves its GPU Job behind',
    file: 'src/verify/pod-run/run.ts',
    find: '      await remove(ports, spec.namespace, job, watch, Math.min(intervals.goneMs, 2_000))\n',
    replace: '',
    killedBy: pod('runPod deletes it when the run is cancelled while it runs'),
  },
]
