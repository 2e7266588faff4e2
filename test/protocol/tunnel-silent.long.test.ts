/** A tunnel among processes and servers that stand still: what takes longer than a moment. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { identify, isAlive, type ProcessIdentity } from '../../src/ownership/index.ts'
import { openTunnel, reapTunnels, type TunnelPlace, tunnelFault } from '../../src/tunnel/index.ts'
import { accepts, Ground, lacks, until, workerThatCanGo } from './tunnel-ground.ts'

const suite = lacks === undefined ? describe : describe.skip
const patience = AbortSignal.timeout(300_000)

function recorded({ folder }: TunnelPlace): { readonly supervisor: ProcessIdentity; readonly ssh: ProcessIdentity } {
  return JSON.parse(readFileSync(join(folder, 'tunnel.json'), 'utf8')) as ReturnType<typeof recorded>
}

suite('a tunnel whose supervisor or server stands still', () => {
  let ground: Ground
  beforeAll(async () => {
    ground = await Ground.open()
  })
  afterEach(() => ground.clear())
  afterAll(() => ground[Symbol.asyncDispose]())

  it('is swept with those of dead jobs only', async () => {
    const worker = await workerThatCanGo()
    const dead = ground.place({ worker: identify(worker.pid), label: 'kubeconfig-esc, run 40' })
    await openTunnel(ground.request(), dead, patience)
    const was = recorded(dead)
    // A supervisor that stands still cannot notice anything.
    process.kill(was.supervisor.pid, 'SIGSTOP')
    await worker.go()
    expect(await reapTunnels(ground.root)).toEqual(['kubeconfig-esc, run 40'])
    expect(isAlive(was.supervisor) || isAlive(was.ssh)).toBe(false)
    expect(ground.files(dead)).toEqual([])
    const here = ground.place()
    await openTunnel(ground.request(), here, patience)
    expect(await reapTunnels(ground.root)).toEqual([])
  })

  it('of a dead job is ended by the next one that needs its port', async () => {
    const worker = await workerThatCanGo()
    const dead = ground.place({ worker: identify(worker.pid), label: 'kubeconfig-esc, run 40' })
    await openTunnel(ground.request(), dead, patience)
    const was = recorded(dead)
    process.kill(was.supervisor.pid, 'SIGSTOP')
    await worker.go()
    const here = ground.place()
    await openTunnel(ground.request(), here, patience)
    expect(isAlive(was.supervisor) || isAlive(was.ssh)).toBe(false)
    expect(ground.files(dead)).toEqual([])
  })

  it('does not come to be through a server that takes the connection and says nothing', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume())
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const knownHosts = `[127.0.0.1]:${port} ${ground.sshd.hostKey.public}`
    const here = ground.place()
    await expect(openTunnel(ground.request({ port, knownHosts }), here, patience)).rejects.toMatchObject({
      code: 'tunnel-unreachable',
      cause: expect.stringContaining('does not answer'),
    })
    expect(ground.files(here)).toEqual([])
    await new Promise((resolve) => silent.close(resolve))
  }, 60_000)

  it('ends within a minute when the network of its SSH server is gone', async () => {
    const here = ground.place()
    await openTunnel(ground.request({ lifetimeMs: 600_000 }), here, patience)
    const was = recorded(here)
    const sessions = ground.sshd.sessions()
    for (const pid of sessions) process.kill(pid, 'SIGSTOP')
    await until('the tunnel to end', () => !isAlive(was.supervisor), 75_000)
    for (const pid of sessions) process.kill(pid, 'SIGKILL')
    expect(await accepts(ground.localPort)).toBe(false)
    expect(tunnelFault(join(here.folder, 'kubeconfig'))).toMatchObject({
      code: 'tunnel-ended',
      cause: expect.stringContaining('did not answer any more'),
    })
  }, 120_000)
})
