import { createHmac, timingSafeEqual } from 'node:crypto'
import { parse } from 'yaml'

/** Longer than any of these documents is: they are somebody else's text. */
const longestText = 256 * 1024

type Fields = Readonly<Record<string, unknown>>

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A YAML document as fields; empty when it cannot be read. No aliases: nothing grows while it is read. */
function yamlFields(document: string): Fields {
  if (document.length > longestText) return {}
  try {
    return fields(parse(document, { maxAliasCount: 0, logLevel: 'error' }))
  } catch {
    return {}
  }
}

/** The one cluster in the kubeconfig of kube-public/cluster-info: where the kubelet will connect, and whom it will believe. */
export interface ClusterInfo {
  /** `https://host:port`; empty: it names none. */
  readonly server: string
  /** Empty: it names none. */
  readonly caPem: string
}

/** Reads `data.kubeconfig` of cluster-info. Undefined when it holds no cluster, or several, which kubeadm refuses. Pure. */
export function parseClusterInfo(kubeconfig: string): ClusterInfo | undefined {
  const { clusters } = yamlFields(kubeconfig)
  // kubeadm: `expected the kubeconfig file in the cluster-info ConfigMap to have a single cluster` (cmd/kubeadm/app/discovery/token).
  const [only, ...others]: readonly unknown[] = Array.isArray(clusters) ? clusters : []
  if (others.length > 0) return undefined
  const cluster = fields(fields(only).cluster)
  const server = text(cluster.server).slice(0, 512)
  const data = text(cluster['certificate-authority-data'])
  if (server === '' && data === '') return undefined
  return { server, caPem: Buffer.from(data, 'base64').toString('utf8') }
}

/** What kubeadm reads of kube-system/kubeadm-config. Undefined: it holds no ClusterConfiguration. Pure. */
export function parseKubeadmConfig(
  data: Readonly<Record<string, unknown>>,
): { version: string; controlPlaneEndpoint: string } | undefined {
  const document = text(data.ClusterConfiguration)
  if (document === '') return undefined
  const read = yamlFields(document)
  return {
    version: text(read.kubernetesVersion).slice(0, 64),
    controlPlaneEndpoint: text(read.controlPlaneEndpoint).slice(0, 512),
  }
}

/** What every kubelet that joins is given, with kubelet's and kubeadm's own defaults where nothing is written. Pure. */
export function parseKubeletConfig(
  data: Readonly<Record<string, unknown>>,
): { cgroupDriver: string; failSwapOn: boolean } | undefined {
  const document = text(data.kubelet)
  if (document === '') return undefined
  const read = yamlFields(document)
  return { cgroupDriver: text(read.cgroupDriver).slice(0, 32) || 'systemd', failSwapOn: read.failSwapOn !== false }
}

/** The key of `data` under which the signature of a token stands. */
export function signatureKey(tokenId: string): string {
  return `jws-kubeconfig-${tokenId}`
}

const base64url = (value: string): string => Buffer.from(value, 'utf8').toString('base64url')

/**
 * The detached signature that the bootstrap signer writes for a token: a JWS with HS256, key id and secret of the token, without its
 * content (k8s.io/cluster-bootstrap/token/jws). Pure.
 */
export function detachedSignature(content: string, tokenId: string, tokenSecret: string): string {
  const header = base64url(`{"alg":"HS256","kid":"${tokenId}"}`)
  const signature = createHmac('sha256', tokenSecret)
    .update(`${header}.${base64url(content)}`)
    .digest('base64url')
  return `${header}..${signature}`
}

/** Whether cluster-info was signed by who knows this token, as kubeadm compares it. Pure. */
export function isSignedBy(signature: string, content: string, tokenId: string, tokenSecret: string): boolean {
  const [one, other] = [signature, detachedSignature(content, tokenId, tokenSecret)].map((part) => Buffer.from(part))
  return one !== undefined && other !== undefined && one.length === other.length && timingSafeEqual(one, other)
}
