/** One run of act: started with nothing of this machine's environment, bounded in time, its JSON log read as it comes. */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Laid } from './lay.ts'
import type { Machine } from './machine.ts'
import type { Occasion } from './occasion.ts'

export interface ActOrder {
  readonly program: string
  readonly folder: string
  readonly repositories: Laid
  readonly machine: Machine
  readonly occasion: Occasion
  readonly secrets: Readonly<Record<string, string>>
  readonly vars: Readonly<Record<string, string>>
  readonly limitMs: number
  readonly signal: AbortSignal
}

export interface ActEnd {
  /** null: a signal ended it. */
  readonly code: number | null
  /** Everything that it said, a JSON object a line. */
  readonly log: string
  readonly isOverTime: boolean
}

/** What a run may say; more is a run that went mad. */
const logLimit = 32 * 1024 * 1024
const patienceMs = 5_000

/** Processes that the run has started and that still live: they have its mark in their environment. */
export function livingOf({ environment }: Machine): readonly number[] {
  const mark = `ACT_WITNESS=${environment.ACT_WITNESS}`
  return readdirSync('/proc')
    .map(Number)
    .filter((id) => {
      try {
        return id !== process.pid && readFileSync(`/proc/${id}/environ`, 'utf8').split('\0').includes(mark)
      } catch {
        // It is no process, or it ended meanwhile.
        return false
      }
    })
}

/** Everything by files: an argument can be read by everybody on the machine. act reads files of this ending as YAML. */
function laidFiles({ folder, machine, occasion, secrets, vars }: ActOrder): readonly string[] {
  const write = (name: string, value: unknown): string => {
    writeFileSync(join(folder, name), JSON.stringify(value), { mode: 0o600 })
    return join(folder, name)
  }
  return [
    ...['--env-file', write('env.yml', occasion.variables)],
    ...['--secret-file', write('secrets.yml', { ...secrets, GITHUB_TOKEN: machine.token })],
    ...['--var-file', write('vars.yml', vars)],
    ...['--input-file', write('inputs.yml', {})],
    ...['--eventpath', write('event.json', occasion.payload)],
  ]
}

export async function runAct(order: ActOrder): Promise<ActEnd> {
  const { folder, repositories, machine, occasion, limitMs, signal } = order
  signal.throwIfAborted()
  mkdirSync(folder, { recursive: true })
  const child = spawn(
    order.program,
    [
      occasion.event,
      ...['--directory', repositories.workspace, '--workflows', occasion.workflow, '--json', '--rm'],
      ...['--actor', 'owner', '--defaultbranch', 'main'],
      // In host mode a job is a process beside this one; without a match act skips it in silence.
      ...['self-hosted', 'ubuntu-24.04'].flatMap((label) => ['--platform', `${label}=-self-hosted`]),
      ...['--no-cache-server', '--action-cache-path', join(folder, 'actions')],
      ...repositories.localRepositories.flatMap((repository) => ['--local-repository', repository]),
      ...laidFiles(order),
    ],
    { cwd: folder, env: machine.environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  let log = ''
  let isOverTime = false
  const tell = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name)
    } catch {
      // Nothing of the group is left.
    }
  }
  let killer: NodeJS.Timeout | undefined
  const stop = (): void => {
    tell('SIGINT')
    killer ??= setTimeout(() => {
      tell('SIGKILL')
      // Each step has a session of its own (pkg/container/host_environment.go), where a signal to the group does not reach it.
      for (const id of livingOf(machine)) process.kill(id, 'SIGKILL')
    }, patienceMs)
  }
  const timer = setTimeout(() => {
    isOverTime = true
    stop()
  }, limitMs)
  signal.addEventListener('abort', stop, { once: true })
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (log.length < logLimit) log += text
      else stop()
    })
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    return { code, log, isOverTime }
  } finally {
    clearTimeout(timer)
    clearTimeout(killer)
    signal.removeEventListener('abort', stop)
    writeFileSync(join(folder, 'log.jsonl'), log, { mode: 0o600 })
  }
}
