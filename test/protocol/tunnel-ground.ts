/** A real OpenSSH server on loopback, an API server behind it, and a folder for tunnels through it. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify } from '../../src/ownership/index.ts'
import { closeTunnel, type TunnelPlace, type TunnelRequest } from '../../src/tunnel/index.ts'
import { type ScriptedServer, scriptedServer } from './kubernetes-server.ts'

const program = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path))
const hasClient = spawnSync('ssh', ['-V'], { stdio: 'ignore' }).error === undefined

/** Why these tests cannot run here, in one line. */
export const lacks =
  process.platform !== 'linux'
    ? 'processes are looked at in /proc'
    : program === undefined || !hasClient
      ? 'OpenSSH (sshd and ssh) is not installed'
      : undefined
if (lacks !== undefined) process.stderr.write(`skipped, tunnel tests: ${lacks}\n`)

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export async function until<Value>(
  what: string,
  probe: () => Value | undefined | false,
  timeoutMs = 10_000,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const value = probe()
    if (value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`)
    await sleep(20)
  }
}

function makeKey(file: string, comment = 'test'): { private: string; public: string } {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file])
  return { private: readFileSync(file, 'utf8'), public: readFileSync(`${file}.pub`, 'utf8').trim() }
}

/**
 * sshd without privileges: it lets in its own user only. Root's would need a folder of the system, so under root it runs as nobody.
 */
export class Sshd {
  readonly folder = mkdtempSync(join(tmpdir(), 'tunnel-sshd-'))
  readonly user: string
  readonly hostKey = makeKey(join(this.folder, 'host-key'))
  readonly client = makeKey(join(this.folder, 'client'))
  readonly stranger = makeKey(join(this.folder, 'stranger'))
  readonly #ids: { uid: number; gid: number } | undefined
  #child: ChildProcess | undefined
  said = ''
  port = 0

  constructor() {
    const { uid, gid } = userInfo()
    const nobody = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
    this.#ids = uid === 0 ? { uid: nobody('-u'), gid: nobody('-g') } : undefined
    this.user = uid === 0 ? 'nobody' : userInfo().username
    this.authorise('restrict,port-forwarding')
    for (const name of readdirSync(this.folder)) this.#own(name)
    chmodSync(this.folder, 0o755)
    if (this.#ids) chownSync(this.folder, this.#ids.uid, this.#ids.gid)
    else chownSync(this.folder, uid, gid)
  }

  #own(name: string): void {
    if (this.#ids) chownSync(join(this.folder, name), this.#ids.uid, this.#ids.gid)
  }

  /** What stands before the key in authorized_keys. */
  authorise(options: string): void {
    writeFileSync(join(this.folder, 'authorized_keys'), `${options} ${this.client.public}\n`)
    this.#own('authorized_keys')
  }

  async start(configuration: readonly string[] = [], port?: number): Promise<this> {
    this.port = port ?? (await freePort())
    const lines = [
      `ListenAddress 127.0.0.1:${this.port}`,
      `HostKey ${join(this.folder, 'host-key')}`,
      `AuthorizedKeysFile ${join(this.folder, 'authorized_keys')}`,
      'PidFile none',
      // Without it an sshd that cannot read the shadow file takes every account for a locked one (auth.c, allowed_user).
      'UsePAM yes',
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'LogLevel VERBOSE',
      ...configuration,
    ]
    writeFileSync(join(this.folder, 'sshd_config'), `${lines.join('\n')}\n`)
    const child = spawn(program ?? 'sshd', ['-D', '-e', '-f', join(this.folder, 'sshd_config')], {
      ...(this.#ids ?? {}),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said += text
    })
    await until('sshd to listen', () => {
      if (child.exitCode !== null) throw new Error(`sshd ended with ${child.exitCode}: ${this.said}`)
      return this.said.includes('Server listening')
    })
    return this
  }

  /** Kills the server and the sessions that it serves, as a machine that goes down. */
  async stop(): Promise<void> {
    const child = this.#child
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const sessions = this.sessions()
    process.kill(-child.pid, 'SIGKILL')
    for (const pid of sessions) process.kill(pid, 'SIGKILL')
    await once(child, 'exit')
  }

  /** Processes of sessions, two for each: none is in the group of the server. */
  sessions(): readonly number[] {
    const children = new Map<number, number[]>()
    for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
      const stat = readOr(`/proc/${name}/stat`)
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      children.set(parent, [...(children.get(parent) ?? []), Number(name)])
    }
    const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)])
    return below(this.#child?.pid ?? 0)
  }

  knownHosts(key = this.hostKey.public): string {
    return `[127.0.0.1]:${this.port} ${key}`
  }

  async close(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

/** The runner's side: an API server that answers 401 as one does, and folders below one root as the jobs have them. */
export class Ground implements AsyncDisposable {
  readonly root = mkdtempSync(join(tmpdir(), 'tunnel-test-'))
  readonly sshd: Sshd
  readonly api: ScriptedServer
  readonly localPort: number
  #folders = 0

  private constructor(sshd: Sshd, api: ScriptedServer, localPort: number) {
    this.sshd = sshd
    this.api = api
    this.localPort = localPort
  }

  static async open(configuration: readonly string[] = []): Promise<Ground> {
    const api = await scriptedServer((_request, response) => {
      response.writeHead(401).end('{"kind":"Status","code":401}')
    })
    return new Ground(await new Sshd().start(configuration), api, await freePort())
  }

  request(more: Partial<TunnelRequest> = {}): TunnelRequest {
    const { sshd, api } = this
    return {
      host: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      privateKey: sshd.client.private,
      knownHosts: sshd.knownHosts(),
      localPort: this.localPort,
      target: { host: '127.0.0.1', port: api.port },
      lifetimeMs: 60_000,
      server: { caPem: api.authority.bundlePem, tlsServerName: '' },
      ...more,
    }
  }

  place(more: Partial<TunnelPlace> = {}): TunnelPlace {
    this.#folders += 1
    const folder = more.folder ?? join(this.root, `env-${this.#folders}`)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const entry = join(import.meta.dirname, 'tunnel-supervisor.js')
    return {
      folder,
      nonce: randomBytes(12).toString('hex'),
      worker: identify(process.pid),
      label: 'kubeconfig-esc, run 41',
      supervisor: [process.execPath, entry],
      environment: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: this.root, RUNNER_TRACKING_ID: 'github_test' },
      ...more,
    }
  }

  files(place: TunnelPlace): readonly string[] {
    return existsSync(place.folder) ? readdirSync(place.folder).sort() : []
  }

  /** Ends every tunnel. */
  async clear(): Promise<void> {
    for (const name of readdirSync(this.root)) await closeTunnel(join(this.root, name))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clear()
    await this.sshd.close()
    await this.api[Symbol.asyncDispose]()
    rmSync(this.root, { recursive: true, force: true })
  }
}

/** A job's worker, which is gone when it is told. */
export async function workerThatCanGo(): Promise<{ readonly pid: number; go(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  await once(child, 'spawn')
  return {
    pid: child.pid ?? 0,
    async go() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

export async function accepts(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
