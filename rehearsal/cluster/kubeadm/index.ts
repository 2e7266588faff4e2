/** The control plane of a kubeadm cluster, as far as it is another one than k3s's: no supervisor, an open cluster-info, a signer. */
import type { FaultName } from '../../contract.ts'
import type { Site } from '../../sites/index.ts'
import type { BootstrapTokens } from '../bootstrap-tokens.ts'
import { type Call, readCredentials } from '../http.ts'
import { timestamp } from '../node-objects.ts'
import { failures, StatusError } from '../status.ts'
import type { MemoryStore } from '../store.ts'
import { type Signer, startSigner } from './bootstrap-signer.ts'
import { layKubeadmObjects } from './objects.ts'
import { nodeTokenGroup } from './rbac.ts'

export { kubeadmManifest } from './rbac.ts'

export interface ControlPlaneOptions {
  readonly objects: MemoryStore
  readonly site: Site
  /** Of the CA that serves the API. */
  readonly caPem: string
  /** Of the CA that served it before somebody rotated it: what cluster-info still says with the fault `kubeadm-stale-ca`. */
  readonly staleCaPem: string
  readonly tokens: BootstrapTokens
  readonly nowMs: () => number
  readonly faults: () => ReadonlySet<FaultName>
}

export interface ControlPlane {
  /** Judges a kubelet that asks for its first certificate. @throws StatusError */
  admit(call: Call): Promise<void>
  /** Brings cluster-info and the signatures up to the faults of now. */
  sync(): void
  stop(): void
}

export function startControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { objects, site, tokens, nowMs, faults } = options
  const createdAt = timestamp(nowMs() - 393 * 24 * 3600 * 1000)
  const lay = (caPem: string): void => layKubeadmObjects({ objects, site, caPem, createdAt })
  lay(options.caPem)
  const signer: Signer = startSigner({ objects, nowMs, isOff: () => faults().has('kubeadm-no-signer') })
  return {
    async admit(call) {
      const credentials = readCredentials(call.request)
      const token = credentials.scheme === 'bearer' ? credentials.token : ''
      const groups = tokens.authenticate(token)
      if (groups === undefined) throw failures.unauthorized()
      if (!groups.includes(nodeTokenGroup)) {
        const user = `system:bootstrap:${token.slice(0, 6)}`
        const message = `certificatesigningrequests.certificates.k8s.io is forbidden: User "${user}" cannot create resource "certificatesigningrequests" in API group "certificates.k8s.io" at the cluster scope`
        throw new StatusError(403, 'Forbidden', message)
      }
      // Nobody approves it: the request is there, and no certificate ever comes.
      if (faults().has('kubeadm-csr-pending')) throw new StatusError(409, 'Conflict', 'the request waits for approval')
    },
    sync() {
      lay(faults().has('kubeadm-stale-ca') ? options.staleCaPem : options.caPem)
      if (faults().has('kubeadm-config-missing')) objects.delete('configmaps/kube-system/kubeadm-config')
      signer.sync()
    },
    stop: () => signer.stop(),
  }
}
