/** A run that is killed or cancelled, at every step that it takes on its private files and at every stage: nothing of it lasts. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { Endpoint } from '../../rehearsal/contract.ts'
import { pulumiName } from '../../rehearsal/esc/index.ts'
import { idTokenNames } from '../../rehearsal/github/id-tokens.ts'
import {
  apiServer,
  type EscDoor,
  environmentReference,
  escDoors,
  kubeconfigProperty,
  type Order,
  sshKeyProperty,
} from './kubeconfig-esc-door.ts'

const opened = escDoors()
const halt = join(import.meta.dirname, 'kubeconfig-esc-halt.js')

const inputs = {
  environment: environmentReference,
  property: kubeconfigProperty,
  files: `ssh-private-key=${sshKeyProperty}`,
}

/** What one run does to its private files, in its order. */
async function boundariesOf(door: EscDoor, order: Order = {}): Promise<readonly string[]> {
  const log = join(door.folder, 'boundaries')
  const done = await door.press({ ...order, inputs, preload: [halt], machine: { HALT_LOG: log } })
  expect(done.outputs.result).toBe('loaded')
  await door.post(done)
  return readFileSync(log, 'utf8').trimEnd().split('\n')
}

describe('a run that is killed with its worker', () => {
  it('at any boundary of placing leaves what post removes', async () => {
    const door = await opened()
    const boundaries = await boundariesOf(door)
    expect(boundaries.length).toBeGreaterThan(20)
    for (const [index, boundary] of boundaries.entries()) {
      const killed = await door.press({
        inputs,
        worker: 'dies',
        preload: [halt],
        machine: { HALT_AT: String(index + 1) },
      })
      expect([boundary, killed.outputs]).toEqual([boundary, {}])
      const post = await door.post(killed)
      expect([boundary, post.exitCode, post.stdout, post.stderr]).toEqual([boundary, 0, '', ''])
      // Before anything is saved, nothing but an empty folder can be there; the next run takes it.
      if (killed.state.nonce !== undefined) expect([boundary, door.leftovers()]).toEqual([boundary, []])
    }
  }, 180_000)

  it('at any boundary of placing leaves what the next run of another environment removes', async () => {
    const door = await opened()
    const boundaries = await boundariesOf(door)
    const other = door.store(door.cluster.kubeconfig('https://157.173.210.123:6443'))
    for (const [index, boundary] of boundaries.entries()) {
      await door.press({ inputs, worker: 'dies', preload: [halt], machine: { HALT_AT: String(index + 1) } })
      const next = await door.press({ inputs: other })
      expect([boundary, next.outputs.result]).toEqual([boundary, 'loaded'])
      await door.post(next)
      expect([boundary, door.leftovers()]).toEqual([boundary, []])
    }
  }, 180_000)
})

describe('post that is killed', () => {
  it('at any boundary has left what the next run removes, and what it placed is not touched', async () => {
    const door = await opened()
    const log = join(door.folder, 'boundaries-of-post')
    await door.post(await door.press({ inputs }), { preload: [halt], machine: { HALT_LOG: log } })
    const boundaries = readFileSync(log, 'utf8').trimEnd().split('\n')
    expect(boundaries.length).toBeGreaterThan(8)
    for (const [index, boundary] of boundaries.entries()) {
      const done = await door.press({ inputs, worker: 'dies' })
      await door.post(done, { worker: 'dies', preload: [halt], machine: { HALT_AT: String(index + 1) } })
      const next = await door.press({ inputs })
      expect([boundary, next.outputs.result, existsSync(next.outputs.kubeconfig ?? '')]).toEqual([
        boundary,
        'loaded',
        true,
      ])
      await door.post(next)
      expect([boundary, door.leftovers()]).toEqual([boundary, []])
    }
  }, 180_000)
})

describe('a run that is cancelled', () => {
  const hanging = (door: EscDoor, host: string): readonly Endpoint[] =>
    door.endpoints.map((one) => (one.host === host ? { ...one, to: 'timeout' } : one))

  it.each([
    ['while it asks for an ID token', idTokenNames[1], {}],
    ['while it asks Pulumi', pulumiName, {}],
    ['while it reaches the cluster', apiServer.host, {}],
    ['while it reaches the cluster, in a dry run', apiServer.host, { 'dry-run': 'true' }],
  ])('%s ends at once, says so, and leads later steps nowhere', async (_story, host, further) => {
    const door = await opened()
    const isOidc = host === idTokenNames[1]
    const run = door.start({
      inputs: { ...inputs, ...further, ...(isOidc ? { 'access-token': '' } : {}) },
      endpoints: hanging(door, host),
      ...(isOidc && { machine: door.trusted() }),
    })
    await run.seen(host === apiServer.host ? /▸ Judge the kubeconfig/ : /identity/)
    run.child.kill('SIGINT')
    const cancelledAt = performance.now()
    const done = await run.ended
    expect(performance.now() - cancelledAt).toBeLessThan(5000)
    expect(done).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'failure-code': 'cancelled' }, stderr: '' })
    const { KUBECONFIG = '' } = run.exported()
    expect(KUBECONFIG === '').toBe('dry-run' in further)
    expect(existsSync(KUBECONFIG)).toBe(false)
    expect(door.leftovers()).toEqual([])
  })

  it('at any boundary of placing has either loaded or removed everything, and KUBECONFIG says which', async () => {
    const door = await opened()
    for (const [index, boundary] of (await boundariesOf(door)).entries()) {
      const done = await door.press({
        inputs,
        preload: [halt],
        machine: { HALT_AT: String(index + 1), HALT_WITH: 'SIGINT' },
      })
      const { KUBECONFIG = '' } = done.exported
      expect([boundary, done.outputs.result, existsSync(KUBECONFIG)]).toEqual([
        boundary,
        done.exitCode === 0 ? 'loaded' : 'failed',
        done.exitCode === 0,
      ])
      if (done.exitCode !== 0) {
        expect([boundary, done.outputs['failure-code']]).toEqual([boundary, 'cancelled'])
        expect([boundary, door.leftovers()]).toEqual([boundary, []])
      }
      await door.post(done)
      expect([boundary, door.leftovers()]).toEqual([boundary, []])
    }
  }, 180_000)
})
