/** What the cluster makes of a storage node, as Longhorn and Flux tell it. */
import { describe, expect, it } from '@jest/globals'
import { fluxCheck, readFlux, waiting } from '../../src/prerequisites/follow/flux.ts'
import { judgeLonghorn, longhornCheck, readLonghornNode } from '../../src/prerequisites/follow/longhorn.ts'

const path = '/mnt/longhorn/sdb1'
const good = [
  { type: 'Ready', status: 'True' },
  { type: 'Schedulable', status: 'True' },
]

/** A Longhorn node (v1beta2) with one disk. */
function nodeWith(changes: { spec?: object; disk?: object; conditions?: object[]; diskConditions?: object[] } = {}) {
  return readLonghornNode({
    spec: {
      allowScheduling: true,
      disks: { sdb1: { path: `${path}/`, allowScheduling: true, ...changes.disk } },
      ...changes.spec,
    },
    status: {
      conditions: changes.conditions ?? good,
      diskStatus: { sdb1: { conditions: changes.diskConditions ?? good } },
    },
  })
}

describe('Longhorn', () => {
  it('is done when node and wanted disk are ready and schedulable', () => {
    expect(judgeLonghorn(nodeWith(), path)).toMatchObject({ isDone: true })
    expect(longhornCheck(judgeLonghorn(nodeWith(), path), 'k3s2')).toMatchObject({ verdict: 'pass' })
  })

  it.each([
    ['no object yet', undefined, false],
    ['not ready', nodeWith({ conditions: [{ type: 'Ready', status: 'False', reason: 'ManagerPodDown' }] }), false],
    ['scheduling switched off for the node', nodeWith({ spec: { allowScheduling: false } }), true],
    ['scheduling switched off for the disk', nodeWith({ disk: { allowScheduling: false } }), true],
    ['another disk only', nodeWith({ disk: { path: '/var/lib/longhorn/' } }), false],
    ['a disk that was not looked at yet', nodeWith({ diskConditions: [] }), false],
    [
      'a full disk',
      nodeWith({
        diskConditions: [good[0] as object, { type: 'Schedulable', status: 'False', reason: 'DiskPressure' }],
      }),
      false,
    ],
    ['a node without status', readLonghornNode({}), false],
  ])('is not done with %s', (_, node, isHopeless) => {
    const state = judgeLonghorn(node, path)
    expect(state.isDone).toBe(false)
    expect(state.isHopeless ?? false).toBe(isHopeless)
    expect(longhornCheck(state, 'k3s2')).toMatchObject({ id: 'storage.longhorn', verdict: 'fail' })
  })

  it('may be any disk where none is named', () => {
    expect(judgeLonghorn(nodeWith({ disk: { path: '/var/lib/longhorn/' } }), undefined).isDone).toBe(true)
  })
})

describe('Flux', () => {
  const object = (status: string, more: object = {}) => ({
    metadata: { namespace: 'flux-system', name: 'apps', generation: 3 },
    status: { observedGeneration: 3, conditions: [{ type: 'Ready', status, reason: 'X', message: 'y\n::error::z' }] },
    ...more,
  })

  it('waits with what is not ready for its present generation, and with nothing that somebody has suspended', () => {
    const states = [
      readFlux('Kustomization', object('False')),
      readFlux('Kustomization', object('True')),
      readFlux('Kustomization', object('False', { spec: { suspend: true } })),
      readFlux('Kustomization', { ...object('True'), metadata: { name: 'new', namespace: 'a', generation: 4 } }),
      readFlux('HelmRelease', {}),
    ]
    expect(waiting(states)).toEqual([states[0], states[3], states[4]])
    expect(states[0]?.words).not.toContain('\n')
  })

  it('warns of what is left, fails nothing, and says nothing where nothing waited', () => {
    const left = [readFlux('Kustomization', object('False'))]
    expect(fluxCheck(['Kustomization a/b'], left)).toMatchObject({ id: 'confirm.flux', verdict: 'warn' })
    expect(fluxCheck(['Kustomization a/b'], [])).toMatchObject({ verdict: 'pass' })
    expect(fluxCheck([], [])).toBeUndefined()
  })
})
