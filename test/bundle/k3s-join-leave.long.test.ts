/** A node leaves its cluster, through the committed bundle, with the rights of manifests/remove-node-rbac.yaml and no others. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { FaultName } from '../../rehearsal/contract.ts'
import { faults as knownFaults } from '../../rehearsal/scenarios/index.ts'
import { type Door, doors, mutations, type Press } from './door.ts'

const open = doors()
const leave = async (...faults: FaultName[]): Promise<Door> => await open({ isLeaving: true, faults: new Set(faults) })

const has = ({ world }: Door, path: string): boolean => existsSync(join(world.calypso.root, path))
const node = ({ world }: Door) => world.cluster.objects.get('nodes/calypso')
const podsOn = ({ world }: Door): readonly string[] =>
  world.cluster.objects
    .view('pods')
    .filter(({ spec }) => (spec as { nodeName?: string }).nodeName === 'calypso')
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name.replace(/-[a-z0-9]{5}$/, '')}`)
const codeOf = ({ outputs }: Press) => [outputs.result, outputs['failure-code']]
const left = [
  '/usr/local/bin/k3s',
  '/usr/local/bin/k3s-agent-uninstall.sh',
  '/usr/local/bin/k3s-killall.sh',
  '/etc/systemd/system/k3s-agent.service',
  '/etc/systemd/system/k3s-agent.service.env',
  '/etc/systemd/system/k3s-agent.service.d',
  '/etc/rancher',
  '/var/lib/rancher',
  '/var/lib/kubelet',
  '/var/lib/k3s-gpu-actions',
]

describe('a node that leaves', () => {
  it('is drained, uninstalled and forgotten; its work goes on elsewhere, and pressed again nothing is done', async () => {
    const door = await leave()
    const press = await door.press()
    expect([codeOf(press), press.exitCode, press.stdout]).toEqual([['removed', ''], 0, expect.any(String)])
    const { objects } = door.world.cluster
    expect([node(door), objects.get('secrets/kube-system/calypso.node-password.k3s')]).toEqual([undefined, undefined])
    expect(objects.view('volumeattachments').map(({ spec }) => (spec as { nodeName: string }).nodeName)).not.toContain(
      'calypso',
    )
    const elsewhere = objects
      .view('pods/shop')
      .filter(({ status }) => (status as { phase: string }).phase === 'Running')
    expect(elsewhere.map(({ metadata }) => metadata.labels?.app).sort()).toEqual(['db', 'web', 'web'])
    expect(left.filter((path) => has(door, path))).toEqual([])
    expect(door.world.calypso.unit('k3s-agent')?.activeState ?? 'inactive').toBe('inactive')
    // Nothing that runs was disturbed: systemd was never reloaded, and Triton is where it was.
    expect(press.stdout).toMatch(/calypso left oceanid/)

    const before = mutations(door.world).length
    const again = await door.press()
    expect([codeOf(again), mutations(door.world).length - before]).toEqual([['unchanged', ''], 0])
  })

  it('joins again by the other button as if it had never been there', async () => {
    const door = await leave()
    expect(codeOf(await door.press())).toEqual(['removed', ''])
    const machine = { KUBECONFIG: door.world.kubeconfigFile }
    const joined = await door.press({ state: 'present', 'remove-node': '' }, { machine })
    expect(codeOf(joined)).toEqual(['joined', ''])
    expect(node(door)?.spec).not.toHaveProperty('unschedulable')
  })

  it('is only looked at in a dry run, which needs no name typed', async () => {
    const door = await leave()
    const [trees, pods] = [door.trees(), podsOn(door)]
    const press = await door.press({ 'dry-run': 'true', 'remove-node': '' })
    expect(codeOf(press)).toEqual(['planned', ''])
    for (const words of [/shop\/web-/, /shop\/db-0/, /1 stay \(DaemonSet\)/]) expect(press.stdout).toMatch(words)
    expect([door.trees(), podsOn(door), mutations(door.world)]).toEqual([trees, pods, []])
    expect(press.summary).toMatch(/shop\/db-0/)
  })

  it.each(['', 'Calypso', 'srv712695'])('stays when the name that was typed is "%s"', async (typed) => {
    const door = await leave()
    const press = await door.press({ 'remove-node': typed })
    expect([press.exitCode, press.outputs['failure-code']]).toEqual([1, 'inputs-invalid'])
    expect([mutations(door.world), door.world.calypso.counts.connections]).toEqual([[], 0])
  })
})

const serving: readonly FaultName[] = [
  'remove-budget',
  'remove-emptydir',
  'remove-unmanaged',
  'remove-pod-stays',
  'remove-server',
]

describe('what gets in the way', () => {
  it.each(serving)('%s: the machine is not touched, and the node goes on serving', async (fault) => {
    const door = await leave(fault)
    const trees = door.trees()
    const press = await door.press()
    expect([codeOf(press), press.stdout]).toEqual([['failed', knownFaults[fault].code], expect.any(String)])
    for (const words of knownFaults[fault].log ?? []) expect(press.stdout).toMatch(words)
    expect(node(door)?.spec).not.toHaveProperty('unschedulable', true)
    expect([door.trees(), door.world.calypso.unit('k3s-agent')?.activeState]).toEqual([trees, 'active'])
    expect(podsOn(door)).toContain('monitoring/node-exporter')
  })

  it('a budget is heard out until it can spare the pod: another one has become ready', async () => {
    const door = await leave('remove-budget')
    const key = 'poddisruptionbudgets/shop/web'
    const { objects } = door.world.cluster
    // As many as there are, and the owner thinks better of it while the drain waits.
    const running = door.start({ 'drain-timeout': '60s', 'ignore-checks': 'leave.pods' })
    await running.seen(/web-.*waits for budget shop\/web/)
    const budget = objects.get(key)
    if (budget !== undefined) objects.put(key, { ...budget, spec: { ...(budget.spec as object), minAvailable: 1 } })
    expect(codeOf(await running.ended)).toEqual(['removed', ''])
  })

  it('what may be lost goes when somebody says so', async () => {
    const door = await leave('remove-emptydir', 'remove-unmanaged')
    const press = await door.press({ 'delete-emptydir-data': 'true', 'delete-unmanaged-pods': 'true' })
    expect(codeOf(press)).toEqual(['removed', ''])
  })

  it('a foreign mount stays mounted, and what is in it stays there', async () => {
    const door = await leave('remove-foreign-mount')
    const press = await door.press()
    expect(codeOf(press)).toEqual(['failed', 'foreign-mounts'])
    expect(press.stdout).toMatch(/\/var\/lib\/kubelet\/models/)
    expect([has(door, '/var/lib/kubelet/models/weights.bin'), has(door, '/usr/local/bin/k3s')]).toEqual([true, true])
    expect(node(door)?.spec).not.toHaveProperty('unschedulable', true)
  })

  it('a volume that is not detached stops it before the agent is', async () => {
    const door = await leave('remove-volume-attached')
    const press = await door.press()
    expect(codeOf(press)).toEqual(['failed', 'volumes-attached'])
    expect([door.world.calypso.unit('k3s-agent')?.activeState, has(door, '/usr/local/bin/k3s')]).toEqual([
      'active',
      true,
    ])
    // It waits for a minute at least.
  }, 120_000)

  it('somebody else deletes the node meanwhile: what is left to do is done', async () => {
    const door = await leave('remove-node-gone')
    expect(codeOf(await door.press())).toEqual(['removed', ''])
    expect([node(door), has(door, '/usr/local/bin/k3s')]).toEqual([undefined, false])
  })

  it('a machine that is off is only cleared from the cluster when somebody says that it is gone', async () => {
    const door = await leave('remove-unreachable')
    const refused = await door.press()
    expect([refused.exitCode, node(door) === undefined]).toEqual([1, false])
    const press = await door.press({ 'host-gone': 'true' })
    expect([codeOf(press), node(door), podsOn(door)]).toEqual([['removed', ''], undefined, []])
  })

  it('a machine that lives is not gone, whoever says so', async () => {
    const door = await leave()
    const press = await door.press({ 'host-gone': 'true' })
    expect([codeOf(press), node(door) === undefined]).toEqual([['failed', 'leave-alive'], false])
  })
})
