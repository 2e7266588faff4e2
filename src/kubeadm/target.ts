import type { JoinTarget } from './model.ts'
import { spkiHashes } from './spki.ts'

/** `https://host:port` as kubeadm writes it: `host:port`, with 443 where there is no port, as any https address has it. Throws RangeError on anything else. */
export function endpointOf(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (url?.protocol !== 'https:' || url.hostname === '')
    throw new RangeError(`server ${JSON.stringify(server)} is not an address like https://host:6443`)
  return `${url.hostname}:${url.port || '443'}`
}

/** Where the host joins and whom it believes. Throws RangeError when the address or the authority cannot be read. */
export function joinTarget(server: string, caPem: string): JoinTarget {
  const caCertHashes = spkiHashes(caPem)
  if (caCertHashes.length === 0) throw new RangeError('no readable PEM certificate in the CA bundle')
  return { endpoint: endpointOf(server), caCertHashes }
}
