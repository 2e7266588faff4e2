/** Port 6443 of a k3s server: the supervisor for agents, and the API server for everybody else. */
import { createAuthority, createSupervisor, type Listener, listen } from '../../rehearsal/cluster/index.ts'
import type { ApiClient } from './api-client.ts'
import { clusterCidr, serviceCidr } from './control-plane.ts'
import { identityOf, nodeOf } from './identity.ts'
import { createNodeCertificates } from './node-certificates.ts'
import type { Pki } from './pki.ts'
import { createProxy } from './proxy.ts'

export interface FrontOptions {
  readonly address: string
  /** 0: any free one. */
  readonly port: number
  readonly pki: Pki
  readonly api: ApiClient
  /** The password of the static token. */
  readonly password: string
  /** The supervisor hands the API server another token than it was given: so that a good one is refused. */
  readonly spoilsTokens: () => boolean
  /** What `/version` announces. */
  readonly version: string
  readonly failure: () => Error | undefined
}

/**
 * `requests` lists who comes with a token, a password or nothing: the runner and agents that are about to join. Those with
 * a client certificate (kubelets, agents that have joined, the lab's own administrator) are left out, because the
 * embedded cluster has none of them.
 */
export async function startFront(options: FrontOptions): Promise<Listener> {
  const { pki, api } = options
  const supervisor = createSupervisor({
    caPem: pki.serverCa.bundlePem,
    password: options.password,
    authenticate: (token) => isBootstrapToken(api, options.spoilsTokens() ? spoiled(token) : token),
    recognises: (call) => nodeOf(identityOf(call)) !== undefined,
    apiServers: [`${options.address}:${options.port === 0 ? 6443 : options.port}`],
    clusterCidr,
    serviceCidr,
  })
  const proxy = createProxy({
    port: api.port,
    caPem: pki.serverCa.bundlePem,
    certificate: pki.frontProxy,
    version: options.version,
    failure: options.failure,
  })
  const listener = await listen({
    certificate: pki.front,
    clientCaPem: pki.clientCa.bundlePem,
    address: options.address,
    port: options.port,
    isListed: (call) => identityOf(call) === undefined,
    upgrade: proxy.upgrade,
    routes: [supervisor.route, createNodeCertificates({ api, pki, admit: supervisor.admit }), proxy.route],
    nowMs: Date.now,
  })
  return {
    ...listener,
    async close() {
      await listener.close()
      proxy.close()
    },
  }
}

/** Somebody else at the server's address: another CA of the same name, and every token is welcome. */
export async function startImpostor(address: string, port: number, names: readonly string[]): Promise<Listener> {
  const authority = await createAuthority(`k3s-server-ca@${Math.floor(Date.now() / 1000)}`)
  const supervisor = createSupervisor({
    caPem: authority.bundlePem,
    password: '',
    authenticate: () => true,
    apiServers: [`${names[0]}:6443`],
  })
  const certificate = await authority.issue(names, { commonName: 'k3s', organization: 'k3s' })
  return listen({ certificate, address, port, routes: [supervisor.route], nowMs: Date.now })
}

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean
    readonly user?: { readonly username?: string; readonly groups?: readonly string[] }
  }
}

/** By the API server's own judgement. Only users of bootstrap tokens may join: k3s asks for their group (pkg/server/auth). */
async function isBootstrapToken(api: ApiClient, token: string): Promise<boolean> {
  const kind = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview' }
  const path = '/apis/authentication.k8s.io/v1/tokenreviews'
  const { status } = (await api.request('POST', path, { ...kind, spec: { token } })) as TokenReview
  const { username = '', groups = [] } = status?.user ?? {}
  return (
    status?.authenticated === true &&
    username.startsWith('system:bootstrap:') &&
    groups.includes('system:bootstrappers')
  )
}

/** Another token of the same shape. */
function spoiled(token: string): string {
  return token.slice(0, -1) + (token.endsWith('0') ? '1' : '0')
}
