import { type Check, formatDuration } from '../report/index.ts'
import type { AccessQuestion, ProbeStage, ServerProbe } from './model.ts'
import { questionOf } from './registry.ts'
import { authorityOf, dnsWords, httpWords, tcpWords, tlsWords, type Way, type Words } from './server-words.ts'

export interface ServerCheckContext extends Way {
  /** Empty: any cluster will do. */
  readonly expectClusterUid: string
  readonly purpose: 'any' | 'join' | 'remove' | 'verify' | 'deploy'
  /** The command that stores a fresh kubeconfig where this one came from; absent: it came from a file. */
  readonly setCommand?: string
}

/** What a clock may differ, milliseconds: as for a host that joins. */
const maximumSkewMs = 30_000
const soonMs = 30 * 24 * 3600_000

function check(id: string, verdict: Check['verdict'], found: string, rest: Partial<Check> = {}): Check {
  return { id, verdict, question: questionOf(id), found, ...rest }
}

function failing(id: string, words: Words, { evidence }: ProbeStage): Check {
  const { found, cause, remedy } = words
  return check(id, 'fail', found, { cause, remedy, ...(evidence.length > 0 && { evidence }) })
}

const passing = (id: string, found: string, { evidence }: ProbeStage): Check =>
  check(id, 'pass', found, evidence.length > 0 ? { evidence } : {})

const notAsked = (id: string, why: string): Check => check(id, 'skip', `not asked: ${why}`)

/** Stages in their order: what is behind one that failed was not asked. */
function stageCheck(id: string, stage: ProbeStage, passed: string, words: () => Words, failedBefore: string): Check {
  if (stage.outcome === 'pass') return passing(id, passed, stage)
  if (stage.outcome === 'fail') return failing(id, words(), stage)
  return notAsked(id, failedBefore === '' ? 'something before it failed' : `${failedBefore} failed`)
}

function dnsCheck(probe: ServerProbe): Check {
  const { host } = authorityOf(probe.server)
  if (probe.dns.reason === 'address') return check('server.dns', 'pass', `${host} is an address, nothing to resolve`)
  return stageCheck('server.dns', probe.dns, `${host} resolves`, () => dnsWords(probe), failedBefore(probe, 'dns'))
}

function tlsCheck(probe: ServerProbe): Check {
  const id = 'server.tls'
  const { serverCertificateExpiresAtMs: endMs, runnerTimeMs: nowMs, tls } = probe
  if (tls.outcome === 'pass' && endMs !== undefined && nowMs !== undefined && endMs - nowMs < soonMs) {
    return check(id, 'warn', `the server's certificate is verified, and ends in ${formatDuration(endMs - nowMs)}`, {
      cause: 'a k3s server renews its certificates only when it starts, within 120 days before their end',
      remedy: 'restart the k3s server: systemctl restart k3s',
      evidence: tls.evidence,
    })
  }
  return stageCheck(id, tls, "the server's certificate is verified", () => tlsWords(probe), failedBefore(probe, 'tls'))
}

const stagesInOrder = ['dns', 'tcp', 'tls', 'http'] as const

/** Id of the check that ended the way before a stage; empty: none did. */
function failedBefore(probe: ServerProbe, stage: (typeof stagesInOrder)[number] | 'authentication'): string {
  const before = stage === 'authentication' ? stagesInOrder : stagesInOrder.slice(0, stagesInOrder.indexOf(stage))
  // Damaged credentials end the way before it begins.
  const first = [...before, 'tls' as const].find((one) => probe[one].outcome === 'fail')
  return first === undefined ? '' : `server.${first}`
}

function httpCheck(probe: ServerProbe): Check {
  const id = 'server.http'
  if (probe.http.reason === 'client-certificate-refused') return notAsked(id, 'server.authentication failed')
  const version = probe.version === undefined ? 'an API server answers' : `Kubernetes ${probe.version} answers`
  return stageCheck(id, probe.http, version, () => httpWords(probe), failedBefore(probe, 'http'))
}

/** How credentials that are no longer taken are renewed. k3s discussion 10024: copies are not renewed. */
function renewal({ setCommand }: ServerCheckContext): string {
  const fresh =
    'take a fresh copy from the server: /etc/rancher/k3s/k3s.yaml, whose certificate k3s renews when it restarts within 120 days before its end'
  return setCommand === undefined ? fresh : `${fresh}; then store it: ${setCommand}`
}

function authenticationCheck(probe: ServerProbe, context: ServerCheckContext): Check {
  const id = 'server.authentication'
  const stage = probe.authentication
  if (stage.reason === 'exec')
    return notAsked(id, 'these credentials would have to run a program first, and this action runs none')
  if (stage.outcome === 'pass') return passing(id, 'the server accepts these credentials', stage)
  if (stage.outcome === 'skip')
    return notAsked(id, `${failedBefore(probe, 'authentication') || 'an earlier check'} failed`)
  const remedy = renewal(context)
  switch (stage.reason) {
    case 'unauthorised':
    case 'client-certificate-refused': {
      const cause =
        'the token or client certificate has expired, was revoked, or belongs to another cluster or to this one before its CA was changed'
      return failing(id, { found: 'the server does not accept these credentials', cause, remedy }, stage)
    }
    case 'anonymous': {
      const found = 'the server sees nobody: it treats these credentials as none'
      const cause = 'a proxy that ends TLS in front of the API server takes client certificates away'
      const around = 'reach the API server itself, around the proxy: give `server`, or `connect: tunnel`'
      return failing(id, { found, cause, remedy: around }, stage)
    }
    default:
      return check(id, 'error', 'could not be asked: the server answered /version, and nothing after it', {
        cause: 'the API server is overloaded or restarting',
        remedy: 'run it again in a minute',
        evidence: stage.evidence,
      })
  }
}

export function rightInWords({ verb, group, resource, namespace, name }: AccessQuestion): string {
  if (verb === '*' && resource === '*') return 'everything'
  const what = `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`}`
  return `${verb} ${what}${namespace === undefined ? '' : ` in ${namespace}`}`
}

const rightsRemedies: Readonly<Record<ServerCheckContext['purpose'], string>> = {
  any: 'see the evidence',
  join: 'apply manifests/k3s-join-rbac.yaml as an administrator: kubectl apply -f manifests/k3s-join-rbac.yaml',
  remove: 'apply manifests/remove-node-rbac.yaml as an administrator: kubectl apply -f manifests/remove-node-rbac.yaml',
  verify: 'apply manifests/verify-rbac.yaml as an administrator: kubectl apply -f manifests/verify-rbac.yaml',
  deploy:
    'use a kubeconfig whose user is bound to the ClusterRole cluster-admin, or `purpose: any` for one with fewer rights',
}

function accessCheck(probe: ServerProbe, context: ServerCheckContext): Check {
  const id = 'server.access'
  if (probe.authentication.outcome !== 'pass') return notAsked(id, 'it is not known who these credentials are')
  if (probe.access.length === 0) return notAsked(id, '`purpose` names nothing that rights are needed for')
  const remedy = rightsRemedies[context.purpose]
  // Administrators' rights are asked for in `verify` to know that they are not there.
  const isExcess = (one: AccessQuestion) => context.purpose === 'verify' && one.verb === '*'
  const needed = probe.access.filter((one) => !isExcess(one))
  const missing = needed.filter((one) => !one.allowed && one.isUnanswered !== true)
  if (missing.length > 0) {
    return check(id, 'fail', `may not: ${missing.map(rightInWords).join(', ')}`, {
      cause: 'a rule for it is missing in the cluster',
      remedy,
      evidence: missing.filter(({ reason }) => reason !== '').map((one) => `${rightInWords(one)}: ${one.reason}`),
    })
  }
  const unanswered = needed.filter((one) => one.isUnanswered === true)
  if (unanswered.length > 0) {
    return check(id, 'error', `the server did not say about: ${unanswered.map(rightInWords).join(', ')}`, {
      cause: 'the API server is overloaded or restarting, or an authorizer behind it does not answer',
      remedy: 'run it again; later steps say by themselves what they may not do',
      evidence: unanswered.map((one) => `${rightInWords(one)}: ${one.reason}`),
    })
  }
  if (probe.access.some((one) => isExcess(one) && one.allowed)) {
    return check(id, 'warn', 'may do everything, and this job only reads', {
      cause: "an administrator's kubeconfig is in the hands of a job that does not need it",
      remedy:
        'apply manifests/verify-rbac.yaml, store a kubeconfig of its account, and name it in `read-only-property`',
    })
  }
  return check(id, 'pass', `may: ${needed.map(rightInWords).join(', ')}`)
}

function clockCheck({ serverTimeMs, runnerTimeMs }: ServerProbe): Check {
  const id = 'server.clock'
  if (serverTimeMs === undefined || runnerTimeMs === undefined) return notAsked(id, 'the server gave no time')
  // The Date header counts whole seconds: the server's clock is up to one second further.
  const aheadMs =
    runnerTimeMs < serverTimeMs ? runnerTimeMs - serverTimeMs : Math.max(0, runnerTimeMs - serverTimeMs - 999)
  const evidence = [`Date: ${new Date(serverTimeMs).toISOString()}`, `runner: ${new Date(runnerTimeMs).toISOString()}`]
  if (Math.abs(aheadMs) <= maximumSkewMs) return check(id, 'pass', 'runner and server agree', { evidence })
  const found = `the runner is ${formatDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} the API server`
  return check(id, 'warn', found, {
    cause: 'one of the two clocks is wrong: certificates and tokens begin and end at another time there than here',
    remedy: 'sudo timedatectl set-ntp true, on the one that is wrong',
    evidence,
  })
}

const unreadable: Readonly<Record<string, readonly [cause: string, remedy: string]>> = {
  forbidden: [
    'these credentials may not get the namespace kube-system',
    'apply manifests/k3s-join-rbac.yaml or manifests/verify-rbac.yaml again: both allow it since this version',
  ],
  'not-found': [
    'there is no namespace kube-system: this is no ordinary cluster',
    'compare the cluster with `expect-ca-sha256` instead',
  ],
  unauthorised: ['the server does not accept these credentials', 'see server.authentication'],
}

function clusterCheck(probe: ServerProbe, { expectClusterUid }: ServerCheckContext): Check {
  const id = 'cluster.uid'
  const expected = expectClusterUid.trim().toLowerCase()
  const { clusterUid, clusterUidReason = '' } = probe
  if (clusterUid !== undefined) {
    if (expected === '') return check(id, 'pass', `${clusterUid} (nothing was expected)`)
    if (clusterUid.toLowerCase() === expected) return check(id, 'pass', clusterUid)
    return check(id, 'fail', `another cluster: ${clusterUid}`, {
      cause: `${expected} was expected. The kubeconfig leads to another cluster, or this one was installed anew`,
      remedy:
        'compare with the cluster you mean: kubectl get namespace kube-system -o jsonpath={.metadata.uid}; change `expect-cluster-uid` only when the cluster was meant to change',
    })
  }
  const [cause, remedy] = unreadable[clusterUidReason] ?? ['the server was not reached', 'see the checks before']
  if (expected === '') return notAsked(id, cause)
  // Fail closed: an expectation that cannot be proven is none that holds.
  return check(id, 'fail', 'it cannot be told whether this is the expected cluster', { cause, remedy })
}

/** What the probe found, as checks in the order in which the server was reached. Pure; texts may quote the server. */
export function serverChecks(probe: ServerProbe, context: ServerCheckContext): readonly Check[] {
  const { authority } = authorityOf(probe.server)
  const tcp = stageCheck(
    'server.tcp',
    probe.tcp,
    `${authority} takes connections`,
    () => tcpWords(probe, context),
    failedBefore(probe, 'tcp'),
  )
  return [
    dnsCheck(probe),
    tcp,
    tlsCheck(probe),
    httpCheck(probe),
    authenticationCheck(probe, context),
    accessCheck(probe, context),
    clockCheck(probe),
    clusterCheck(probe, context),
  ]
}
