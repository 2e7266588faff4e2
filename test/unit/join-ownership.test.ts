/** Labels and taints of a node belong to many. What is ours comes and goes with the desired state; nobody else's is touched. */
import { describe, expect, it } from '@jest/globals'
import type { Taint } from '../../src/cluster-file/index.ts'
import {
  annotations,
  desiredDigest,
  hasDrift,
  type MetadataDrift,
  mendTaints,
  metadataDrift,
  planJoin,
  taintIdentity,
  wantedOwnership,
} from '../../src/join/index.ts'
import type { NodeState } from '../../src/kubernetes/index.ts'
import { desiredCalypso, nodeCalypso, server, situation, version } from './situations.ts'

/** mulberry32: the same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const keys = [
  'a',
  'b',
  'constructor',
  'toString',
  'x.y/z',
  'node-role.kubernetes.io/gpu',
  'topology.kubernetes.io/zone',
]
const systemKeys = ['kubernetes.io/hostname', 'kubernetes.io/arch', 'node-role.kubernetes.io/control-plane']
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const
const systemTaints: readonly Taint[] = [
  { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
  { key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' },
]
const rubbish = ['__proto__', '', ' ', 'no such key', 'x'.repeat(1000), '::set-output name=a::b', '<b>']

interface Case {
  readonly desired: ReturnType<typeof desiredCalypso>
  readonly node: NodeState
  readonly owned: { readonly labels: ReadonlySet<string>; readonly taints: ReadonlySet<string> }
}

/** A node and a desired state that overlap in every way, and annotations that may say anything. */
function someCase(seed: number): Case {
  const next = numbers(seed)
  const some = <T>(from: readonly T[]): T[] => from.filter(() => next() < 0.5)
  const value = (): string => ['', '1', '2'][Math.floor(next() * 3)] ?? ''
  const labelsOf = (chosen: readonly string[]) => Object.fromEntries(chosen.map((key) => [key, value()]))
  const taintsOf = (): Taint[] =>
    some(keys.flatMap((key) => effects.map((effect) => ({ key, effect })))).map((taint) => {
      const given = value()
      return given === '' ? taint : { ...taint, value: given }
    })
  const ownedLabels = some([...keys, ...systemKeys, ...rubbish])
  const ownedTaints = some([
    ...keys.flatMap((key) => effects.map((effect) => `${key}:${effect}`)),
    ...systemTaints.map(taintIdentity),
    ...rubbish,
  ])
  return {
    desired: desiredCalypso({ labels: labelsOf(some(keys)), taints: taintsOf() }),
    node: nodeCalypso({
      labels: labelsOf([...some(keys), ...systemKeys]),
      taints: [...taintsOf(), ...some(systemTaints)].sort(() => next() - 0.5),
      annotations: {
        [annotations.ownedLabels]: ownedLabels.join(','),
        [annotations.ownedTaints]: ownedTaints.join(', '),
      },
    }),
    owned: { labels: new Set(ownedLabels), taints: new Set(ownedTaints) },
  }
}

/** As the API server carries it out. */
function carriedOut(node: NodeState, drift: MetadataDrift): NodeState {
  const labels = Object.fromEntries(
    Object.entries({ ...node.labels, ...drift.labels }).filter((one): one is [string, string] => one[1] !== null),
  )
  return { ...node, labels, taints: mendTaints(node.taints, drift) }
}

const seeds = Array.from({ length: 200 }, (_, index) => index + 1)
const text = (taint: Taint): string => `${taint.key}=${taint.value ?? ''}:${taint.effect}`

describe('whatever is on the node, whatever is wanted, and whatever the annotations say', () => {
  it('it converges in one step, and the next finds nothing', () => {
    for (const seed of seeds) {
      const { desired, node } = someCase(seed)
      const after = carriedOut(node, metadataDrift(desired, node))
      expect({ seed, drift: hasDrift(metadataDrift(desired, after)) }).toEqual({ seed, drift: false })
      expect({ seed, labels: after.labels }).toMatchObject({ seed, labels: desired.labels })
      expect(after.taints.map(text)).toEqual(expect.arrayContaining(desired.taints.map(text)))
      // As the API server demands: one taint for each key and effect.
      expect(new Set(after.taints.map(taintIdentity)).size).toBe(after.taints.length)
    }
  })

  it('what is neither wanted nor ours stays as it is, taints in their order', () => {
    for (const seed of seeds) {
      const { desired, node, owned } = someCase(seed)
      const after = carriedOut(node, metadataDrift(desired, node))
      const foreign = Object.entries(node.labels).filter(
        ([key]) => !Object.hasOwn(desired.labels, key) && (!owned.labels.has(key) || systemKeys.includes(key)),
      )
      expect({ seed, ...after.labels }).toMatchObject({ seed, ...Object.fromEntries(foreign) })
      const wanted = new Set(desired.taints.map(taintIdentity))
      const system = new Set(systemTaints.map(taintIdentity))
      const strange = (taint: Taint): boolean =>
        !wanted.has(taintIdentity(taint)) &&
        (!owned.taints.has(taintIdentity(taint)) || system.has(taintIdentity(taint)))
      expect({ seed, taints: after.taints.filter(strange) }).toEqual({ seed, taints: node.taints.filter(strange) })
    }
  })

  it('what is ours and no longer wanted goes', () => {
    for (const seed of seeds) {
      const { desired, node, owned } = someCase(seed)
      const after = carriedOut(node, metadataDrift(desired, node))
      const left = keys.filter((key) => owned.labels.has(key) && !Object.hasOwn(desired.labels, key))
      expect({ seed, left: left.filter((key) => Object.hasOwn(after.labels, key)) }).toEqual({ seed, left: [] })
      const wanted = new Set(desired.taints.map(taintIdentity))
      const leftTaints = after.taints
        .map(taintIdentity)
        .filter(
          (id) => owned.taints.has(id) && !wanted.has(id) && !systemTaints.some((one) => taintIdentity(one) === id),
        )
      expect({ seed, leftTaints }).toEqual({ seed, leftTaints: [] })
    }
  })
})

describe('the line of the plan', () => {
  const owned = {
    [annotations.ownedLabels]: 'oceanid.node/gpu,oceanid.node/name,old',
    [annotations.ownedTaints]: 'workload-type:NoSchedule,old:NoExecute',
  }
  const targets = (desired = desiredCalypso(), node = nodeCalypso()): Readonly<Record<string, string>> => {
    const reading = { version, node, serverTimeMs: 1_000_000, leaseRenewedAtMs: 995_000 }
    const { changes } = planJoin(situation({ desired, reading }), [], [])
    return Object.fromEntries(changes.map((change) => [change.id, change.target]))
  }

  it('says what is new, what was, whose it was, and what goes', () => {
    const desired = desiredCalypso({
      labels: { 'oceanid.node/name': 'calypso', 'oceanid.node/gpu': 'b', foreign: 'x', c: '' },
    })
    const labels = { ...nodeCalypso().labels, old: '1', foreign: 'y' }
    expect(targets(desired, nodeCalypso({ annotations: owned, labels }))['label-node']).toBe(
      'oceanid.node/gpu=b (was nvidia-rtx-4090), foreign=x (was y, not ours until now), c= (new), old- (no longer wanted; ours)',
    )
  })

  it('says so when somebody changed or removed by hand what is ours', () => {
    const recorded = { ...owned, [annotations.desired]: desiredDigest(desiredCalypso(), server, version) }
    const labels = { 'oceanid.node/name': 'by-hand' }
    const taints: Taint[] = [{ key: 'workload-type', value: 'other', effect: 'NoSchedule' }]
    expect(targets(desiredCalypso(), nodeCalypso({ annotations: recorded, labels, taints }))).toMatchObject({
      'label-node':
        'oceanid.node/name=calypso (was by-hand, changed by hand), oceanid.node/gpu=nvidia-rtx-4090 (was removed by hand)',
      'taint-node': 'workload-type=gpu-compute:NoSchedule (was other, changed by hand)',
    })
  })

  it('tells taints of the same key apart by their effect', () => {
    const taints: Taint[] = [
      { key: 'workload-type', value: 'gpu-compute', effect: 'NoExecute' },
      { key: 'old', effect: 'NoExecute' },
    ]
    expect(targets(desiredCalypso(), nodeCalypso({ annotations: owned, taints }))['taint-node']).toBe(
      'workload-type=gpu-compute:NoSchedule (new), old:NoExecute- (no longer wanted; ours)',
    )
  })

  it('of a node that is not there yet has nothing to compare with', () => {
    const { changes } = planJoin(situation(), [], [])
    expect(changes.find((change) => change.id === 'label-node')?.target).toBe(
      'oceanid.node/name=calypso, oceanid.node/gpu=nvidia-rtx-4090',
    )
  })

  it('of an adoption that waits takes new labels into the record of what is ours', () => {
    const waiting = [
      { id: 'restart', kind: 'restart', target: 'k3s-agent', reason: 'x', undo: 'x', waitsFor: 'adopt: apply' },
    ] as const
    const planned = (desired: ReturnType<typeof desiredCalypso>) => {
      const node = nodeCalypso({ annotations: wantedOwnership(desiredCalypso()) })
      const reading = { version, node, serverTimeMs: 1_000_000, leaseRenewedAtMs: 995_000 }
      return planJoin(situation({ desired, reading }), waiting, []).changes.map((change) => change.id)
    }
    expect(planned(desiredCalypso())).toEqual(['restart'])
    // Else it could never be removed again.
    const more = desiredCalypso({ labels: { ...desiredCalypso().labels, rack: '1' } })
    expect(planned(more)).toEqual(['restart', 'label-node', 'record-desired'])
  })
})
