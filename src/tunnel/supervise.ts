import { dirname, join } from 'node:path'
import { describeProcess, identify, isAlive, portHolders } from '../ownership/index.ts'
import { type Ending, explainEnding } from './endings.ts'
import type { TunnelOrder, TunnelState } from './model.ts'
import { readOrder } from './order.ts'
import { asFile, sshArguments } from './ssh-arguments.ts'
import { type SshProcess, startSsh } from './ssh-process.ts'
import { refusalIn, tellsOfListening } from './ssh-words.ts'
import { fileIdentity, fileNames, readState, removeFiles, removeOwn, writePrivately, writeState } from './state.ts'

const orderDeadlineMs = 10_000
const connectDeadlineMs = 30_000
const graceMs = 2000
const connectingTickMs = 50
/** Beyond Linux every look at a process is a `ps`. */
const watchTickMs = process.platform === 'linux' ? 500 : 5000
const loggedLines = 200

/**
 * The detached stage: holds ssh for as long as the tunnel is wanted, and nobody else does. It ends when ssh ends, when its time
 * is over, when the job's worker is gone, when its state file is, and on SIGTERM; then neither process, port nor key is left.
 * @returns the exit code of the process; never rejects for anything that was foreseen
 */
export async function superviseTunnel(stateFile: string, nonce: string): Promise<number> {
  const stopped = new Promise<Ending>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => resolve({ kind: 'signal', signal }))
    }
  })
  const order = await readOrder(process.stdin, orderDeadlineMs)
  const first = readState(stateFile)
  if (order === undefined || first?.nonce !== nonce) return 3
  return await new Supervision(stateFile, first).run(order, stopped)
}

class Supervision {
  readonly #file: string
  readonly #folder: string
  readonly #startedAtMs = performance.now()
  #state: TunnelState
  #key: string | undefined
  #knownHosts: string | undefined
  #log: string | undefined
  #logged = 0

  constructor(file: string, state: TunnelState) {
    this.#file = file
    this.#folder = dirname(file)
    this.#state = state
    this.#log = fileIdentity(join(this.#folder, fileNames.log))
  }

  async run(order: TunnelOrder, stopped: Promise<Ending>): Promise<number> {
    this.#knownHosts = this.#place(fileNames.knownHosts, asFile(order.knownHosts))
    this.#key = this.#place(fileNames.key, asFile(order.privateKey))
    const ssh = startSsh({
      folder: this.#folder,
      environment: process.env,
      arguments: sshArguments(this.#state),
      onLine: (line) => this.#heard(line),
    })
    // Whatever ends this process, ssh must not stay behind.
    process.on('exit', () => ssh.kill('SIGKILL'))
    const identity = ssh.pid === undefined ? undefined : identify(ssh.pid)
    if (identity) this.#record({ ssh: identity })
    const ending = await this.#watch(ssh, stopped)
    await stop(ssh)
    this.#conclude(ending, ssh.lines)
    return 0
  }

  #place(name: string, text: string): string | undefined {
    const file = join(this.#folder, name)
    removeOwn(file, fileIdentity(file))
    writePrivately(file, text)
    return fileIdentity(file)
  }

  #isOurs(): boolean {
    return readState(this.#file)?.nonce === this.#state.nonce
  }

  #record(change: Partial<TunnelState>): void {
    this.#state = { ...this.#state, ...change }
    try {
      if (this.#isOurs()) writeState(this.#file, this.#state)
    } catch {
      // The folder went in this moment, or the disk is full: the next look at the file decides.
    }
  }

  #heard(line: string): void {
    this.#logged += 1
    if (this.#logged <= loggedLines) process.stderr.write(`${new Date().toISOString()} ${line}\n`)
    const refusal = refusalIn(line)
    // A client that tries again and again must not keep the disk busy: the first one of a second is enough.
    if (refusal !== undefined && Date.now() - Date.parse(this.#state.refusal?.at ?? '1970-01-01') > 1000) {
      this.#record({ refusal: { at: new Date().toISOString(), text: refusal } })
    }
    if (process.platform !== 'linux' && tellsOfListening(line, this.#state)) this.#connected()
  }

  #connected(): void {
    if (this.#state.phase !== 'starting') return
    removeOwn(join(this.#folder, fileNames.key), this.#key)
    this.#record({ phase: 'connected' })
  }

  /** The port is held by a process of this group, which can only be ssh. */
  #holdsPort(ssh: SshProcess): boolean {
    const group = describeProcess(process.pid)?.group
    const [holder] = portHolders(this.#state.localPort, ssh.pid === undefined ? [] : [ssh.pid])
    return holder?.isListening === true && group !== undefined && holder.process?.group === group
  }

  #reasonToEnd(): Ending | undefined {
    const { expiresAt, startedAt, worker, phase } = this.#state
    const elapsedMs = performance.now() - this.#startedAtMs
    const lifetimeMs = Date.parse(expiresAt) - Date.parse(startedAt)
    // Both clocks: one stands still while the machine sleeps, the other can be set back.
    if (elapsedMs >= lifetimeMs || Date.now() >= Date.parse(expiresAt)) return { kind: 'expired' }
    if (worker !== undefined && !isAlive(worker)) return { kind: 'worker-gone' }
    if (!this.#isOurs()) return { kind: 'abandoned' }
    if (phase === 'starting' && elapsedMs > connectDeadlineMs) return { kind: 'never-connected' }
    return undefined
  }

  async #watch(ssh: SshProcess, stopped: Promise<Ending>): Promise<Ending> {
    const timers: NodeJS.Timeout[] = []
    const noticed = new Promise<Ending>((resolve, reject) => {
      const every = (ms: number, look: () => void): void => {
        const guarded = (): void => {
          try {
            look()
          } catch (error) {
            reject(error)
          }
        }
        timers.push(setInterval(guarded, ms))
      }
      every(connectingTickMs, () => {
        if (this.#state.phase === 'starting' && !ssh.isOver() && this.#holdsPort(ssh)) this.#connected()
        else if (this.#state.phase === 'connected') clearInterval(timers[0])
      })
      every(watchTickMs, () => {
        const reason = this.#reasonToEnd()
        if (reason) resolve(reason)
      })
    })
    try {
      return await Promise.race([ssh.ended.then((end): Ending => ({ kind: 'ssh', end })), noticed, stopped])
    } finally {
      for (const timer of timers) clearInterval(timer)
    }
  }

  #conclude(ending: Ending, lines: readonly string[]): void {
    removeOwn(join(this.#folder, fileNames.key), this.#key)
    removeOwn(join(this.#folder, fileNames.knownHosts), this.#knownHosts)
    if (!this.#isOurs()) {
      removeOwn(join(this.#folder, fileNames.log), this.#log)
      return
    }
    if (ending.kind === 'worker-gone') {
      removeFiles(this.#folder)
      return
    }
    const { phase, expiresAt, startedAt } = this.#state
    const lifetimeMs = Date.parse(expiresAt) - Date.parse(startedAt)
    const fault = explainEnding(ending, { to: this.#state, wasConnected: phase === 'connected', lifetimeMs, lines })
    this.#record({ phase: 'ended', ended: { at: new Date().toISOString(), ...fault } })
  }
}

async function stop(ssh: SshProcess): Promise<void> {
  if (ssh.isOver()) return
  ssh.kill('SIGTERM')
  const timer = setTimeout(() => ssh.kill('SIGKILL'), graceMs)
  await ssh.ended
  clearTimeout(timer)
}
