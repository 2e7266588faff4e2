/** A tunnel while later steps use it: what ends it, what is said of that, and what is left. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { identify, isAlive, type ProcessIdentity } from '../../src/ownership/index.ts'
import { closeTunnel, openTunnel, type TunnelPlace, tunnelFault } from '../../src/tunnel/index.ts'
import { scriptedServer } from './kubernetes-server.ts'
import { accepts, Ground, lacks, until, workerThatCanGo } from './tunnel-ground.ts'

const suite = lacks === undefined ? describe : describe.skip
const patience = AbortSignal.timeout(120_000)

interface Recorded {
  readonly phase: string
  readonly supervisor: ProcessIdentity
  readonly ssh: ProcessIdentity
  readonly nonce: string
}

function recorded({ folder }: TunnelPlace): Recorded {
  return JSON.parse(readFileSync(join(folder, 'tunnel.json'), 'utf8')) as Recorded
}

const beside = ({ folder }: TunnelPlace): string => join(folder, 'kubeconfig')

suite('a standing tunnel', () => {
  let ground: Ground
  let here: TunnelPlace
  beforeAll(async () => {
    ground = await Ground.open()
  })
  beforeEach(() => {
    here = ground.place()
  })
  afterEach(() => ground.clear())
  afterAll(() => ground[Symbol.asyncDispose]())

  const allGone = async (was: Recorded): Promise<void> => {
    await until('supervisor and ssh to end', () => !isAlive(was.supervisor) && !isAlive(was.ssh))
    expect(await accepts(ground.localPort)).toBe(false)
  }

  it('tells the next step why it ended when its SSH server goes down', async () => {
    await openTunnel(ground.request(), here, patience)
    expect(tunnelFault(beside(here))).toBeUndefined()
    const was = recorded(here)
    await ground.sshd.stop()
    await allGone(was)
    await ground.sshd.start()
    expect(tunnelFault(beside(here))).toMatchObject({
      code: 'tunnel-ended',
      title: `the tunnel over 127.0.0.1 to 127.0.0.1:${ground.api.port} has ended`,
      cause: expect.stringContaining('closed the connection'),
      remedy: expect.stringContaining('run the job again'),
    })
    expect(ground.files(here)).toEqual(['tunnel.json', 'tunnel.log'])
  })

  it('tells the next step that the API server behind it is gone', async () => {
    const api = await scriptedServer((_request, response) => response.writeHead(401).end())
    const server = { caPem: api.authority.bundlePem, tlsServerName: '' }
    await openTunnel(ground.request({ server, target: { host: '127.0.0.1', port: api.port } }), here, patience)
    await api[Symbol.asyncDispose]()
    expect(await accepts(ground.localPort)).toBe(true)
    const fault = await until('the refusal to be on record', () => tunnelFault(beside(here)))
    expect(fault).toMatchObject({
      code: 'tunnel-unreachable',
      title: 'the tunnel stands, and the API server behind it cannot be reached',
      cause: `127.0.0.1 has no connection to 127.0.0.1:${api.port}: Connection refused`,
    })
    expect(isAlive(recorded(here).supervisor)).toBe(true)
  })

  it('says so when somebody kills its ssh', async () => {
    await openTunnel(ground.request(), here, patience)
    const was = recorded(here)
    process.kill(was.ssh.pid, 'SIGKILL')
    await allGone(was)
    expect(tunnelFault(beside(here))).toMatchObject({
      code: 'tunnel-ended',
      cause: 'somebody killed its ssh (SIGKILL)',
    })
  })

  it('goes with its supervisor, however that ends, and the next run opens another', async () => {
    await openTunnel(ground.request(), here, patience)
    const was = recorded(here)
    process.kill(was.supervisor.pid, 'SIGKILL')
    await allGone(was)
    expect(tunnelFault(beside(here))).toMatchObject({
      code: 'tunnel-ended',
      cause: 'its supervisor is gone without a word: somebody killed it',
    })
    await openTunnel(ground.request(), { ...here, nonce: 'another' }, patience)
    expect(tunnelFault(beside(here))).toBeUndefined()
    expect(recorded(here).nonce).toBe('another')
  })

  it('is ended by the next run where nothing ties ssh to its supervisor', async () => {
    const path = join(ground.root, 'bin')
    mkdirSync(path)
    symlinkSync('/usr/bin/ssh', join(path, 'ssh'))
    const bare = ground.place({ environment: { PATH: path } })
    await openTunnel(ground.request(), bare, patience)
    const was = recorded(bare)
    process.kill(was.supervisor.pid, 'SIGKILL')
    await until('the supervisor to end', () => !isAlive(was.supervisor))
    expect(isAlive(was.ssh)).toBe(true)
    expect(tunnelFault(beside(bare))).toMatchObject({ code: 'tunnel-ended' })
    // The same holds when its folder is gone: its environment tells whose it is.
    rmSync(bare.folder, { recursive: true })
    await openTunnel(ground.request(), here, patience)
    expect(isAlive(was.ssh)).toBe(false)
  })

  it('ends when its time is over, and says so', async () => {
    await openTunnel(ground.request({ lifetimeMs: 3200 }), here, patience)
    const was = recorded(here)
    await allGone(was)
    expect(tunnelFault(beside(here))).toMatchObject({
      code: 'tunnel-ended',
      cause: 'it was opened for 3 s, and they are over',
    })
  })

  it('goes without a trace when the worker of its job is gone', async () => {
    const worker = await workerThatCanGo()
    const place = ground.place({ worker: identify(worker.pid) })
    await openTunnel(ground.request(), place, patience)
    const was = recorded(place)
    await worker.go()
    await allGone(was)
    await until('its files to go', () => ground.files(place).length === 0)
  })

  it('goes when its folder does, as when the runner empties its temporary files', async () => {
    await openTunnel(ground.request(), here, patience)
    const was = recorded(here)
    rmSync(here.folder, { recursive: true })
    await allGone(was)
    expect(existsSync(here.folder)).toBe(false)
  })

  it('leaves the files of another tunnel alone when its own state was replaced', async () => {
    await openTunnel(ground.request(), here, patience)
    const was = recorded(here)
    writeFileSync(join(here.folder, 'tunnel.json'), JSON.stringify({ ...was, nonce: 'of another run' }))
    rmSync(join(here.folder, 'tunnel-known-hosts'))
    writeFileSync(join(here.folder, 'tunnel-known-hosts'), 'of another run')
    await allGone(was)
    expect(ground.files(here)).toEqual(['tunnel-known-hosts', 'tunnel.json'])
  })

  it('is found and ended by post when main was killed right after it, or while it opened one', async () => {
    const opener = join(import.meta.dirname, 'tunnel-opener.js')
    for (const when of ['starting', 'connected']) {
      const place = ground.place()
      const main = spawn(process.execPath, [opener], { stdio: ['pipe', 'ignore', 'inherit'] })
      main.stdin.end(JSON.stringify({ request: ground.request(), place }))
      await until(
        `main to be ${when}`,
        () => existsSync(join(place.folder, 'tunnel.json')) && recorded(place).phase === when,
      )
      main.kill('SIGKILL')
      await once(main, 'exit')
      const was = recorded(place)
      expect(isAlive(was.supervisor)).toBe(true)
      await closeTunnel(place.folder)
      expect(ground.files(place)).toEqual([])
      expect(isAlive(was.supervisor)).toBe(false)
      expect(await accepts(ground.localPort)).toBe(false)
    }
  })

  it('outlives the step that opened it', async () => {
    const main = spawn(process.execPath, [join(import.meta.dirname, 'tunnel-opener.js')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    main.stdin.end(JSON.stringify({ request: ground.request(), place: here }))
    let said = ''
    main.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    // 'close' waits for every holder of its output: a tunnel that had inherited it would keep the step from ending.
    expect(await once(main, 'close')).toEqual([0, null])
    expect(said).toContain('/version answered HTTP 401')
    expect(tunnelFault(beside(here))).toBeUndefined()
    expect(await accepts(ground.localPort)).toBe(true)
  })

  it('is used again by a second call of the same job, and lent to another kubeconfig of it', async () => {
    await openTunnel(ground.request(), here, patience)
    const was = recorded(here)
    const again = await openTunnel(ground.request(), { ...here, nonce: 'second' }, patience)
    expect(again.milestones[0]?.text).toBe('the tunnel of kubeconfig-esc, run 41 is used again')
    const sibling = ground.place()
    await openTunnel(ground.request(), sibling, patience)
    expect(ground.files(sibling)).toEqual(['tunnel.json'])
    // Post of the second call: the tunnel is not its own.
    await closeTunnel(here.folder, 'second')
    await closeTunnel(sibling.folder, 'of another call')
    expect(ground.files(sibling)).toEqual(['tunnel.json'])
    await closeTunnel(sibling.folder, sibling.nonce)
    expect(ground.files(sibling)).toEqual([])
    expect(isAlive(was.ssh)).toBe(true)
    await openTunnel(ground.request(), sibling, patience)
    await ground.sshd.stop()
    await allGone(was)
    await ground.sshd.start()
    expect(tunnelFault(beside(sibling))).toMatchObject({
      code: 'tunnel-ended',
      cause: expect.stringContaining('closed'),
    })
  })

  it('is not ended by who only borrowed it and found the API server gone', async () => {
    await openTunnel(ground.request(), here, patience)
    const sibling = ground.place()
    const server = { caPem: ground.api.authority.bundlePem, tlsServerName: 'another-cluster' }
    await expect(openTunnel(ground.request({ server }), sibling, patience)).rejects.toMatchObject({
      code: 'tunnel-tls',
    })
    expect(ground.files(sibling)).toEqual([])
    expect(tunnelFault(beside(here))).toBeUndefined()
  })
})
