import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Authority, createAuthority } from '../../rehearsal/cluster/index.ts'

/** A TLS server that answers as a test says, for behaviour that a healthy cluster does not show. */
export interface ScriptedServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly authority: Authority
  readonly requests: readonly string[]
  /** Cuts every connection, as a proxy or a restart does. */
  cut(): void
  kubeconfig(server?: string): string
}

export async function scriptedServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  names: readonly string[] = ['127.0.0.1', 'localhost'],
): Promise<ScriptedServer> {
  const authority = await createAuthority('scripted-ca')
  const certificate = await authority.issue(names)
  const requests: string[] = []
  const server = createServer({ cert: certificate.certPem, key: certificate.keyPem }, (request, response) => {
    requests.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `https://127.0.0.1:${port}`
  return {
    port,
    url,
    authority,
    requests,
    cut: () => server.closeAllConnections(),
    kubeconfig: (address = url) => kubeconfigText(address, authority.bundlePem),
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

export function kubeconfigText(server: string, caPem: string, token = 'opaque'): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': Buffer.from(caPem).toString('base64') } }],
    users: [{ name: 'c', user: { token } }],
  })
}
