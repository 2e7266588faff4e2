import type { Check } from '../report/index.ts'
import { certificatesOf, sharesAuthority, shortHash, spkiHashes } from './spki.ts'

/**
 * The four places in which the authority of a kubeadm cluster is written down. When they disagree a join ends with `x509: certificate
 * signed by unknown authority`, after five minutes and without saying which of them is wrong.
 */
export interface AuthoritySources {
  /** The kubeconfig of this run. It has been believed a moment ago, when the runner read the cluster with it. */
  readonly kubeconfig: string
  /** kube-public/cluster-info, which kubeadm takes the authority from; undefined: it could not be read. */
  readonly clusterInfo?: string
  /** What was left on the host: path → certificates. kubeadm and the kubelet do not overwrite pki/ca.crt. */
  readonly host: Readonly<Record<string, string>>
  /** With whose authority the certificate can be checked that the host is shown; `unknown`: it could not be asked. */
  readonly served: 'kubeconfig' | 'cluster-info' | 'neither' | 'unknown'
}

export type StaleSource = 'kubeconfig' | 'cluster-info' | 'host' | 'address'

export interface AuthorityVerdict {
  /** Which place is wrong; undefined: they agree as far as they are known. */
  readonly stale?: StaleSource
  readonly check: Check
}

const id = 'kubeadm.ca'
const question = 'Do kubeconfig, cluster-info, host and server name the same certificate authority?'

function said(pem: string): string {
  const hashes = spkiHashes(pem)
  return hashes.length > 0 ? hashes.map(shortHash).join(' and ') : 'no readable certificate'
}

function evidenceOf(sources: AuthoritySources): readonly string[] {
  const served = {
    kubeconfig: 'signed by the authority of the kubeconfig',
    'cluster-info': 'signed by the authority of cluster-info, not by that of the kubeconfig',
    neither: 'signed by another authority than those of kubeconfig and cluster-info',
    unknown: 'not asked',
  }[sources.served]
  return [
    `kubeconfig: ${said(sources.kubeconfig)}`,
    `kube-public/cluster-info: ${sources.clusterInfo === undefined ? 'not read' : said(sources.clusterInfo)}`,
    ...Object.entries(sources.host).map(([path, pem]) => `${path} on the host: ${said(pem)}`),
    `the server as the host sees it: ${served}`,
  ]
}

function fail(stale: StaleSource, found: string, cause: string, remedy: string): AuthorityVerdict {
  return { stale, check: { id, verdict: 'fail', question, found, cause, remedy } }
}

/** A bundle of several is what an authority looks like while it is being changed. */
function rotation(sources: AuthoritySources): string {
  const count = Math.max(
    certificatesOf(sources.kubeconfig).length,
    sources.clusterInfo === undefined ? 0 : certificatesOf(sources.clusterInfo).length,
  )
  return count > 1 ? `; ${count} certificates, as while an authority is being changed: all of them are pinned` : ''
}

function judge(sources: AuthoritySources): AuthorityVerdict {
  const { kubeconfig, clusterInfo, host, served } = sources
  const isInfoSame = clusterInfo === undefined || sharesAuthority(clusterInfo, kubeconfig)
  if (served === 'neither') {
    return fail(
      'address',
      'the host is shown a certificate of another authority',
      'another server answers at that address through the host’s network, or something in between opens TLS',
      'compare `server` with the kubeconfig, and find out who answers there',
    )
  }
  if (!isInfoSame && served === 'cluster-info') {
    return fail(
      'kubeconfig',
      'server and cluster-info agree, and the kubeconfig names another authority',
      'the host reaches another server than the runner, or the kubeconfig is from before the authority was changed',
      'fetch the kubeconfig again from a control plane; check that `server` is of the same cluster',
    )
  }
  if (!isInfoSame) {
    return fail(
      'cluster-info',
      'kube-public/cluster-info names another authority than the one that the cluster has',
      // kubernetes/kubernetes#131080, kubernetes/website#42258
      'the authority was changed, and cluster-info is not renewed with it: kubeadm would wait five minutes and say x509: certificate signed by unknown authority',
      'on a control plane, once /etc/kubernetes/admin.conf is up to date: sudo kubeadm init phase bootstrap-token (writes cluster-info anew)',
    )
  }
  const stale = Object.entries(host).filter(([, pem]) => !sharesAuthority(pem, kubeconfig))
  if (stale.length > 0) {
    return fail(
      'host',
      `${stale.map(([path]) => path).join(' and ')} on the host ${stale.length === 1 ? 'is' : 'are'} of another authority`,
      'left by another cluster, or from before the authority was changed; kubeadm never overwrites pki/ca.crt, and logs and exec of such a node do not work',
      'when nothing of it is needed, on the host: sudo kubeadm reset -f; then press the button again',
    )
  }
  // kubeadm is content when one of them is pinned, and has the node believe all of them (pubkeypin, CheckAny).
  const known = new Set(spkiHashes(kubeconfig))
  const unknown = spkiHashes(clusterInfo ?? '').filter((hash) => !known.has(hash))
  if (unknown.length > 0) {
    return {
      check: {
        id,
        verdict: 'warn',
        question,
        found: `kube-public/cluster-info also names ${unknown.map(shortHash).join(' and ')}, which the kubeconfig does not know`,
        cause:
          'a node that joins believes servers of every authority in cluster-info; so it is while an authority is being changed, and else it should not be',
        remedy:
          'when no authority is being changed: find out who wrote it (managedFields), then on a control plane: sudo kubeadm init phase bootstrap-token',
      },
    }
  }
  const isPartial = clusterInfo === undefined || served === 'unknown'
  return {
    check: {
      id,
      verdict: 'pass',
      question,
      found: `${said(kubeconfig)}${rotation(sources)}${isPartial ? '; not every place could be asked' : ''}`,
    },
  }
}

/** Compares what is written down in the four places, names the one that is stale, and says how it is mended. Pure. */
export function judgeAuthorities(sources: AuthoritySources): AuthorityVerdict {
  const verdict = judge(sources)
  return { ...verdict, check: { ...verdict.check, evidence: evidenceOf(sources) } }
}
