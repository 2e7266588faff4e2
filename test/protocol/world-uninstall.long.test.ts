/** What is mounted on an embedded host for pods, and what k3s's uninstaller does to it: as the real one, to whatever lies below its folders. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { putToWork } from '../../rehearsal/before-leaving.ts'
import type { FaultName } from '../../rehearsal/contract.ts'
import { eventually, type Machine, startMachine } from './world-gpu-machine.ts'
import { Connection } from './world-host-client.ts'

const machines: Machine[] = []
const connections: Connection[] = []
afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close()
  for (const machine of machines.splice(0)) await machine.close()
})

interface Working extends Machine {
  readonly connection: Connection
  /** Mounted paths, below the folders of k3s and its kubelet. */
  mounts(): readonly string[]
  has(path: string): boolean
}

async function working(...faults: FaultName[]): Promise<Working> {
  const machine = await startMachine({ toolkit: '' })
  machines.push(machine)
  const { calypso, cluster } = machine
  await putToWork({ cluster, host: calypso, node: 'calypso', others: ['srv712695'], faults: new Set() })
  await calypso.comeOver(new Set(faults))
  const connection = await Connection.open(calypso)
  connections.push(connection)
  return {
    ...machine,
    connection,
    mounts: () => calypso.mounted().filter((path) => /^\/(var\/lib\/kubelet|run\/k3s)\//.test(path)),
    has: (path) => existsSync(join(calypso.root, path)),
  }
}

const uninstall = 'sudo -n env ROOT="$ROOT" SYSTEMD_OFFLINE=1 sh "$ROOT/usr/local/bin/k3s-agent-uninstall.sh"'

describe('mounts of pods', () => {
  it('are those of volumes, and go with the pod whose they are', async () => {
    const { mounts, has, ask } = await working()
    const csi = mounts().filter((path) => path.includes('csi'))
    expect(csi).toEqual([
      expect.stringMatching(
        /^\/var\/lib\/kubelet\/plugins\/kubernetes\.io\/csi\/driver\.longhorn\.io\/[0-9a-f]{64}\/globalmount$/,
      ),
      expect.stringMatching(
        /^\/var\/lib\/kubelet\/pods\/[0-9a-f-]{36}\/volumes\/kubernetes\.io~csi\/pvc-[0-9a-f-]{36}\/mount$/,
      ),
    ])
    expect(has(`${csi[1]}/data.db`)).toBe(true)
    await ask('PATCH', '/api/v1/nodes/calypso', { spec: { unschedulable: true } }, 'application/merge-patch+json')
    await ask('POST', '/api/v1/namespaces/shop/pods/db-0/eviction', { metadata: { name: 'db-0' } })
    await eventually(
      'its volume is unmounted',
      () => (mounts().some((path) => path.includes('csi')) ? undefined : true),
      mounts,
    )
    // Those of the DaemonSet's pod stay, as it does.
    expect(mounts().filter((path) => path.includes('projected'))).toHaveLength(1)
  })
})

describe('the uninstaller', () => {
  it('unmounts by force what is the containers’, and deletes the folders with everything in them', async () => {
    const { connection, calypso, mounts, has } = await working('remove-foreign-mount')
    expect(has('/var/lib/kubelet/models/weights.bin')).toBe(true)
    await calypso.stopAgent()
    const { code, stderr } = await connection.run(uninstall)
    expect([code, stderr]).toEqual([0, expect.stringContaining("Running in chroot, ignoring command 'daemon-reload'")])
    for (const path of [
      '/usr/local/bin/k3s',
      '/usr/local/bin/k3s-agent-uninstall.sh',
      '/var/lib/rancher/k3s',
      '/etc/systemd/system/k3s-agent.service',
    ])
      expect([path, has(path)]).toEqual([path, false])
    expect(has('/etc/rancher/node/password')).toBe(true)
    // The share is still mounted, and what was in it is gone: k3s-io/k3s#3264.
    expect([mounts(), has('/var/lib/kubelet/models/weights.bin')]).toEqual([['/var/lib/kubelet/models'], false])
    expect(existsSync(join(calypso.root, 'var/log/k3s-killall.called'))).toBe(false)
  })

  it('leaves everything for another k3s that has a unit there', async () => {
    const { connection, calypso, has } = await working()
    writeFileSync(join(calypso.root, 'etc/systemd/system/k3s-other.service'), '[Service]\n')
    await calypso.stopAgent()
    const { stdout } = await connection.run(uninstall)
    expect(stdout).toContain('Additional k3s services installed, skipping uninstall of k3s')
    expect([has('/usr/local/bin/k3s'), has('/etc/systemd/system/k3s-agent.service')]).toEqual([true, false])
  })

  it('hangs where a mount does, until somebody ends it', async () => {
    const { connection, calypso } = await working('remove-uninstall-hangs')
    await calypso.stopAgent()
    const { code } = await connection.run(uninstall.replace('sh "', 'timeout 2 sh "'))
    expect(code).toBe(124)
  })

  it('is not to be confused with killall, which nobody else may call', async () => {
    const { connection, calypso } = await working()
    const { code } = await connection.run('sudo -n env ROOT="$ROOT" sh "$ROOT/usr/local/bin/k3s-killall.sh"')
    expect(code).toBe(1)
    expect(readFileSync(join(calypso.root, 'var/log/k3s-killall.called'), 'utf8')).toContain('was called')
  })
})
