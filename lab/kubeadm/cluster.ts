/** A cluster that kubeadm set up, at its beginning and back to it. Nothing of it is a stand-in but the pod network's installer. */
import { mkdirSync } from 'node:fs'
import { kubeconfigText } from '../../rehearsal/cluster/index.ts'
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import type { ObjectList } from '../cluster/api-client.ts'
import { openAudit } from '../cluster/audit.ts'
import { clear } from '../cluster/clearing.ts'
import { type AccountToken, applyManifest, joinUser, readManifests, removeUser, tokenOf } from '../cluster/rights.ts'
import type { LabCluster, Parts, Progress } from '../contract.ts'
import { startKubeadmPlane } from './control-plane.ts'
import { keepAlive } from './node.ts'
import { autoApproval, networkDaemonSet } from './texts.ts'

export interface KubeadmClusterOptions {
  readonly parts: Pick<Parts, 'kubernetes' | 'etcd'>
  /** For data, logs and certificates; made when missing. */
  readonly directory: string
  readonly name: string
  readonly controlPlane: string
  readonly address: string
  readonly progress: Progress
}

export interface KubeadmCluster
  extends Pick<
    LabCluster,
    'server' | 'caPem' | 'secrets' | 'requests' | 'kubeconfig' | 'adminKubeconfig' | 'request' | 'close'
  > {
  readonly name: string
  readonly address: string
  /** For a removal, whose rights are another manifest's. */
  readonly removeKubeconfig: string
  reset(): Promise<void>
  /** A token as `kubeadm token create` makes it: for joins by hand. */
  mint(): Promise<string>
}

const resetLimitMs = 20_000
const configMaps = '/api/v1/namespaces/kube-public/configmaps'
const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'
const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests'

export async function startKubeadmCluster(options: KubeadmClusterOptions): Promise<KubeadmCluster> {
  const { address, controlPlane, directory, name } = options
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const startedMs = Date.now()
  const plane = await startKubeadmPlane({ ...options, users: [joinUser, removeUser] })
  const { api, admin, caPem } = plane
  let unasked: unknown
  const node = await keepAlive(api, controlPlane, (error) => {
    unasked ??= plane.failure() ?? error
  })
  const close = async (): Promise<void> => {
    node.close()
    await plane.close()
  }
  try {
    const server = `https://${address}:6443`
    const manifest = readManifests()
    const audit = openAudit(plane.auditLog)
    const info = (await api.request('GET', `${configMaps}/cluster-info`)) as Info
    let joined: AccountToken | undefined
    let ofRemoval: AccountToken | undefined

    const reset = async (): Promise<void> => {
      if (unasked !== undefined) throw unasked
      const signal = AbortSignal.timeout(resetLimitMs)
      const namespaces = manifest.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)
      await Promise.all([
        clear(api, [controlPlane], namespaces, { collected: () => Promise.resolve() }, signal),
        applyManifest(api, manifest, false, signal),
      ])
      await api.request('PATCH', `${configMaps}/cluster-info`, { data: { kubeconfig: info.data.kubeconfig } })
      // A scenario may have taken it away, and ended before it gave it back.
      if ((await api.request('GET', `${bindings}/${autoApproval.metadata.name}`)) === undefined)
        await api.request('POST', bindings, autoApproval)
      const { items } = (await api.request('GET', requests)) as ObjectList
      await Promise.all(items.map(({ metadata }) => api.request('DELETE', `${requests}/${metadata.name}`)))
      await api.request('POST', '/apis/apps/v1/namespaces/kube-system/daemonsets', networkDaemonSet)
      joined = await tokenOf(api, joinUser, joined)
      ofRemoval = await tokenOf(api, removeUser, ofRemoval)
      audit.forget()
    }
    await reset()
    options.progress(
      `${name}, set up by kubeadm, is at its beginning (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`,
    )

    return {
      name,
      address,
      server,
      caPem,
      get secrets() {
        return [
          joined?.token ?? '',
          ofRemoval?.token ?? '',
          Buffer.from(admin.keyPem).toString('base64'),
          plane.caKeyPem.trim(),
        ].filter((secret) => secret !== '')
      },
      get requests() {
        return audit.requests
      },
      get kubeconfig() {
        return kubeconfigText(name, server, caPem, { name: joinUser, token: joined?.token ?? '' })
      },
      get removeKubeconfig() {
        return kubeconfigText(name, server, caPem, { name: removeUser, token: ofRemoval?.token ?? '' })
      },
      adminKubeconfig: kubeconfigText(name, server, caPem, { name: 'admin', ...admin }),
      async request(method, path, body) {
        if (unasked !== undefined) throw unasked
        return api.request(method, path, body)
      },
      reset,
      mint: () => mintByHand((path, body) => api.request('POST', path, body)),
      close,
    }
  } catch (error) {
    await close()
    throw plane.failure() ?? error
  }
}

interface Info extends KubernetesObject {
  readonly data: { readonly kubeconfig: string }
}

async function mintByHand(post: (path: string, body: unknown) => Promise<unknown>): Promise<string> {
  const letters = (count: number) =>
    Array.from(crypto.getRandomValues(new Uint8Array(count)), (byte) => (byte % 36).toString(36)).join('')
  const [id, secret] = [letters(6), letters(16)]
  await post('/api/v1/namespaces/kube-system/secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    stringData: {
      'token-id': id,
      'token-secret': secret,
      expiration: new Date(Date.now() + 900_000).toISOString(),
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
      'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
    },
  })
  return `${id}.${secret}`
}
