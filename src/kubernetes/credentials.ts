import type { RequestOptions } from 'node:https'
import { createSecureContext } from 'node:tls'
import { KubeconfigError, type SelectedKubeconfig } from '../kubeconfig/index.ts'
import { codeOf } from './errors.ts'

/** What every connection and request to the API server carries. Secret. */
export interface Credentials {
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername'>
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Lets client-node turn a kubeconfig into TLS options and headers. The only place that loads that package:
 * it is large, and a run that needs no cluster should not pay for it. It sees only what has passed the policy of src/kubeconfig: it reads
 * files and runs programs that a kubeconfig names. Rejects with KubeconfigError `kubeconfig-invalid`.
 */
export async function loadCredentials(selected: SelectedKubeconfig): Promise<Credentials> {
  const { KubeConfig } = await import('./client-node.ts')
  const options: RequestOptions = {}
  try {
    const kubeconfig = new KubeConfig()
    kubeconfig.loadFromString(selected.json)
    await kubeconfig.applyToHTTPSOptions(options)
    // Throws now, where the reason can be told, for a damaged certificate or a key that belongs to another one.
    createSecureContext({ ca: options.ca, cert: options.cert, key: options.key })
  } catch (error) {
    throw new KubeconfigError('kubeconfig-invalid', {
      title: `the credentials of context ${JSON.stringify(selected.context)} cannot be used`,
      cause: `a certificate or key in it is damaged, or they do not belong together (${codeOf(error) || 'unreadable'})`,
      remedy: 'store the kubeconfig again: kubectl config view --raw --flatten --minify',
    })
  }
  const { ca, cert, key, servername, auth } = options
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value)
  if (auth) headers.Authorization = `Basic ${Buffer.from(auth).toString('base64')}`
  return { tls: { ca, cert, key, ...(servername === undefined ? {} : { servername }) }, headers }
}
