/** A client of embedded hosts for tests: ssh2's, with the host key pinned as a real client has to. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { type ClientChannel, type ConnectConfig, type Client as SshClient, default as ssh2 } from 'ssh2'
import type { HostNetwork, HostWorld } from '../../rehearsal/contract.ts'

/**
 * The cluster's addresses belong to real machines: a socket of this process that would leave the loopback throws instead
 * of connecting, so that no mistake of an embedded host can send them a packet.
 */
const leftLoopback: string[] = []
const dial = Socket.prototype.connect
Socket.prototype.connect = function guarded(this: Socket, ...given: unknown[]): Socket {
  const list = Array.isArray(given[0]) ? given[0] : given
  const first: unknown = list[0]
  const target =
    typeof first === 'object' && first !== null
      ? (first as { host?: string; path?: string })
      : { host: typeof list[1] === 'string' ? list[1] : undefined, path: typeof first === 'string' ? first : undefined }
  const host = target.host ?? 'localhost'
  if (target.path === undefined && !['127.0.0.1', '::1', 'localhost'].includes(host)) {
    leftLoopback.push(host)
    throw new Error(`a test would have connected to ${host}`)
  }
  return Reflect.apply(dial, this, given) as Socket
}

/** Addresses outside the loopback that something tried to reach; must stay empty. */
export function escapes(): readonly string[] {
  return leftLoopback
}

export interface Outcome {
  readonly code: number | null
  readonly signal: string | undefined
  readonly stdout: string
  readonly stderr: string
}

/** A network in which every address leads to one loopback port, is refused, or swallows packets. */
export function networkTo(target: number | 'refused' | 'timeout'): HostNetwork & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    connect(host, port): Promise<Duplex> {
      asked.push(`${host}:${port}`)
      if (target === 'timeout') return new Promise(() => undefined)
      if (target === 'refused')
        return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
      return new Promise((resolve, reject) => {
        const socket = connect(target, '127.0.0.1')
        socket.once('connect', () => resolve(socket))
        socket.once('error', reject)
      })
    },
  }
}

export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'world-host-'))
}

export class Connection {
  readonly client: SshClient
  private constructor(client: SshClient) {
    this.client = client
  }

  static async open(host: HostWorld, changes: Partial<ConnectConfig> = {}): Promise<Connection> {
    const client = new ssh2.Client()
    const pinned = host.knownHosts('calypso').split(' ')[2]
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve)
      // Later errors (a connection that was cut on purpose) are no news to a settled promise.
      client.on('error', reject)
      client.connect({
        host: '127.0.0.1',
        port: host.sshPort,
        username: 'oceanid',
        privateKey: host.clientPrivateKey,
        hostVerifier: (key: Buffer) => key.toString('base64') === pinned,
        ...changes,
      })
    })
    return new Connection(client)
  }

  async channel(command: string): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.client.exec(command, (error, channel) => (error === undefined ? resolve(channel) : reject(error)))
    })
  }

  async run(command: string, input = ''): Promise<Outcome> {
    const channel = await this.channel(command)
    const outcome = finished(channel)
    channel.end(input)
    return outcome
  }

  async forward(address: string, port: number): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.client.forwardOut('127.0.0.1', 0, address, port, (error, channel) =>
        error === undefined ? resolve(channel) : reject(error),
      )
    })
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.client.once('close', () => resolve()))
    this.client.end()
    await closed
  }
}

export function finished(channel: ClientChannel): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  channel.setEncoding('utf8')
  channel.stderr.setEncoding('utf8')
  channel.on('data', (chunk: string) => {
    stdout += chunk
  })
  channel.stderr.on('data', (chunk: string) => {
    stderr += chunk
  })
  return new Promise((resolve) => {
    let code: number | null = null
    let signal: string | undefined
    channel.on('exit', (given: number | null, name?: string) => {
      code = given
      signal = name
    })
    channel.on('close', () => resolve({ code, signal, stdout, stderr }))
  })
}

/** Resolves with the text up to and including the first match, as soon as it was printed. */
export function printed(channel: ClientChannel, wanted: RegExp): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    channel.on('data', (chunk: string | Buffer) => {
      text += chunk.toString()
      if (wanted.test(text)) resolve(text)
    })
    channel.on('close', () => reject(new Error(`the channel closed before ${String(wanted)}: ${text}`)))
  })
}

export function forget(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
}
