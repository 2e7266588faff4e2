import type { X509Certificate } from 'node:crypto'
import { quote } from '../cluster-file/index.ts'
import { type Check, count, formatDuration } from '../report/index.ts'
import { certificatesOf } from './certificates.ts'
import type { SelectedKubeconfig } from './model.ts'
import { commonName, fingerprint, isBelongingTo } from './trust.ts'

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
export const warnBelowMs = 60 * dayMs

export const compareClocks = 'compare the clocks of this runner and of the server'

/** RFC 3339. */
export function when(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

/** `kubeconfig.ca`: the certificates that the server is judged by. Pure. */
export function authorityCheck(selected: SelectedKubeconfig, policy: CredentialPolicy): Check {
  const check = { id: 'kubeconfig.ca', question: 'Is the certificate authority the expected one, and valid?' }
  const bundle = certificatesOf(selected.caPem, 'certificate-authority-data', `cluster ${quote(selected.cluster)}`)
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
