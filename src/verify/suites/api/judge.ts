import type { AccessAnswer, ApiObject, ClusterError } from '../../../kubernetes/index.ts'
import { type Check, count } from '../../../report/index.ts'
import { grantOf, rightInWords } from '../../access.ts'
import { serverLog } from '../../distribution.ts'
import { blocked, gather, nameSome, skipped } from '../../gather.ts'
import type { Finding, VerifyWish } from '../../model.ts'
import { forDays, questionOf, typed } from '../../words.ts'
import { apiEntries } from './entries.ts'

type Id = (typeof apiEntries)[number]['id']
const ask = (id: Id): string => questionOf(apiEntries, id)

/** A token of a join in progress lives for minutes; one that is older has been forgotten. */
const forgottenMs = 60 * 60 * 1000

export interface JoinToken {
  readonly name: string
  readonly createdMs: number
  /** Node that it was made for; empty: it does not say. Remote text. */
  readonly node: string
}

interface TokenObject {
  readonly metadata?: {
    readonly name?: string
    readonly creationTimestamp?: string
    readonly labels?: Readonly<Record<string, string>>
  }
}

/** The label that k3s-join gives its tokens (src/join/bootstrap-token.ts). */
export const tokenNodeLabel = 'k3s-gpu-actions/node'

export function joinToken(object: ApiObject): JoinToken {
  const { metadata } = object as TokenObject
  return {
    name: metadata?.name ?? '',
    createdMs: Date.parse(metadata?.creationTimestamp ?? '') || 0,
    node: metadata?.labels?.[tokenNodeLabel] ?? '',
  }
}

/** Nobody answered, so nobody knows: an error, and nothing else of the API is asked. */
export function judgeUnreachable(fault: ClusterError, wish: VerifyWish): readonly Check[] {
  const through = wish.tunnel === '' ? '' : `; it is reached through the tunnel of ${wish.tunnel}`
  const [first, ...others] = apiEntries
  return [
    {
      id: first.id,
      verdict: 'error',
      question: first.asks,
      found: fault.message,
      cause: `${fault.cause}${through}`,
      remedy: fault.remedy,
      evidence: fault.evidence,
    },
    ...others.map(({ id, asks }) => blocked(id, first.id, asks)),
  ]
}

export function judgeReady(notReady: readonly string[] | undefined, wish: VerifyWish): Check {
  const id = 'api.ready'
  if (notReady === undefined) return skipped(id, ask(id), 'may not be asked: get /readyz')
  const findings = notReady.map(
    (name): Finding => ({
      namespace: '',
      subject: name,
      found: 'not ready',
      verdict: 'fail',
      cause: name.startsWith('etcd')
        ? 'the server’s datastore does not answer'
        : 'a part of the server is not up, or is ending',
      remedy: `kubectl get --raw "/readyz?verbose"; on the server: ${serverLog[wish.distribution]}`,
    }),
  )
  return gather(id, ask(id), findings, 'ready', wish.severities)
}

export function judgeVersion(version: string, wish: VerifyWish): Check {
  const id = 'api.version'
  const isWanted = wish.version === '' || wish.version === 'match-server' || wish.version === version
  const finding: Finding = {
    namespace: '',
    subject: 'server',
    found: `has ${version}, wanted is ${wish.version}`,
    verdict: 'fail',
    cause: 'the server was upgraded, or not yet, and the cluster file says otherwise',
    remedy: `upgrade the server to ${wish.version}, or set version: in the cluster file`,
  }
  return gather(id, ask(id), isWanted ? [] : [finding], version, wish.severities)
}

/** Without these hardly anything can be known, and a run that skips everything must not look well. */
const isVital = ({ resource, group }: AccessAnswer): boolean => group === '' && ['nodes', 'pods'].includes(resource)

export function judgeRights(missing: readonly AccessAnswer[], asked: number, wish: VerifyWish): Check {
  const id = 'api.rights'
  const remedy = grantOf(missing)
  const findings = missing.map(
    (right): Finding => ({
      namespace: right.namespace ?? '',
      subject: rightInWords(right),
      found: 'is not allowed',
      verdict: isVital(right) ? 'fail' : 'warn',
      cause: `rules for the kubeconfig’s user are missing: ${nameSome(missing.map(rightInWords), 20)}`,
      remedy: `${remedy} (as an administrator)`,
      evidence: right.reason === '' ? [] : [right.reason],
    }),
  )
  return gather(id, ask(id), findings, `${count(asked, 'right')}, all granted`, wish.severities)
}

export function judgeTokens(tokens: readonly JoinToken[], nowMs: number, wish: VerifyWish): Check {
  const id = 'api.join-tokens'
  const findings = tokens
    .filter(({ name, createdMs }) => name.startsWith('bootstrap-token-') && nowMs - createdMs > forgottenMs)
    .map(
      ({ name, createdMs, node }): Finding => ({
        namespace: 'kube-system',
        subject: node === '' ? name : `${name} (for ${node})`,
        found: `left behind${forDays(createdMs, nowMs)}`,
        verdict: 'warn',
        cause: 'a join was killed before it could delete its token, and the server’s token cleaner does not run',
        remedy: `kubectl -n kube-system delete secret ${typed(name, 'bootstrap-token-…')}; the next join of that node does it, too`,
      }),
    )
  return gather(id, ask(id), findings, 'none', wish.severities)
}
