/**
 * A volume on a node: made, written, read by another pod, deleted. Words of the scheduler and the kubelet: kubernetes/kubernetes,
 * pkg/scheduler/framework/plugins/volumebinding/volume_binding.go and pkg/volume/csi/csi_plugin.go; of the provisioner: longhorn/longhorn#9035.
 */
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  type ApiObject,
  type Cluster,
  ClusterError,
  type NodeState,
  type PodState,
} from '../../src/kubernetes/index.ts'
import type { VerifyPorts } from '../../src/verify/model.ts'
import { classify, classifyLate } from '../../src/verify/pod-run/classify.ts'
import { type PodOutcome, type PodSpec, sweepPods } from '../../src/verify/pod-run/index.ts'
import { renderJob } from '../../src/verify/pod-run/render.ts'
import { claimKind } from '../../src/verify/pod-run/volume.ts'
import type { StorageClass } from '../../src/verify/suites/storage/claims.ts'
import { storageSuite } from '../../src/verify/suites/storage/index.ts'
import { judgeTrial, probeVolumes, type VolumeTrial } from '../../src/verify/suites/storage/probe.ts'
import { podOf } from './gpu-cluster-world.ts'
import { askedWorld, wishOf } from './verify-asked-world.ts'

const mark = 'k3s-gpu-actions/volume'
const text = 'abcdefghijkl k3s2'
const wish = wishOf({ mode: 'probe', storageClass: 'longhorn', nodes: ['k3s2'], timeoutMs: 5_000 })
const longhorn: StorageClass = { name: 'longhorn', waitsForPod: false, isDeleting: true }
const k3s2 = {
  name: 'k3s2',
  ready: 'True',
  unschedulable: false,
  images: ['docker.io/longhornio/longhorn-manager:v1.9.0'],
  labels: {},
  taints: [],
  kubeletVersion: 'v1.33.4+k3s1',
} as unknown as NodeState

const outcome = (log: string, changes: Partial<PodOutcome> = {}): PodOutcome => ({
  code: 'succeeded',
  isAdmitted: true,
  found: 'it ran and ended with 0',
  cause: '',
  remedy: '',
  evidence: [],
  log: log.replaceAll('@', mark),
  elapsedMs: 2000,
  isRemoved: true,
  leftover: '',
  ...changes,
})
const wrote = outcome('@ mount ok ext4 /dev/longhorn/pvc-1\n@ write ok')
const trial = (changes: Partial<VolumeTrial> = {}): VolumeTrial => ({
  writer: wrote,
  reader: outcome(`@ mount ok ext4 /dev/longhorn/pvc-1\n@ read ok ${text}`),
  text,
  words: [],
  leftover: '',
  ...changes,
})
const broken = (code: PodOutcome['code']) => outcome('', { code, found: `it is ${code}`, cause: 'because' })

describe('what two pods say of a volume', () => {
  it.each<[string, Partial<VolumeTrial>, string, RegExp]>([
    ['both', {}, 'pass', /^a volume of longhorn \(ext4\) was written, read by another pod and deleted$/],
    [
      'another text',
      { reader: outcome('@ mount ok ext4 x\n@ read ok other') },
      'fail',
      /something else than was written/,
    ],
    [
      'no file',
      { reader: outcome('@ mount ok ext4 x\n@ read failed No such file', { code: 'failed' }) },
      'fail',
      /cannot read there/,
    ],
    [
      'read-only',
      { writer: outcome('@ mount ok ext4 x\n@ write failed Read-only file system', { code: 'failed' }) },
      'fail',
      /cannot write there/,
    ],
    [
      'no right',
      { writer: outcome('@ mount ok nfs4 x\n@ write failed Permission denied', { code: 'failed' }) },
      'warn',
      /cannot write there/,
    ],
    [
      'nothing mounted',
      { writer: outcome('@ mount failed nothing is mounted there', { code: 'failed' }) },
      'fail',
      /not mounted in the pod/,
    ],
    ['no answer', { writer: outcome('hello') }, 'warn', /without an answer/],
    ['no volume', { writer: broken('volume') }, 'fail', /it is volume/],
    ['not placed', { writer: broken('unschedulable') }, 'fail', /it is unschedulable/],
    ['too slow', { writer: broken('deadline') }, 'fail', /it is deadline/],
    ['no room for a pod', { writer: broken('insufficient') }, 'skip', /it is insufficient/],
    ['no image', { writer: broken('image') }, 'skip', /it is image/],
    ['may not', { refusal: broken('not-allowed') }, 'skip', /it is not-allowed/],
    ['left behind', { leftover: 'PersistentVolume/pvc-1' }, 'warn', /a volume of this run is still there/],
    [
      'no image, left behind',
      { writer: broken('image'), leftover: 'k3s-gpu-actions/x' },
      'warn',
      /^k3s2: a volume of this run is still there$/,
    ],
    [
      'a hostile log',
      { reader: outcome(`@ mount ok\n@ read ok \u001b[1m::error::${'x'.repeat(9999)}`) },
      'fail',
      /something else/,
    ],
  ])('%s', (_name, changes, verdict, found) => {
    const check = judgeTrial('k3s2', trial(changes), wish)
    expect(check).toMatchObject({ id: 'storage.probe.k3s2', verdict, found: expect.stringMatching(found) })
    expect(JSON.stringify(check)).not.toMatch(/\\u001b/)
    expect(JSON.stringify(check).length).toBeLessThan(2000)
  })

  it('quotes the provisioner when no volume is made', () => {
    const words = ['ProvisioningFailed: failed to provision volume with StorageClass "longhorn": no disk']
    expect(judgeTrial('k3s2', trial({ writer: broken('volume'), words }), wish).evidence).toEqual([`k3s2: ${words[0]}`])
  })
})

const spec: PodSpec = {
  purpose: 'volume-write',
  namespace: 'verify',
  node: k3s2,
  image: 'busybox:stable',
  pull: 'if-missing',
  command: ['sh'],
  volume: { claim: 'data', path: '/volume' },
}
const unbound = 'Unschedulable: 0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.'
const mountFailed =
  'FailedMount: MountVolume.MountDevice failed for volume "pvc-1": rpc error: code = Internal desc = exit status 32'
const noDriver =
  'FailedMount: MountVolume.MountDevice failed for volume "pvc-1" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name driver.longhorn.io not found in the list of registered CSI drivers'

describe('a pod that waits for its volume', () => {
  const pending = (...problems: string[]): PodState => podOf({ phase: 'Pending', isReady: false, problems })
  const moment = (pod: PodState, ...podEvents: string[]) => ({ pod, podEvents, refusals: [], waitedMs: 60_000 })

  it('is waited for while somebody may yet make the volume, and named when time is over', () => {
    expect(classify(moment(pending(unbound)), spec)).toBeUndefined()
    expect(classify(moment(pending(unbound)), { ...spec, volume: undefined } as unknown as PodSpec)?.code).toBe(
      'unschedulable',
    )
    expect(classifyLate(moment(pending(unbound)), spec, 60_000)).toMatchObject({
      code: 'volume',
      found: 'no volume was made within 60 s',
    })
    expect(classifyLate(moment({ ...pending(), node: 'k3s2' }, mountFailed), spec, 60_000)).toMatchObject({
      code: 'volume',
      found: expect.stringMatching(/not there on k3s2 after 60 s/),
      cause: expect.stringMatching(/cannot be mounted/),
    })
  })

  it('is not waited for where the storage driver does not run', () => {
    expect(classify(moment({ ...pending(), node: 'k3s2' }, noDriver), spec)).toMatchObject({
      code: 'volume',
      found: 'the storage driver does not run on k3s2',
    })
  })

  it('is still what Pod Security restricted accepts', () => {
    const job = renderJob(spec, { key: 'k-1', runId: 'k', label: '' }, 1000)
    expect(job).toMatchObject({
      spec: {
        template: {
          spec: {
            securityContext: { fsGroup: 65532, runAsNonRoot: true },
            volumes: [{ persistentVolumeClaim: { claimName: 'data' } }],
            containers: [{ volumeMounts: [{ mountPath: '/volume' }] }],
          },
        },
      },
    })
    expect(JSON.stringify(job)).not.toContain('hostPath')
  })
})

/** A cluster of one namespace, in which pods do what the script in them would. */
function storage({ reads = text, keeps = false, refuses = '' as ClusterError['code'] | '' } = {}) {
  const log: string[] = []
  const objects = new Map<string, ApiObject>()
  const cancel = new AbortController()
  const world = askedWorld({ nodes: [k3s2] })
  let show: Parameters<Cluster['watchPodsWith']>[2] = () => undefined
  let step = ''
  const pod = (): PodState => podOf({ name: `pod-${step}`, node: 'k3s2', phase: 'Succeeded', isReady: false })
  const cluster: Partial<Cluster> = {
    async createObject({ resource }, object) {
      const { name } = object.metadata as { name: string }
      log.push(`create ${resource}`)
      if (resource === 'persistentvolumeclaims' && refuses !== '')
        throw new ClusterError(refuses, { title: 'title', cause: 'c', remedy: 'r' })
      objects.set(`${resource}/${name}`, object)
      if (resource === 'persistentvolumeclaims') objects.set('persistentvolumes/pvc-1', { metadata: { name: 'pvc-1' } })
      if (resource === 'jobs') {
        step = /"STEP","value":"(\w+)"/.exec(JSON.stringify(object))?.[1] ?? ''
        setTimeout(() => show({ type: 'pod', pod: pod() }), 2)
      }
      return { name, uid: `uid-${name}` }
    },
    async deleteObject({ resource }, _namespace, name, uid) {
      log.push(`delete ${resource}`)
      expect(uid).toBe(`uid-${name}`)
      objects.delete(`${resource}/${name}`)
      if (resource === 'persistentvolumeclaims' && !keeps) objects.delete('persistentvolumes/pvc-1')
      if (resource === 'jobs') setTimeout(() => show({ type: 'gone', namespace: '', name: `pod-${step}` }), 1)
    },
    async watchPodsWith(_namespace, _selector, onEvent, signal) {
      show = onEvent
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    },
    podEvents: async () => [],
    podLog: async () =>
      step === 'write'
        ? `${mark} mount ok ext4 /dev/x\n${mark} write ok`
        : `${mark} mount ok ext4 /dev/x\n${mark} read ok ${reads}`,
    async list({ resource }, read) {
      return [...objects]
        .filter(([key]) => key.startsWith(`${resource}/`))
        .map(([, object]) => {
          const metadata = object.metadata as { name: string }
          return read({
            ...object,
            metadata: { ...metadata, uid: `uid-${metadata.name}` },
            spec: { ...(object.spec as object), volumeName: 'pvc-1' },
          })
        })
    },
  }
  let nowMs = 0
  const ports: VerifyPorts = {
    ...world,
    cluster: { ...world.cluster, ...cluster } as Cluster,
    // A volume that stays is not waited for in real time.
    now: () => (nowMs += keeps && log.includes('delete persistentvolumeclaims') ? 20_000 : 10),
    signal: cancel.signal,
  }
  const probe = (classes = [longhorn], changes = {}) =>
    probeVolumes(ports, { ...wish, ...changes }, async () => classes)
  return { log, objects, cancel, probe, ports }
}

describe('a volume of a run', () => {
  const worlds: AbortController[] = []
  afterEach(() => {
    for (const one of worlds.splice(0)) one.abort()
  })

  it('is made, written, read by a second pod, and deleted, and nothing stays', async () => {
    const { probe, log, objects } = storage()
    const [check] = await probe()
    expect(check).toMatchObject({ id: 'storage.probe.k3s2', verdict: 'pass' })
    expect(log).toEqual([
      'create persistentvolumeclaims',
      'create jobs',
      'delete jobs',
      'create jobs',
      'delete jobs',
      'delete persistentvolumeclaims',
    ])
    expect([...objects.keys()]).toEqual([])
  })

  it('is deleted also when what it holds is wrong, and said when it does not go', async () => {
    const wrong = storage({ reads: 'nothing' })
    expect((await wrong.probe())[0]).toMatchObject({ verdict: 'fail' })
    expect([...wrong.objects.keys()]).toEqual([])
    const kept = storage({ keeps: true })
    expect((await kept.probe())[0]).toMatchObject({ verdict: 'warn', evidence: ['k3s2: PersistentVolume/pvc-1'] })
  })

  it('is deleted when the run is cancelled meanwhile', async () => {
    const { probe, objects, cancel } = storage()
    const asked = probe()
    setTimeout(() => cancel.abort(new Error('cancelled')), 1)
    await expect(asked).rejects.toThrow('cancelled')
    expect([...objects.keys()].filter((key) => !key.startsWith('persistentvolumes/'))).toEqual([])
  })

  it('is not asked for where it would stay, where nobody makes it, where the user may not, and unless somebody wants it', async () => {
    const { probe, log } = storage()
    expect((await probe([{ ...longhorn, isDeleting: false }]))[0]).toMatchObject({
      verdict: 'skip',
      found: expect.stringMatching(/Retain/),
    })
    expect((await probe([]))[0]).toMatchObject({
      verdict: 'fail',
      found: expect.stringMatching(/no storage class longhorn/),
    })
    expect(await probe([longhorn], { storageClass: '' })).toEqual([])
    expect(await probe([longhorn], { mode: 'observe' })).toEqual([])
    expect(log).toEqual([])
    const [check] = await storage({ refuses: 'forbidden' }).probe()
    expect(check).toMatchObject({ verdict: 'skip', found: expect.stringMatching(/may not make volume claims/) })
  })

  it('of a run that was killed is deleted by a later one, once it is old', async () => {
    const { ports, objects, log } = storage()
    const at = (name: string, creationTimestamp: string) =>
      objects.set(`persistentvolumeclaims/${name}`, { metadata: { name, creationTimestamp } })
    at('old', '2026-11-21T00:00:00Z')
    at('young', '2026-11-22T02:59:00Z')
    const swept = await sweepPods(ports, 'verify', Date.parse('2026-11-22T03:00:00Z'), claimKind)
    expect([swept.removed, log]).toEqual([['old'], ['delete persistentvolumeclaims']])
  })

  it('needs rights that are in the manifest of probes', () => {
    const rights = storageSuite.access(wish).map(({ verb, resource }) => `${verb} ${resource}`)
    expect(rights).toEqual(
      expect.arrayContaining(['create persistentvolumeclaims', 'delete persistentvolumeclaims', 'create jobs']),
    )
    expect(storageSuite.access({ ...wish, mode: 'observe' }).every(({ verb }) => verb === 'list')).toBe(true)
  })
})
