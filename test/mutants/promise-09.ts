import type { Killer, Mutant } from './model.ts'

const of = (file: string) => (name: string) => ({ file, name }) satisfies Killer
const job = of('test/unit/verify-gpu-job.test.ts')
const proof = of('test/unit/gpu-proof.test.ts')
const pod = of('test/unit/verify-pod-run.test.ts')
const score = of('test/unit/triton-model.test.ts')
const models = of('test/unit/verify-triton-models.test.ts')
const suite = of('test/protocol/verify-triton.test.ts')

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
    promise: 9,
    breaks: 'a model of the CPU passes for one of the GPU',
    file: 'src/triton/gpu-score.ts',
    find: "if (config.instances.some(({ kind }) => kind === 'KIND_CPU')) return { name, speaksForGpu: false, seen: kinds }",
    replace: '',
    killedBy: score('the score of the GPU KIND_CPU, whatever the card does'),
  },
  {
    promise: 9,
    breaks: 'a backend that fell back to the CPU in silence passes for the GPU',
    file: 'src/triton/gpu-score.ts',
    find: "if (says('instance-kind') === false || says('statistics-memory') === false) return 'cpu-fallback'",
    replace: "if (says('instance-kind') === false) return 'cpu-fallback'",
    killedBy: score('the score of the GPU KIND_GPU that keeps nothing on the card'),
  },
  {
    promise: 9,
    breaks: 'what was configured counts as what was computed',
    file: 'src/triton/gpu-score.ts',
    find: "if (says('statistics-memory') || says('process')) return 'gpu-proved'",
    replace: "return 'gpu-proved'",
    killedBy: score('the score of the GPU kind alone, because backends fall back in silence'),
  },
  {
    promise: 9,
    breaks: 'the card of somebody else counts as that of the node',
    file: 'src/triton/gpu-score.ts',
    find: 'uuids.length === 0 || uuids.includes(id)',
    replace: 'id !== uuids.join()',
    killedBy: score('the score of the GPU kind and metrics of another card'),
  },
  {
    promise: 9,
    breaks: 'a cache that answers in place of the model proves the GPU, as long as others use it',
    file: 'src/triton/gpu-score.ts',
    find: 'return hits > 0 && hits >= sent ? 0',
    replace: 'return hits > 0 && hits < sent ? 0',
    killedBy: models('the GPU is proved not by executions for others, while a cache answers'),
  },
  {
    promise: 9,
    breaks: 'the memory of another version of the model proves the GPU',
    file: 'src/verify/suites/triton/reading.ts',
    find: 'const statistics = after.statisticsOf(version)',
    replace: "const statistics = after.statisticsOf('')",
    killedBy: models('the GPU is proved not by the memory of another version'),
  },
  {
    promise: 9,
    breaks: 'a login page with 200 counts as a Triton that lives',
    file: 'src/http/answer-kind.ts',
    find: "if (!isPage) return 'endpoint'",
    replace: "if (!isPage || status === 200) return 'endpoint'",
    killedBy: suite('what can be wrong access-login-page: triton.live says so, and no later one fails'),
  },
  {
    promise: 9,
    breaks: 'a server that says it is ready counts as one that answers',
    file: 'src/verify/suites/triton/judge-infer.ts',
    find: 'if (reply.status !== 200) return { answered: refused(reply, origin) }',
    replace: "if (reply.status !== 200) return { answered: { ...refused(reply, origin), verdict: 'pass' } }",
    killedBy: suite('what can be wrong triton-stub-dead: triton.infer says so, and no later one fails'),
  },
  {
    promise: 9,
    breaks: 'numbers that are none count as an answer',
    file: 'src/triton/compare.ts',
    find: 'if (wrong >= 0) {',
    replace: 'if (wrong > given.values.length) {',
    killedBy: suite('what can be wrong triton-nan: triton.infer says so, and no later one fails'),
  },
  {
    promise: 9,
    breaks: 'binary tensors need not agree with JSON',
    file: 'src/verify/suites/triton/inference.ts',
    find: "return judgeAgreement(one, judged.answer, 'binary')",
    replace: 'return judged.answered',
    killedBy: suite('what can be wrong triton-binary-differs: triton.binary says so, and no later one fails'),
  },
  {
    promise: 6,
    breaks: 'a service token is given to whoever answers, where the runner has switched verification off',
    file: 'src/http/client.ts',
    find: 'const verified = { rejectUnauthorized: true } as const',
    replace: 'const verified = {} as const',
    killedBy: of('test/protocol/http-proxy.test.ts')(
      'an endpoint beyond the proxy of the runner is not given the token where the runner has switched verification off, with a proxy and without',
    ),
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
