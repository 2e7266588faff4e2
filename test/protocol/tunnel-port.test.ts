/** The local port of a tunnel, when somebody has it already. */
import { readFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { identify, isAlive, type ProcessIdentity } from '../../src/ownership/index.ts'
import { openTunnel, type TunnelPlace, type TunnelRequest, tunnelFault } from '../../src/tunnel/index.ts'
import { accepts, Ground, lacks, workerThatCanGo } from './tunnel-ground.ts'

const suite = lacks === undefined ? describe : describe.skip
const patience = AbortSignal.timeout(120_000)

suite('a busy port', () => {
  let ground: Ground
  const servers: Server[] = []
  beforeAll(async () => {
    ground = await Ground.open()
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve))
    await ground.clear()
  })
  afterAll(() => ground[Symbol.asyncDispose]())

  const listen = async (address: string): Promise<void> => {
    const server = createServer((socket) => socket.on('error', () => undefined).destroy())
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(ground.localPort, address, resolve))
  }
  const opening = (place: TunnelPlace, more: Partial<TunnelRequest> = {}): Promise<unknown> =>
    openTunnel(ground.request(more), place, patience)

  it.each(['127.0.0.1', '0.0.0.0', '::', '::ffff:127.0.0.1'])(
    'at %s is named with its owner, who is left alone',
    async (address) => {
      await listen(address)
      const here = ground.place()
      const before = ground.sshd.said
      await expect(opening(here)).rejects.toMatchObject({
        code: 'tunnel-port-busy',
        title: `port ${ground.localPort} on the runner is taken`,
        cause: `node (pid ${process.pid}, user ${userInfo().username}) listens there`,
        remedy: expect.stringContaining(`ps -fp ${process.pid}`),
      })
      expect(ground.files(here)).toEqual([])
      expect(await accepts(ground.localPort)).toBe(true)
      expect(ground.sshd.said).toBe(before)
    },
  )

  it('at ::1 only is in nobody’s way', async () => {
    await listen('::1')
    await expect(opening(ground.place())).resolves.toBeDefined()
  })

  it('is named when only ssh finds it: somebody’s connection begins there', async () => {
    const target = createServer((socket) => socket.on('error', () => undefined))
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
    const socket = connect((target.address() as { port: number }).port, '127.0.0.1')
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
    const here = ground.place()
    await expect(opening(here, { localPort: socket.localPort ?? 0 })).rejects.toMatchObject({
      code: 'tunnel-port-busy',
      cause: expect.stringContaining(`(pid ${process.pid}, user ${userInfo().username}) has a connection from there`),
      evidence: expect.arrayContaining([expect.stringContaining('Address already in use')]),
    })
    expect(ground.files(here)).toEqual([])
    socket.destroy()
    await new Promise((resolve) => target.close(resolve))
  })

  it('of another job that lives is named with that job, which keeps its tunnel', async () => {
    const worker = await workerThatCanGo()
    const theirs = ground.place({ worker: identify(worker.pid), label: 'kubeconfig-esc, run 40' })
    await opening(theirs)
    const here = ground.place()
    await expect(opening(here)).rejects.toMatchObject({
      code: 'tunnel-port-busy',
      title: `port ${ground.localPort} on the runner is taken by the tunnel of another job`,
      cause: expect.stringMatching(/^kubeconfig-esc, run 40 \(pid \d+\) uses it, .* and is alive$/),
      remedy: expect.stringContaining('local-port'),
    })
    // Nor may it be taken from the folder, where two runners share one.
    await expect(opening({ ...here, folder: theirs.folder })).rejects.toMatchObject({ code: 'tunnel-port-busy' })
    expect(tunnelFault(join(theirs.folder, 'kubeconfig'))).toBeUndefined()
    expect(await accepts(ground.localPort)).toBe(true)
    await worker.go()
  })

  it('of this job’s own tunnel to another place is refused, and that tunnel stands', async () => {
    const first = ground.place()
    await opening(first)
    const target = { host: 'localhost', port: ground.api.port }
    await expect(opening(ground.place(), { target })).rejects.toMatchObject({ code: 'tunnel-port-busy' })
    expect(tunnelFault(join(first.folder, 'kubeconfig'))).toBeUndefined()
  })

  it('of this job’s own tunnel in the same folder goes to a tunnel to another place', async () => {
    const here = ground.place()
    await opening(here)
    const state = JSON.parse(readFileSync(join(here.folder, 'tunnel.json'), 'utf8')) as { ssh: ProcessIdentity }
    const target = { host: 'localhost', port: ground.api.port }
    await opening({ ...here, nonce: 'second' }, { target })
    expect(isAlive(state.ssh)).toBe(false)
  })
})
