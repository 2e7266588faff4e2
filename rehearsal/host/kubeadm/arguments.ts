/** What `kubeadm join` was asked for: its flags, and a JoinConfiguration of v1beta4 or v1beta3. Pure. */
import { parseAllDocuments } from 'yaml'

export interface JoinWish {
  /** host:port */
  readonly endpoint: string
  readonly token: string
  /** `sha256:<hex>` of SPKIs. */
  readonly hashes: readonly string[]
  readonly skipsCa: boolean
  readonly nodeName: string | undefined
  readonly criSocket: string | undefined
  /** Flags of the kubelet, name → value. */
  readonly kubeletArguments: readonly (readonly [string, string])[]
  /** key=value:Effect */
  readonly taints: readonly string[] | undefined
  /** Lower case. */
  readonly ignored: ReadonlySet<string>
  readonly skipsPreflight: boolean
  readonly discoveryMs: number
  readonly healthMs: number
  readonly bootstrapMs: number
  /** As Go prints it, for `This can take up to 4m0s`. */
  readonly healthText: string
}

/** Words of kubeadm for what it does not take. */
export class ArgumentError extends Error {}

const valued = new Set([
  '--token',
  '--discovery-token',
  '--tls-bootstrap-token',
  '--discovery-token-ca-cert-hash',
  '--config',
  '--node-name',
  '--cri-socket',
  '--ignore-preflight-errors',
  '--skip-phases',
  '--v',
  '-v',
])

/** `4m0s`, `1m30s`, `10s` → milliseconds. */
export function milliseconds(text: string): number {
  const scale: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
  let sum = 0
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g))
    sum += Number(number) * (scale[unit] ?? 0)
  return sum
}

/** As Go's Duration prints itself. */
export function duration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  const rest = `${minutes % 60}m${seconds % 60}s`
  return minutes < 60 ? rest : `${Math.floor(minutes / 60)}h${rest}`
}

interface Document {
  readonly apiVersion?: string
  readonly kind?: string
  readonly discovery?: {
    readonly bootstrapToken?: {
      readonly apiServerEndpoint?: string
      readonly token?: string
      readonly caCertHashes?: readonly string[]
      readonly unsafeSkipCAVerification?: boolean
    }
    readonly tlsBootstrapToken?: string
    readonly timeout?: string
  }
  readonly nodeRegistration?: {
    readonly name?: string
    readonly criSocket?: string
    readonly kubeletExtraArgs?:
      | readonly { readonly name: string; readonly value: string }[]
      | Readonly<Record<string, string>>
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[] | null
    readonly ignorePreflightErrors?: readonly string[]
  }
  readonly timeouts?: Readonly<Record<'discovery' | 'kubeletHealthCheck' | 'tlsBootstrap', string | undefined>>
}

/** @param readConfig the text of what `--config` names */
export function readWish(words: readonly string[], readConfig: (path: string) => string): JoinWish {
  const given = new Map<string, string[]>()
  const places: string[] = []
  const queue = [...words]
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (!word.startsWith('-')) {
      places.push(word)
      continue
    }
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    if (!valued.has(name)) throw new ArgumentError(`unknown flag: ${name}`)
    const value = equals < 0 ? (queue.shift() ?? '') : word.slice(equals + 1)
    given.set(name, [...(given.get(name) ?? []), value])
  }
  const one = (name: string): string | undefined => given.get(name)?.at(-1)
  const many = (name: string): readonly string[] => (given.get(name) ?? []).flatMap((value) => value.split(','))
  const path = one('--config')
  const document = path === undefined ? {} : joinConfiguration(readConfig(path))
  const { bootstrapToken, tlsBootstrapToken, timeout } = document.discovery ?? {}
  const { nodeRegistration: node = {}, timeouts } = document
  const token = one('--token') ?? one('--discovery-token') ?? bootstrapToken?.token ?? tlsBootstrapToken ?? ''
  const hashes = [...many('--discovery-token-ca-cert-hash'), ...(bootstrapToken?.caCertHashes ?? [])]
  const skipsCa = bootstrapToken?.unsafeSkipCAVerification === true
  const endpoint = places[0] ?? bootstrapToken?.apiServerEndpoint ?? ''
  // fixtures/kubeadm/68-no-hash.err and 69-token-format.err
  const problems: string[] = []
  if (token !== '' && !/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token))
    throw new ArgumentError(
      `[discovery.bootstrapToken.token: Invalid value: "${token}": the bootstrap token is invalid, discovery.tlsBootstrapToken: Invalid value: "${token}": the bootstrap token is invalid]`,
    )
  if (hashes.length === 0 && !skipsCa)
    problems.push(
      'discovery.bootstrapToken.caCertHashes: Invalid value: "": using token-based discovery without caCertHashes can be unsafe. Set unsafeSkipCAVerification as true in your kubeadm config file or pass --discovery-token-unsafe-skip-ca-verification flag to continue',
    )
  if (problems.length > 0) throw new ArgumentError(problems.join(', '))
  const extra = node.kubeletExtraArgs ?? []
  const healthMs = milliseconds(timeouts?.kubeletHealthCheck ?? '4m0s')
  return {
    endpoint,
    token,
    hashes,
    skipsCa,
    nodeName: one('--node-name') ?? node.name,
    criSocket: one('--cri-socket') ?? node.criSocket,
    kubeletArguments: Array.isArray(extra)
      ? extra.map(({ name, value }) => [name, value] as const)
      : Object.entries(extra),
    taints: node.taints?.map(({ key, value, effect }) => `${key}=${value ?? ''}:${effect}`),
    ignored: new Set(
      [...many('--ignore-preflight-errors'), ...(node.ignorePreflightErrors ?? [])].map((id) => id.toLowerCase()),
    ),
    skipsPreflight: many('--skip-phases').includes('preflight'),
    discoveryMs: milliseconds(timeouts?.discovery ?? timeout ?? '5m0s'),
    healthMs,
    bootstrapMs: milliseconds(timeouts?.tlsBootstrap ?? '5m0s'),
    healthText: duration(healthMs),
  }
}

function joinConfiguration(text: string): Document {
  const documents = parseAllDocuments(text).map((document) => document.toJS() as Document | null)
  const found = documents.find((document) => document?.kind === 'JoinConfiguration')
  if (!found) throw new ArgumentError('no JoinConfiguration found in the supplied config file')
  if (!/^kubeadm\.k8s\.io\/v1beta[34]$/.test(found.apiVersion ?? ''))
    throw new ArgumentError(`your configuration file uses an API spec that kubeadm does not know: ${found.apiVersion}`)
  return found
}
