/** Storage nodes, through the committed bundle: k3s2 of seed 003, which is given what Longhorn needs before its agent. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { StorageFault } from '../../rehearsal/contract.ts'
import { storageFaults } from '../../rehearsal/scenarios/storage-faults.ts'
import { type Door, doors, tokenNames } from './door.ts'

const opened = doors()
const site = { site: 'k3s2' } as const
const withFault = (fault: StorageFault): Promise<Door> => opened({ ...site, faults: new Set([fault]) })
const read = ({ world }: Door, path: string): string => readFileSync(join(world.host.root, path), 'utf8')

/** Everything that a run may change for storage, as it is before one. */
function expectUntouched(door: Door): void {
  const { root } = door.world.host
  expect(read(door, 'var/lib/dpkg/status')).not.toMatch(/open-iscsi|nfs-common/)
  expect(read(door, 'proc/modules')).not.toMatch(/iscsi_tcp|dm_crypt/)
  for (const path of ['etc/modules-load.d/k3s-gpu-actions.conf', 'lib/systemd/system/iscsid.service'])
    expect({ path, isThere: existsSync(join(root, path)) }).toEqual({ path, isThere: false })
  expect(tokenNames(door.world)).toEqual([])
}

describe('a storage node', () => {
  it('gets what Longhorn needs, joins, and is schedulable for Longhorn; the second press changes nothing', async () => {
    const door = await opened(site)
    const { world } = door
    const first = await door.press()
    expect(first.stdout).toContain('k3s2 joined k3s2')
    expect(first.exitCode).toBe(0)
    // Only what was missing: dmsetup, curl and wget were there.
    expect(first.stdout).toMatch(/open-iscsi, nfs-common, cryptsetup, jq with apt/)
    expect(read(door, 'var/lib/dpkg/status')).toMatch(/Package: open-iscsi\nStatus: install ok installed/)
    expect(read(door, 'proc/modules')).toMatch(/^iscsi_tcp /m)
    expect(read(door, 'etc/modules-load.d/k3s-gpu-actions.conf')).toMatch(/^iscsi_tcp\ndm_crypt$/m)
    expect(world.host.unit('iscsid')).toMatchObject({ activeState: 'active', starts: 1 })
    expect(readdirSync(join(world.host.root, 'etc/systemd/system/sysinit.target.wants'))).toEqual(['iscsid.service'])
    const node = world.cluster.objects.get('nodes/k3s2')
    expect(node?.metadata.labels).toMatchObject({
      storage: 'longhorn',
      'node.longhorn.io/create-default-disk': 'config',
    })
    expect(JSON.parse(node?.metadata.annotations?.['node.longhorn.io/default-disks-config'] ?? '')).toEqual([
      { name: 'sdb1', path: '/mnt/longhorn/sdb1', allowScheduling: true, storageReserved: 0, tags: [] },
    ])
    expect(first.stdout).toMatch(/schedulable for Longhorn, on \/mnt\/longhorn\/sdb1/)
    expect(first.stdout).toMatch(/Kustomization flux-system\/apps ready/)
    const checks = first.report?.checks ?? []
    expect(checks.find(({ id }) => id === 'storage.longhorn')).toMatchObject({ verdict: 'pass' })
    expect(checks.find(({ id }) => id === 'confirm.flux')).toMatchObject({ verdict: 'pass' })

    const { connections } = world.host.counts
    const second = await door.press()
    expect(second.outputs).toMatchObject({ result: 'unchanged', changed: 'false' })
    expect(world.host.counts.connections).toBe(connections)
    const deep = await door.press({ verify: 'deep' })
    expect(deep.outputs).toMatchObject({ result: 'unchanged' })
  })

  it('shows under dry-run what it would be given, and changes nothing', async () => {
    const door = await opened(site)
    const press = await door.press({ 'dry-run': 'true' })
    expect(press.exitCode).toBe(0)
    expect(press.report?.plan.changes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['mint-token', 'install-packages', 'load-modules', 'enable-services', 'start']),
    )
    expectUntouched(door)
  })

  it.each(['storage-disk-unmounted', 'storage-disk-read-only', 'storage-module-missing'] as const)(
    '%s is found before anything is touched',
    async (fault) => {
      const door = await withFault(fault)
      const press = await door.press()
      expect(press.outputs['failure-code']).toBe(storageFaults[fault].code)
      for (const pattern of storageFaults[fault].log ?? []) expect(press.stdout).toMatch(pattern)
      expectUntouched(door)
    },
  )

  it('whose API server is somebody else is given nothing', async () => {
    const door = await opened({ ...site, faults: new Set(['wrong-ca-hash'] as const) })
    expect((await door.press()).outputs['failure-code']).toBe('ca-mismatch')
    expectUntouched(door)
  })

  it.each(['storage-package-unknown', 'storage-service-fails'] as const)(
    '%s ends the join, and what was given is taken back',
    async (fault) => {
      const door = await withFault(fault)
      const press = await door.press()
      expect(press.outputs['failure-code']).toBe(storageFaults[fault].code)
      for (const pattern of storageFaults[fault].log ?? []) expect(press.stdout).toMatch(pattern)
      expect(door.world.cluster.objects.get('nodes/k3s2')).toBeUndefined()
      expectUntouched(door)
    },
  )

  // Not after the last step: the script may have ended before the signal comes.
  it.each(['install-packages', 'load-modules'])(
    'whose run is killed after %s is brought to the end by the next one',
    async (step) => {
      const door = await opened(site)
      void door.world.host.killAt(new RegExp(`"step":"${step}","state":"done"`), 'command')
      const killed = await door.press()
      expect(killed.outputs.result).toBe('failed')
      const next = await door.press()
      expect(next.outputs).toMatchObject({ result: 'joined' })
      expect(door.world.host.unit('iscsid')).toMatchObject({ activeState: 'active' })
      expect(read(door, 'proc/modules').match(/^iscsi_tcp /gm)).toHaveLength(1)
      expect(tokenNames(door.world)).toEqual([])
    },
  )

  it('waits for whoever holds the lock of apt', async () => {
    const door = await withFault('storage-apt-busy')
    expect((await door.press()).outputs).toMatchObject({ result: 'joined' })
  })

  it('that Longhorn may not use is said at once, with the reason; the node stays, and the record is not written', async () => {
    const door = await withFault('storage-switched-off')
    const press = await door.press()
    expect(press.outputs['failure-code']).toBe('storage-longhorn')
    expect(press.stdout).toMatch(/somebody has switched it off/)
    const node = door.world.cluster.objects.get('nodes/k3s2')
    expect(node).toBeDefined()
    expect(node?.metadata.annotations?.['k3s-gpu-actions/desired']).toBeUndefined()
  })

  it('joins a cluster without Longhorn too, and says that it is ready for it', async () => {
    const door = await withFault('storage-no-longhorn')
    const press = await door.press()
    expect(press.outputs).toMatchObject({ result: 'joined' })
    expect(press.stdout).toMatch(/Longhorn is not installed in this cluster/)
  })
})
