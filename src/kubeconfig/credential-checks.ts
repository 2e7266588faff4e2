import { quote } from '../cluster-file/index.ts'
import { type Check, count, formatDuration } from '../report/index.ts'
import { authorityCheck, type CredentialPolicy, compareClocks, warnBelowMs, when } from './authority-check.ts'
import { certificatesOf, privateKeyOf } from './certificates.ts'
import type { KubeconfigReading, SelectedKubeconfig, Validity } from './model.ts'
import { commonName, leadsTo } from './trust.ts'
import { type Period, periodsOf } from './validity.ts'

function storeAgain({ storeCommand }: CredentialPolicy): string {
  return storeCommand === undefined ? 'put the new one in its place' : `store the new one: ${storeCommand}`
}

function renew(policy: CredentialPolicy): string {
  return `a copy is renewed only at the server: restart k3s there (it renews what ends within 120 days), take /etc/rancher/k3s/k3s.yaml anew, and ${storeAgain(policy)}`
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
  const authorities = certificatesOf(selected.caPem, 'certificate-authority-data', `cluster ${quote(selected.cluster)}`)
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
