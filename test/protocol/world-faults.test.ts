import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { FaultName } from '../../rehearsal/contract.ts'
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
