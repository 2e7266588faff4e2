import { createServer, type Socket, type Server as TcpServer } from 'node:net'
import type { Connection, ParsedKey, ServerConfig } from 'ssh2'
import type { HostNetwork } from '../contract.ts'
import type { Sessions } from './sessions.ts'

const { Server, utils } = (await import('ssh2')).default

/** sshd's MaxSessions. */
const maxSessions = 10

export interface SshOptions {
  readonly user: string
  readonly network: HostNetwork
  /** Runs commands. Without it the user may have channels forwarded, and nothing besides. */
  readonly sessions?: Sessions
}

/** What may be amiss with an sshd, for the connections that it accepts from then on. */
export interface SshState {
  /** AllowTcpForwarding. */
  readonly allowForwarding: boolean
  /** Present a key other than the one that is pinned. */
  readonly wrongHostKey: boolean
}

/** A key pair in OpenSSH's formats: the private key's file and the public key's line. */
interface KeyPair {
  readonly private: string
  readonly public: string
}

/** ssh2 now and then writes an ed25519 key that it cannot read itself (seen with 1.17.0); such a pair is thrown away. */
function generateKeyPair(comment: string): KeyPair {
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519', { comment })
    if (!(utils.parseKey(pair.private) instanceof Error) && !(utils.parseKey(pair.public) instanceof Error)) return pair
  }
}

/**
 * sshd as a client meets it: one ed25519 host key, public key authentication for one user, exec and direct-tcpip channels.
 * There is no shell, no terminal, no sftp.
 */
export class SshServer {
  readonly counts = { connections: 0, sessions: 0, forwards: 0 }
  readonly clientPrivateKey: string
  port = 0
  readonly #pinned: KeyPair
  readonly #options: SshOptions
  #server: InstanceType<typeof Server>
  readonly #listener: TcpServer
  readonly #sockets = new Set<Socket>()
  readonly #ends = new Set<{ destroy(): void }>()
  readonly #clientKey: ParsedKey

  private constructor(options: SshOptions) {
    this.#options = options
    this.#pinned = generateKeyPair('host')
    const client: KeyPair = generateKeyPair('rehearsal')
    this.clientPrivateKey = client.private
    const parsed = utils.parseKey(client.public)
    if (parsed instanceof Error) throw parsed
    this.#clientKey = Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed
    this.#server = this.#serve({ allowForwarding: true, wrongHostKey: false })
    // The sockets are ours, so that Nagle is off as in sshd and none is left when the host is switched off.
    this.#listener = createServer((socket) => {
      socket.setNoDelay(true)
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => this.#sockets.delete(socket))
      this.counts.connections += 1
      this.#server.injectSocket(socket)
    })
  }

  static async listen(options: SshOptions): Promise<SshServer> {
    const server = new SshServer(options)
    await new Promise<void>((resolve, reject) => {
      server.#listener.once('error', reject)
      server.#listener.listen(0, '127.0.0.1', resolve)
    })
    const address = server.#listener.address()
    if (address === null || typeof address === 'string') throw new Error('the SSH server has no port')
    server.port = address.port
    return server
  }

  /** Of connections from now on. */
  become(state: SshState): void {
    this.#server = this.#serve(state)
  }

  #serve({ allowForwarding, wrongHostKey }: SshState): InstanceType<typeof Server> {
    const offered = wrongHostKey ? generateKeyPair('host') : this.#pinned
    const config: ServerConfig = { hostKeys: [offered.private], ident: 'OpenSSH_8.9p1 embedded' }
    const server = new Server(config, (client, { port }) => this.#accept(client, port, allowForwarding))
    server.on('error', () => undefined)
    return server
  }

  /** A known_hosts line for `address`, with the key that a client has to expect. */
  knownHosts(address: string): string {
    const [type, key] = this.#pinned.public.split(' ')
    return `${address} ${type} ${key}`
  }

  async close(): Promise<void> {
    for (const end of this.#ends) end.destroy()
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#listener.close(() => resolve()))
  }

  #accept(client: Connection, port: number, allowForwarding: boolean): void {
    const socket = [...this.#sockets].find(({ remotePort }) => remotePort === port)
    client.on('error', () => undefined)
    client.on('authentication', (context) => {
      if (context.method !== 'publickey' || context.username !== this.#options.user) {
        context.reject(['publickey'])
        return
      }
      const isOurs =
        context.key.algo === this.#clientKey.type && context.key.data.equals(this.#clientKey.getPublicSSH())
      // Without a signature the client only asks whether the key would do.
      const isProven =
        context.signature === undefined ||
        (context.blob !== undefined &&
          this.#clientKey.verify(context.blob, context.signature, context.hashAlgo) === true)
      if (isOurs && isProven) context.accept()
      else context.reject(['publickey'])
    })
    let open = 0
    const { sessions } = this.#options
    client.on('session', (accept, reject) => {
      if (sessions === undefined || open >= maxSessions) {
        reject()
        return
      }
      open += 1
      this.counts.sessions += 1
      const session = accept()
      session.on('close', () => {
        open -= 1
      })
      session.on('exec', (acceptExec, _rejectExec, info) => {
        const signal = sessions.exec(info.command, acceptExec(), {
          drop: (how) => (how === 'reset' ? socket?.resetAndDestroy() : socket?.destroy()),
        })
        session.on('signal', (acceptSignal, _rejectSignal, wanted) => {
          acceptSignal?.()
          signal(wanted.name.replace(/^SIG/, ''))
        })
      })
    })
    // Without a listener every direct-tcpip channel is "administratively prohibited", as with AllowTcpForwarding no.
    if (!allowForwarding) return
    client.on('tcpip', (accept, reject, info) => {
      this.counts.forwards += 1
      this.#options.network.connect(info.destIP, info.destPort).then(
        (target) => {
          const channel = accept()
          if (channel === undefined) {
            target.destroy()
            return
          }
          this.#ends.add(target)
          target.on('error', () => channel.destroy())
          channel.on('error', () => target.destroy())
          target.on('close', () => {
            this.#ends.delete(target)
            channel.end()
          })
          channel.on('close', () => target.destroy())
          channel.pipe(target)
          target.pipe(channel)
        },
        (error: unknown) => rejectWith(client, connectProblem(error), reject),
      )
    })
  }
}

/** Why the host could not connect, as sshd tells it: in the words of its C library (connect_to_helper in OpenSSH's channels.c). */
function connectProblem(error: unknown): string {
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'Connection refused',
    ETIMEDOUT: 'Connection timed out',
    ENOTFOUND: 'Name or service not known',
  }
  const { code = '', message } = error as Error & { code?: string }
  return words[code] ?? message
}

interface Protocol {
  channelOpenFail(channel: number, reason: number, text: string): void
}

/** ssh2 rejects a channel without a word, and a real sshd never does. */
function rejectWith(client: Connection, text: string, reject: () => void): void {
  const { _protocol: protocol } = client as unknown as { readonly _protocol: Protocol }
  const { channelOpenFail } = protocol
  protocol.channelOpenFail = (channel, reason) => channelOpenFail.call(protocol, channel, reason, text)
  try {
    reject()
  } finally {
    protocol.channelOpenFail = channelOpenFail
  }
}
