/** What one press of a scenario came to: the plain data in which the embedded world and the lab are compared. */
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import type { Press } from '../../rehearsal/press.ts'
import type { Report } from '../../src/report/index.ts'
import { type Annotation, readLog } from './log.ts'

export interface Outcome {
  readonly scenario: string
  /** Empty: none. */
  readonly fault: string
  readonly exitCode: number | null
  /** Without `plan`, which stands beside them as data. */
  readonly outputs: Readonly<Record<string, string>>
  readonly plan: unknown
  /** null where the run wrote none. */
  readonly report: Report | null
  readonly annotations: readonly Annotation[]
  /** Lines as a person sees them on GitHub: commands carried out, secrets masked. */
  readonly log: readonly string[]
  /** Lines of standard error, masked. */
  readonly complaints: readonly string[]
  /** SSH connections of this press, as the host's side counted them. */
  readonly connections: number
  /** What the runner changed in the cluster, in order: `PATCH /api/v1/nodes/calypso 200`. */
  readonly mutations: readonly string[]
  /** Secrets of bootstrap tokens that exist after the press. */
  readonly tokensLeft: readonly string[]
  /** Nodes and Secrets of the cluster that were added (`+`), removed (`-`) or changed (`~`) by the end of this press. */
  readonly objectsChanged: readonly string[]
  /** Paths below the promised trees that this press added (`+`), removed (`-`) or changed (`~`). */
  readonly treesChanged: readonly string[]
}

export interface OutcomeParts {
  readonly scenario: string
  readonly fault?: string | undefined
  /** The press that is looked at: the last one. */
  readonly press: Press
  /** Everything that the runner would mask from the beginning. */
  readonly secrets: readonly string[]
  readonly connections: number
  /** Every request of anybody during the press, `METHOD path status`. */
  readonly requests: readonly string[]
  readonly tokens: readonly string[]
  /** `nodes/calypso` → what somebody wanted of it, as `wantedOf` tells it. */
  readonly objectsBefore: Readonly<Record<string, string>>
  readonly objectsAfter: Readonly<Record<string, string>>
  /** Path → mode, owner, content. */
  readonly treesBefore: Readonly<Record<string, string>>
  readonly treesAfter: Readonly<Record<string, string>>
}

/**
 * Requests that change something and come from somebody else than the runner: the host's kubelet and agent, which in the
 * lab are real and speak through the same address. None of these paths is ever written by a bundle.
 */
const requestsOfOthers: readonly RegExp[] = [
  / \/standin\//,
  /^POST \/api\/v1\/nodes [0-9]+$/,
  /^(PATCH|PUT) \/api\/v1\/nodes\/[^/ ]+\/status /,
  / \/apis\/coordination\.k8s\.io\/v1\/namespaces\/kube-node-lease\/leases/,
  / \/apis\/storage\.k8s\.io\/v1\/csinodes/,
  / \/apis\/certificates\.k8s\.io\/v1\/certificatesigningrequests/,
  / \/(api\/v1|apis\/events\.k8s\.io\/v1)\/namespaces\/[^/ ]+\/events/,
  / \/api\/v1\/namespaces\/[^/ ]+\/pods/,
  / \/api\/v1\/namespaces\/[^/ ]+\/serviceaccounts\/[^/ ]+\/token /,
]
/** They are POSTs, and only ask. */
const questions = / \/apis\/(authorization|authentication)\.k8s\.io\/v1\/[a-z]+reviews /

/** What the runner changed in the cluster; queries and the random names of tokens are left out. Pure. */
export function mutationsOf(requests: readonly string[]): readonly string[] {
  return requests
    .map((request) => request.replace(/\?\S*/, ''))
    .filter((request) => /^(POST|PUT|PATCH|DELETE) /.test(request) && !questions.test(request))
    .filter((request) => !requestsOfOthers.some((pattern) => pattern.test(request)))
    .map((request) => request.replace(/\/bootstrap-token-[a-z0-9]{6}\b/, '/bootstrap-token-TOKENID'))
}

/** Of an object what somebody wanted, not what the cluster reports of it: labels, annotations, taints and data. Pure. */
export function wantedOf(object: KubernetesObject): string {
  const { uid, labels = {}, annotations = {} } = object.metadata
  const { taints = [], unschedulable = false } = (object.spec ?? {}) as {
    taints?: readonly { readonly key: string }[]
    unschedulable?: boolean
  }
  // Those of the node lifecycle controller say how the node is; it renews their times by itself.
  const wanted = taints.filter(({ key }) => !key.startsWith('node.kubernetes.io/'))
  return JSON.stringify({ uid, labels, annotations, taints: wanted, unschedulable, data: object.data ?? null })
}

function changesOf(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return paths.flatMap((path) => {
    if (before[path] === after[path]) return []
    return [`${before[path] === undefined ? '+' : after[path] === undefined ? '-' : '~'} ${path}`]
  })
}

function readPlan(text: string | undefined): unknown {
  return text === undefined || text === '' ? null : (JSON.parse(text) as unknown)
}

/** Pure. */
export function outcome(parts: OutcomeParts): Outcome {
  const { press } = parts
  const { plan, ...outputs } = press.outputs
  const { lines, annotations, complaints } = readLog(press.stdout, press.stderr, parts.secrets)
  return {
    scenario: parts.scenario,
    fault: parts.fault ?? '',
    exitCode: press.exitCode,
    outputs,
    plan: readPlan(plan),
    report: press.report ?? null,
    annotations,
    log: lines,
    complaints,
    connections: parts.connections,
    mutations: mutationsOf(parts.requests),
    tokensLeft: parts.tokens,
    objectsChanged: changesOf(parts.objectsBefore, parts.objectsAfter),
    treesChanged: changesOf(parts.treesBefore, parts.treesAfter),
  }
}
