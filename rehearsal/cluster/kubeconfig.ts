import { stringify } from 'yaml'

import type { IssuedCertificate } from './certificates.ts'

export type KubeconfigUser = { readonly name: string } & ({ readonly token: string } | IssuedCertificate)

/** A kubeconfig file with one cluster, one user and one context, all named in it. */
export function kubeconfigText(cluster: string, server: string, caPem: string, user: KubeconfigUser): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': base64(caPem) } }],
    users: [{ name: user.name, user: credentials(user) }],
    contexts: [{ name: cluster, context: { cluster, user: user.name } }],
    'current-context': cluster,
  })
}

function credentials(user: KubeconfigUser): Readonly<Record<string, string>> {
  if ('token' in user) return { token: user.token }
  return { 'client-certificate-data': base64(user.certPem), 'client-key-data': base64(user.keyPem) }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
