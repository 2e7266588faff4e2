/** One situation of the lab: a cluster at its beginning, a machine or two, and the committed bundle as the runner starts it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isPressedBefore } from '../rehearsal/before.ts'
import { type FaultName, type KubernetesObject, restrictedLabel, type WorldOptions } from '../rehearsal/contract.ts'
import { type Place, type Press, type PressRequest, pressBundle, type Running } from '../rehearsal/press.ts'
import { editedClusterFile } from '../rehearsal/scenarios/index.ts'
import { repositoryRoot } from '../rehearsal/workflow/index.ts'
import { addresses, hostFolder, type LabCluster, type LabHost, type LabHostOptions, type Parts } from './contract.ts'
import { startHost } from './hosts/index.ts'
import { pluginImageName } from './parts/plugin-image.ts'
import { bootstrapTokens, secretScan } from './secret-scan.ts'
import { bring } from './states.ts'

export interface SituationOptions {
  readonly calypso?: WorldOptions['calypso']
  readonly faults?: ReadonlySet<FaultName>
  /** Also boots styx. */
  readonly hasStyx?: boolean
  /** Default: true. */
  readonly hasGpu?: boolean
}

/** A Node, as far as scenarios look at it. */
export interface LabNode extends KubernetesObject {
  readonly spec: {
    readonly taints?: readonly { key: string; value?: string; effect: string }[]
    readonly podCIDR?: string
  }
  readonly status: {
    readonly conditions: readonly { type: string; status: string; reason: string; message: string }[]
    readonly capacity: Readonly<Record<string, string>>
    readonly allocatable: Readonly<Record<string, string>>
    readonly nodeInfo: { readonly systemUUID: string }
  }
}

export interface Situation {
  readonly cluster: LabCluster
  readonly calypso: LabHost
  readonly styx: LabHost | undefined
  /** Folder for whatever a scenario writes; gone at its end. */
  readonly folder: string
  /** The caller's checkout, from which a press starts: a cluster file of the scenario's own can be laid here. */
  readonly workspace: string
  /** Presses the bundle of k3s-join with the inputs of the committed workflow, and `inputs` over them. */
  press(inputs?: Readonly<Record<string, string>>, options?: PressOptions): Promise<Press>
  start(inputs?: Readonly<Record<string, string>>, options?: PressOptions): Running
  /** Deletes what a killed or cancelled main left, as the runner does. */
  post(state: Readonly<Record<string, string>>): Promise<Press>
  node(name?: string): Promise<LabNode | undefined>
  /** What calypso's containerd wrote until the last press ended, also where that press took its folder away again. */
  containerdLog(): string
  /** Names of the Secrets of bootstrap tokens that exist now. */
  tokens(): Promise<readonly string[]>
  close(): Promise<void>
}

export interface PressOptions {
  readonly stage?: 'main' | 'post'
  readonly state?: Readonly<Record<string, string>>
  /** Runs the bundle on this host, as a self-hosted runner on the machine itself would. */
  readonly on?: LabHost
  /**
   * Default: k3s-join, with the inputs of the committed workflow. gpu-runtime has a kubeconfig of its own and the plugin's stand-in,
   * verify-cluster a kubeconfig of its own, and it asks once; another one gets the given inputs alone.
   */
  readonly action?: PressRequest['action']
  /** A job of several steps: they share this folder for temporary files, and what earlier ones exported. */
  readonly job?: { readonly temporary: string; readonly exported: Readonly<Record<string, string>> }
}

/** The committed cluster file with the addresses of the lab's network in the place of the real ones. */
export function clusterFileText(text: string): string {
  return text
    .replaceAll('157.173.210.123', addresses.server)
    .replaceAll('191.101.1.3', addresses.agent)
    .replaceAll('192.168.2.80', addresses.calypso)
}

export interface StageOptions {
  readonly parts: Parts
  readonly cluster: LabCluster & { readonly impostor?: LabHostOptions['impostor'] }
  /** Folder below which every situation gets one of its own. */
  readonly directory: string
}

export async function openSituation(stage: StageOptions, options: SituationOptions): Promise<Situation> {
  const { cluster, parts } = stage
  const faults = options.faults ?? new Set<FaultName>()
  const state = options.calypso ?? 'fresh'
  // A machine that was joined before was joined when all was well: its faults begin afterwards.
  const isJoined = isPressedBefore(state)
  const fromTheStart = isJoined ? new Set<FaultName>() : faults
  mkdirSync(stage.directory, { recursive: true })
  const folder = mkdtempSync(join(stage.directory, 'situation-'))
  // Apart from the machines' own folders: a machine that saw its own tree in itself would never end.
  const share = join(folder, 'share')
  mkdirSync(share)
  const hosts: LabHost[] = []
  const close = async (): Promise<void> => {
    await Promise.all(hosts.map((host) => host.close()))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await cluster.reset(fromTheStart)
    const boot = async (name: 'calypso' | 'styx', more: Partial<LabHostOptions> = {}): Promise<LabHost> => {
      const host = await startHost({
        parts,
        directory: join(folder, name),
        name,
        address: addresses[name],
        cluster,
        share,
        ...(cluster.impostor === undefined ? {} : { impostor: cluster.impostor }),
        ...more,
      })
      hosts.push(host)
      return host
    }
    const [calypso, styx] = await Promise.all([
      boot('calypso', { faults: fromTheStart, state, hasGpu: options.hasGpu ?? true }),
      options.hasStyx ? boot('styx', { hasGpu: false }) : undefined,
    ])

    const workspace = join(share, 'workspace')
    mkdirSync(join(workspace, 'clusters'), { recursive: true })
    const committed = readFileSync(join(repositoryRoot, 'clusters', 'oceanid.yaml'), 'utf8')
    const clusterFile = join(workspace, 'clusters', 'oceanid.yaml')
    writeFileSync(clusterFile, clusterFileText(committed))
    const kubeconfig = join(share, 'kubeconfig')
    writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 })
    const gpuKubeconfig = join(share, 'gpu-kubeconfig')
    writeFileSync(gpuKubeconfig, cluster.gpuKubeconfig, { mode: 0o600 })
    const verifyKubeconfig = join(share, 'verify-kubeconfig')
    writeFileSync(verifyKubeconfig, cluster.verifyKubeconfig, { mode: 0o600 })
    const caFile = join(share, 'ca.pem')
    // NODE_EXTRA_CA_CERTS may hold several.
    writeFileSync(caFile, `${cluster.caPem}${cluster.issuerPem ?? ''}`)
    const ofMachine: Readonly<Record<string, string>> = {
      'cluster-file': 'clusters/oceanid.yaml',
      node: 'calypso',
      'ssh-private-key': calypso.clientPrivateKey,
      'known-hosts': calypso.knownHosts,
      'allow-gpu-disruption': 'false',
      'dry-run': 'false',
    }
    const defaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      'k3s-join': { ...ofMachine, adopt: 'plan', 'allow-server-token': 'false' },
      'gpu-runtime': { ...ofMachine, kubeconfig: gpuKubeconfig, 'device-plugin-image': pluginImageName },
      'verify-cluster': { kubeconfig: verifyKubeconfig, retries: '0', issue: 'none', 'dry-run': 'false' },
    }
    const place: Place = {
      folder: join(share, 'runner'),
      caFile,
      workspace,
      machine: { KUBECONFIG: kubeconfig },
    }
    let containerdLog = ''
    const logFile = join(calypso.root, 'var/lib/rancher/k3s/agent/containerd/containerd.log')
    const scan = secretScan(cluster, hosts, place.folder, () => {
      if (existsSync(logFile)) containerdLog = readFileSync(logFile, 'utf8')
    })
    const start = (inputs: Readonly<Record<string, string>> = {}, how: PressOptions = {}): Running => {
      const { job, action } = how
      const there = job === undefined ? place : placeInJob(place, job)
      return scan(
        pressBundle(how.on === undefined ? there : placeOn(how.on, there), {
          stage: how.stage ?? 'main',
          inputs: { ...defaults[action ?? 'k3s-join'], ...inputs },
          ...(action === undefined ? {} : { action }),
          ...(how.state === undefined ? {} : { state: how.state }),
        }),
        job?.temporary,
      )
    }
    if (isJoined) {
      const { exitCode, stdout, stderr } = await start().ended
      if (exitCode !== 0)
        throw new Error(`the first press, before ${state}, ended with ${exitCode}:\n${stdout}${stderr}`)
      await bring({ cluster, host: calypso }, state)
      await calypso.comeOver(faults)
      if (faults.has('restricted-label-ignored')) {
        // Set by somebody through the API: an agent's own credentials may not set it, and then k3s does not get that far.
        const labels = { [restrictedLabel.key]: restrictedLabel.value }
        await cluster.request('PATCH', '/api/v1/nodes/calypso', { metadata: { labels } })
      }
    }
    writeFileSync(clusterFile, clusterFileText(editedClusterFile(committed, faults)))
    return {
      cluster,
      calypso,
      styx,
      folder,
      workspace,
      start,
      press: (inputs, how) => start(inputs, how).ended,
      containerdLog: () => containerdLog,
      post: (state) => start({}, { stage: 'post', state }).ended,
      node: async (name = 'calypso') => (await cluster.request('GET', `/api/v1/nodes/${name}`)) as LabNode | undefined,
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

/** The same place for one step of a job. */
function placeInJob(place: Place, job: NonNullable<PressOptions['job']>): Place {
  return { ...place, machine: { ...place.machine, RUNNER_TEMP: job.temporary, ...job.exported } }
}

/** The same place with the bundle inside a host: the situation's folder is bound there under the same path. */
function placeOn(host: LabHost, place: Place): Place {
  return {
    ...place,
    node: `${hostFolder}/node`,
    repository: `${hostFolder}/source`,
    wrap: (command) => ['nsenter', '--target', String(host.pid), '--all', '--', ...command],
  }
}
