import type { Check, Failure } from '../src/report/index.ts'

/** What the rooms' own errors have in common: they say cause and remedy themselves. */
interface ExplainedError extends Error {
  readonly code: string
  /** Where the message repeats the cause, the title alone. */
  readonly title?: string
  readonly cause: unknown
  readonly remedy: string
  readonly evidence?: readonly string[]
}

function isExplained(error: unknown): error is ExplainedError {
  const candidate = error as Partial<ExplainedError> | undefined
  return error instanceof Error && typeof candidate?.code === 'string' && typeof candidate.remedy === 'string'
}

/** Ends the run with a failure that is known already: a check that says no, a diagnosis. */
export class RunFailure extends Error {
  readonly failure: Omit<Failure, 'state'>
  constructor(failure: Omit<Failure, 'state'>) {
    super(failure.title)
    this.name = 'RunFailure'
    this.failure = failure
  }
}

/** Failure codes are stable and never hold an address; ids of checks may. First match wins. */
const codesOfChecks: readonly (readonly [RegExp, string])[] = [
  [/^handshake\.apiserver/, 'api-unreachable'],
  [/^handshake\.ca$/, 'ca-mismatch'],
  [/^handshake\.token$/, 'token-refused'],
  [/^host\.disk/, 'host-disk'],
  [/^host\.port/, 'host-port'],
  [/^k3s\.labels$/, 'restricted-label'],
  [/^leave\.pods$/, 'drain-blocked'],
  [/^leave\.mounts$/, 'foreign-mounts'],
  [/^(k3s|plan)\.node-password$/, 'node-password-rejected'],
  [/^kubeadm\.port$/, 'host-port'],
  [/^kubeadm\.leftovers$/, 'kubeadm-joined-already'],
  [/^plan\.kubeadm-cluster$/, 'kubeadm-other-cluster'],
  [/^plan\.kubeadm-node$/, 'kubeadm-node-exists'],
]

/** The failure code of a run that a check ended. */
export function codeOfCheck(id: string): string {
  return codesOfChecks.find(([pattern]) => pattern.test(id))?.[1] ?? id.replaceAll('.', '-')
}

/** What a failing check means for the node, as a sentence that follows `calypso did not join: `. Anything else is told by its finding. */
const sentences: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/^handshake\.apiserver/, (found) => `the API server at ${found}`],
  [/^handshake\.ca$/, (found) => `what answers the host is not the API server of the kubeconfig (${found})`],
  [/^handshake\.token$/, () => 'the server refused its token'],
  [/^host\.sudo$/, (found) => `its user cannot become root (${found})`],
  [/^host\.clock$/, (found) => `its clock is ${found}`],
  [/^(host|kubeadm)\.port/, (found) => `a port that the agent needs is ${found}`],
  [/^host\.disk/, (found) => `its disk has no room (${found})`],
  [/^host\.(packages|services|wanted-modules|sysctl)$/, (found) => `it lacks what the node needs: ${found}`],
  [/^storage\.disk$/, (found) => `there is no disk for storage: ${found}`],
  [/^storage\.longhorn$/, (found) => found],
  [/^host\.route$/, () => 'it has no default route'],
  [/^host\.cgroup$/, (found) => `its control groups are not what a kubelet needs (${found})`],
  [/^host\.modules$/, (found) => `its kernel lacks what containers need (${found})`],
  [/^host\.cni$/, (found) => `another Kubernetes is in its way: ${found}`],
  [/^cluster\.name$/, (found) => `the name is taken: ${found}`],
  [/^k3s\.node-password$/, (found) => `the server would reject its node password: ${found}`],
  [/^confirm\.gpu-processes$/, (found) => `a process outside the cluster lost the GPU: ${found}`],
  // What these found says the question with it.
  [/^(kubeconfig\.credentials|server\.(dns|tcp|tls|http))$/, (found) => found],
  [/^(gpu|capacity|install)\.|^confirm\.(plugin|runtime-config|gpu-calls|gpu-pods)$/, (found) => found],
  [/^plan\.node-password$/, (found) => `its node would not come back: ${found.replace(/^no: /, '')}`],
  [/^leave\.role$/, (found) => `${found}, and servers are never removed here`],
  [/^leave\.(pods|cluster|uninstaller)$/, (found) => found],
  [/^leave\.mounts$/, (found) => `something of somebody else is mounted where leaving deletes: ${found}`],
  [/^leave\.volumes$/, (found) => `data lies on this machine alone: ${found}`],
  [/^leave\.machine$/, (found) => `is this machine the node? ${found}`],
  [/^leave\.alive$/, (found) => `host-gone is not true: ${found}`],
  [/^cluster\.machine$/, (found) => `this machine is a node already: ${found}`],
  [/^cluster\.address$/, (found) => `its address is taken: ${found}`],
  [/^(plan\.)?kubeadm[.-]/, (found) => found],
  [/^k3s\.version$/, (found) => `the wanted version does not go with the cluster: ${found}`],
  [/^k3s\.labels$/, (found) => `its kubelet would refuse to start: ${found}`],
]

function sentenceOf(check: Check): string {
  return sentences.find(([pattern]) => pattern.test(check.id))?.[1](check.found) ?? `${check.question} ${check.found}`
}

/** A failing check → the failure of the run; further failing checks become its evidence. */
export function failureOfChecks(title: string, checks: readonly Check[]): RunFailure {
  const [first, ...others] = checks
  const also = others.map((one) => `also: ${one.id}: ${one.found}${one.remedy ? `; ${one.remedy}` : ''}`)
  return new RunFailure({
    code: codeOfCheck(first?.id ?? 'check'),
    title: first ? `${title}: ${sentenceOf(first)}` : title,
    cause: first?.cause ?? 'see the checks',
    remedy: first?.remedy ?? 'see the checks',
    evidence: [...(first?.evidence ?? []), ...also],
  })
}

/** Any error → what a person reads. What no room could explain is called our bug, never a broken cluster. */
export function explain(error: unknown, subject: string): Omit<Failure, 'state'> {
  if (error instanceof RunFailure) return error.failure
  if (isExplained(error)) {
    return {
      code: error.code,
      title: `${subject}: ${error.title ?? error.message}`,
      cause:
        typeof error.cause === 'string'
          ? error.cause
          : error.cause instanceof Error
            ? error.cause.message
            : 'see the evidence',
      remedy: error.remedy,
      evidence: error.evidence ?? [],
    }
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    code: 'unexpected-error',
    title: `${subject}: unexpected error: ${error instanceof Error ? error.message : String(error)}`,
    cause: 'probably a bug in k3s-gpu-actions',
    remedy: 'press the button again; if it happens twice, open an issue with this text',
    evidence: text.split('\n').slice(0, 12),
  }
}
