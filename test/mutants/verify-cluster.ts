import type { Killer, Mutant } from './model.ts'

const of = (file: string) => (name: string) => ({ file, name }) satisfies Killer
const asked = of('test/unit/verify-run-suite.test.ts')
const ended = of('test/unit/verify-endings.test.ts')
const remembered = of('test/unit/verify-memory.test.ts')
const issue = of('test/unit/verify-issue.test.ts')
const gathered = of('test/unit/verify-lists-gather.test.ts')
const inputs = of('test/unit/inputs-verify-cluster.test.ts')
const http = of('test/protocol/http-client.test.ts')
const issues = of('test/protocol/runner-issues.test.ts')
const job = of('test/unit/verify-gpu-job.test.ts')
const onCluster = of('test/protocol/verify-gpu-job.test.ts')
const script = of('test/protocol/gpu-proof.test.ts')
const pod = of('test/unit/verify-pod-run.test.ts')
const volume = of('test/unit/verify-storage-probe.test.ts')
const spread = of('test/unit/verify-spread.test.ts')
const model = of('test/unit/triton-model.test.ts')

/** What verify-cluster promises, beside what "the GPU works" means. */
export const verifyCluster: readonly Mutant[] = [
  {
    promise: 2,
    breaks: 'what could not be asked is called broken',
    file: 'src/verify/run-suite.ts',
    find: "(['error', `could not be asked: ${fault.title}`] as const)",
    replace: "(['fail', `could not be asked: ${fault.title}`] as const)",
    killedBy: asked('a suite that never could ask is an error in each of its checks of this mode, and no failure'),
  },
  {
    promise: 2,
    breaks: 'a run that nothing answered is a success',
    file: 'actions/verify-cluster/endings.ts',
    find: 'if (isSilent(checks, otherwise)) {',
    replace: 'if (isSilent(checks, otherwise) && checks.length > 1000) {',
    killedBy: ended('a run that asked fails when all it may do is nothing'),
  },
  {
    promise: 2,
    breaks: 'what nobody could ask for a night is forgotten, and new the night after',
    file: 'src/verify/memory/remember.ts',
    find: 'if (now.checks.some((check) => suiteOf(check.id) === suite && isInDoubt(check))) return false',
    replace: "if (suite === '' && now.checks.some(isInDoubt)) return false",
    killedBy: remembered(
      'what is new and what is fixed does not take for gone what a suite could not name, because the API was gone',
    ),
  },
  {
    promise: 2,
    breaks: 'an issue is closed because its question was blocked',
    file: 'src/verify/issue/decide.ts',
    find: "return check?.verdict === 'skip' && check.found.startsWith('blocked by')",
    replace: 'return check === undefined && id === report.cluster',
    killedBy: issue(
      'the issue of a cluster is no recovery when the memory is lost, another night is wanted first, or the question was blocked',
    ),
  },
  {
    promise: 6,
    breaks: 'a stranger’s question carries the service token',
    file: 'src/http/client.ts',
    find: 'question.isAnonymous ? [] : [endpoint.headers, endpoint.credentials]',
    replace: '[endpoint.headers, endpoint.credentials]',
    killedBy: http('a question carries the secrets of its endpoint, and none when a stranger asks'),
  },
  {
    promise: 6,
    breaks: 'a path leads the secrets to another host',
    file: 'src/http/client.ts',
    find: "  if (!path.startsWith('/')) throw new TypeError('a path begins with /')\n  const url = new URL(text.replace(/\\/+$/, '') + path)\n  if (url.origin !== base.origin) throw",
    replace: "  const url = new URL(text.replace(/\\/+$/, '') + path)\n  if (url.protocol !== base.protocol) throw",
    killedBy: http('a question goes to the host of its endpoint alone, whatever its path'),
  },
  {
    promise: 6,
    breaks: 'a service token is sent in the clear',
    file: 'actions/verify-cluster/endpoints.ts',
    find: "if (guard === 'cloudflare' && !one.url.startsWith('https://'))",
    replace: "if (guard === 'cloudflare' && !one.url.startsWith('http'))",
    killedBy: inputs('the inputs of verify-cluster refuse a token in the clear'),
  },
  {
    promise: 7,
    breaks: 'an old report writes what it likes into outputs and issue',
    file: 'src/verify/memory/previous.ts',
    find: "typeof value === 'string' && idPattern.test(value)",
    replace: "typeof value === 'string' && (value !== '' || idPattern.test(value))",
    killedBy: remembered(
      'an earlier report that is hostile gives nothing but numbers, times, ids and verdicts, and not many',
    ),
  },
  {
    promise: 7,
    breaks: 'an issue that quotes our marker is taken for ours',
    file: 'src/verify/issue/state.ts',
    find: "body.replaceAll('\\r', '').startsWith(`${markerOf(cluster)}\\n`)",
    replace: "body.replaceAll('\\r', '').includes(`${markerOf(cluster)}\\n`)",
    killedBy: issue('hostile texts a marker elsewhere, of another cluster or broken is none of ours'),
  },
  {
    promise: 7,
    breaks: 'an issue of a stranger is taken for ours',
    file: 'src/runner/issues.ts',
    find: 'if (raw.pull_request === undefined && isTrusted(raw)) found.set',
    replace: 'if (raw.pull_request === undefined) found.set',
    killedBy: issues('the issues of a repository an issue of a stranger with our marker in it is not touched'),
  },
  {
    promise: 7,
    breaks: 'a name of the cluster is typed into a command as it stands',
    file: 'src/verify/words.ts',
    find: 'return /^[a-z0-9][a-z0-9._-]{0,252}$/i.test(name) ? name : `<${otherwise}>`',
    replace: "return otherwise === '' ? otherwise : name",
    killedBy: gathered('ids, words and skips puts no name into a command that could do anything else there'),
  },
  {
    promise: 9,
    breaks: 'one GPU that computed stands for all of the node',
    file: 'src/verify/suites/gpu-job/judge-proof.ts',
    find: 'if (claimed > 1 && new Set(gpus.map(({ uuid }) => uuid)).size < claimed) return',
    replace: 'if (claimed > 64) return',
    killedBy: job('what a pod proves with two GPUs each has to compute: the sample passed on one'),
  },
  {
    promise: 9,
    breaks: 'a complaint of nvidia-smi hides that it is another card',
    file: 'src/verify/suites/gpu-job/judge-proof.ts',
    find: 'known.size > 0 && !known.has(uuid)',
    replace: 'known.size > 0 && device.exit === 0 && !known.has(uuid)',
    killedBy: job('what a pod proves another GPU with a corrupt infoROM'),
  },
  {
    promise: 9,
    breaks: 'a driver that ends whoever uses it is taken for an image without Python',
    file: 'src/gpu/proof/scripts/proof.sh',
    find: '132 | 134 | 135 | 136 | 139)',
    replace: '999)',
    killedBy: script('what is computed tells apart a driver that ends the program'),
  },
  {
    promise: 9,
    breaks: 'what keeps the proof away is not said where it alone is asked',
    file: 'src/verify/suites/gpu-job/index.ts',
    find: "wish.suites.has('gpu') ? [] : blockingCheck",
    replace: "wish.suites.has('gpu-job') ? [] : blockingCheck",
    killedBy: onCluster(
      'says what keeps it away also where the suite gpu is not asked, and is no proof where nothing has a GPU',
    ),
  },
  {
    promise: 9,
    breaks: 'the proof of another run at the same time is a failure of the GPU',
    file: 'src/verify/suites/gpu-job/index.ts',
    find: "    .filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed')\n    .reduce",
    replace:
      "    .filter(({ phase, labels }) => phase !== 'Failed' && labels['k3s-gpu-actions/purpose'] !== spec.purpose)\n    .reduce",
    killedBy: onCluster('is busy, and no failure, when the proof of another run came first'),
  },
  {
    promise: 9,
    breaks: 'an answer of the CPU counts as one of the GPU',
    file: 'src/triton/gpu-score.ts',
    find: "if (config.instances.some(({ kind }) => kind === 'KIND_CPU')) return { name, speaksForGpu: false, seen: kinds }",
    replace:
      "if (config.instances.some(({ kind }) => kind === 'KIND_CPU')) return { name, speaksForGpu: true, seen: kinds }",
    killedBy: model('the score of the GPU KIND_CPU'),
  },
  {
    promise: 10,
    breaks: 'what a killed run left stays',
    file: 'src/verify/pod-run/sweep.ts',
    find: '!(nowMs - createdMs > leftoverAfterMs)',
    replace: '!(nowMs - createdMs > 24 * 365 * 100 * leftoverAfterMs)',
    killedBy: pod('sweepPods deletes what is older than any run, and nothing else'),
  },
  {
    promise: 10,
    breaks: 'a Job whose creation was not answered stays',
    file: 'src/verify/pod-run/run.ts',
    find: '    await removeLost(ports, spec.namespace, identity.key)\n',
    replace: '    if (pods < 0) await removeLost(ports, spec.namespace, identity.key)\n',
    killedBy: pod('runPod deletes what a lost answer may have made'),
  },
  {
    promise: 10,
    breaks: 'a cancelled run leaves its volume in the cluster',
    file: 'src/verify/suites/storage/probe.ts',
    find: 'leftover = await volume.remove()',
    replace: "leftover = ports.signal.aborted ? '' : await volume.remove()",
    killedBy: volume('a volume of a run is deleted when the run is cancelled meanwhile'),
  },
  {
    promise: 7,
    breaks: 'any text that a pod reads counts as the one that was written',
    file: 'src/verify/suites/storage/probe.ts',
    find: 'answer.said !== trial.text',
    replace: "answer.said === ''",
    killedBy: volume('what two pods say of a volume another text'),
  },
  {
    promise: 10,
    breaks: 'pods that were spread stay when a run is cancelled',
    file: 'src/verify/pod-run/spread.ts',
    find: 'await remove(Math.min(intervals.goneMs, 2_000))',
    replace: 'await Promise.resolve(intervals.goneMs)',
    killedBy: spread('the suite takes the pods away when the run is cancelled'),
  },
  {
    promise: 2,
    breaks: 'a node that is about to join is called missing',
    file: 'src/verify/lists.ts',
    find: 'name !== joining',
    replace: "name !== ''",
    killedBy: gathered('a node that is about to join is in no list, so that no suite says a word about it'),
  },
]
