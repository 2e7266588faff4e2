import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { calypsoSystemUuid, type FaultName, otherSystemUuid } from '../../rehearsal/contract.ts'
import { startWorld, type World } from '../../rehearsal/world.ts'
import { Connection, escapes, forget, printed, scratch } from './world-host-client.ts'

let world: World | undefined
let directory = ''

async function joinedByHand(...faults: FaultName[]): Promise<{ world: World; connection: Connection }> {
  directory = scratch()
  world = await startWorld({
    directory: join(directory, 'world'),
    faults: new Set(faults),
    calypso: 'joined-by-hand',
    pace: 0.02,
  })
  return { world, connection: await Connection.open(world.calypso) }
}
const readiness = (of: World): string | undefined => {
  const status = of.cluster.objects.get('nodes/calypso')?.status as
    | { conditions: { type: string; status: string }[] }
    | undefined
  return status?.conditions.find(({ type }) => type === 'Ready')?.status
}

afterEach(async () => {
  await world?.close()
  world = undefined
  forget(directory)
  expect(escapes()).toEqual([])
})

describe('faults of a machine that was joined by hand', () => {
  it('between it and its server begin once it has joined', async () => {
    const { world, connection } = await joinedByHand('wrong-ca-hash')
    expect(readiness(world)).toBe('True')
    const seen = await connection.run('curl -sk --max-time 5 https://157.173.210.123:6443/cacerts')
    expect(seen.stdout).toBe(world.cluster.impostor?.caPem)
    expect(seen.stdout).not.toBe(world.cluster.caPem)
    connection.client.destroy()
  })

  it('a firewall that drops, too', async () => {
    const { world, connection } = await joinedByHand('api-blocked')
    expect(readiness(world)).toBe('True')
    const seen = await connection.run('curl -sk --max-time 0.2 https://157.173.210.123:6443/cacerts')
    expect(seen.code).toBe(28)
    connection.client.destroy()
  })

  it.each<[FaultName, RegExp]>([
    ['node-password', /Node password rejected/],
    ['never-ready', /k3s agent is up and running[\s\S]*k3s agent is up and running/],
  ])('%s is met by its agent at the next start, not before', async (fault, words) => {
    const { world, connection } = await joinedByHand(fault)
    expect([readiness(world), world.calypso.unit('k3s-agent')]).toEqual([
      'True',
      { activeState: 'active', restarts: 0, starts: 1 },
    ])
    const follow = await connection.channel('sudo -n journalctl -u k3s-agent -f -n 500 -o cat --no-pager')
    await connection.run('sudo -n systemctl restart --no-block k3s-agent')
    await printed(follow, words)
    connection.client.destroy()
  })

  it('a restricted label lies in a file whose list the unit’s own arguments replace', async () => {
    const { world, connection } = await joinedByHand('restricted-label')
    expect(readFileSync(join(world.calypso.root, 'etc/rancher/k3s/config.yaml'), 'utf8')).toContain('node-role')
    expect((await connection.run('sudo -n systemctl restart k3s-agent')).code).toBe(0)
    expect(world.calypso.unit('k3s-agent')).toMatchObject({ activeState: 'active', restarts: 0 })
    const unit = join(world.calypso.root, 'etc/systemd/system/k3s-agent.service')
    const kept = readFileSync(unit, 'utf8').replace(/\t'--node-label' \\\n\t'[^']+' \\\n/g, '')
    writeFileSync(unit, kept)
    expect((await connection.run('sudo -n systemctl daemon-reload; sudo -n systemctl restart k3s-agent')).code).toBe(1)
    connection.client.destroy()
  })
})

describe('faults of a machine that is fresh', () => {
  async function fresh(...faults: FaultName[]): Promise<{ world: World; connection: Connection }> {
    directory = scratch()
    world = await startWorld({
      directory: join(directory, 'world'),
      faults: new Set(faults),
      calypso: 'fresh',
      pace: 0.02,
    })
    return { world, connection: await Connection.open(world.calypso) }
  }

  it.each<[FaultName, string, number, string]>([
    ['port-closed', '157.173.210.123', 7, 'Connection refused'],
    ['name-unknown', 'k3s.oceanid.test', 6, 'Name or service not known'],
  ])('%s: sshd and curl say so, each in its own words', async (fault, name, code, words) => {
    const { connection } = await fresh(fault)
    await expect(connection.forward(name, 6443)).rejects.toMatchObject({
      message: `(SSH) Channel open failure: ${words}`,
      reason: 2,
    })
    const asked = await connection.run(`curl -sSk https://${name}:6443/cacerts`)
    expect(asked.code).toBe(code)
    expect(asked.stderr).toMatch(
      fault === 'name-unknown' ? /Could not resolve host: k3s\.oceanid\.test$/m : /Connection refused$/m,
    )
    connection.client.destroy()
  })

  it('disk-full: df has a file system of its own below /var/lib/rancher, and not elsewhere', async () => {
    const { connection } = await fresh('disk-full')
    const seen = await connection.run(
      'for at in /var/lib /var/lib/rancher /var/lib/rancher/k3s/..; do mkdir -p "$ROOT$at"; df -Pk "$ROOT$at" | tail -1; done',
    )
    expect(seen.stdout.split('\n').map((line) => line.split(/ +/).slice(-3).join(' '))).toEqual([
      '696699032 24% /',
      '0 100% /var/lib/rancher',
      '0 100% /var/lib/rancher',
      '',
    ])
    connection.client.destroy()
  })

  it('clock-skew: date is ten minutes ahead, whatever it is asked for, and so are the times of the journal', async () => {
    const { connection } = await fresh('clock-skew')
    const [now = '', text = '', other = ''] = (
      await connection.run('date +%s%3N; date -u; date -u -d @0 +%FT%T')
    ).stdout.split('\n')
    for (const seenMs of [Number(now), Date.parse(text)]) {
      expect(seenMs - Date.now()).toBeGreaterThan(590_000)
      expect(seenMs - Date.now()).toBeLessThan(601_000)
    }
    expect(other).toBe('1970-01-01T00:00:00')
    connection.client.destroy()
  })

  it('names: who had calypso before is dead, alive, or nothing but a password', async () => {
    const found: Record<string, unknown> = {}
    for (const fault of ['node-password', 'name-taken', 'duplicate-name', 'node-password-orphan'] as const) {
      const { world, connection } = await fresh(fault)
      connection.client.destroy()
      world.cluster.sweep()
      const { objects } = world.cluster
      const { renewTime = '' } = (objects.get('leases/kube-node-lease/calypso')?.spec ?? {}) as { renewTime?: string }
      const node = objects.get('nodes/calypso')?.status as { nodeInfo: { systemUUID: string } } | undefined
      found[fault] = {
        machine: node?.nodeInfo.systemUUID,
        ready: readiness(world),
        isFresh: Date.now() - Date.parse(renewTime) < 40_000,
        hasPassword: objects.get('secrets/kube-system/calypso.node-password.k3s') !== undefined,
      }
      await world.close()
      forget(directory)
    }
    expect(found).toEqual({
      'node-password': { machine: calypsoSystemUuid, ready: 'Unknown', isFresh: false, hasPassword: true },
      'name-taken': { machine: otherSystemUuid, ready: 'Unknown', isFresh: false, hasPassword: true },
      'duplicate-name': { machine: otherSystemUuid, ready: 'True', isFresh: true, hasPassword: true },
      'node-password-orphan': { machine: undefined, ready: undefined, isFresh: false, hasPassword: true },
    })
  })
})
