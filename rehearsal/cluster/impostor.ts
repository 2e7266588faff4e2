/** Certificate authorities of worlds, and of somebody who is none of them. */
import { randomBytes } from 'node:crypto'
import { type Authority, createAuthority, type Subject } from './certificates.ts'
import { type Listener, listen } from './listen.ts'
import { createSupervisor } from './supervisor.ts'

/** What a server's certificate is for, besides its own address. */
const ownNames = ['127.0.0.1', 'kubernetes', 'localhost']

export const serverNamesOf = (apiServers: readonly string[]): readonly string[] => [
  ...apiServers.map((address) => address.replace(/:\d+$/, '')),
  ...ownNames,
]

/** Subject of an API server's certificate. */
export function serverSubjectOf(distribution: 'k3s' | 'kubeadm'): Subject {
  return distribution === 'kubeadm' ? { commonName: 'kube-apiserver' } : { commonName: 'k3s', organization: 'k3s' }
}

export async function createCa(
  kind: 'single' | 'chain',
  nowMs: () => number,
  distribution: 'k3s' | 'kubeadm' = 'k3s',
): Promise<Authority> {
  // kubeadm's CA has this name in every cluster (cmd/kubeadm/app/phases/certs).
  if (distribution === 'kubeadm') return createAuthority('kubernetes')
  const seconds = Math.floor(nowMs() / 1000)
  if (kind === 'single') return createAuthority(`k3s-server-ca@${seconds}`)
  const root = await createAuthority('oceanid-root-ca')
  return root.issueAuthority(`k3s-server-ca@${seconds}`)
}

/**
 * Somebody else at the server's address, as seen from one network: another CA of the same name, and every token is welcome,
 * because collecting tokens is what it is for. A rotated CA looks the same until the token is sent.
 */
export async function startImpostor(
  apiServers: readonly string[],
  nowMs: () => number,
  distribution: 'k3s' | 'kubeadm' = 'k3s',
): Promise<{ readonly listener: Listener; readonly caPem: string }> {
  const authority = await createCa('single', nowMs, distribution)
  const supervisor = createSupervisor({
    caPem: authority.bundlePem,
    password: randomBytes(16).toString('hex'),
    authenticate: () => true,
    apiServers,
  })
  const certificate = await authority.issue(serverNamesOf(apiServers), serverSubjectOf(distribution))
  return { listener: await listen({ certificate, routes: [supervisor.route], nowMs }), caPem: authority.bundlePem }
}
