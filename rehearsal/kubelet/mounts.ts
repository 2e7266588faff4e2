/** What a kubelet and its container runtime mount for a pod (pkg/volume/util, pkg/volume/csi; containerd's state folder). Pure. */
import { createHash } from 'node:crypto'
import type { KubernetesObject } from '../contract.ts'

export interface PodMount {
  readonly source: string
  readonly path: string
  readonly type: string
}

interface Volume {
  readonly name: string
  readonly persistentVolumeClaim?: { readonly claimName?: string }
  readonly projected?: unknown
  readonly secret?: unknown
}

const kinds = { projected: 'kubernetes.io~projected', secret: 'kubernetes.io~secret' } as const

/**
 * Nothing for a pod without volumes of its own: the others say all that there is to be said about mounts.
 * @param volumeOf name of the persistent volume behind a claim, and its driver
 */
export function mountsOf(
  pod: KubernetesObject,
  containerId: string,
  volumeOf: (claim: string) => { readonly name: string; readonly driver: string } | undefined,
): readonly PodMount[] {
  const { volumes = [] } = (pod.spec ?? {}) as { volumes?: readonly Volume[] }
  const home = `/var/lib/kubelet/pods/${pod.metadata.uid}/volumes`
  const own = volumes.flatMap((volume): readonly PodMount[] => {
    for (const kind of ['projected', 'secret'] as const)
      if (volume[kind] !== undefined)
        return [{ source: 'tmpfs', path: `${home}/${kinds[kind]}/${volume.name}`, type: 'tmpfs' }]
    const found = volumeOf(volume.persistentVolumeClaim?.claimName ?? '')
    if (found === undefined) return []
    const source = `/dev/longhorn/${found.name}`
    const staged = createHash('sha256').update(found.name).digest('hex')
    return [
      {
        source,
        path: `/var/lib/kubelet/plugins/kubernetes.io/csi/${found.driver}/${staged}/globalmount`,
        type: 'ext4',
      },
      { source, path: `${home}/kubernetes.io~csi/${found.name}/mount`, type: 'ext4' },
    ]
  })
  if (own.length === 0) return []
  const task = `/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/${containerId}/rootfs`
  return [...own, { source: 'overlay', path: task, type: 'overlay' }]
}
