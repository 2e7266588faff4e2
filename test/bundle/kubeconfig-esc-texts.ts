/** Kubeconfigs as people store them. */
import { createHash, X509Certificate } from 'node:crypto'
import { parse } from 'yaml'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import { type EscDoor, server } from './kubeconfig-esc-door.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

export interface StoredKubeconfig {
  readonly text: string
  /** What must be masked, by what it is. */
  readonly secrets: Readonly<Record<string, string>>
}

/** Token of the embedded cluster in one of its kubeconfigs. */
export function tokenIn(kubeconfig: string): string {
  const { users } = parse(kubeconfig) as { users: readonly [{ user: { token: string } }] }
  return users[0].user.token
}

/**
 * An administrator's kubeconfig in the order and with the names of k3s, with a certificate and a token; another cluster's credentials lie in it,
 * too, as in the file of somebody who has several.
 */
export async function kubeconfigOfK3s(
  { cluster }: EscDoor,
  options: { readonly server?: string; readonly token?: string } = {},
): Promise<StoredKubeconfig> {
  const authority = await createAuthority('k3s-client-ca@1760000000')
  const mine = await authority.issueClient({ commonName: 'system:admin', organization: 'system:masters' })
  const other = await authority.issueClient({ commonName: 'system:admin', organization: 'system:masters' })
  const token = options.token ?? tokenIn(cluster.adminKubeconfig(server))
  const text = `# taken from tethys by hand
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64(cluster.caPem)}
    server:   '${options.server ?? server}'   # its public address
  name: default
- cluster:
    certificate-authority-data: ${base64(authority.certPem)}
    server: https://192.0.2.7:6443
  name: somewhere-else
contexts:
- context:
    cluster: default
    user: default
  name: default
- context:
    cluster: somewhere-else
    user: somebody-else
  name: somewhere-else
current-context: default
kind: Config
preferences: {}
users:
- name: default
  user:
    client-certificate-data: ${base64(mine.certPem)}
    client-key-data: ${base64(mine.keyPem)}
    token: "${token}"
- name: somebody-else
  user:
    client-certificate-data: ${base64(other.certPem)}
    client-key-data: ${base64(other.keyPem)}
`
  return {
    text,
    secrets: {
      'the key': base64(mine.keyPem),
      'the decoded key': mine.keyPem,
      'the key of another context': base64(other.keyPem),
      'the token': token,
    },
  }
}

/** SHA-256 of a certificate, as `openssl x509 -fingerprint` computes it, in hex. */
export function fingerprintOf(pem: string): string {
  return createHash('sha256').update(new X509Certificate(pem).raw).digest('hex')
}

export function pemLines(pem: string): readonly string[] {
  return pem.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-----'))
}
