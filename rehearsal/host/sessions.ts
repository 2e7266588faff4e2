import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { ServerChannel } from 'ssh2'
import type { Interruption } from '../contract.ts'

export interface SessionEnvironment {
  readonly home: string
  readonly variables: Readonly<Record<string, string>>
  /** The tree that marks a process as one of this host's. */
  readonly root: string
}

/** How long a command may outlive its channel; sshd lets it live on, an embedded host has to be gone one day. */
const graceMs = 15_000

/** What is to happen when a session has printed what it waits for. */
interface Trap {
  readonly pattern: RegExp
  spring(child: ChildProcess, connection: Connected): void
}

/** The client's connection that a session belongs to. */
export interface Connected {
  /** Ends it at once, as a reset or as the kernel does for a process that is gone: the client gets no byte more. */
  drop(how: 'reset' | 'closed'): void
}

/** Runs the commands of exec channels as a real `sh -c`, each in a session and process group of its own. */
export class Sessions {
  readonly #environment: SessionEnvironment
  readonly #children = new Set<ChildProcess>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #traps = new Set<Trap>()

  constructor(environment: SessionEnvironment) {
    this.#environment = environment
  }

  /** Joins a channel to a new command; data flows with the backpressure of both. Returns how a signal request reaches it. */
  exec(command: string, channel: ServerChannel, connection: Connected): (name: string) => void {
    const child = spawn('/bin/sh', ['-c', command], {
      cwd: this.#environment.home,
      env: { ...this.#environment.variables },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A session of its own: what it starts can be ended with it, and never reaches the rehearsal's terminal.
      detached: true,
    })
    this.#children.add(child)
    // Input that nobody reads any more is no error of the host.
    child.stdin.on('error', () => undefined)
    channel.on('error', () => undefined)
    // A stream of its own: bytes may be on their way to it when the channel ends.
    channel.stderr.on('error', () => undefined)
    channel.pipe(child.stdin)
    this.#watch(child, connection)
    child.stdout.pipe(channel, { end: false })
    child.stderr.pipe(channel.stderr, { end: false })
    let isOpen = true
    channel.on('close', () => {
      isOpen = false
      child.stdin.destroy()
      // Output that has no reader: as with a closed pipe, the command meets SIGPIPE when it writes.
      child.stdout.destroy()
      child.stderr.destroy()
      if (!this.#children.has(child)) return
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        signalGroup(child, 'SIGKILL')
      }, graceMs)
      this.#timers.add(timer)
      child.once('exit', () => {
        clearTimeout(timer)
        this.#timers.delete(timer)
      })
    })
    child.on('error', () => {
      this.#children.delete(child)
      if (isOpen) {
        channel.exit(255)
        channel.end()
      }
    })
    child.on('exit', () => this.#children.delete(child))
    // 'close' comes after the last byte of output; sshd, too, sends the status when the pipes are at their end.
    child.on('close', (code, signal) => {
      if (!isOpen) return
      if (signal !== null) channel.exit(signal.replace(/^SIG/, ''), false, '')
      else channel.exit(code ?? 255)
      channel.end()
    })
    return (name) => {
      if (['HUP', 'INT', 'QUIT', 'KILL', 'TERM', 'USR1', 'USR2'].includes(name))
        signalGroup(child, `SIG${name}` as NodeJS.Signals)
    }
  }

  /** See HostWorld.cutAt and killAt. */
  interruptAt(pattern: RegExp, what: Interruption): Promise<void> {
    return new Promise((resolve) => {
      const trap: Trap = {
        pattern,
        spring: (child, connection) => {
          this.#traps.delete(trap)
          if (what === 'command') killSession(child)
          else connection.drop(what === 'connection' ? 'reset' : 'closed')
          resolve()
        },
      }
      this.#traps.add(trap)
    })
  }

  /** Before its output is joined to the channel, so that a trap springs before the client gets the bytes. */
  #watch(child: ChildProcessWithoutNullStreams, connection: Connected): void {
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => {
      if (this.#traps.size === 0) return
      printed += chunk.toString('latin1')
      for (const trap of this.#traps) if (trap.pattern.test(printed)) trap.spring(child, connection)
    })
  }

  /** Ends every command and everything that was started by one, also what moved to a group of its own. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    const ended = [...this.#children].map(
      (child) => new Promise<void>((resolve) => child.once('exit', () => resolve())),
    )
    for (const child of this.#children) signalGroup(child, 'SIGKILL')
    await Promise.all(ended)
    // A loop in a shell may start its next command between two kills, so look again until nobody is left.
    for (let left = processesOf(this.#environment.root); left.length > 0; left = processesOf(this.#environment.root)) {
      for (const pid of left) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // Already gone.
        }
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group is empty.
  }
}

/** SIGKILL to all of a command's session: sudo and timeout put what they run into groups of their own. */
function killSession(child: ChildProcess): void {
  for (const pid of numbersIn('/proc')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      const [, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (Number(session) === child.pid) process.kill(pid, 'SIGKILL')
    } catch {
      // Already gone.
    }
  }
  signalGroup(child, 'SIGKILL')
}

/** Entries of a folder that are numbers; empty where there is no such folder. */
function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/**
 * Processes whose environment says that this tree is their ROOT: every descendant of a session has it, and nobody else,
 * because the tree's name is unique. Empty where there is no /proc: then process groups have to do.
 */
export function processesOf(root: string): number[] {
  return numbersIn('/proc').filter((pid) => {
    if (pid === process.pid) return false
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`ROOT=${root}`)
    } catch {
      return false
    }
  })
}
