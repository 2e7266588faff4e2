import type { ApiObject, NodeState } from '../../../kubernetes/index.ts'
import type { Finding } from '../../model.ts'
import { day, line, textAt, timeAt, typeable, valueAt } from '../reading.ts'
import type { DateLimits } from './dates.ts'

/**
 * k3s looks at the certificate files of its node twice an hour and complains in events of the Node, which live for an hour; where all is
 * well it says so once after its start (k3s-io/k3s:pkg/certmonitor/certmonitor.go). No other part of the API knows these files: the metric
 * `k3s_certificate_expiration_seconds` wants the right to nodes/proxy, with which one may also run commands in any pod.
 */
export const monitorSelector = 'source=k3s-cert-monitor'

/** The complaint of 90 or 120 days before the end is k3s' way of saying that a restart would renew. */
export interface CertificateEvent {
  readonly node: string
  readonly reason: 'CertificateExpirationWarning' | 'CACertificateExpirationWarning' | 'CertificateExpirationOK' | ''
  readonly seenMs: number
  /** The certificate that ends first, of those that it names. */
  readonly first?: { readonly file: string; readonly notAfterMs: number }
}

const reasons = ['CertificateExpirationWarning', 'CACertificateExpirationWarning', 'CertificateExpirationOK'] as const
/** A node has some thirty files. */
const longestMessage = 20_000

/** `kubelet/client-kubelet.crt: certificate CN=… will expire within 90 days at 2024-05-15T17:23:55Z, …`, and `… expired at …`. */
function firstEnd(message: string): CertificateEvent['first'] {
  const named = message
    .slice(0, longestMessage)
    .matchAll(
      /([\w.-]{1,60}\/[\w.-]{1,80}): certificate [^\n]{1,400}? at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{1,6}?)(?=[,\s]|$)/g,
    )
  return [...named]
    .map(([, file = '', date = '']) => ({ file, notAfterMs: Date.parse(date) }))
    .filter(({ notAfterMs }) => !Number.isNaN(notAfterMs))
    .sort((one, other) => one.notAfterMs - other.notAfterMs)[0]
}

export function readCertificateEvent(object: ApiObject): CertificateEvent {
  const message = valueAt(object, 'message')
  const first = typeof message === 'string' ? firstEnd(message) : undefined
  const reason = textAt(object, 'reason')
  const seenMs =
    timeAt(object, 'lastTimestamp') ?? timeAt(object, 'eventTime') ?? timeAt(object, 'metadata', 'creationTimestamp')
  return {
    node: textAt(object, 'involvedObject', 'kind') === 'Node' ? textAt(object, 'involvedObject', 'name') : '',
    reason: reasons.find((one) => one === reason) ?? '',
    seenMs: seenMs ?? 0,
    ...(first === undefined ? {} : { first }),
  }
}

/** k3s complains since 1.30, and since the patches of April 2024 of the three minors before (k3s-io/k3s#9742, #9898, #9899). */
export function complains(kubeletVersion: string): boolean {
  const [, major, minor] = /^v(\d+)\.(\d+)\.\d+.*\+k3s/.exec(kubeletVersion) ?? []
  return major !== undefined && (Number(major) > 1 || Number(minor) >= 30)
}

/** Newest word of each kind about each node that exists. An OK after a restart ends the complaints before it. */
function newest(events: readonly CertificateEvent[], nodes: readonly NodeState[]): readonly CertificateEvent[] {
  const names = new Set(nodes.map(({ name }) => name))
  const okMs = new Map<string, number>()
  for (const { node, reason, seenMs } of events) {
    if (reason === 'CertificateExpirationOK') okMs.set(node, Math.max(seenMs, okMs.get(node) ?? 0))
  }
  const latest = new Map<string, CertificateEvent>()
  for (const event of events) {
    const { node, reason, seenMs } = event
    if (reason === '' || reason === 'CertificateExpirationOK' || !names.has(node)) continue
    if (seenMs < (okMs.get(node) ?? 0)) continue
    const before = latest.get(`${node} ${reason}`)
    if (before === undefined || before.seenMs <= seenMs) latest.set(`${node} ${reason}`, event)
  }
  return [...latest.values()]
}

export function judgeNodeEvents(
  events: readonly CertificateEvent[],
  nodes: readonly NodeState[],
  limits: DateLimits,
  authority: DateLimits,
): readonly Finding[] {
  const servers = new Set(nodes.filter(({ isServer }) => isServer).map(({ name }) => name))
  return newest(events, nodes).flatMap(({ node, reason, first }): readonly Finding[] => {
    const isAuthority = reason === 'CACertificateExpirationWarning'
    const { warnMs, failMs, nowMs } = isAuthority ? authority : limits
    const leftMs = first === undefined ? undefined : first.notAfterMs - nowMs
    if (leftMs !== undefined && leftMs >= warnMs) return []
    const unit = servers.has(node) ? 'k3s' : 'k3s-agent'
    const what = isAuthority ? 'a certificate authority' : 'a certificate'
    return [
      {
        namespace: '',
        subject: node,
        found:
          first === undefined
            ? `${what} of k3s needs attention`
            : `${line(first.file, 100)} ${leftMs !== undefined && leftMs <= 0 ? 'ended' : 'ends'} ${day(first.notAfterMs)}`,
        verdict: leftMs !== undefined && leftMs < failMs ? 'fail' : 'warn',
        cause: isAuthority
          ? 'authorities of k3s are made for ten years and are never renewed by themselves'
          : 'k3s renews certificates only when it starts, and this node has run for most of a year',
        remedy: isAuthority
          ? 'k3s certificate rotate-ca, see its documentation; every node and kubeconfig is concerned'
          : `on ${typeable(node, 'the node')}: sudo systemctl restart ${unit} (containers keep running)`,
      },
    ]
  })
}
