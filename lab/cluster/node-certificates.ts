/**
 * What an agent fetches before it starts its kubelet (pkg/server/handlers of k3s):
 *
 * - `GET /v1-k3s/client-kubelet.crt`, `GET /v1-k3s/serving-kubelet.crt` with `K3s-Node-Name`, `K3s-Node-Password` and
 *   `K3s-Node-IP` (comma separated), and with join credentials or the node's own client certificate:
 *   a certificate, followed by its key.
 * - `GET /v1-k3s/client-ca.crt`, `GET /v1-k3s/server-ca.crt`: who signs them.
 */
import { isIP } from 'node:net'
import {
  type Call,
  failures,
  header,
  type IssuedCertificate,
  type Route,
  sendText,
} from '../../rehearsal/cluster/index.ts'
import type { ApiClient } from './api-client.ts'
import { identityOf, nodeOf } from './identity.ts'
import { ensurePassword } from './node-passwords.ts'
import type { Pki } from './pki.ts'

export interface NodeCertificatesOptions {
  readonly api: ApiClient
  readonly pki: Pick<Pki, 'clientCa' | 'serverCa'>
  /** The supervisor's judgement of join credentials. */
  readonly admit: (call: Call) => Promise<void>
}

/** A name that a Node can have: RFC 1123 subdomain. */
const nodeName = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/

export function createNodeCertificates(options: NodeCertificatesOptions): Route {
  const { api, pki } = options

  /** The node that may have the certificate. @throws StatusError 400, 401, 403 */
  const admittedNode = async (call: Call): Promise<string> => {
    await options.admit(call)
    const name = header(call, 'K3s-Node-Name').toLowerCase()
    if (name === '') throw failures.badRequest('node name not set')
    if (!nodeName.test(name)) throw failures.badRequest(`node name ${JSON.stringify(name)} is none`)
    const known = nodeOf(identityOf(call))
    if (known !== undefined) {
      if (known !== name) throw failures.badRequest('header node name does not match auth node name')
      // A certificate is no good once its Node is gone: the agent then falls back to its token.
      if ((await api.request('GET', `/api/v1/nodes/${name}`)) === undefined)
        throw failures.unauthorized(`unable to verify node identity: nodes "${name}" not found`)
    }
    await ensurePassword(api, name, header(call, 'K3s-Node-Password'))
    return name
  }

  const clientCertificate = (name: string): Promise<IssuedCertificate> =>
    pki.clientCa.issueClient({ commonName: `system:node:${name}`, organization: 'system:nodes' })

  const servingCertificate = (name: string, call: Call): Promise<IssuedCertificate> => {
    const addresses = header(call, 'K3s-Node-IP')
      .split(',')
      .map((address) => address.trim())
      .filter((address) => isIP(address) !== 0)
    return pki.serverCa.issue([...new Set([name, 'localhost', '127.0.0.1', ...addresses])], { commonName: name })
  }

  return async (call) => {
    const file = /^\/v1-k3s\/((?:client|serving)-kubelet|(?:client|server)-ca)\.crt$/.exec(call.path)?.[1]
    if (file === undefined) return false
    if (call.method !== 'GET') throw failures.methodNotAllowed()
    if (file === 'client-ca' || file === 'server-ca') {
      await options.admit(call)
      sendText(call, 200, (file === 'client-ca' ? pki.clientCa : pki.serverCa).bundlePem)
      return true
    }
    const name = await admittedNode(call)
    const { certPem, keyPem } = await (file === 'client-kubelet'
      ? clientCertificate(name)
      : servingCertificate(name, call))
    sendText(call, 200, certPem + keyPem)
    return true
  }
}
