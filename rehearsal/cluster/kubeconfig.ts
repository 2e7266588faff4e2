import { stringify } from 'yaml'

export interface KubeconfigUser {
  readonly name: string
  readonly token: string
}

/** A kubeconfig file with one cluster, one user and one context, all named in it. */
export function kubeconfigText(cluster: string, server: string, caPem: string, user: KubeconfigUser): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: cluster, cluster: { server, 'certificate-authority-data': Buffer.from(caPem).toString('base64') } },
    ],
    users: [{ name: user.name, user: { token: user.token } }],
    contexts: [{ name: cluster, context: { cluster, user: user.name } }],
    'current-context': cluster,
  })
}
