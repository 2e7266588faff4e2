import { Document } from 'yaml'
import type { DesiredNode } from '../cluster-file/index.ts'
import { formatTaint } from '../kubernetes/index.ts'
import type { JoinTarget } from './model.ts'

export interface JoinConfiguration {
  readonly desired: Pick<DesiredNode, 'node' | 'nodeIp' | 'taints' | 'extraConfig'>
  readonly target: JoinTarget
  /** `id.secret`. */
  readonly token: string
  /** As `kubeadmMinor`: 131 for v1.31.4; undefined: unknown, and taken for a recent one. */
  readonly kubeadmMinor: number | undefined
  /** Undefined: kubeadm finds the one that is there. */
  readonly criSocket?: string | undefined
  /** kubeadm's own names, e.g. `Swap`; never `all`. */
  readonly ignoredErrors: readonly string[]
  /** How long kubeadm waits for the kubelet and its certificate: longer than this run does, so that the run judges. */
  readonly limitMs: number
}

/** v1beta4 came with kubeadm 1.31 (kubernetes cmd/kubeadm/app/apis/kubeadm/v1beta4/doc.go). */
const firstV1beta4Minor = 131
/** The handshake has just read cluster-info with its signature through the host's own network. kubeadm's default is 5 min. */
const discoveryLimit = '20s'

/** Arguments of the kubelet; a list gives the same argument several times, which only v1beta4 can say. */
function kubeletArguments({ nodeIp, extraConfig }: JoinConfiguration['desired']): { name: string; value: string }[] {
  const given = Object.entries(extraConfig).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => ({ name: name.replace(/^-+/, ''), value: String(one) })),
  )
  return [...(nodeIp ? [{ name: 'node-ip', value: nodeIp }] : []), ...given].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  )
}

function registration(given: JoinConfiguration, isV1beta4: boolean): Record<string, unknown> {
  const { desired, criSocket, ignoredErrors } = given
  const extra = kubeletArguments(desired)
  const asMap = (): Record<string, string> => {
    const map: Record<string, string> = {}
    for (const { name, value } of extra) map[name] = name in map ? `${map[name]},${value}` : value
    return map
  }
  return {
    name: desired.node,
    ...(criSocket === undefined ? {} : { criSocket }),
    ...(ignoredErrors.length > 0 ? { ignorePreflightErrors: [...ignoredErrors] } : {}),
    ...(extra.length > 0 ? { kubeletExtraArgs: isV1beta4 ? extra : asMap() } : {}),
    // From its first second on, as with k3s. Labels go through the API: kubeadm has no field for them.
    taints: [...desired.taints]
      .sort((a, b) => (formatTaint(a) < formatTaint(b) ? -1 : 1))
      .map(({ key, value, effect }) => ({ key, ...(value ? { value } : {}), effect })),
  }
}

/**
 * kubeadm's JoinConfiguration, a secret because of its token: `kubeadm join --config /dev/stdin`. Deterministic. Every wait of
 * kubeadm's is bounded: its own limits are 4 and 5 minutes (seen: an unknown token ends after 301 s, with this after 20).
 */
export function renderJoinConfig(given: JoinConfiguration): string {
  const isV1beta4 = (given.kubeadmMinor ?? firstV1beta4Minor) >= firstV1beta4Minor
  const limit = `${Math.ceil(given.limitMs / 1000)}s`
  const document = new Document({
    apiVersion: `kubeadm.k8s.io/${isV1beta4 ? 'v1beta4' : 'v1beta3'}`,
    kind: 'JoinConfiguration',
    discovery: {
      bootstrapToken: {
        token: given.token,
        apiServerEndpoint: given.target.endpoint,
        caCertHashes: [...given.target.caCertHashes],
      },
      ...(isV1beta4 ? {} : { timeout: discoveryLimit }),
    },
    nodeRegistration: registration(given, isV1beta4),
    ...(isV1beta4
      ? {
          timeouts: {
            discovery: discoveryLimit,
            kubeletHealthCheck: limit,
            tlsBootstrap: limit,
            kubernetesAPICall: '30s',
          },
        }
      : {}),
  })
  // Every text in quotation marks: kubeadm reads YAML 1.1 (sigs.k8s.io/yaml), in which a bare `on` is true and 0b11 is three.
  return document.toString({
    lineWidth: 0,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    doubleQuotedAsJSON: true,
  })
}
