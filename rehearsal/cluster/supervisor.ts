/**
 * The part of a k3s server that agents talk to before they have a certificate (pkg/server/handlers of k3s).
 * It knows nothing of where tokens and objects are kept, so that it can also stand in front of a real kube-apiserver.
 */
import { timingSafeEqual } from 'node:crypto'
import { type Call, type Route, readCredentials, sendJson, sendText } from './http.ts'
import { failures, StatusError } from './status.ts'

export interface SupervisorOptions {
  /** What `/cacerts` serves, byte for byte. */
  readonly caPem: string
  /** The password of the server's static token; also that of agents, as k3s has it without `--agent-token`. */
  readonly password: string
  /** Is this bootstrap token (`id.secret`) good now? */
  readonly authenticate: (token: string) => boolean | Promise<boolean>
  /** Is the caller known without a token, as an agent that shows its kubelet's client certificate? Default: nobody is. */
  readonly recognises?: (call: Call) => boolean
  /** `host:port` of every API server. */
  readonly apiServers: readonly string[]
  readonly clusterCidr?: string
  readonly serviceCidr?: string
}

export interface Supervisor {
  readonly route: Route
  /**
   * Resolves when the call carries credentials that a joining agent may have.
   * @throws StatusError 401 `not authorized` for wrong ones, 403 `forbidden` for none, as k3s answers (pkg/server/auth).
   */
  admit(call: Call): Promise<void>
}

/** k3s's own 403: no details, and nothing but the cause in the message. */
function refused(message: string): StatusError {
  return new StatusError(403, 'Forbidden', message)
}

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const config = agentConfig(options)

  const admit = async (call: Call): Promise<void> => {
    if (options.recognises?.(call)) return
    const credentials = readCredentials(call.request)
    if (credentials.scheme === 'none') throw refused('forbidden')
    const isGood =
      credentials.scheme === 'bearer'
        ? await options.authenticate(credentials.token)
        : // k3s looks Basic credentials up in its password file and nowhere else: a bootstrap token sent so is refused.
          isStaticUser(credentials.user, credentials.password, options.password)
    if (!isGood) throw failures.unauthorized('not authorized')
  }

  return {
    admit,
    async route(call) {
      if (call.path === '/cacerts') {
        sendText(call, 200, options.caPem)
        return true
      }
      if (call.path === '/ping') {
        sendText(call, 200, 'pong')
        return true
      }
      switch (call.path) {
        case '/v1-k3s/readyz':
          await admit(call)
          sendText(call, 200, 'ok')
          return true
        case '/v1-k3s/apiservers':
          await admit(call)
          sendJson(call, 200, options.apiServers)
          return true
        case '/v1-k3s/config':
          await admit(call)
          sendJson(call, 200, config)
          return true
        default:
          return false
      }
    },
  }
}

function isStaticUser(user: string, given: string, password: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(password)]
  return (user === 'node' || user === 'server') && left.length === right.length && timingSafeEqual(left, right)
}

/** Go's JSON of a net.IPNet: the mask is bytes, so base64. */
function network(cidr: string): { readonly IP: string; readonly Mask: string } {
  const [address = '', length = '0'] = cidr.split('/')
  const mask = Buffer.alloc(4)
  mask.writeUInt32BE(length === '0' ? 0 : (0xffffffff << (32 - Number(length))) >>> 0)
  return { IP: address, Mask: mask.toString('base64') }
}

/** The fields of `config.Control` that matter to an agent; the names are Go's, because the struct has no tags. */
function agentConfig(options: SupervisorOptions): Readonly<Record<string, unknown>> {
  const cluster = network(options.clusterCidr ?? '10.42.0.0/16')
  const service = network(options.serviceCidr ?? '10.43.0.0/16')
  const port = Number(options.apiServers[0]?.split(':').at(-1) ?? 6443)
  return {
    ClusterDNSs: ['10.43.0.10'],
    ClusterIPRanges: [cluster],
    ClusterDNS: '10.43.0.10',
    ClusterDomain: 'cluster.local',
    ClusterIPRange: cluster,
    DisableCCM: false,
    DisableHelmController: false,
    DisableNPC: false,
    DisableServiceLB: false,
    EncryptSecrets: false,
    EmbeddedRegistry: false,
    FlannelBackend: 'vxlan',
    FlannelIPv6Masq: false,
    FlannelExternalIP: false,
    EgressSelectorMode: 'agent',
    ServiceIPRange: service,
    ServiceIPRanges: [service],
    AdvertisePort: port,
    HTTPSPort: port,
    SupervisorPort: port,
    APIServerPort: port,
    DisableKubeProxy: false,
    IPSECPSK: '',
  }
}
