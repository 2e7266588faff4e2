/**
 * Claims, volumes, nodes and disks. Shapes of Longhorn: longhorn/longhorn-manager:k8s/pkg/apis/longhorn/v1beta2/{volume,node}.go; words of
 * the failed scheduling: longhorn/longhorn#9035.
 */
import { describe, expect, it } from '@jest/globals'
import type { ApiObject } from '../../src/kubernetes/index.ts'
import { storageSuite } from '../../src/verify/suites/storage/index.ts'
import { type AskedWorld, ago, askedWorld, condition, dayMs, minuteMs, wishOf } from './verify-asked-world.ts'

const claims = '/v1/persistentvolumeclaims'
const volumes = '/v1/persistentvolumes'
const classes = 'storage.k8s.io/v1/storageclasses'
const longhornVolumes = 'longhorn.io/v1beta2/volumes'
const longhornNodes = 'longhorn.io/v1beta2/nodes'

const claim = (phase: string, metadata: ApiObject = {}): ApiObject => ({
  metadata: { name: 'data', namespace: 'label-studio', creationTimestamp: ago(dayMs), ...metadata },
  spec: { storageClassName: 'local-path' },
  status: { phase },
})
const lazy = { metadata: { name: 'local-path' }, volumeBindingMode: 'WaitForFirstConsumer' }
const chosen = { annotations: { 'volume.kubernetes.io/selected-node': 'calypso' } }

async function asked(world: AskedWorld, changes: Parameters<typeof wishOf>[0] = {}) {
  const ports = askedWorld(world)
  const { checks } = await storageSuite.verify(ports, wishOf(changes))
  return { ports, of: (id: string) => checks.find((check) => check.id === id) }
}

describe('claims', () => {
  it.each([
    ['bound', 'pass', claim('Bound'), /^1 of 1 claims are bound$/],
    ['waiting for its first pod', 'pass', claim('Pending'), /0 of 1 claims are bound, 1 wait for their first pod/],
    [
      'pending where nothing waits for a pod',
      'fail',
      { ...claim('Pending'), spec: { storageClassName: 'nfs' } },
      /Pending since/,
    ],
    ['pending though a pod wants it', 'fail', claim('Pending', chosen), /label-studio\/data: Pending since 2026-11-21/],
    ['pending for a moment', 'pass', claim('Pending', { ...chosen, creationTimestamp: ago(minuteMs) }), /0 of 1/],
    ['lost', 'fail', claim('Lost'), /label-studio\/data: Lost/],
    ['deleted and still there', 'warn', claim('Bound', { deletionTimestamp: ago(dayMs) }), /is being deleted since/],
  ])('%s: %s', async (_name, verdict, one, found) => {
    const { of } = await asked({ objects: { [claims]: [one], [classes]: [lazy] } })
    expect(of('storage.claims')).toMatchObject({ verdict, found: expect.stringMatching(found) })
  })

  it('says in the provisioner’s words why one waits, and asks for them only then', async () => {
    const event = {
      involvedObject: { kind: 'PersistentVolumeClaim', namespace: 'label-studio', name: 'data' },
      message: 'storageclass.storage.k8s.io "local-path" not found',
    }
    const { ports, of } = await asked({ objects: { [claims]: [claim('Pending', chosen)], '/v1/events': [event] } })
    expect(of('storage.claims')?.cause).toBe(event.message)
    expect(ports.asked.filter((one) => one.startsWith('events'))).toHaveLength(1)
    const calm = await asked({ objects: { [claims]: [claim('Bound')] } })
    expect(calm.ports.asked).toEqual(['persistentvolumeclaims', 'persistentvolumes'])
    const silent = await asked({ objects: { [claims]: [claim('Pending', chosen)] }, forbidden: ['events'] })
    expect(silent.of('storage.claims')).toMatchObject({
      verdict: 'fail',
      cause: expect.stringMatching(/no volume was made/),
    })
  })
})

describe('volumes', () => {
  const volume = (status: ApiObject, spec: ApiObject = {}): ApiObject => ({
    metadata: { name: 'pvc-1', namespace: 'longhorn-system' },
    spec: { numberOfReplicas: 3, size: '1073741824', ...spec },
    status: { state: 'attached', kubernetesStatus: { namespace: 'media', pvcName: 'plex' }, ...status },
  })
  const unplaced = condition('Scheduled', 'False', 'ReplicaSchedulingFailure', 'replica scheduling failed')

  it.each([
    ['healthy', 'pass', { robustness: 'healthy' }, /^0 volumes, 1 of Longhorn$/],
    ['detached', 'pass', { state: 'detached', robustness: 'unknown' }, /1 of Longhorn/],
    [
      'degraded',
      'warn',
      { robustness: 'degraded', lastDegradedAt: ago(2 * dayMs) },
      /media\/plex \(pvc-1\): degraded since 2026-11-20: not all of its 3/,
    ],
    ['faulted', 'fail', { state: 'detached', robustness: 'faulted' }, /faulted: no replica of it works/],
    [
      'healthy in name alone',
      'warn',
      { robustness: 'healthy', conditions: [unplaced] },
      /a replica of 3 cannot be placed/,
    ],
  ])('%s: %s', async (_name, verdict, status, found) => {
    const { of } = await asked({ objects: { [longhornVolumes]: [volume(status)], [longhornNodes]: [] } })
    expect(of('storage.volumes')).toMatchObject({ verdict, found: expect.stringMatching(found) })
  })

  it('of any provisioner, where Kubernetes gave up', async () => {
    const failed = {
      metadata: { name: 'pvc-2' },
      spec: { claimRef: { namespace: 'media', name: 'old' } },
      status: { phase: 'Failed', message: 'error deleting EBS volume' },
    }
    const { of } = await asked({
      objects: { [volumes]: [failed, { metadata: { name: 'x' }, status: { phase: 'Bound' } }] },
    })
    expect(of('storage.volumes')).toMatchObject({ verdict: 'fail', cause: 'error deleting EBS volume' })
    expect(of('storage.nodes')).toMatchObject({ verdict: 'skip', found: 'this cluster has no Longhorn' })
    const lowered = { severities: [{ check: 'storage.volumes', namespace: 'media', atMost: 'skip' }] } as const
    expect((await asked({ objects: { [volumes]: [failed] } }, lowered)).of('storage.volumes')?.verdict).toBe('skip')
  })
})

const disk = (available: number, conditions: readonly ApiObject[] = []): ApiObject => ({
  diskPath: '/var/lib/longhorn/',
  storageMaximum: 1000,
  storageAvailable: available,
  conditions,
})
const node = (
  diskStatus: ApiObject,
  conditions: readonly ApiObject[] = [condition('Ready', 'True')],
  spec: ApiObject = {},
): ApiObject => ({
  metadata: { name: 'srv712429', namespace: 'longhorn-system' },
  spec: { allowScheduling: true, disks: { d1: { allowScheduling: true, path: '/var/lib/longhorn/' } }, ...spec },
  status: { conditions, diskStatus },
})

describe('nodes of Longhorn', () => {
  const packages = condition('RequiredPackages', 'False', 'PackagesNotInstalled', 'Missing packages: [open-iscsi]')
  const down = condition('Ready', 'False', 'ManagerPodDown', 'Manager pod is down')
  const noDisk = condition('Ready', 'False', 'NoDiskInfo', 'failed to get disk config')
  const full = condition('Schedulable', 'False', 'DiskPressure', 'the disk has too little space')

  it.each([
    ['ready', 'pass', node({ d1: disk(500) }), /^1 nodes with 1 disks are ready$/],
    ['down', 'fail', node({}, [down]), /srv712429: Longhorn does not call it ready since/],
    ['without a condition', 'fail', node({}, []), /does not call it ready/],
    ['unfit', 'warn', node({}, [condition('Ready', 'True'), packages]), /RequiredPackages is False/],
    [
      'unfit and not wanted',
      'pass',
      node({}, [condition('Ready', 'True'), packages], { allowScheduling: false }),
      /ready/,
    ],
    ['with a lost disk', 'fail', node({ d1: disk(500, [noDisk]) }), /srv712429:\/var\/lib\/longhorn\/: disk not ready/],
    ['with a full disk, which is another question', 'pass', node({ d1: disk(50, [full]) }), /ready/],
  ])('%s: %s', async (_name, verdict, one, found) => {
    const { of } = await asked({ objects: { [longhornNodes]: [one], [longhornVolumes]: [] } })
    expect(of('storage.nodes')).toMatchObject({ verdict, found: expect.stringMatching(found) })
  })
})

describe('space', () => {
  const vector = (percent: string): unknown => ({
    status: 'success',
    data: {
      resultType: 'vector',
      result: [{ metric: { namespace: 'media', persistentvolumeclaim: 'plex' }, value: [1, percent] }],
    },
  })
  const prometheus = 'monitoring/prometheus:9090'

  it.each([
    [500, 'pass', /^1 disks and volumes have 20 % free or more$/],
    [190, 'warn', /srv712429:\/var\/lib\/longhorn\/: less than 20 % is free/],
    [90, 'fail', /less than 10 % is free/],
  ])('%i of 1000 free: %s', async (available, verdict, found) => {
    const { of } = await asked({ objects: { [longhornNodes]: [node({ d1: disk(available) })], [longhornVolumes]: [] } })
    expect(of('storage.space')).toMatchObject({ verdict, found: expect.stringMatching(found) })
  })

  it('is read from a Prometheus as well, which may not know', async () => {
    const { of } = await asked({ proxied: () => vector('4.2') }, { prometheus })
    expect(of('storage.space')).toMatchObject({ verdict: 'fail', found: 'media/plex: less than 10 % is free' })
    expect(of('storage.space')?.evidence).toEqual(['media/plex: 4.2 % free'])
    const evil = {
      status: 'success',
      data: {
        resultType: 'vector',
        result: [{ metric: { namespace: '$(id)', persistentvolumeclaim: '`id`' }, value: [1, '1'] }],
      },
    }
    expect((await asked({ proxied: () => evil }, { prometheus })).of('storage.space')?.remedy).toMatch(
      /^kubectl -n NAMESPACE describe pvc NAME;/,
    )
    const broken = await asked({ proxied: () => '<html>' }, { prometheus })
    expect(broken.of('storage.space')?.verdict).toBe('skip')
    expect(broken.ports.said.join()).toMatch(/what answers is no Prometheus/)
    expect((await asked({})).of('storage.space')?.found).toMatch(/^neither Longhorn nor a Prometheus/)
  })

  it('is not counted where the numbers are none', async () => {
    const odd = { a: disk(-1), b: { storageMaximum: 'many' }, c: 7, d: disk(2000) }
    const { of } = await asked({ objects: { [longhornNodes]: [node(odd)], [longhornVolumes]: [{}] } })
    expect(of('storage.space')?.found).toMatch(/^0 disks/)
  })
})

it('names the rule that is missing, question by question', async () => {
  const world = {
    objects: { [claims]: [claim('Bound')], [longhornNodes]: [] },
    forbidden: ['persistentvolumes', 'nodes'],
  }
  const { of } = await asked(world)
  expect(of('storage.claims')?.verdict).toBe('pass')
  expect(of('storage.volumes')).toMatchObject({ verdict: 'skip', found: 'may not be asked: list persistentvolumes' })
  expect(of('storage.space')).toMatchObject({ verdict: 'skip', found: 'may not be asked: list nodes' })
})
