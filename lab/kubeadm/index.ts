/** Clusters that kubeadm set up: started when the first scenario asks, kept until the lab ends. */
import { join } from 'node:path'
import { addresses, type Parts, type Progress } from '../contract.ts'
import { type KubeadmCluster, startKubeadmCluster } from './cluster.ts'
import { type KubeadmSituation, openKubeadmSituation } from './situation.ts'

export { joinByHand } from './by-hand.ts'
export type { KubeadmCluster } from './cluster.ts'
export { type KubeadmSituation, workerName } from './situation.ts'
export { autoApproval } from './texts.ts'

export interface KubeadmLab {
  /** @param hasElsewhere a second cluster is alive too, which is somebody else's */
  situation(hasElsewhere?: boolean): Promise<KubeadmSituation>
  close(): Promise<void>
}

export function openKubeadmLab(options: {
  readonly parts: Parts
  readonly state: string
  readonly progress: Progress
}): KubeadmLab {
  const { parts, state, progress } = options
  const started = new Map<string, Promise<KubeadmCluster>>()
  const cluster = (name: string, controlPlane: string, address: string): Promise<KubeadmCluster> => {
    const directory = join(state, 'kubeadm', name)
    const one = started.get(name) ?? startKubeadmCluster({ parts, directory, name, controlPlane, address, progress })
    started.set(name, one)
    return one
  }
  return {
    async situation(hasElsewhere = false) {
      const [own, other] = await Promise.all([
        cluster('goldentooth', 'bettley', addresses.bettley),
        hasElsewhere ? cluster('elsewhere', 'tarth', addresses.elsewhere) : undefined,
      ])
      return await openKubeadmSituation({
        parts,
        cluster: own,
        elsewhere: other,
        directory: join(state, 'situations'),
      })
    },
    async close() {
      const all = await Promise.allSettled(started.values())
      for (const one of all) if (one.status === 'fulfilled') await one.value.close()
    },
  }
}
