/** A tunnel through a real OpenSSH server: it lives as long as its job, and nothing of it lasts longer. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { accepts, freePort, lacks, Sshd, until } from '../protocol/tunnel-ground.ts'
import { type EscDoor, escDoors } from './kubeconfig-esc-door.ts'
import { problemsOf } from './kubeconfig-esc-harmless.ts'
import { RunnerMasker } from './kubeconfig-esc-masker.ts'
import { pemLines } from './kubeconfig-esc-texts.ts'

const opened = escDoors()
const halt = join(import.meta.dirname, 'kubeconfig-esc-halt.js')
const servers = new Set<Sshd>()
// After the doors, whose posts close the tunnels: hooks run in the order of their making.
afterEach(async () => {
  for (const server of servers) await server.close()
  servers.clear()
})

async function ground(door: EscDoor) {
  const sshd = await new Sshd().start()
  servers.add(sshd)
  for (const [index, line] of pemLines(sshd.client.private).entries()) door.keepSecret(`line ${index} of the key`, line)
  const localPort = await freePort()
  const server = `https://127.0.0.1:${door.cluster.port}`
  const inputs = {
    ...door.store({
      files: { KUBECONFIG: { 'fn::secret': door.cluster.kubeconfig(server) } },
    }),
    connect: 'tunnel',
    'tunnel-host': '127.0.0.1',
    'tunnel-port': String(sshd.port),
    'tunnel-user': sshd.user,
    'tunnel-key': sshd.client.private,
    'known-hosts': sshd.knownHosts(),
    'local-port': String(localPort),
  }
  return { sshd, localPort, inputs }
}

const story = lacks === undefined ? describe : describe.skip

story('a kubeconfig whose server is reached through a tunnel', () => {
  it('leads later steps through it, and post takes tunnel, port, key and files away', async () => {
    const door = await opened()
    const { inputs, localPort, sshd } = await ground(door)
    const done = await door.press({ inputs })
    expect(done.outputs).toMatchObject({
      result: 'loaded',
      server: `https://127.0.0.1:${localPort}`,
      reachable: 'true',
    })
    expect(await accepts(localPort)).toBe(true)
    const folder = dirname(done.outputs.kubeconfig ?? '')
    expect(readFileSync(join(folder, 'kubeconfig'), 'utf8')).toContain(`server: https://127.0.0.1:${localPort}\n`)
    // The key is not needed once ssh has read it.
    expect(readdirSync(folder).filter((name) => name === 'tunnel-key')).toEqual([])
    expect(problemsOf(done)).toEqual([])
    const masker = new RunnerMasker(done.stdout, [sshd.client.private])
    expect(Object.values(done.outputs).flatMap((text) => masker.hiddenIn(text))).toEqual([])

    // A second step of the same job uses it again.
    const again = await door.press({ inputs })
    expect(again.outputs).toMatchObject({ result: 'loaded', server: done.outputs.server })
    await door.post(again)
    expect(await accepts(localPort)).toBe(true)
    const post = await door.post(done)
    expect([post.exitCode, post.stdout, post.stderr]).toEqual([0, '', ''])
    expect([await accepts(localPort), door.leftovers()]).toEqual([false, []])
  }, 60_000)

  it.each([
    ['in a dry run', { 'dry-run': 'true' }, 0, ''],
    [
      'when the cluster is another one',
      { 'expect-cluster-uid': '11111111-2222-4333-8444-555555555555' },
      1,
      'cluster-uid',
    ],
    ['when it may not do what is needed', { purpose: 'deploy' }, 1, 'server-access'],
  ])(
    'leaves none of it %s',
    async (_story, more, exitCode, code) => {
      const door = await opened()
      const { inputs, localPort } = await ground(door)
      const done = await door.press({ inputs: { ...inputs, ...more } })
      expect(done).toMatchObject({ exitCode, outputs: { 'failure-code': code } })
      expect([await accepts(localPort), door.leftovers()]).toEqual([false, []])
      if (exitCode === 0) expect([done.exported, done.outputs.result]).toEqual([{}, 'checked'])
      else expect(existsSync(done.exported.KUBECONFIG ?? '')).toBe(false)
    },
    60_000,
  )

  it('is not opened to another host key, nor with another key', async () => {
    const door = await opened()
    const { inputs, localPort, sshd } = await ground(door)
    const wrong: readonly (readonly [string, string, string])[] = [
      ['known-hosts', sshd.knownHosts(sshd.stranger.public), 'tunnel-host-key'],
      ['tunnel-key', sshd.stranger.private, 'tunnel-authentication'],
    ]
    for (const [input, value, code] of wrong) {
      const done = await door.press({ inputs: { ...inputs, [input]: value } })
      expect(done).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'failure-code': code } })
      expect(problemsOf(done)).toEqual([])
      expect([await accepts(localPort), door.leftovers()]).toEqual([false, []])
    }
  }, 60_000)

  it('ends with its worker by itself, when everything was killed and no post came; the next run takes the files', async () => {
    const door = await opened()
    const { inputs, localPort } = await ground(door)
    // Placing comes after the tunnel: the process dies with the tunnel open.
    const run = await door.press({
      inputs,
      worker: 'dies',
      preload: [halt],
      machine: { HALT_ON: 'write .*/[.]kubeconfig[.]' },
    })
    expect(run.outputs).toEqual({})
    await until('the tunnel to end', () => !door.leftovers().some((one) => one.startsWith('process')))
    expect(await accepts(localPort)).toBe(false)
    const next = await door.press()
    expect(next.outputs.result).toBe('loaded')
    await door.post(next)
    expect(door.leftovers()).toEqual([])
  }, 60_000)

  it.each([
    ['while it comes to be', /▸ Judge the kubeconfig/],
    ['when it stands', /▸ Open a tunnel/],
  ])(
    'and cancelled %s leaves none of it',
    async (_story, moment) => {
      const door = await opened()
      const { inputs, localPort } = await ground(door)
      const run = door.start({ inputs })
      await run.seen(moment)
      run.child.kill('SIGINT')
      const done = await run.ended
      if (done.exitCode === 0) await door.post(done)
      else expect(done.outputs['failure-code']).toBe('cancelled')
      expect([await accepts(localPort), door.leftovers()]).toEqual([false, []])
    },
    60_000,
  )

  it('has its port taken by somebody else: says by whom, and touches nothing of theirs', async () => {
    const door = await opened()
    const { inputs, sshd } = await ground(door)
    const done = await door.press({ inputs: { ...inputs, 'local-port': String(sshd.port) } })
    expect(done).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'tunnel-port-busy' } })
    expect(done.stdout).toMatch(/sshd/)
    expect([await accepts(sshd.port), door.leftovers()]).toEqual([true, []])
  }, 60_000)
})
