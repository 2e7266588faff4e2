/** What lies in wait for a removal: other people's data, cordons and words. Through the bundle. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { type Door, doors, mutations } from './door.ts'

const open = doors()
const leave = async (): Promise<Door> => await open({ isLeaving: true })
const isInstalled = ({ world }: Door): boolean => existsSync(join(world.calypso.root, 'usr/local/bin/k3s'))

describe('a removal', () => {
  it('deletes no data by a policy: whoever may lose it is asked by the name of the check', async () => {
    const door = await leave()
    const { objects } = door.world.cluster
    objects.put('persistentvolumes/pvc-models', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pvc-models' },
      spec: {
        claimRef: { namespace: 'default', name: 'models' },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['calypso'] }] },
            ],
          },
        },
      },
    } as never)
    const refused = await door.press({ 'fail-on': 'never' })
    expect([refused.outputs['failure-code'], mutations(door.world), isInstalled(door)]).toEqual([
      'leave-volumes',
      [],
      true,
    ])
    expect(refused.stdout).toMatch(/default\/models \(pvc-models\)/)
    expect((await door.press({ 'ignore-checks': 'leave.volumes' })).outputs.result).toBe('removed')
  })

  it('opens no node again that somebody else had closed', async () => {
    const door = await open({ isLeaving: true, faults: new Set(['remove-pod-stays']) })
    const { objects } = door.world.cluster
    const node = objects.get('nodes/calypso')
    if (node === undefined) throw new Error('there is no calypso')
    objects.put('nodes/calypso', { ...node, spec: { ...(node.spec as object), unschedulable: true } })
    const press = await door.press()
    expect(press.outputs['failure-code']).toBe('drain-timeout')
    expect(objects.get('nodes/calypso')?.spec).toMatchObject({ unschedulable: true })
  })

  it('says the names of pods as words, whatever they say', async () => {
    const door = await leave()
    const { objects } = door.world.cluster
    const said = 'x\n```\n::error::pwned\n::set-output name=result::removed | <img src=x> `$(id)`'
    objects.put('pods/default/hostile', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: said, namespace: 'default', uid: 'hostile', annotations: {} },
      spec: { nodeName: 'calypso', containers: [] },
      status: { phase: 'Running' },
    } as never)
    const press = await door.press()
    expect([press.outputs['failure-code'], mutations(door.world)]).toEqual(['drain-blocked', []])
    expect(press.stdout).not.toMatch(/^::error::pwned|^::set-output/m)
    // Evidence is a block of text, which ends where it says and not where its text says.
    expect(press.summary.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')).not.toMatch(/<img/)
  })
})
