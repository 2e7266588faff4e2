import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { ServerChannel } from 'ssh2'

export interface SessionEnvironment {
  readonly home: string
  readonly variables: Readonly<Record<string, string>>
  /** The tree that marks a process as one of this host's. */
  readonly root: string
}

/** How long a command may outlive its channel; sshd lets it live on, an embedded host has to be gone one day. */
const graceMs = 15_000

/** Runs the commands of exec channels as a real `sh -c`, each in a session and process group of its own. */
export class Sessions {
  readonly #environment: SessionEnvironment
  readonly #children = new Set<ChildProcess>()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(environment: SessionEnvironment) {
    this.#environment = environment
  }

  /** Joins a channel to a new command; data flows with the backpressure of both. Returns how a signal request reaches it. */
  exec(command: string, channel: ServerChannel): (name: string) => void {
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
    channel.pipe(child.stdin)
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

/**
 * Processes whose environment says that this tree is their ROOT: every descendant of a session has it, and nobody else,
 * because the tree's name is unique. Empty where there is no /proc: then process groups have to do.
 */
export function processesOf(root: string): number[] {
  let names: string[]
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
  return names
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(`ROOT=${root}`)
      } catch {
        return false
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid)
}
