import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Journal } from './journal.ts'
import { parseEnvironment, parseUnit, splitWords } from './unit-file.ts'
import { findDropIns, findFragment, isMasked, wantedUnits } from './unit-folders.ts'
import { newUnit, showRunning, showUnit, type Unit } from './unit-state.ts'

/** What a started program may tell systemd. */
export interface Launch {
  readonly unit: string
  readonly pid: number
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** A line of the program's output, from itself or from a child with a pid of its own. */
  log(text: string, pid?: number): void
  /** READY=1. */
  ready(): void
  exited(status: number): void
  /** A pid for a child. */
  nextPid(): number
}
/** A running program; `stop` asks it to end (SIGTERM): it answers with `exited(0)`. `ended`: it does nothing more. */
export interface Program {
  readonly ended: Promise<void>
  stop(): void
}
/** Starts a program, or says why it cannot be started (systemd's words after `Failed at step EXEC`). */
export type Launcher = (launch: Launch) => Program | { readonly refusal: string }

/** Result of a job, as systemctl prints it. */
export interface JobResult {
  readonly code: number
  readonly stderr: string
  /** Not even queued: nobody waits for it, also with --no-block. */
  readonly isRefused?: true
}

const done: JobResult = { code: 0, stderr: '' }

/** A word `$NAME` becomes the words of that variable; of one that is not set, none (systemd.service, COMMAND LINES). */
function expanded(command: readonly string[], environment: Readonly<Record<string, string>>): readonly string[] {
  return command.flatMap((word) => (word.startsWith('$') ? splitWords(environment[word.slice(1)] ?? '') : [word]))
}

/**
 * systemd as far as a k3s agent meets it: notify units whose start blocks until READY=1, Restart=always, the journal's own
 * lines and the texts of failed jobs as recorded from a real one. State goes to files that the systemctl stand-in reads.
 */
export class Systemd {
  readonly #root: string
  readonly #folder: string
  readonly #journal: Journal
  readonly #launcher: Launcher
  /** Factor on RestartSec. */
  readonly #pace: number
  readonly #units = new Map<string, Unit>()
  /** Units that run by themselves. */
  readonly #others = new Set<string>()
  /** Units that a target wants, as it read its links at the last daemon-reload: they stay in memory also when they do not run. */
  #held: ReadonlySet<string> = new Set()
  #nextPid = 1380
  #isClosed = false

  constructor(options: { root: string; state: string; journal: Journal; launcher: Launcher; pace: number }) {
    this.#root = options.root
    this.#folder = join(options.state, 'units')
    this.#journal = options.journal
    this.#launcher = options.launcher
    this.#pace = options.pace
    mkdirSync(this.#folder, { recursive: true })
  }

  /** A unit that is known to be there and running, and is never started or stopped by anybody: docker, ssh. */
  markRunning(name: string, description: string, pid: number): void {
    this.#others.add(name)
    writeFileSync(join(this.#folder, `${name}.show`), showRunning(name, description, pid))
  }

  unit(name: string): { activeState: string; restarts: number; starts: number } | undefined {
    const unit = this.#units.get(name.includes('.') ? name : `${name}.service`)
    return unit && { activeState: unit.active, restarts: unit.restarts, starts: unit.starts }
  }

  /** Resolves when the job is done: for a notify unit at READY=1, which may be never. */
  async start(name: string, verb = 'start'): Promise<JobResult> {
    const refused = (code: number, why: string): JobResult => ({
      code,
      stderr: `Failed to ${verb} ${name}: Unit ${name} ${why}`,
      isRefused: true,
    })
    if (isMasked(this.#root, name)) return refused(1, 'is masked.\n')
    const unit = this.#load(name)
    if (unit === undefined) return refused(5, 'not found.\n')
    if (unit.file.problem !== undefined) {
      this.#journal.write(name, 'systemd', 1, `${name}: ${unit.file.problem}`)
      return refused(1, `has a bad unit file setting.\nSee system logs and 'systemctl status ${name}' for details.\n`)
    }
    if (unit.active === 'active') return done
    if (unit.active === 'deactivating') await new Promise<void>((resolve) => unit.stopWaiters.push(resolve))
    const finished = new Promise<JobResult>((resolve) => unit.startWaiters.push(resolve))
    if (unit.sub !== 'start') {
      clearTimeout(unit.timer)
      unit.restarts = 0
      this.#launch(unit)
    }
    return finished
  }

  /** The main process counts as started that long ago. */
  predate(name: string, milliseconds: number): void {
    const unit = this.#units.get(name)
    if (unit?.execStart === undefined) return
    unit.execStart = new Date(unit.execStart.getTime() - milliseconds)
    unit.since = unit.execStart
    this.#show(unit)
  }

  async stop(name: string): Promise<JobResult> {
    const unit = this.#units.get(name)
    if (unit === undefined || this.#isForgotten(unit)) {
      return findFragment(this.#root, name) === undefined
        ? { code: 5, stderr: `Failed to stop ${name}: Unit ${name} not loaded.\n`, isRefused: true }
        : done
    }
    if (unit.active === 'inactive' || unit.active === 'failed') return done
    const title = `${unit.name} - ${unit.file.description}`
    if (unit.sub === 'auto-restart') {
      clearTimeout(unit.timer)
      this.#enter(unit, 'inactive', 'dead')
      this.#say(unit, `Stopped ${title}.`)
      this.#forget(unit)
      return done
    }
    const stopped = new Promise<void>((resolve) => unit.stopWaiters.push(resolve))
    if (unit.active !== 'deactivating') {
      this.#answerStart(unit, { code: 1, stderr: `Job for ${unit.name} canceled.\n` })
      this.#enter(unit, 'deactivating', 'stop-sigterm')
      this.#say(unit, `Stopping ${title}...`)
      unit.program?.stop()
    }
    await stopped
    return done
  }

  async restart(name: string): Promise<JobResult> {
    const stopped = await this.stop(name)
    return stopped.code === 0 || stopped.code === 5 ? this.start(name, 'restart') : stopped
  }

  /** try-restart: leaves alone what does not run, but not what is not there. */
  async tryRestart(name: string): Promise<JobResult> {
    if (['active', 'activating'].includes(this.unit(name)?.activeState ?? '')) return this.restart(name)
    return findFragment(this.#root, name) === undefined ? this.start(name, 'try-restart') : done
  }

  /** daemon-reload: every loaded unit is read again; a running program keeps its old command line until it starts again. */
  reload(): void {
    this.#held = wantedUnits(this.#root)
    for (const name of this.#held) if (!this.#units.has(name) && !this.#others.has(name)) this.#load(name)
    for (const unit of this.#units.values()) {
      if (this.#isForgotten(unit)) this.#forget(unit)
      else this.#read(unit)
    }
  }

  /** Of a unit that systemd has forgotten there is nothing to reset. */
  resetFailed(name: string | undefined): JobResult {
    const known = name === undefined ? undefined : this.#units.get(name)
    if (name !== undefined && (known === undefined || this.#isForgotten(known))) {
      return { code: 1, stderr: `Failed to reset failed state of unit ${name}: Unit ${name} not loaded.\n` }
    }
    for (const unit of this.#units.values()) {
      if (name !== undefined && unit.name !== name) continue
      unit.restarts = 0
      unit.result = 'success'
      if (unit.active === 'failed') this.#enter(unit, 'inactive', 'dead')
      else this.#show(unit)
      this.#forget(unit)
    }
    return done
  }

  /** The machine is switched off: no more lines, no more restarts. */
  async close(): Promise<void> {
    this.#isClosed = true
    const ends: Promise<void>[] = []
    for (const unit of this.#units.values()) {
      clearTimeout(unit.timer)
      unit.program?.stop()
      if (unit.program !== undefined) ends.push(unit.program.ended)
      this.#answerStart(unit, { code: 1, stderr: 'Connection reset by peer\n' })
      for (const resolve of unit.stopWaiters.splice(0)) resolve()
    }
    await Promise.all(ends)
  }

  /** What runs, waits, has failed or is wanted stays in memory; everything else is read again when it is asked for. */
  #isForgotten(unit: Unit): boolean {
    return unit.active === 'inactive' && !this.#held.has(unit.name)
  }

  /** Then there is nothing that could be out of date (seen on a real systemd: a file that goes away needs no daemon-reload). */
  #forget(unit: Unit): void {
    if (!this.#isForgotten(unit)) return
    for (const kind of ['show', 'loaded']) rmSync(join(this.#folder, `${unit.name}.${kind}`), { force: true })
  }

  #load(name: string): Unit | undefined {
    const known = this.#units.get(name)
    const fragment = findFragment(this.#root, name)
    if (known !== undefined) {
      if (!this.#isForgotten(known)) return known
      if (fragment !== undefined) this.#read(known)
      return fragment === undefined ? undefined : known
    }
    if (fragment === undefined) return undefined
    const unit = newUnit(name, fragment)
    this.#units.set(name, unit)
    this.#read(unit)
    return unit
  }

  #read(unit: Unit): void {
    const fragment = findFragment(this.#root, unit.name)
    const loaded = join(this.#folder, `${unit.name}.loaded`)
    if (fragment === undefined) {
      rmSync(loaded, { force: true })
      if (unit.active === 'inactive') {
        this.#units.delete(unit.name)
        rmSync(join(this.#folder, `${unit.name}.show`), { force: true })
      }
      return
    }
    // What runs keeps its old definition.
    if (isMasked(this.#root, unit.name)) return
    unit.fragment = fragment
    unit.dropIns = findDropIns(this.#root, unit.name)
    const paths = [fragment, ...unit.dropIns].map((path) => join(this.#root, path))
    unit.file = parseUnit(
      unit.name,
      paths.map((path) => readFileSync(path, 'utf8')),
    )
    copyFileSync(join(this.#root, fragment), loaded)
    // Node's own utimes rounds; NeedDaemonReload compares the times exactly, as systemd does.
    spawnSync('touch', ['-r', join(this.#root, fragment), loaded])
    this.#show(unit)
  }

  #launch(unit: Unit): void {
    if (this.#isClosed) return
    this.#nextPid += 7
    const pid = this.#nextPid
    unit.starts += 1
    unit.mainPid = pid
    unit.execPid = pid
    unit.execStart = new Date()
    unit.execCode = 0
    unit.execStatus = 0
    unit.result = 'success'
    const isNotify = unit.file.type === 'notify'
    this.#enter(unit, isNotify ? 'activating' : 'active', isNotify ? 'start' : 'running')
    if (isNotify) this.#say(unit, `Starting ${unit.name} - ${unit.file.description}...`)
    let isOver = false
    const identifier = unit.file.command[0]?.split('/').at(-1) ?? unit.name
    const launch: Launch = {
      unit: unit.name,
      pid,
      command: unit.file.command,
      environment: { ...unit.file.environment },
      log: (text, from = pid) => {
        if (!this.#isClosed && !isOver) this.#journal.write(unit.name, identifier, from, text)
      },
      ready: () => {
        if (this.#isClosed || isOver || unit.active !== 'activating') return
        this.#enter(unit, 'active', 'running')
        this.#say(unit, `Started ${unit.name} - ${unit.file.description}.`)
        this.#answerStart(unit, done)
      },
      exited: (status) => {
        if (isOver) return
        isOver = true
        if (!this.#isClosed) this.#ended(unit, status)
      },
      nextPid: () => {
        this.#nextPid += 3
        return this.#nextPid
      },
    }
    const environment = this.#environment(unit)
    if (environment === undefined) {
      isOver = true
      this.#ended(unit, 0, 'resources')
      return
    }
    const program = this.#launcher({ ...launch, command: expanded(unit.file.command, environment), environment })
    if ('refusal' in program) {
      this.#journal.write(unit.name, `(${unit.file.command[0]?.split('/').at(-1) ?? ''})`, pid, program.refusal)
      launch.exited(203)
      return
    }
    unit.program = program
    // A simple unit is started once its program is.
    if (!isNotify) {
      this.#say(unit, `Started ${unit.name} - ${unit.file.description}.`)
      this.#answerStart(unit, done)
    }
  }

  /** Undefined when a file that must exist does not. */
  #environment(unit: Unit): Record<string, string> | undefined {
    const variables: Record<string, string> = { ...unit.file.environment }
    for (const file of unit.file.environmentFiles) {
      const path = join(this.#root, file.path)
      if (existsSync(path)) Object.assign(variables, parseEnvironment(readFileSync(path, 'utf8')))
      else if (!file.isOptional) {
        this.#say(unit, `${unit.name}: Failed to load environment files: No such file or directory`)
        this.#say(unit, `${unit.name}: Failed to run 'start' task: No such file or directory`)
        return undefined
      }
    }
    return variables
  }

  #ended(unit: Unit, status: number, failure = status === 0 ? '' : 'exit-code'): void {
    const wasStarting = unit.active === 'activating'
    const isStopping = unit.active === 'deactivating'
    const title = `${unit.name} - ${unit.file.description}`
    unit.program = undefined
    unit.mainPid = 0
    unit.execCode = 1
    unit.execStatus = status
    if (status !== 0) {
      const name = status === 203 ? 'EXEC' : 'FAILURE'
      this.#say(unit, `${unit.name}: Main process exited, code=exited, status=${status}/${name}`)
    }
    if (failure !== '' && !isStopping) {
      unit.result = failure
      this.#say(unit, `${unit.name}: Failed with result '${failure}'.`)
    } else {
      unit.result = 'success'
      this.#say(unit, `${unit.name}: Deactivated successfully.`)
    }
    if (isStopping) {
      this.#enter(unit, 'inactive', 'dead')
      this.#say(unit, `Stopped ${title}.`)
      this.#forget(unit)
      for (const resolve of unit.stopWaiters.splice(0)) resolve()
      return
    }
    if (wasStarting) {
      this.#say(unit, `Failed to start ${title}.`)
      const advice = `See "systemctl status ${unit.name}" and "journalctl -xeu ${unit.name}" for details.\n`
      this.#answerStart(unit, {
        code: 1,
        stderr: `Job for ${unit.name} failed because the control process exited with error code.\n${advice}`,
      })
    }
    if (unit.file.restart !== 'always' && !(unit.file.restart === 'on-failure' && failure !== '')) {
      this.#enter(unit, failure === '' ? 'inactive' : 'failed', failure === '' ? 'dead' : 'failed')
      this.#forget(unit)
      return
    }
    this.#enter(unit, 'activating', 'auto-restart')
    unit.timer = setTimeout(
      () => {
        unit.restarts += 1
        this.#say(unit, `${unit.name}: Scheduled restart job, restart counter is at ${unit.restarts}.`)
        this.#say(unit, `Stopped ${title}.`)
        this.#launch(unit)
      },
      unit.file.restartSec * 1000 * this.#pace,
    )
  }

  #answerStart(unit: Unit, result: JobResult): void {
    for (const resolve of unit.startWaiters.splice(0)) resolve(result)
  }

  #say(unit: Unit, text: string): void {
    if (!this.#isClosed) this.#journal.write(unit.name, 'systemd', 1, text)
  }

  #enter(unit: Unit, active: Unit['active'], sub: string): void {
    unit.active = active
    unit.sub = sub
    unit.since = new Date()
    this.#show(unit)
  }

  #show(unit: Unit): void {
    const path = join(this.#folder, `${unit.name}.show`)
    writeFileSync(`${path}.new`, showUnit(unit))
    renameSync(`${path}.new`, path)
  }
}
