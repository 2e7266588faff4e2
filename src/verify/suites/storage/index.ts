import { type AccessRequest, type ApiObject, ClusterError, type KindReference } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { gather, skipped, unanswered } from '../../gather.ts'
import type { Suite, SuiteOutcome, VerifyEntry, VerifyPorts, VerifyWish } from '../../model.ts'
import { podAccess, volumeAccess } from '../../pod-run/index.ts'
import { prometheusAccess, queryPrometheus } from '../monitoring/prometheus.ts'
import { typeable } from '../reading.ts'
import { type ClaimWords, judgeClaims, readClaim, readClaimEvent, readStorageClass } from './claims.ts'
import { judgeLonghornNodes, judgeSpaces, readLonghornNode, type Space, spacesOf } from './disks.ts'
import { probeEntry, probeVolumes } from './probe.ts'
import { judgeLonghornVolumes, judgePersistentVolumes, readLonghornVolume, readPersistentVolume } from './volumes.ts'

const claims = {
  id: 'storage.claims',
  suite: 'storage',
  asks: 'Has every persistent volume claim a volume?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'kubectl get pvc --all-namespaces; kubectl -n <namespace> describe pvc <name>',
} as const satisfies VerifyEntry
const volumes = {
  id: 'storage.volumes',
  suite: 'storage',
  asks: 'Are all volumes healthy, with all of their replicas?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'kubectl -n longhorn-system get volumes.longhorn.io; bring nodes and disks with replicas back',
} as const satisfies VerifyEntry
const nodes = {
  id: 'storage.nodes',
  suite: 'storage',
  asks: 'Can Longhorn use all of its nodes and disks?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'kubectl -n longhorn-system get nodes.longhorn.io; kubectl -n longhorn-system get pods',
} as const satisfies VerifyEntry
const space = {
  id: 'storage.space',
  suite: 'storage',
  asks: 'Is enough of every disk and volume free?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'delete what nobody needs, or add a disk; verify.storage.free-percent says how much must be free',
} as const satisfies VerifyEntry

const longhornGroup = 'longhorn.io'
const claimKind: KindReference = { group: '', version: 'v1', resource: 'persistentvolumeclaims' }
const volumeKind: KindReference = { group: '', version: 'v1', resource: 'persistentvolumes' }
const classKind: KindReference = { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' }
const eventKind: KindReference = { group: '', version: 'v1', resource: 'events' }

/** What is free in volumes that are mounted, as the kubelets measure it. */
const freeQuery = '100 * kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes'

/** Turns a refusal into its check; the others go on. */
async function unlessRefused({ id, asks }: VerifyEntry, ask: () => Promise<Check>): Promise<Check> {
  try {
    return await ask()
  } catch (error) {
    return unanswered(id, asks, error)
  }
}

/** Why claims wait, in words of their provisioners. It only explains: without the right to read events there is no explanation. */
async function claimWords({ lists }: VerifyPorts): Promise<ClaimWords> {
  try {
    const fieldSelector = 'involvedObject.kind=PersistentVolumeClaim,reason=ProvisioningFailed'
    return new Map((await lists.of(eventKind, readClaimEvent, { fieldSelector })) ?? [])
  } catch (error) {
    if (error instanceof ClusterError) return new Map()
    throw error
  }
}

async function askClaims(ports: VerifyPorts, { severities }: VerifyWish): Promise<Check> {
  const seen = (await ports.lists.of(claimKind, readClaim)) ?? []
  const isPending = seen.some(({ phase }) => phase === 'Pending')
  const classes = isPending ? ((await ports.lists.of(classKind, readStorageClass)) ?? []) : []
  const nowMs = ports.lists.serverTimeMs()
  const first = judgeClaims(seen, classes, new Map(), nowMs)
  const words = first.findings.some(({ found }) => found.startsWith('Pending')) ? await claimWords(ports) : undefined
  const { findings, unused, bound } = words === undefined ? first : judgeClaims(seen, classes, words, nowMs)
  const passed =
    seen.length === 0
      ? 'there are no claims'
      : `${bound} of ${seen.length} claims are bound${unused === 0 ? '' : `, ${unused} wait for their first pod`}`
  return gather(claims.id, claims.asks, findings, passed, severities, passed)
}

/** Lists a kind of Longhorn; undefined: this cluster has none. */
async function longhorn<Item>(
  { lists }: VerifyPorts,
  resource: string,
  read: (object: ApiObject) => Item,
): Promise<readonly Item[] | undefined> {
  const [version] = await lists.versionsOf(longhornGroup)
  return version === undefined ? undefined : await lists.of({ group: longhornGroup, version, resource }, read)
}

async function askVolumes(ports: VerifyPorts, { severities }: VerifyWish): Promise<Check> {
  const persistent = (await ports.lists.of(volumeKind, readPersistentVolume)) ?? []
  const own = await longhorn(ports, 'volumes', readLonghornVolume)
  const findings = [...judgePersistentVolumes(persistent), ...judgeLonghornVolumes(own ?? [])]
  const passed = `${persistent.length} volumes${own === undefined ? '; this cluster has no Longhorn' : `, ${own.length} of Longhorn`}`
  return gather(volumes.id, volumes.asks, findings, passed, severities)
}

async function askNodes(ports: VerifyPorts, { severities }: VerifyWish): Promise<Check> {
  const seen = await longhorn(ports, 'nodes', readLonghornNode)
  if (seen === undefined) return skipped(nodes.id, nodes.asks, 'this cluster has no Longhorn')
  const disks = seen.reduce((sum, node) => sum + node.disks.length, 0)
  return gather(
    nodes.id,
    nodes.asks,
    judgeLonghornNodes(seen),
    `${seen.length} nodes with ${disks} disks are ready`,
    severities,
  )
}

/** Undefined: nobody was named who could know. Whether the Prometheus answers at all is a check of monitoring. */
async function mountedSpaces(ports: VerifyPorts, { prometheus }: VerifyWish): Promise<readonly Space[] | undefined> {
  if (prometheus === '') return undefined
  try {
    const samples = await queryPrometheus(ports, prometheus, freeQuery)
    return samples?.flatMap(({ labels, value }) => {
      const { namespace = '', persistentvolumeclaim: claim = '' } = labels
      if (claim === '' || value < 0 || value > 100) return []
      const remedy = `kubectl -n ${typeable(namespace, 'NAMESPACE')} describe pvc ${typeable(claim)}; delete what is not needed, or make the volume larger`
      return { namespace, subject: `${namespace}/${claim}`, freePercent: value, remedy }
    })
  } catch (error) {
    ports.signal.throwIfAborted()
    ports.say(
      `How full the volumes are is not known from ${prometheus}: ${error instanceof Error ? error.message : error}`,
    )
    return undefined
  }
}

async function askSpace(ports: VerifyPorts, wish: VerifyWish): Promise<Check> {
  const own = await longhorn(ports, 'nodes', readLonghornNode)
  const mounted = await mountedSpaces(ports, wish)
  if (own === undefined && mounted === undefined) {
    const why = 'neither Longhorn nor a Prometheus (verify.monitoring.prometheus) says how full the volumes are'
    return skipped(space.id, space.asks, why)
  }
  const spaces = [...spacesOf(own ?? []), ...(mounted ?? [])]
  const passed = `${spaces.length} disks and volumes have ${wish.freePercent} % free or more`
  return gather(space.id, space.asks, judgeSpaces(spaces, wish.freePercent), passed, wish.severities)
}

async function verify(ports: VerifyPorts, wish: VerifyWish): Promise<SuiteOutcome> {
  const checks = await Promise.all([
    unlessRefused(claims, () => askClaims(ports, wish)),
    unlessRefused(volumes, () => askVolumes(ports, wish)),
    unlessRefused(nodes, () => askNodes(ports, wish)),
    unlessRefused(space, () => askSpace(ports, wish)),
  ])
  const tried = await probeVolumes(ports, wish, async () => (await ports.lists.of(classKind, readStorageClass)) ?? [])
  return { checks: [...checks, ...tried] }
}

function access({ prometheus, mode, storageClass, namespace }: VerifyWish): readonly AccessRequest[] {
  const list = ({ group, resource }: Omit<KindReference, 'version'>) => ({ verb: 'list', group, resource })
  return [
    list(claimKind),
    list(volumeKind),
    list(classKind),
    list({ group: longhornGroup, resource: 'volumes' }),
    list({ group: longhornGroup, resource: 'nodes' }),
    ...prometheusAccess(prometheus),
    ...(mode === 'observe' || storageClass === ''
      ? []
      : [{ verb: 'list', group: '', resource: 'nodes' }, ...podAccess(namespace), ...volumeAccess(namespace)]),
  ]
}

/** Claims and volumes of any provisioner, and Longhorn's own view where it is installed. */
export const storageSuite: Suite = {
  name: 'storage',
  entries: [claims, volumes, nodes, space, probeEntry],
  access,
  verify,
}
