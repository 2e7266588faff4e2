import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2, { type Connection, type ServerChannel } from 'ssh2'
import type { HostAccess } from '../../src/cluster-file/index.ts'
import { keyPair } from '../ssh-key-pair.ts'

export { keyPair }

/** A folder of programs that come first on the PATH of the sessions, and the folder of a pretended machine's user. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'host-test-'))
  readonly bin = join(this.folder, 'bin')
  readonly path: string

  constructor(basePath = '/usr/bin:/bin') {
    mkdirSync(this.bin)
    mkdirSync(join(this.folder, 'root'))
    this.path = [this.bin, basePath].filter((folder) => folder !== '').join(':')
  }

  program(name: string, text: string): void {
    const file = join(this.bin, name)
    writeFileSync(file, text)
    chmodSync(file, 0o755)
  }

  /** Makes programs of this machine available, for a Machine without a base path. */
  borrow(...names: readonly string[]): void {
    for (const name of names) {
      const target = [`/usr/bin/${name}`, `/bin/${name}`].find((path) => existsSync(path))
      if (target === undefined) throw new Error(`this test needs ${name}`)
      symlinkSync(target, join(this.bin, name))
    }
  }

  /** The sessions' user is no root, whoever runs the tests; root is whoever came through the stand-in for sudo. */
  unprivileged(): void {
    this.program(
      'id',
      '#!/bin/sh\ncase ${1:-} in -u) echo "${STANDIN_UID:-1000}" ;; -un) echo oceanid ;; *) exec /usr/bin/id "$@" ;; esac\n',
    )
  }

  /**
   * A stand-in for sudo, with the messages of sudo 1.9.13: `password` undefined means NOPASSWD. Every password that it
   * is offered goes to `attempts`, every command line and environment to `seen`.
   */
  sudo(rules: { password?: string; refuses?: 'tty' | 'user' | 'command'; cached?: boolean }): void {
    this.unprivileged()
    writeFileSync(join(this.folder, 'password'), rules.password ?? '')
    if (rules.cached) writeFileSync(join(this.folder, 'cached'), '')
    this.program(
      'sudo',
      `#!/bin/sh
world=${this.folder}
needs=${rules.password === undefined ? 'nothing' : 'password'} refuses=${rules.refuses ?? 'nothing'}
printf '%s\\n' "$@" >>"$world/seen"
env >>"$world/seen"
ask=yes ignore=no
while :; do
  case \${1:-} in
    -n) ask=no; shift ;;
    -k) ignore=yes; shift ;;
    -S) shift ;;
    -p) shift 2 ;;
    *) break ;;
  esac
done
if [ "$refuses" = tty ]; then echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1; fi
if [ "$needs" = password ] && { [ "$ignore" = yes ] || [ ! -e "$world/cached" ]; }; then
  if [ "$ask" = no ]; then echo 'sudo: a password is required' >&2; exit 1; fi
  expected=$(cat "$world/password") tries=0 accepted=no
  while [ $tries -lt 3 ]; do
    if ! IFS= read -r given; then echo 'sudo: no password was provided' >&2; break; fi
    printf '%s\\n' "$given" >>"$world/attempts"
    if [ "$given" = "$expected" ]; then accepted=yes; break; fi
    tries=$((tries + 1))
    echo 'Sorry, try again.' >&2
  done
  if [ $accepted = no ]; then echo "sudo: $tries incorrect password attempt" >&2; exit 1; fi
fi
if [ "$refuses" = user ]; then echo 'oceanid is not in the sudoers file.' >&2; exit 1; fi
if [ "$refuses" = command ] && [ "$1" != true ]; then echo 'sudo: a password is required' >&2; exit 1; fi
exec env -i PATH="$PATH" STANDIN_UID=0 SUDO_USER=oceanid "$@"
`,
    )
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** ssh2 has no public way to the socket of a server's connection. */
function socketOf(client: Connection): Socket {
  return (client as unknown as { _sock: Socket })._sock
}

export interface SshdOptions {
  readonly machine: Machine
  readonly hostKeys?: readonly string[]
  readonly forwarding?: 'allowed' | 'prohibited' | 'silent'
  readonly environment?: Readonly<Record<string, string>>
  /** Accepts no session at all. */
  readonly refusesSessions?: boolean
  /** Closes this many connections before the log-in. */
  readonly drops?: number
  readonly refusesLogin?: boolean
}

/** An SSH server in this process whose sessions run a real sh. Listens on 127.0.0.1. */
export class Sshd {
  readonly client = keyPair()
  readonly hostKey = keyPair()
  readonly commands: string[] = []
  readonly children: ChildProcess[] = []
  connections = 0
  /** Attempts to log in, of any method: a client that knows its host key makes none at a stranger's. */
  logins = 0
  readonly #clients = new Set<Connection>()
  readonly #options: SshdOptions
  readonly #server: ssh2.Server
  port = 0

  constructor(options: SshdOptions) {
    this.#options = options
    const hostKeys = [...(options.hostKeys ?? [this.hostKey.private])]
    this.#server = new ssh2.Server({ hostKeys }, (client) => this.#accept(client))
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.port = (this.#server.address() as AddressInfo).port
    return this
  }

  access(more: Partial<HostAccess> = {}): HostAccess {
    return {
      transport: 'ssh',
      address: '127.0.0.1',
      port: this.port,
      user: 'oceanid',
      privateKey: this.client.private,
      knownHosts: `[127.0.0.1]:${this.port} ${this.hostKey.public}`,
      hostKeyFingerprints: [],
      hostKeySource: 'input known-hosts',
      ...more,
    }
  }

  /** The machine loses its network: every connection breaks without a goodbye. */
  cut(): void {
    for (const client of this.#clients) socketOf(client).destroy()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #accept(client: Connection): void {
    this.connections += 1
    this.#clients.add(client)
    // As sshd; without it every answer waits 40 ms for a delayed acknowledgement.
    socketOf(client).setNoDelay(true)
    client.on('error', () => undefined)
    client.on('close', () => this.#clients.delete(client))
    if (this.connections <= (this.#options.drops ?? 0)) {
      this.cut()
      return
    }
    const allowed = ssh2.utils.parseKey(this.client.public)
    if (allowed instanceof Error) throw allowed
    client.on('authentication', (attempt) => {
      this.logins += 1
      const isOurs = attempt.method === 'publickey' && attempt.key.data.equals(allowed.getPublicSSH())
      const isSigned =
        attempt.method === 'publickey' &&
        (attempt.signature === undefined || allowed.verify(attempt.blob!, attempt.signature, attempt.hashAlgo) === true)
      if (isOurs && isSigned && !this.#options.refusesLogin) attempt.accept()
      else attempt.reject(['publickey'])
    })
    client.on('session', (accept, reject) => {
      if (this.#options.refusesSessions) {
        reject()
        return
      }
      accept().on('exec', (acceptExec, _reject, info) => {
        this.commands.push(info.command)
        this.#exec(info.command, acceptExec())
      })
    })
    // Without a listener ssh2 answers "administratively prohibited", as sshd does under AllowTcpForwarding no.
    if (this.#options.forwarding === 'prohibited') return
    client.on('tcpip', (accept, reject, info) => {
      if (this.#options.forwarding === 'silent') return
      const socket = connect(info.destPort, info.destIP)
      socket.on('error', () => reject())
      socket.on('connect', () => {
        const channel = accept()
        channel.on('error', () => undefined)
        channel.pipe(socket).pipe(channel)
      })
    })
  }

  #exec(command: string, channel: ServerChannel): void {
    // As sshd does, every session is the leader of a session of its own.
    const child = spawn('/bin/sh', ['-c', command], {
      detached: true,
      env: { PATH: this.#options.machine.path, HOME: this.#options.machine.folder, ...this.#options.environment },
    })
    this.children.push(child)
    channel.on('error', () => undefined)
    child.stdin.on('error', () => undefined)
    channel.pipe(child.stdin)
    channel.on('close', () => child.stdin.destroy())
    child.stdout.on('data', (chunk) => channel.write(chunk))
    child.stderr.on('data', (chunk) => channel.stderr.write(chunk))
    child.on('close', (code, signal) => {
      if (signal === null) channel.exit(code ?? 255)
      else channel.exit(signal.replace('SIG', ''))
      channel.end()
    })
  }
}
