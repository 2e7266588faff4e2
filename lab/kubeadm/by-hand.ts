/** A join as a person does it: a token, and `kubeadm join` with its configuration on standard input. */
import { createHash, X509Certificate } from 'node:crypto'
import { stringify } from 'yaml'
import type { CommandResult, LabHost } from '../contract.ts'
import type { KubeadmCluster } from './cluster.ts'

/** Exit code and words of the real kubeadm; whether the node is Ready is another matter. */
export async function joinByHand(
  host: Pick<LabHost, 'run'>,
  cluster: Pick<KubeadmCluster, 'address' | 'caPem' | 'mint'>,
): Promise<CommandResult> {
  const config = stringify({
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    kind: 'JoinConfiguration',
    discovery: {
      bootstrapToken: {
        apiServerEndpoint: `${cluster.address}:6443`,
        token: await cluster.mint(),
        caCertHashes: [publicKeyHash(cluster.caPem)],
      },
    },
    timeouts: { discovery: '10s', kubeletHealthCheck: '30s', tlsBootstrap: '30s' },
  })
  // Through a pipe: /dev/stdin cannot be opened where it is a socket.
  const join = 'cat | timeout 60 kubeadm join --config /dev/stdin'
  return await host.run(['sh', '-c', join], { input: config })
}

/** `sha256:…` of the authority's public key (SubjectPublicKeyInfo), as kubeadm pins it. */
function publicKeyHash(pem: string): string {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })
  return `sha256:${createHash('sha256').update(key).digest('hex')}`
}
