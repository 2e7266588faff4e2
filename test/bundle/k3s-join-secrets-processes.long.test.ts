/** Arguments and environment of every program that runs on the host: whoever is logged in there can list them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { leaksIn } from '../../lab/secrets.ts'
import { type Door, doors } from './door.ts'
import { precede } from './hostile.ts'

const opened = doors()

/** From now on every program of calypso writes down how it was called. A shell's own commands do that, so nothing else is started for it. */
function watchPrograms({ world, folder }: Door): () => string {
  const log = join(folder, 'called')
  for (const name of readdirSync(join(dirname(world.calypso.root), 'bin')))
    if (!name.startsWith('.')) precede(world, name, `{ printf '%s\\n' '${name}' "$@"; export -p; } >>'${log}'`)
  return () => (existsSync(log) ? readFileSync(log, 'utf8') : '')
}

function expectNoSecrets(door: Door, text: string): void {
  const secrets = door.secrets().map((value, index) => ({ name: `secret ${index}`, value }))
  expect(leaksIn([{ where: 'how a program was called', text }], secrets)).toEqual([])
}

describe('programs on the host', () => {
  it('are called without any secret when calypso joins', async () => {
    const door = await opened()
    const called = watchPrograms(door)
    expect((await door.press()).outputs.result).toBe('joined')
    for (const program of ['sudo', 'timeout', 'awk', 'systemctl', 'journalctl', 'mv'])
      expect(called()).toMatch(new RegExp(`^${program}$`, 'm'))
    expectNoSecrets(door, called())
  })

  it('nor when a token is replaced, and forgotten', async () => {
    const door = await opened({ calypso: 'joined-by-hand' })
    const called = watchPrograms(door)
    const press = await door.press({ adopt: 'apply', 'allow-gpu-disruption': 'true' })
    expect(press.outputs.result).toBe('joined')
    expectNoSecrets(door, called())
  })

  it('nor when a token is tried through a program of the host, and the join is taken back', async () => {
    const door = await opened({ faults: new Set(['forwarding-refused', 'crash-loop']) })
    const called = watchPrograms(door)
    const press = await door.press()
    expect(press.outputs.result).toBe('failed')
    expect(called()).toMatch(/^curl$/m)
    expectNoSecrets(door, called())
  })
})
