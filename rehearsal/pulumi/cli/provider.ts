/** The Kubernetes provider: what the resources really are, and whether the API server of KUBECONFIG answers at all. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { parse } from 'yaml'
import type { Properties } from '../model.ts'

export class Reality {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  #all(): Record<string, Properties> {
    return existsSync(this.#file) ? (JSON.parse(readFileSync(this.#file, 'utf8')) as Record<string, Properties>) : {}
  }

  get(urn: string): Properties | undefined {
    return this.#all()[urn]
  }

  /** @param properties undefined: it is deleted */
  set(urn: string, properties: Properties | undefined): void {
    const { [urn]: _before, ...others } = this.#all()
    writeFileSync(this.#file, JSON.stringify(properties === undefined ? others : { ...others, [urn]: properties }))
  }
}

interface Kubeconfig {
  readonly clusters: readonly {
    cluster: { server: string; 'certificate-authority-data'?: string; 'tls-server-name'?: string }
  }[]
  readonly users: readonly {
    user: { token?: string; 'client-certificate-data'?: string; 'client-key-data'?: string }
  }[]
}

const decoded = (base64: string | undefined): string | undefined =>
  base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8')

const timeoutMs = 10_000

/** As users quote it (pulumi/pulumi#7283, #3538; keras-team/kinetic#285). */
const unreachable = (reason: string): string =>
  `configured Kubernetes cluster is unreachable: unable to load schema information from the API server: ${reason}`

/** Why the provider reaches no cluster; undefined: it does. Reads nothing that needs a right. */
export async function whyUnreachable(path: string | undefined): Promise<string | undefined> {
  let kubeconfig: Kubeconfig
  try {
    kubeconfig = parse(readFileSync(path ?? '', 'utf8')) as Kubeconfig
  } catch {
    return 'configured Kubernetes cluster is unreachable: unable to load Kubernetes client configuration from kubeconfig file. Make sure you have: \n\n \t • set up the provider as per https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ \n\n invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable'
  }
  const { cluster } = kubeconfig.clusters[0] ?? { cluster: { server: 'https://localhost' } }
  const { user } = kubeconfig.users[0] ?? { user: {} }
  const address = new URL('/openapi/v2?timeout=32s', cluster.server)
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const sent = request(
    new URL('/version', cluster.server),
    {
      timeout: timeoutMs,
      ca: decoded(cluster['certificate-authority-data']),
      cert: decoded(user['client-certificate-data']),
      key: decoded(user['client-key-data']),
      ...(cluster['tls-server-name'] && { servername: cluster['tls-server-name'] }),
      headers: user.token === undefined ? {} : { Authorization: `Bearer ${user.token}` },
    },
    (response) => {
      response.resume()
      response.on('end', () =>
        resolve(
          response.statusCode === 401
            ? unreachable('the server has asked for the client to provide credentials')
            : undefined,
        ),
      )
      response.on('error', (error) => resolve(unreachable(error.message)))
    },
  )
  sent.on('timeout', () => sent.destroy(new Error('i/o timeout')))
  sent.on('error', (error) => resolve(unreachable(`Get "${address.href}": ${error.message}`)))
  sent.end()
  return await promise
}
