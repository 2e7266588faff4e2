/** One situation of the lab: a cluster at its beginning, a machine or two, and the committed bundle as the runner starts it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FaultName, KubernetesObject, WorldOptions } from '../rehearsal/contract.ts'
import { type Place, type Press, pressBundle, type Running } from '../rehearsal/press.ts'
import { repositoryRoot } from '../rehearsal/workflow/index.ts'
import { addresses, hostFolder, type LabCluster, type LabHost, type LabHostOptions, type Parts } from './contract.ts'
import { startHost } from './hosts/index.ts'

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
    readonly allocatable: Readonly<Record<string, string>>
  }
}

export interface Situation {
  readonly cluster: LabCluster
  readonly calypso: LabHost
  readonly styx: LabHost | undefined
  /** Folder for whatever a scenario writes; gone at its end. */
  readonly folder: string
  /** Presses the bundle of k3s-join with the inputs of the committed workflow, and `inputs` over them. */
  press(inputs?: Readonly<Record<string, string>>, options?: PressOptions): Promise<Press>
  start(inputs?: Readonly<Record<string, string>>, options?: PressOptions): Running
  /** Deletes what a killed or cancelled main left, as the runner does. */
  post(state: Readonly<Record<string, string>>): Promise<Press>
  node(name?: string): Promise<LabNode | undefined>
  /** Names of the Secrets of bootstrap tokens that exist now. */
  tokens(): Promise<readonly string[]>
  close(): Promise<void>
}

export interface PressOptions {
  readonly stage?: 'main' | 'post'
  readonly state?: Readonly<Record<string, string>>
  /** Runs the bundle on this host, as a self-hosted runner on the machine itself would. */
  readonly on?: LabHost
}

/** The committed cluster file with the addresses of the lab's network in the place of the real ones. */
export function clusterFileText(text: string): string {
  return text
    .replaceAll('157.173.210.123', addresses.server)
    .replaceAll('191.101.1.3', addresses.styx)
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
    await cluster.reset(faults)
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
      boot('calypso', { faults, state: options.calypso ?? 'fresh', hasGpu: options.hasGpu ?? true }),
      options.hasStyx ? boot('styx', { hasGpu: false }) : undefined,
    ])

    const workspace = join(share, 'workspace')
    mkdirSync(join(workspace, 'clusters'), { recursive: true })
    const committed = readFileSync(join(repositoryRoot, 'clusters', 'oceanid.yaml'), 'utf8')
    writeFileSync(join(workspace, 'clusters', 'oceanid.yaml'), clusterFileText(committed))
    const kubeconfig = join(share, 'kubeconfig')
    writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 })
    const caFile = join(share, 'ca.pem')
    // NODE_EXTRA_CA_CERTS may hold several.
    writeFileSync(caFile, `${cluster.caPem}${cluster.issuerPem ?? ''}`)
    const defaults: Readonly<Record<string, string>> = {
      'cluster-file': 'clusters/oceanid.yaml',
      node: 'calypso',
      'ssh-private-key': calypso.clientPrivateKey,
      'known-hosts': calypso.knownHosts,
      adopt: 'plan',
      'allow-server-token': 'false',
      'allow-gpu-disruption': 'false',
      'dry-run': 'false',
    }
    const place: Place = {
      folder: join(share, 'runner'),
      caFile,
      workspace,
      machine: { KUBECONFIG: kubeconfig },
    }
    const start = (inputs: Readonly<Record<string, string>> = {}, how: PressOptions = {}): Running =>
      pressBundle(how.on === undefined ? place : placeOn(how.on, place), {
        stage: how.stage ?? 'main',
        inputs: { ...defaults, ...inputs },
        ...(how.state === undefined ? {} : { state: how.state }),
      })
    return {
      cluster,
      calypso,
      styx,
      folder,
      start,
      press: (inputs, how) => start(inputs, how).ended,
      post: (state) => start({}, { stage: 'post', state }).ended,
      node: async (name = 'calypso') => (await cluster.request('GET', `/api/v1/nodes/${name}`)) as LabNode | undefined,
      async tokens() {
        const list = (await cluster.request(
          'GET',
          '/api/v1/namespaces/kube-system/secrets?fieldSelector=type%3Dbootstrap.kubernetes.io%2Ftoken',
        )) as { items: readonly KubernetesObject[] }
        return list.items.map((secret) => secret.metadata.name)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
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
