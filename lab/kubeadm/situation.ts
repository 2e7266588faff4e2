/** One situation of kubeadm: its cluster at its beginning, a machine that was never joined, and the committed bundle. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import { type Place, type Press, pressBundle, type Running } from '../../rehearsal/press.ts'
import { addresses, type LabHost, type Parts } from '../contract.ts'
import { startHost } from '../hosts/index.ts'
import { bootstrapTokens, secretScan } from '../secret-scan.ts'
import type { LabNode, PressOptions } from '../situation.ts'
import type { KubeadmCluster } from './cluster.ts'

export interface KubeadmSituation {
  readonly cluster: KubeadmCluster
  /** Somebody else's cluster, alive; with `isShared` only. */
  readonly elsewhere: KubeadmCluster | undefined
  readonly host: LabHost
  readonly folder: string
  /** The caller's checkout, from which a press starts. */
  readonly workspace: string
  /** Inputs that take karstark out of the cluster. */
  readonly removal: Readonly<Record<string, string>>
  /** Presses k3s-join for karstark of the cluster file below, with `inputs` over what every press has. */
  press(inputs?: Readonly<Record<string, string>>, options?: KubeadmPressOptions): Promise<Press>
  start(inputs?: Readonly<Record<string, string>>, options?: KubeadmPressOptions): Running
  post(state: Readonly<Record<string, string>>): Promise<Press>
  node(): Promise<LabNode | undefined>
  tokens(): Promise<readonly string[]>
  close(): Promise<void>
}

export type KubeadmPressOptions = Pick<PressOptions, 'stage' | 'state' | 'action'>

export interface KubeadmStage {
  readonly parts: Parts
  readonly cluster: KubeadmCluster
  readonly elsewhere: KubeadmCluster | undefined
  /** Folder below which every situation gets one of its own. */
  readonly directory: string
}

/** Of the machine that joins; where it runs is the lab's. */
export const workerName = 'karstark'

/** A cluster file as the owner of such a cluster writes it. */
export const clusterFileText = `name: goldentooth
distribution: kubeadm
api:
  server: https://${addresses.bettley}:6443
nodes:
  bettley: { role: server, address: ${addresses.bettley} }
  ${workerName}:
    ssh: { host: ${addresses.karstark}, user: oceanid }
    labels: { goldentooth.net/rack: lab }
    taints: ["dedicated=lab:NoSchedule"]
`

export async function openKubeadmSituation(stage: KubeadmStage): Promise<KubeadmSituation> {
  const { cluster, elsewhere, parts } = stage
  mkdirSync(stage.directory, { recursive: true })
  const folder = mkdtempSync(join(stage.directory, 'kubeadm-'))
  const share = join(folder, 'share')
  mkdirSync(share)
  let host: LabHost | undefined
  const close = async (): Promise<void> => {
    await host?.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const [machine] = await Promise.all([
      startHost({
        parts,
        directory: join(folder, workerName),
        name: workerName,
        address: addresses.karstark,
        distribution: 'kubeadm',
        hasGpu: false,
        share,
      }),
      cluster.reset(),
      elsewhere?.reset(),
    ])
    host = machine
    const workspace = join(share, 'workspace')
    mkdirSync(join(workspace, 'clusters'), { recursive: true })
    writeFileSync(join(workspace, 'clusters', 'goldentooth.yaml'), clusterFileText)
    const kubeconfig = join(share, 'kubeconfig')
    writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 })
    const removeKubeconfig = join(share, 'remove-kubeconfig')
    writeFileSync(removeKubeconfig, cluster.removeKubeconfig, { mode: 0o600 })
    const caFile = join(share, 'ca.pem')
    writeFileSync(caFile, cluster.caPem)
    const defaults = {
      'cluster-file': 'clusters/goldentooth.yaml',
      node: workerName,
      'ssh-private-key': machine.clientPrivateKey,
      'known-hosts': machine.knownHosts,
      'dry-run': 'false',
    }
    const place: Place = { folder: join(share, 'runner'), caFile, workspace, machine: { KUBECONFIG: kubeconfig } }
    const scan = secretScan(cluster, [machine], place.folder, () => undefined)
    const start: KubeadmSituation['start'] = (inputs = {}, how = {}) =>
      scan(
        pressBundle(place, {
          stage: how.stage ?? 'main',
          inputs: { ...defaults, ...inputs },
          ...(how.action === undefined ? {} : { action: how.action }),
          ...(how.state === undefined ? {} : { state: how.state }),
        }),
      )
    return {
      cluster,
      elsewhere,
      host: machine,
      folder,
      workspace,
      removal: { state: 'absent', 'remove-node': workerName, kubeconfig: removeKubeconfig },
      start,
      press: (inputs, how) => start(inputs, how).ended,
      post: (state) => start({}, { stage: 'post', state }).ended,
      node: async () => (await cluster.request('GET', `/api/v1/nodes/${workerName}`)) as LabNode | undefined,
      async tokens() {
        const list = (await cluster.request('GET', bootstrapTokens)) as { items: readonly KubernetesObject[] }
        return list.items.map((secret) => secret.metadata.name)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
