import type { AccessRequest, KindReference, NodeState } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { distributionOf } from '../../distribution.ts'
import { gather, skipped, unanswered } from '../../gather.ts'
import type { CertificateDates, Suite, SuiteOutcome, VerifyEntry, VerifyPorts, VerifyWish } from '../../model.ts'
import { judgeIssuers, judgeManaged, readClusterIssuer, readIssuer, readManagedCertificate } from './cert-manager.ts'
import {
  authorityLimits,
  type DatedCertificate,
  type DateLimits,
  daysLeft,
  judgeDates,
  limitsOf,
  untilWords,
} from './dates.ts'
import { complains, judgeNodeEvents, monitorSelector, readCertificateEvent } from './node-events.ts'

const server = {
  id: 'certificates.server',
  suite: 'certificates',
  asks: 'Is the certificate of the API server valid for long enough?',
  severity: 'fail',
  mode: 'observe',
  remedy:
    'on the server: sudo systemctl restart k3s (renews what has less than 90 days left), or kubeadm certs renew all',
} as const satisfies VerifyEntry
const client = {
  id: 'certificates.client',
  suite: 'certificates',
  asks: 'Is the client certificate in the kubeconfig valid for long enough?',
  severity: 'fail',
  mode: 'observe',
  remedy:
    'restart k3s on the server (kubeadm: kubeadm certs renew admin.conf), fetch its kubeconfig again and store it where this one comes from',
} as const satisfies VerifyEntry
const authority = {
  id: 'certificates.authority',
  suite: 'certificates',
  asks: 'Is the certificate authority of the cluster valid for long enough?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'plan a rotation: k3s certificate rotate-ca, or kubeadm; every node and kubeconfig is concerned',
} as const satisfies VerifyEntry
const certManager = {
  id: 'certificates.cert-manager',
  suite: 'certificates',
  asks: 'Are all certificates of cert-manager ready and renewed in time?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'kubectl get certificates,issuers,clusterissuers --all-namespaces; cmctl status certificate <name>',
} as const satisfies VerifyEntry
const nodes = {
  id: 'certificates.nodes',
  suite: 'certificates',
  asks: "Are k3s's own certificates on every node valid for long enough?",
  severity: 'fail',
  mode: 'observe',
  remedy: 'on the node: sudo systemctl restart k3s-agent, on a server k3s (containers keep running)',
} as const satisfies VerifyEntry

/**
 * kubeadm renews with `kubeadm upgrade`, and otherwise by hand; its static pods read what is new when they start (kubernetes/website:
 * content/en/docs/tasks/administer-cluster/kubeadm/kubeadm-certs.md, "Manual certificate renewal").
 */
const remedies: Readonly<Record<VerifyWish['distribution'], Readonly<Record<string, string>>>> = {
  k3s: {},
  kubeadm: {
    [server.id]:
      'on every server: sudo kubeadm certs renew apiserver; then start its kube-apiserver anew: move its file out of /etc/kubernetes/manifests for 20 s and back',
    [client.id]:
      'on a server: sudo kubeadm certs renew admin.conf; fetch /etc/kubernetes/admin.conf again and store it where the kubeconfig comes from',
    [authority.id]:
      'plan a rotation by hand (kubernetes.io: Manual Rotation of CA Certificates); every node and kubeconfig is concerned',
  },
}

const managerGroup = 'cert-manager.io'
const eventKind: KindReference = { group: '', version: 'v1', resource: 'events' }

function dated(
  entry: VerifyEntry,
  certificates: readonly DatedCertificate[],
  limits: DateLimits,
  { severities, distribution }: VerifyWish,
): Check {
  const { id, asks } = entry
  const remedy = remedies[distribution][id] ?? entry.remedy
  return gather(id, asks, judgeDates(certificates, limits, remedy), untilWords(certificates), severities)
}

/** What the connection itself shows: server, client and authority. */
export function judgeConnection(dates: CertificateDates, limits: DateLimits, wish: VerifyWish): SuiteOutcome {
  const [shown, ...chain] = dates.server
  const authorities = [...dates.authority, ...chain]
  const first = Math.min(...authorities.map(({ notAfterMs }) => notAfterMs))
  return {
    checks: [
      shown === undefined
        ? skipped(server.id, server.asks, 'the connection shows no certificate')
        : dated(server, [shown], limits, wish),
      dates.client === undefined
        ? skipped(client.id, client.asks, 'the kubeconfig has none: its user has a token')
        : dated(client, [dates.client], limits, wish),
      authorities.length === 0
        ? skipped(authority.id, authority.asks, 'the kubeconfig names no authority of its own')
        : dated(authority, authorities, authorityLimits(limits), wish),
    ],
    metrics: {
      ...(shown === undefined ? {} : { 'certificate_days.server': daysLeft(shown.notAfterMs, limits.nowMs) }),
      ...(dates.client === undefined
        ? {}
        : { 'certificate_days.client': daysLeft(dates.client.notAfterMs, limits.nowMs) }),
      ...(authorities.length === 0 ? {} : { 'certificate_days.authority': daysLeft(first, limits.nowMs) }),
    },
  }
}

async function askCertManager({ lists }: VerifyPorts, wish: VerifyWish, limits: DateLimits): Promise<Check> {
  const { id, asks } = certManager
  try {
    const [version] = await lists.versionsOf(managerGroup)
    if (version === undefined) return skipped(id, asks, 'this cluster has no cert-manager')
    const kind = (resource: string): KindReference => ({ group: managerGroup, version, resource })
    const [certificates = [], issuers = [], clusterIssuers = []] = await Promise.all([
      lists.of(kind('certificates'), readManagedCertificate),
      lists.of(kind('issuers'), readIssuer),
      lists.of(kind('clusterissuers'), readClusterIssuer),
    ])
    const findings = [
      ...judgeManaged(certificates, limits),
      ...judgeIssuers([...issuers, ...clusterIssuers], limits.nowMs),
    ]
    const passed = `${certificates.length} certificates, ${issuers.length + clusterIssuers.length} issuers`
    return gather(id, asks, findings, passed, wish.severities)
  } catch (error) {
    return unanswered(id, asks, error)
  }
}

async function askNodes({ lists }: VerifyPorts, wish: VerifyWish, limits: DateLimits): Promise<Check> {
  const { id, asks } = nodes
  try {
    const seen = (await lists.nodes()).filter(({ name }) => wish.nodes.length === 0 || wish.nodes.includes(name))
    const speaking = seen.filter(({ kubeletVersion }) => complains(kubeletVersion))
    if (speaking.length === 0) return skipped(id, asks, silent(seen, wish))
    const options = { namespace: 'default', fieldSelector: monitorSelector }
    const events = (await lists.of(eventKind, readCertificateEvent, options)) ?? []
    const findings = judgeNodeEvents(events, speaking, limits, authorityLimits(limits))
    return gather(id, asks, findings, passedWords(speaking, seen), wish.severities)
  } catch (error) {
    return unanswered(id, asks, error)
  }
}

function silent(seen: readonly NodeState[], { distribution }: VerifyWish): string {
  const isKubeadm = seen.every(({ kubeletVersion }) => distributionOf(kubeletVersion, distribution) === 'kubeadm')
  const words = 'only k3s, from v1.30 on, tells the API of its certificates'
  return isKubeadm ? `${words}; a kubelet of kubeadm renews its own` : words
}

function passedWords(speaking: readonly NodeState[], seen: readonly NodeState[]): string {
  const silent = seen.length - speaking.length
  return `k3s complains on none of ${speaking.length} nodes${silent === 0 ? '' : `; ${silent} more do not tell`}`
}

async function verify(ports: VerifyPorts, wish: VerifyWish): Promise<SuiteOutcome> {
  const dates = await ports.certificates()
  const limits = limitsOf(wish, ports.lists.serverTimeMs())
  const { checks, metrics } = judgeConnection(dates, limits, wish)
  const [managed, own] = await Promise.all([askCertManager(ports, wish, limits), askNodes(ports, wish, limits)])
  return { checks: [...checks, managed, own], ...(metrics === undefined ? {} : { metrics }) }
}

function access(): readonly AccessRequest[] {
  return [
    ...['certificates', 'issuers', 'clusterissuers'].map((resource) => ({
      verb: 'list',
      group: managerGroup,
      resource,
    })),
    { verb: 'list', group: '', resource: 'nodes' },
    { verb: 'list', group: '', resource: 'events', namespace: 'default' },
  ]
}

/** Everything that ends by itself on some day. */
export const certificatesSuite: Suite = {
  name: 'certificates',
  entries: [server, client, authority, certManager, nodes],
  access,
  verify,
}
