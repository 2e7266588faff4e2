/** Opening a tunnel through a real OpenSSH server, and every way in which that can fail. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import {
  closeTunnel,
  openTunnel,
  type TunnelError,
  type TunnelPlace,
  type TunnelRequest,
} from '../../src/tunnel/index.ts'
import { scriptedServer } from './kubernetes-server.ts'
import { accepts, freePort, Ground, lacks } from './tunnel-ground.ts'

const suite = lacks === undefined ? describe : describe.skip
const patience = AbortSignal.timeout(120_000)

suite('a tunnel', () => {
  let ground: Ground
  const places: TunnelPlace[] = []
  const place = (more: Partial<TunnelPlace> = {}): TunnelPlace => {
    const made = ground.place(more)
    places.push(made)
    return made
  }
  beforeAll(async () => {
    ground = await Ground.open()
  })
  afterEach(async () => {
    for (const { folder } of places.splice(0)) await closeTunnel(folder)
    ground.sshd.authorise('restrict,port-forwarding')
  })
  afterAll(() => ground[Symbol.asyncDispose]())

  async function refusal(request: Partial<TunnelRequest>, where = place(), signal = patience): Promise<TunnelError> {
    const error = await openTunnel(ground.request(request), where, signal).then(
      () => undefined,
      (reason: unknown) => reason as TunnelError,
    )
    if (error === undefined) throw new Error('the tunnel was opened')
    // Whatever the reason: nothing of it is left.
    expect(ground.files(where)).toEqual([])
    expect(await accepts(ground.localPort)).toBe(false)
    return error
  }

  it('is proven in four stages, and keeps its key only until the connection stands', async () => {
    const here = place()
    const tunnel = await openTunnel(ground.request(), here, patience)
    expect(tunnel.server).toBe(`https://127.0.0.1:${ground.localPort}`)
    expect(tunnel.milestones.map((one) => one.text)).toEqual([
      'ssh is alive and holds the port',
      'TCP connection',
      'TLS handshake, verified with the kubeconfig’s CA',
      '/version answered HTTP 401',
    ])
    expect(ground.api.requests.at(-1)).toBe('GET /version')
    expect(ground.files(here)).toEqual(['tunnel-known-hosts', 'tunnel.json', 'tunnel.log'])
    for (const name of ground.files(here)) expect(statSync(join(here.folder, name)).mode & 0o777).toBe(0o600)
  })

  it('has its key in no argument, environment, state or log', async () => {
    const here = place()
    await openTunnel(ground.request(), here, patience)
    const state = readFileSync(join(here.folder, 'tunnel.json'), 'utf8')
    const { supervisor, ssh } = JSON.parse(state) as Record<'supervisor' | 'ssh', { pid: number }>
    const keyLine = ground.sshd.client.private.split('\n')[2] ?? 'no key'
    const seen = [state, readFileSync(join(here.folder, 'tunnel.log'), 'utf8')]
    for (const { pid } of [supervisor, ssh]) {
      for (const name of ['cmdline', 'environ']) seen.push(readFileSync(`/proc/${pid}/${name}`, 'utf8'))
    }
    expect(seen.filter((text) => text.includes(keyLine))).toEqual([])
    // The runner's own sweep at the end of a job goes by this.
    expect(readFileSync(`/proc/${ssh.pid}/environ`, 'utf8')).toContain('RUNNER_TRACKING_ID=github_test')
  })

  it('leaves no process, port or file when it is closed, and may be closed twice', async () => {
    const here = place()
    await openTunnel(ground.request(), here, patience)
    const { supervisor, ssh } = JSON.parse(readFileSync(join(here.folder, 'tunnel.json'), 'utf8')) as Record<
      'supervisor' | 'ssh',
      { pid: number }
    >
    await closeTunnel(here.folder)
    await closeTunnel(here.folder)
    expect(ground.files(here)).toEqual([])
    expect(await accepts(ground.localPort)).toBe(false)
    const alive = [supervisor, ssh].filter(({ pid }) => /State:\s+[^Z]/.test(statusOf(pid)))
    expect(alive).toEqual([])
  })

  it('does not go to a server with another host key, and shows the offered one', async () => {
    const error = await refusal({ knownHosts: ground.sshd.knownHosts(ground.sshd.stranger.public) })
    expect(error).toMatchObject({ code: 'tunnel-host-key', title: expect.stringContaining('is not the pinned one') })
    const print = execFileSync('ssh-keygen', ['-lf', join(ground.sshd.folder, 'host-key.pub')], { encoding: 'utf8' })
    expect(error.cause).toContain(print.split(' ')[1])
    expect(error.remedy).toContain('compare it with the one on the console')
  })

  it('does not go to a server for which nothing is pinned', async () => {
    const other = ground.sshd.knownHosts().replace('[127.0.0.1]', '[192.0.2.9]')
    expect(await refusal({ knownHosts: other })).toMatchObject({
      code: 'tunnel-host-key',
      cause: expect.stringMatching(/pins no key for 127\.0\.0\.1 port \d+, which shows ssh-ed25519 SHA256:/),
    })
    const revoked = `@revoked ${ground.sshd.knownHosts()}`
    expect(await refusal({ knownHosts: revoked })).toMatchObject({ code: 'tunnel-host-key' })
  })

  it.each(['', '# nothing\n', 'not a host key line'])(
    'makes no connection without a pinned host key: %j',
    async (knownHosts) => {
      const before = ground.sshd.said
      expect(await refusal({ knownHosts })).toMatchObject({ code: 'tunnel-host-key' })
      expect(ground.sshd.said).toBe(before)
    },
  )

  it('tells a refused key from one that cannot be read, and one with a passphrase', async () => {
    expect(await refusal({ privateKey: ground.sshd.stranger.private })).toMatchObject({
      code: 'tunnel-authentication',
      cause: expect.stringContaining(`does not accept this key for user ${ground.sshd.user}`),
    })
    const lines = ground.sshd.client.private.split('\n')
    const damaged = [...lines.slice(0, 2), ...lines.slice(3)].join('\n')
    expect(await refusal({ privateKey: damaged })).toMatchObject({
      code: 'tunnel-authentication',
      cause: expect.stringContaining('damaged'),
    })
    const folder = join(ground.root, 'keys')
    mkdirSync(folder)
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', join(folder, 'locked')])
    expect(await refusal({ privateKey: readFileSync(join(folder, 'locked'), 'utf8') })).toMatchObject({
      code: 'tunnel-authentication',
      cause: expect.stringContaining('passphrase'),
    })
  })

  it('takes a key with carriage returns and without its last line end', async () => {
    const privateKey = ground.sshd.client.private.trim().replaceAll('\n', '\r\n')
    await expect(openTunnel(ground.request({ privateKey }), place(), patience)).resolves.toBeDefined()
  })

  it('says that the server forwards nothing, or not to there', async () => {
    ground.sshd.authorise('restrict')
    expect(await refusal({})).toMatchObject({
      code: 'tunnel-forward-refused',
      remedy: expect.stringContaining(`permitopen="127.0.0.1:${ground.api.port}"`),
    })
    ground.sshd.authorise('restrict,port-forwarding,permitopen="127.0.0.1:1"')
    const error = await refusal({})
    expect(error.code).toBe('tunnel-forward-refused')
    expect(error.evidence.join()).toContain('administratively prohibited')
  })

  it('needs no more than forwarding to that one port, and no shell', async () => {
    ground.sshd.authorise(`restrict,port-forwarding,permitopen="127.0.0.1:${ground.api.port}",command="/bin/false"`)
    await expect(openTunnel(ground.request(), place(), patience)).resolves.toBeDefined()
  })

  it('says that nothing listens on the SSH port', async () => {
    const port = await freePort()
    const knownHosts = `[127.0.0.1]:${port} ${ground.sshd.hostKey.public}`
    expect(await refusal({ port, knownHosts })).toMatchObject({
      code: 'tunnel-unreachable',
      cause: `nothing listens on 127.0.0.1 port ${port}`,
    })
  })

  it('does not trust an API server of another CA, or of another name, or what is none', async () => {
    await using other = await scriptedServer((_request, response) => response.end())
    const caPem = other.authority.bundlePem
    expect(await refusal({ server: { caPem, tlsServerName: '' } })).toMatchObject({
      code: 'tunnel-tls',
      cause: expect.stringContaining('not signed by the certificate authority'),
    })
    const own = ground.api.authority.bundlePem
    expect(await refusal({ server: { caPem: own, tlsServerName: 'kubernetes' } })).toMatchObject({
      code: 'tunnel-tls',
      remedy: expect.stringContaining('tls-server-name'),
    })
    const target = { host: '127.0.0.1', port: ground.sshd.port }
    expect(await refusal({ target })).toMatchObject({
      code: 'tunnel-tls',
      cause: expect.stringContaining('something else'),
    })
  })

  it('verifies another name when it is told to, without sending an address as a name', async () => {
    const server = { caPem: ground.api.authority.bundlePem, tlsServerName: 'localhost' }
    await expect(openTunnel(ground.request({ server }), place(), patience)).resolves.toBeDefined()
  })

  it('says that something behind it is no API server', async () => {
    await using website = await scriptedServer((_request, response) => response.writeHead(404).end('not here'))
    const server = { caPem: website.authority.bundlePem, tlsServerName: '' }
    const target = { host: '127.0.0.1', port: website.port }
    expect(await refusal({ server, target })).toMatchObject({
      code: 'tunnel-failed',
      cause: 'it answered GET /version: HTTP 404',
    })
  })

  it('says that there is no ssh', async () => {
    const empty = join(ground.root, 'nothing-in-it')
    mkdirSync(empty)
    expect(await refusal({}, place({ environment: { PATH: empty } }))).toMatchObject({ code: 'tunnel-ssh-missing' })
  })

  it('says that its supervisor is broken, in its own words', async () => {
    const supervisor = [process.execPath, '-e', 'throw new Error("bundle is incomplete")'] as const
    const error = await refusal({}, place({ supervisor }))
    expect(error.code).toBe('tunnel-failed')
    expect(error.evidence.join('\n')).toContain('bundle is incomplete')
    expect(await refusal({}, place({ supervisor: ['/nowhere/node'] }))).toMatchObject({ code: 'tunnel-failed' })
  })

  it('ends at once and leaves nothing when the run is cancelled while the server says nothing', async () => {
    const silent = createServer(() => undefined)
    const cancelled = new AbortController()
    silent.on('connection', (socket) => {
      socket.on('error', () => undefined)
      cancelled.abort(new Error('cancelled'))
    })
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const knownHosts = `[127.0.0.1]:${port} ${ground.sshd.hostKey.public}`
    const begun = performance.now()
    const error = await refusal({ port, knownHosts }, place(), cancelled.signal)
    expect(error.message).toMatch(/cancelled|aborted/)
    expect(performance.now() - begun).toBeLessThan(4000)
    silent.close()
  })
})

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}
