import type { X509Certificate } from 'node:crypto'
import { quote } from '../cluster-file/index.ts'
import { type Check, count, formatDuration } from '../report/index.ts'
import { certificatesOf, privateKeyOf } from './certificates.ts'
import type { KubeconfigReading, SelectedKubeconfig, Validity } from './model.ts'
import { type Period, periodsOf } from './validity.ts'

export interface CredentialPolicy {
  readonly nowMs: number
  readonly minValidityMs: number
  /** Hex, with or without `sha256:` and colons; empty: any. */
  readonly expectCaSha256: string
  /** The command that stores a kubeconfig where this one came from; absent: it lay on the runner. */
  readonly storeCommand?: string
}

const dayMs = 24 * 3600_000
/** k3s renews a certificate at its start only, from 120 days before its end (k3s-io/k3s#12171): two months are one chance to do it in peace. */
const warnBelowMs = 60 * dayMs

function storeAgain({ storeCommand }: CredentialPolicy): string {
  return storeCommand === undefined ? 'put the new one in its place' : `store the new one: ${storeCommand}`
}

function renew(policy: CredentialPolicy): string {
  return `a copy is renewed only at the server: restart k3s there (it renews what ends within 120 days), take /etc/rancher/k3s/k3s.yaml anew, and ${storeAgain(policy)}`
}

const compareClocks = 'compare the clocks of this runner and of the server'

function when(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

function certificatesIn(selected: SelectedKubeconfig): readonly [X509Certificate, ...X509Certificate[]] {
  return certificatesOf(selected.caPem, 'certificate-authority-data', `cluster ${quote(selected.cluster)}`)
}

/** Names in a certificate are whoever's text; renderers escape them, and lines of a subject become one. */
function commonName(subject: string): string {
  return /(?:^|\n)CN=([^\n]*)/.exec(subject)?.[1] ?? ''
}

function datesCheck(selected: SelectedKubeconfig, validity: Validity, policy: CredentialPolicy): Check {
  const check = { id: 'kubeconfig.credentials', question: 'Are the credentials valid, and for long enough?' }
  const { nowMs, minValidityMs } = policy
  const periods = periodsOf(selected)
  const evidence = periods.map(
    ({ kind, notBeforeMs, expiresAtMs }) =>
      `${kind}: ${notBeforeMs === undefined ? '' : `from ${when(notBeforeMs)} `}${expiresAtMs === undefined ? 'without an end' : `until ${when(expiresAtMs)}`}`,
  )
  const { notBeforeMs, expiresAtMs } = validity
  const ending: Period | undefined = periods.find(
    (one) => one.expiresAtMs !== undefined && one.expiresAtMs === expiresAtMs,
  )
  const what = ending?.kind ?? 'token'
  const remedy = what === 'client certificate' ? renew(policy) : `make a new token, and ${storeAgain(policy)}`
  if (notBeforeMs !== undefined && notBeforeMs > nowMs) {
    const found = `not yet valid: they begin in ${formatDuration(notBeforeMs - nowMs)}`
    const cause = 'the clock of this runner is behind, or that of the server was ahead when they were made'
    return { ...check, verdict: 'fail', found, cause, remedy: compareClocks, evidence }
  }
  if (expiresAtMs === undefined) {
    if (periods.length > 0) return { ...check, verdict: 'pass', found: 'they have no end', evidence }
    const words = {
      token: 'a token that shows no dates',
      password: 'a password',
      exec: 'made by a program',
      'client-certificate': '',
    }
    return { ...check, verdict: 'skip', found: `only the server knows: ${words[selected.credentials.kind]}` }
  }
  const leftMs = expiresAtMs - nowMs
  if (leftMs <= 0) {
    const found = `the ${what} expired ${formatDuration(-leftMs)} ago`
    const cause =
      what === 'client certificate'
        ? 'client certificates of k3s live a year, and only those on the server are renewed, not the copies of them'
        : 'tokens with an end are made for one use'
    return { ...check, verdict: 'fail', found, cause, remedy, evidence }
  }
  const found = `the ${what} ends in ${formatDuration(leftMs)}`
  if (leftMs < minValidityMs) {
    const cause = `min-validity asks for ${formatDuration(minValidityMs)}: it may end while later steps run`
    return { ...check, verdict: 'fail', found, cause, remedy, evidence }
  }
  if (what === 'client certificate' && leftMs < warnBelowMs) {
    const cause = 'client certificates of k3s live a year, and only those on the server are renewed'
    return { ...check, verdict: 'warn', found, cause, remedy, evidence }
  }
  return { ...check, verdict: 'pass', found, evidence }
}

function keyCheck({ credentials, user }: SelectedKubeconfig, policy: CredentialPolicy): Check {
  const check = { id: 'kubeconfig.key', question: 'Does the private key belong to the client certificate?' }
  if (credentials.kind !== 'client-certificate')
    return { ...check, verdict: 'skip', found: 'there is no client certificate' }
  const where = `user ${quote(user)}`
  const [leaf] = certificatesOf(credentials.certificatePem, 'client-certificate-data', where)
  if (leaf.checkPrivateKey(privateKeyOf(credentials.keyPem, where))) return { ...check, verdict: 'pass', found: 'yes' }
  return {
    ...check,
    verdict: 'fail',
    found: 'no: it belongs to another certificate',
    cause: 'certificate and key come from two kubeconfigs, or one of them was renewed and the other was not',
    remedy: `take both from one file at one time: kubectl config view --raw --flatten --minify; ${storeAgain(policy)}`,
  }
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  } catch {
    // An algorithm that this OpenSSL does not know.
    return false
  }
}

/** Whether one of `authorities` signed the certificate, directly or through `between`. */
function leadsTo(
  leaf: X509Certificate,
  between: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): boolean {
  if (authorities.some((one) => one.raw.equals(leaf.raw) || isIssuedBy(leaf, one))) return true
  const issuer = between.find((one) => isIssuedBy(leaf, one))
  return (
    issuer !== undefined &&
    leadsTo(
      issuer,
      between.filter((one) => one !== issuer),
      authorities,
    )
  )
}

/** Seconds in `k3s-client-ca@1700000000`: k3s names the authorities that it makes after the second (pkg/daemons/control/deps, createSigningCertKey). */
function k3sBirth(name: string, kind: 'client' | 'server'): number | undefined {
  const seconds = new RegExp(`^(?:k3s|rke2)-${kind}-ca@(\\d{1,12})$`).exec(name)?.[1]
  return seconds === undefined ? undefined : Number(seconds)
}

function chainCheck(selected: SelectedKubeconfig): Check {
  const check = {
    id: 'kubeconfig.chain',
    question: 'Do client certificate and certificate authority belong to one cluster?',
  }
  const { credentials } = selected
  if (credentials.kind !== 'client-certificate')
    return { ...check, verdict: 'skip', found: 'there is no client certificate' }
  const where = `user ${quote(selected.user)}`
  const [leaf, ...between] = certificatesOf(credentials.certificatePem, 'client-certificate-data', where)
  const authorities = certificatesIn(selected)
  if (leadsTo(leaf, between, authorities)) return { ...check, verdict: 'pass', found: 'the one signed the other' }
  const [issuer, authority] = [commonName(leaf.issuer), commonName(authorities[0].subject)]
  const [client, server] = [k3sBirth(issuer, 'client'), k3sBirth(authority, 'server')]
  const evidence = [`client certificate issued by ${issuer}`, `certificate authority: ${authority}`]
  // Both are made at the first start of the first server, within seconds.
  if (client !== undefined && server !== undefined && Math.abs(client - server) <= 60) {
    return {
      ...check,
      verdict: 'pass',
      found: 'k3s has an authority for clients and one for servers; these two were made together',
      evidence,
    }
  }
  return {
    ...check,
    verdict: 'warn',
    found: 'another authority signed the client certificate',
    cause:
      'k3s has separate authorities for clients and servers, so this may be as it should; or the parts come from two clusters',
    remedy: 'nothing, when the server accepts the credentials; else take the kubeconfig anew from the server',
    evidence,
  }
}

/**
 * Whether trusting `other` is no trust beside the one in `pinned`: it signed that itself, or was signed by it, through others of the bundle too.
 * Upwards through others proves nothing: anybody can make a certificate for the pinned one's name and public key, and sign it.
 */
function isBelongingTo(pinned: X509Certificate, other: X509Certificate, bundle: readonly X509Certificate[]): boolean {
  return isIssuedBy(pinned, other) || leadsTo(other, bundle, [pinned])
}

function fingerprint(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase()
}

function authorityCheck(selected: SelectedKubeconfig, policy: CredentialPolicy): Check {
  const check = { id: 'kubeconfig.ca', question: 'Is the certificate authority the expected one, and valid?' }
  const bundle = certificatesIn(selected)
  const evidence = bundle.map(
    (one) => `${commonName(one.subject)}: until ${when(one.validToDate.getTime())}, sha256 ${fingerprint(one)}`,
  )
  const otherCluster =
    'take the kubeconfig anew from the server of the cluster that is meant; when its CA was rotated on purpose, change expect-ca-sha256'
  const expected = policy.expectCaSha256
    .toLowerCase()
    .replace(/^sha-?256:/, '')
    .replaceAll(/[:\s]/g, '')
  if (expected !== '') {
    const found = bundle.find((one) => fingerprint(one) === expected)
    if (found === undefined) {
      const cause = /^[0-9a-f]{64}$/.test(expected)
        ? `expected sha256 ${expected}: this is another cluster, or its CA was rotated`
        : 'expect-ca-sha256 is no SHA-256 in hex'
      return {
        ...check,
        verdict: 'fail',
        found: `sha256 ${fingerprint(bundle[0])}`,
        cause,
        remedy: otherCluster,
        evidence,
      }
    }
    const stranger = bundle.find((one) => !one.raw.equals(found.raw) && !isBelongingTo(found, one, bundle))
    if (stranger !== undefined) {
      const cause =
        'beside the expected certificate it holds one that neither signed it nor was signed by it; servers of both would be trusted'
      return {
        ...check,
        verdict: 'fail',
        found: `also trusts sha256 ${fingerprint(stranger)}`,
        cause,
        remedy: `${otherCluster}; of a chain, expect its root`,
        evidence,
      }
    }
  }
  const isUnborn = (one: X509Certificate): boolean => one.validFromDate.getTime() > policy.nowMs
  const ended = bundle.filter((one) => one.validToDate.getTime() <= policy.nowMs)
  if (bundle.every(isUnborn)) {
    const cause = 'the clock of this runner is behind, or that of the server was ahead when it was made'
    return { ...check, verdict: 'fail', found: 'not yet valid', cause, remedy: compareClocks, evidence }
  }
  const lastMs = Math.max(...bundle.map((one) => one.validToDate.getTime()))
  if (ended.length === bundle.length) {
    const cause = 'no server certificate that it signed can be verified any more'
    return {
      ...check,
      verdict: 'fail',
      found: `expired ${formatDuration(policy.nowMs - lastMs)} ago`,
      cause,
      remedy: 'rotate the CA of the cluster (k3s certificate rotate-ca), then store the new kubeconfig',
      evidence,
    }
  }
  const found = `ends in ${formatDuration(lastMs - policy.nowMs)}${expected === '' ? '' : ', as expected'}`
  if (ended.length > 0) {
    return {
      ...check,
      verdict: 'warn',
      found: `${count(ended.length, 'certificate')} of its bundle expired; the last ${found}`,
      cause: 'the bundle is from before a rotation',
      remedy: 'take the kubeconfig anew from the server',
      evidence,
    }
  }
  if (lastMs - policy.nowMs < warnBelowMs) {
    return {
      ...check,
      verdict: 'warn',
      found,
      cause: 'a CA of k3s lives ten years and is not renewed by itself',
      remedy: 'plan its rotation: k3s certificate rotate-ca',
      evidence,
    }
  }
  return { ...check, verdict: 'pass', found, evidence }
}

/** What the kubeconfig says of itself, judged without asking anybody. `selected` has passed `readKubeconfig`. Pure. */
export function credentialChecks(
  selected: SelectedKubeconfig,
  validity: Validity,
  policy: CredentialPolicy,
): readonly Check[] {
  return [
    datesCheck(selected, validity, policy),
    keyCheck(selected, policy),
    chainCheck(selected),
    authorityCheck(selected, policy),
  ]
}

/** More names than this help nobody. */
const mostNames = 10

/** `kubeconfig.contexts`: what was in it besides the chosen context. Pure. */
export function contextsCheck({ selected, dropped }: KubeconfigReading): Check {
  const check = { id: 'kubeconfig.contexts', question: 'Does the kubeconfig hold this context alone?' }
  const others = Object.entries(dropped).filter(([, names]) => names.length > 0)
  if (others.length === 0) return { ...check, verdict: 'pass', found: `yes, ${quote(selected.context)}` }
  const words = others.map(([list, names]) => count(names.length, `more ${list.slice(0, -1)}`)).join(', ')
  return {
    ...check,
    verdict: 'warn',
    found: `no: ${words}`,
    cause: 'whoever reads the property reads the credentials of the others, too; none of them is written here',
    remedy: 'store one context alone: kubectl config view --raw --flatten --minify --context NAME',
    evidence: others.map(
      ([list, names]) =>
        `${list}: ${names
          .slice(0, mostNames)
          .map((name) => quote(name))
          .join(', ')}${names.length > mostNames ? ' …' : ''}`,
    ),
  }
}
