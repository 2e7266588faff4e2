import { describe, expect, it } from '@jest/globals'
import type { LeaveSituation } from '../../src/leave/index.ts'
import {
  drainWords,
  leaveCheckRegistry,
  leaveChecks,
  planDrain,
  planLeave,
  readBudget,
  readPinnedVolume,
  readPod,
} from '../../src/leave/index.ts'
import { budget, node, nowMs, pod, presence, reading, situation } from './leave-situations.ts'
import { factsOfCalypso, tritonInDocker } from './situations.ts'

const wishes = situation().wishes
const ruling = (one: Parameters<typeof pod>[1], more = {}) =>
  planDrain([pod('web', one)], { ...wishes, ...more })[0]?.ruling
const verdict = (id: string, more: Partial<LeaveSituation> = {}) =>
  leaveChecks(situation(more)).find((one) => one.id === id)
/** A volume that one of these values reaches, or one of the further terms. */
const pinned = (key: string, values: readonly string[], more: readonly string[] = []) => ({
  name: 'pvc-1',
  claim: 'default/models',
  terms: [values, ...(more.length > 0 ? [more] : [])].map((one) => ({
    matchExpressions: [{ key, operator: 'In', values: one }],
  })),
})
const ids = (more: Partial<LeaveSituation> = {}, failing: Parameters<typeof planLeave>[1] = []) =>
  planLeave(situation(more), failing).changes.map((one) => one.id)

describe('what becomes of a pod', () => {
  it.each([
    ['a managed one leaves', {}, 'leaves'],
    ['one of a DaemonSet stays', { owner: { kind: 'DaemonSet', name: 'node-exporter' } }, 'stays'],
    ['a static one stays', { isMirror: true, owner: { kind: 'Node', name: 'calypso' } }, 'stays'],
    ['one that has finished stays', { isFinished: true, owner: undefined }, 'stays'],
    ['one that ends is waited for', { isTerminating: true, owner: undefined, emptyDirs: ['cache'] }, 'ends'],
    ['one with an emptyDir needs a word', { emptyDirs: ['cache'] }, 'stops'],
    ['one without controller needs a word', { owner: undefined }, 'stops'],
  ])('%s', (_, one, expected) => {
    expect(ruling(one)?.type).toBe(expected)
  })

  it('lets go what its owner allows, and says which input would', () => {
    expect(ruling({ emptyDirs: ['cache'] })).toMatchObject({ input: 'delete-emptydir-data' })
    expect(ruling({ emptyDirs: ['cache'] }, { deleteEmptyDirData: true })?.type).toBe('leaves')
    expect(ruling({ owner: undefined })).toMatchObject({ input: 'delete-unmanaged-pods' })
    expect(ruling({ owner: undefined }, { deleteUnmanagedPods: true })?.type).toBe('leaves')
    const ofDaemonSet = { owner: { kind: 'DaemonSet', name: 'node-exporter' } }
    expect(ruling(ofDaemonSet, { ignoreDaemonSets: false })).toMatchObject({
      type: 'stops',
      input: 'ignore-daemonsets',
    })
  })

  it('counts them for the log', () => {
    const pods = [pod('a'), pod('b', { owner: { kind: 'DaemonSet', name: 'x' } }), pod('c', { isFinished: true })]
    expect(drainWords(planDrain(pods, wishes))).toBe('1 leave, 1 stay (DaemonSet), 1 finished')
    expect(drainWords([])).toBe('no pod is on it')
  })
})

describe('budgets', () => {
  it('names the pod and its budget when that can never let it go, before anything is cordoned', () => {
    const never = budget('web', { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 })
    const check = verdict('leave.pods', { pods: [pod('web')], budgets: [never] })
    expect(check).toMatchObject({ verdict: 'fail' })
    expect(check?.found).toContain('default/web: budget default/web wants 1 healthy of 1')
  })

  it.each([
    ['one of its pods is not healthy now', { currentHealthy: 1, desiredHealthy: 2, expectedPods: 2 }],
    ['it is about no pod yet', { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }],
  ])('only warns when %s: that may change while it waits', (_, numbers) => {
    const tight = budget('web', { disruptionsAllowed: 0, ...numbers })
    expect(verdict('leave.pods', { pods: [pod('web')], budgets: [tight] })?.verdict).toBe('warn')
  })

  it('is none of the business of pods that it does not select, or of another namespace', () => {
    const never = budget('web', { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 })
    expect(verdict('leave.pods', { pods: [pod('other')], budgets: [never] })?.verdict).toBe('pass')
    const elsewhere = { ...never, namespace: 'kube-system' }
    expect(verdict('leave.pods', { pods: [pod('web')], budgets: [elsewhere] })?.verdict).toBe('pass')
  })

  it('says that two budgets for one pod are never heeded', () => {
    const two = [budget('web'), { ...budget('web'), name: 'web-too' }]
    expect(verdict('leave.pods', { pods: [pod('web')], budgets: two })?.found).toContain('2 budgets are about it')
  })

  it('reads selectors as the API server does', () => {
    const read = (selector: unknown) => readBudget({ metadata: { name: 'b' }, spec: { selector } }).selects
    expect(read(undefined)).toBeUndefined()
    expect(read({})?.({ any: 'thing' })).toBe(true)
    expect(read({ matchLabels: { app: 'web' } })?.({ app: 'web', x: 'y' })).toBe(true)
    expect(read({ matchLabels: { app: 'web' } })?.({ app: 'api' })).toBe(false)
    const expressions = (operator: string, values?: string[]) =>
      read({ matchExpressions: [{ key: 'app', operator, values }] })
    expect(expressions('In', ['web'])?.({ app: 'web' })).toBe(true)
    expect(expressions('NotIn', ['web'])?.({})).toBe(true)
    expect(expressions('Exists')?.({})).toBe(false)
    expect(expressions('DoesNotExist')?.({})).toBe(true)
    expect(expressions('Sideways')?.({ app: 'web' })).toBe(false)
  })
})

describe('what is asked before a node leaves', () => {
  it('passes for an agent of this cluster with nothing in the way', () => {
    expect(leaveChecks(situation({ pods: [pod('web')] })).filter((one) => one.verdict !== 'pass')).toEqual([])
  })

  it('has an entry for every check', () => {
    const known = leaveCheckRegistry.map((one) => one.id)
    const gone = situation({ isHostGone: true, host: undefined })
    for (const { id } of [...leaveChecks(situation()), ...leaveChecks(gone)]) expect(known).toContain(id)
  })

  it('refuses a server, whoever says that it is one', () => {
    expect(verdict('leave.role', { reading: reading({ node: node({ isServer: true }) }) })?.verdict).toBe('fail')
    const host = { facts: factsOfCalypso(), presence: presence({ isServer: true }) }
    expect(verdict('leave.role', { host })?.verdict).toBe('fail')
  })

  it('refuses a machine that is not the node', () => {
    const other = node({ systemUuid: '11111111-2222-3333-4444-555555555555', machineId: 'ffff' })
    expect(verdict('leave.machine', { reading: reading({ node: other }) })?.verdict).toBe('fail')
  })

  it('refuses an agent of another cluster, but not another address of this one', () => {
    const host = { facts: factsOfCalypso(), presence: presence({ server: 'https://203.0.113.9:6443' }) }
    expect(verdict('leave.cluster', { host })?.verdict).toBe('pass')
    const dead = reading({ node: undefined, leaseRenewedAtMs: undefined })
    expect(verdict('leave.cluster', { host, reading: dead })?.verdict).toBe('fail')
    expect(
      verdict('leave.cluster', { host, reading: dead, servers: ['https://127.0.0.1:16443'], nodes: [] })?.verdict,
    ).toBe('fail')
  })

  it('does not take a way to the API through this runner for the cluster of an agent with one of its own', () => {
    const host = { facts: factsOfCalypso(), presence: presence({ server: 'https://127.0.0.1:6443' }) }
    const silent = reading({ leaseRenewedAtMs: nowMs - 600_000 })
    const servers = ['https://127.0.0.1:16443']
    expect(verdict('leave.cluster', { host, reading: silent, servers })?.verdict).toBe('fail')
    expect(verdict('leave.cluster', { host, servers })?.verdict).toBe('pass')
  })

  it('refuses an agent that runs and does not say for whom, unless it is alive here', () => {
    const host = { facts: factsOfCalypso(), presence: presence({ server: '' }) }
    expect(verdict('leave.cluster', { host })?.verdict).toBe('pass')
    const silent = reading({ leaseRenewedAtMs: nowMs - 600_000 })
    expect(verdict('leave.cluster', { host, reading: silent })?.verdict).toBe('fail')
    // The uninstaller deletes what tells of the server first.
    const half = { facts: factsOfCalypso(), presence: presence({ server: '', isRunning: false, isHalfGone: true }) }
    expect(verdict('leave.cluster', { host: half, reading: silent })?.verdict).not.toBe('fail')
  })

  it('refuses the machine of another node, under a name that nobody has, or has any more', () => {
    const bar = node({ name: 'bar', uid: 'bar' })
    const nobody = reading({ node: undefined, leaseRenewedAtMs: undefined })
    expect(verdict('leave.machine', { reading: nobody, nodes: [bar] })).toMatchObject({
      verdict: 'fail',
      found: expect.stringContaining('bar'),
    })
    expect(verdict('leave.machine', { reading: nobody, nodes: [] })?.verdict ?? 'pass').toBe('pass')
    // Renamed: the old name is dead, and its machine serves under the new one.
    const old = reading({ node: node({ ready: 'Unknown' }), leaseRenewedAtMs: nowMs - 600_000 })
    expect(verdict('leave.machine', { reading: old, nodes: [node({ ready: 'Unknown' }), bar] })).toMatchObject({
      verdict: 'fail',
      found: expect.stringContaining('bar'),
    })
    expect(verdict('leave.machine', { nodes: [node(), node({ name: 'bar', ready: 'Unknown' })] })?.verdict).toBe('pass')
  })

  it('tells boards without an identity apart by machine-id and address, and believes nothing else', () => {
    const board = { systemUuid: '', machineId: 'aaaa', internalIps: ['10.4.0.11'] }
    const pi = (machineId: string, address: string) => ({
      facts: factsOfCalypso({ systemUuid: '', machineId, addresses: [address] }),
      presence: presence(),
    })
    const own = reading({ node: node(board) })
    const verdictOf = (host: ReturnType<typeof pi>, others: Parameters<typeof node>[0][] = []) =>
      verdict('leave.machine', { reading: own, host, nodes: [node(board), ...others.map((one) => node(one))] })?.verdict
    expect(verdictOf(pi('aaaa', '10.4.0.11'))).toBe('pass')
    expect(verdictOf(pi('bbbb', '10.4.0.12'))).toBe('fail')
    // An address that went to another board.
    expect(verdictOf(pi('bbbb', '10.4.0.11'))).toBe('fail')
    // Cards copied from one another: the same machine-id on two boards.
    const copy = { ...board, name: 'lipps', internalIps: ['10.4.0.12'] }
    expect(verdictOf(pi('aaaa', '10.4.0.11'), [copy])).toBe('pass')
    expect(verdictOf(pi('aaaa', '10.4.0.12'), [copy])).toBe('fail')
    // Nothing to compare but the address.
    const unknown = reading({ node: node({ ...board, machineId: '' }) })
    expect(verdict('leave.machine', { reading: unknown, host: pi('', '10.4.0.11') })?.verdict).toBe('pass')
    expect(verdict('leave.machine', { reading: unknown, host: pi('', '10.4.0.99') })?.verdict).toBe('fail')
  })

  it('does not believe host-gone of a node that is still Ready, lease or none', () => {
    const ready = reading({ leaseRenewedAtMs: undefined })
    expect(verdict('leave.alive', { isHostGone: true, host: undefined, reading: ready })?.verdict).toBe('fail')
  })

  it('leaves a host without systemd alone, whose agent nobody here can stop', () => {
    const host = { facts: factsOfCalypso({ init: 'openrc' }), presence: presence({ isRunning: false, unitState: '' }) }
    expect(verdict('leave.uninstaller', { host })?.verdict).toBe('fail')
  })

  it('says what its uninstaller would take besides', () => {
    const host = {
      facts: factsOfCalypso(),
      presence: presence({ obstacle: 'there is /etc/systemd/system/k3s-b.service' }),
    }
    expect(verdict('leave.uninstaller', { host })).toMatchObject({
      verdict: 'fail',
      found: 'there is /etc/systemd/system/k3s-b.service',
    })
  })

  it('believes host-gone only of a node without heartbeat', () => {
    const gone = { isHostGone: true, host: undefined }
    expect(verdict('leave.alive', gone)?.verdict).toBe('fail')
    const silent = reading({ leaseRenewedAtMs: nowMs - 600_000, node: node({ ready: 'Unknown' }) })
    expect(verdict('leave.alive', { ...gone, reading: silent })?.verdict).toBe('pass')
  })

  it('names data that lies on this node alone', () => {
    const check = verdict('leave.volumes', { localVolumes: [pinned('kubernetes.io/hostname', ['calypso'])] })
    expect(check).toMatchObject({ verdict: 'fail', found: 'default/models (pvc-1)' })
  })

  it('knows such data by what the volume asks of a node, whatever its provisioner calls that', () => {
    const nodes = [
      node({ labels: { 'topology.topolvm.io/node': 'calypso', zone: 'a', 'kubernetes.io/hostname': 'c.example' } }),
      node({ name: 'other', labels: { 'topology.topolvm.io/node': 'other', zone: 'a' } }),
    ]
    const of = (key: string, values: readonly string[], more: readonly string[] = []) =>
      verdict('leave.volumes', { nodes, localVolumes: [pinned(key, values, more)] })?.verdict
    expect(of('topology.topolvm.io/node', ['calypso'])).toBe('fail')
    expect(of('topology.topolvm.io/node', ['other'])).toBe('pass')
    expect(of('zone', ['a'])).toBe('pass')
    // The name of the host is a label, and not always the name of the node.
    expect(of('kubernetes.io/hostname', ['c.example'])).toBe('fail')
    expect(of('kubernetes.io/hostname', ['c.example'], ['calypso'])).toBe('fail')
  })

  it('knows it also where the node is gone already, and where no object tells of it', () => {
    const nobody = reading({ node: undefined, leaseRenewedAtMs: undefined })
    const localVolumes = [pinned('kubernetes.io/hostname', ['calypso'])]
    expect(verdict('leave.volumes', { reading: nobody, nodes: [], localVolumes })?.verdict).toBe('fail')
    const data = ['/var/lib/rancher/k3s/storage/pvc-2_default_films']
    const host = { facts: factsOfCalypso(), presence: presence({ data }) }
    expect(verdict('leave.volumes', { host })).toMatchObject({
      verdict: 'fail',
      found: '/var/lib/rancher/k3s/storage/pvc-2_default_films',
    })
  })

  it('names what somebody mounted where leaving deletes, and lets volumes go with their pods', () => {
    const mount = (kind: 'own' | 'volume' | 'foreign') => ({
      path: '/var/lib/kubelet/backup',
      type: 'nfs4',
      source: '192.168.2.10:/data',
      kind,
    })
    const of = (kind: 'own' | 'volume' | 'foreign') =>
      verdict('leave.mounts', { host: { facts: factsOfCalypso(), presence: presence({ mounts: [mount(kind)] }) } })
    expect(of('foreign')).toMatchObject({
      verdict: 'fail',
      found: '/var/lib/kubelet/backup (nfs4, 192.168.2.10:/data)',
    })
    expect(of('volume')?.verdict).toBe('pass')
    const host = { facts: factsOfCalypso(), presence: presence({ areMountsKnown: false }) }
    expect(verdict('leave.mounts', { host })?.verdict).toBe('fail')
  })
})

describe('the plan of a removal', () => {
  const all = ['cordon', 'drain', 'stop', 'uninstall', 'delete-node', 'forget-node']

  it('cordons, drains, stops, uninstalls, and only then deletes', () => {
    expect(ids({ pods: [pod('web')] })).toEqual(all)
  })

  it('says of every change why, and what it disrupts', () => {
    const { changes } = planLeave(situation({ pods: [pod('web')] }), [])
    expect(changes.find((one) => one.id === 'drain')).toMatchObject({
      target: '1 pod: default/web',
      disrupts: 'restarts these pods on other nodes',
    })
  })

  it.each<[string, Partial<LeaveSituation>, readonly string[]]>([
    [
      'cordoned',
      { reading: reading({ node: node({ unschedulable: true }) }) },
      ['stop', 'uninstall', 'delete-node', 'forget-node'],
    ],
    [
      'stopped',
      {
        reading: reading({ leaseRenewedAtMs: nowMs - 60_000, node: node({ ready: 'Unknown' }) }),
        host: { facts: factsOfCalypso(), presence: presence({ isRunning: false, unitState: 'inactive' }) },
      },
      ['uninstall', 'delete-node', 'forget-node'],
    ],
    [
      'uninstalled',
      {
        reading: reading({ leaseRenewedAtMs: nowMs - 60_000 }),
        host: {
          facts: factsOfCalypso(),
          presence: presence({ isThere: false, isRunning: false, uninstaller: undefined }),
        },
      },
      ['delete-node', 'forget-node'],
    ],
    [
      'without its node',
      {
        reading: reading({ node: undefined }),
        host: {
          facts: factsOfCalypso(),
          presence: presence({ isThere: false, isRunning: false, uninstaller: undefined }),
        },
      },
      ['forget-node'],
    ],
    [
      'gone',
      {
        reading: reading({ node: undefined }),
        hasPassword: false,
        host: {
          facts: factsOfCalypso(),
          presence: presence({ isThere: false, isRunning: false, uninstaller: undefined }),
        },
      },
      [],
    ],
  ])('goes on from a node that an interrupted removal left %s', (_, more, expected) => {
    expect(ids(more)).toEqual(expected)
  })

  it('clears the cluster alone of a machine that is gone', () => {
    const silent = reading({ leaseRenewedAtMs: nowMs - 600_000 })
    expect(ids({ isHostGone: true, host: undefined, reading: silent, pods: [pod('web')] })).toEqual([
      'delete-node',
      'forget-node',
    ])
  })

  it('is blocked by a reload that could take the GPU from a process outside the cluster, and not without one', () => {
    const facts = factsOfCalypso({ gpu: { ...factsOfCalypso().gpu, processes: [tritonInDocker as never] } })
    const quiet = { host: { facts, presence: presence() } }
    expect(planLeave(situation(quiet), []).blockers).toEqual([])
    const loud = { host: { facts, presence: presence(), disturbs: 'makes systemd 229 reload' } }
    expect(planLeave(situation(loud), []).blockers.map((one) => one.id)).toEqual(['plan.gpu-in-use'])
    const allowed = { ...loud, wishes: { ...wishes, allowGpuDisruption: true } }
    expect(planLeave(situation(allowed), []).blockers).toEqual([])
  })
})

describe('objects of the API, whatever they lack', () => {
  it('reads a pod', () => {
    const read = readPod({
      metadata: {
        namespace: 'a',
        name: 'b',
        uid: 'c',
        ownerReferences: [{ kind: 'ReplicaSet', name: 'r', controller: true }],
        deletionTimestamp: '2026-11-22T10:00:00Z',
        deletionGracePeriodSeconds: 5,
        finalizers: ['x/y'],
      },
      spec: {
        terminationGracePeriodSeconds: 30,
        volumes: [
          { name: 'cache', emptyDir: {} },
          { name: 'data', persistentVolumeClaim: { claimName: 'models' } },
        ],
      },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    })
    expect(read).toMatchObject({
      emptyDirs: ['cache'],
      claims: ['models'],
      graceSeconds: 5,
      isTerminating: true,
      isReady: true,
      owner: { kind: 'ReplicaSet', name: 'r' },
      finalizers: ['x/y'],
    })
    expect(() => readPod({})).not.toThrow()
    expect(() => readPod({ metadata: 'x', spec: { volumes: 'y' }, status: null })).not.toThrow()
  })

  it('reads where a volume can be reached, and nothing of one that can be reached anywhere', () => {
    const volume = (terms: unknown) => ({
      metadata: { name: 'pvc-1' },
      spec: {
        claimRef: { namespace: 'default', name: 'models' },
        nodeAffinity: { required: { nodeSelectorTerms: terms } },
      },
    })
    const term = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['calypso'] }] }
    expect(readPinnedVolume(volume([term]))).toMatchObject({ name: 'pvc-1', claim: 'default/models', terms: [term] })
    for (const none of [undefined, [], 'x', null]) expect(readPinnedVolume(volume(none))).toBeUndefined()
    expect(readPinnedVolume({})).toBeUndefined()
    expect(() => readPinnedVolume(volume([{ matchExpressions: 'x', matchFields: [1] }]))).not.toThrow()
  })
})
