/** Starts a keeper, waits until the inside of its lab answers, and sees to its end. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import type { Parts, Progress } from '../contract.ts'
import { UsageError } from './arguments.ts'
import { askStop, followStart } from './control.ts'
import { type Owner, readLabState, startOf } from './owner.ts'

const folder = join(import.meta.dirname, '..', 'keeper')

/** From the start of the keeper to the first answer from inside. */
const answerMs = 30_000
/** For an orderly end; after it the lab is ended by force. */
const orderlyMs = 20_000
/** For a keeper to remove everything, once it was told. */
const byForceMs = 20_000

export interface KeptLab {
  readonly state: string
  /** Resolves when everything is gone, with the keeper's exit code. */
  readonly ended: Promise<number>
  /** Ends the lab in order when it still answers, by force when not. */
  close(): Promise<void>
  /** Ends the lab at once. */
  kill(): Promise<void>
  /** Lets it stand when this process ends. Only of a lab that does not follow. */
  release(): void
}

export interface KeeperOptions {
  readonly state: string
  readonly parts: Parts
  /** A suite's lab ends with this process, whatever way that ends. */
  readonly kind: Owner['kind']
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Everything the lab sees of the environment it was started from: secrets of a terminal or a runner are not among it. */
function environment({ state, parts, kind }: KeeperOptions): Record<string, string> {
  const seen = Object.values(parts).filter((part) => typeof part === 'string')
  const triton = 'program' in parts.triton ? [dirname(parts.triton.program), parts.triton.backends] : []
  const k3s = parts.k3s === undefined ? [] : [dirname(parts.k3s.program)]
  const kept = [repositoryRoot, process.execPath, ...seen, ...triton, ...k3s]
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    HOME: join(state, 'home'),
    LAB_STATE: state,
    LAB_KIND: kind,
    LAB_FOLLOWS: kind === 'suite' ? '1' : '',
    LAB_PARTS: JSON.stringify(parts),
    LAB_KEEP: [...new Set([...kept, ...(process.env.LAB_WORLD ? [process.env.LAB_WORLD] : [])])].join(':'),
    ...(process.env.LAB_WORLD ? { LAB_WORLD: process.env.LAB_WORLD } : {}),
  }
}

/**
 * Starts a lab and resolves when it stands.
 * @throws UsageError when another lab stands; the reason when it did not come up; AbortError when the signal said so. In
 *   each case nothing is left.
 */
export async function startLab(options: KeeperOptions): Promise<KeptLab> {
  const { state, kind } = options
  const child = spawn(
    'sh',
    [
      join(folder, 'keeper.sh'),
      state,
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, '..', 'inside', 'main.ts'),
    ],
    {
      // A session of its own: Ctrl-C in a terminal is for the command line, which then ends the lab.
      detached: true,
      stdio: [kind === 'suite' ? 'pipe' : 'ignore', 'ignore', 'pipe'],
      env: environment(options),
      cwd: repositoryRoot,
    },
  )
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = once(child, 'close').then(([code]) => (code as number | null) ?? 137)
  const lab = keptLab(state, child, ended)
  try {
    const result = await Promise.race([untilStanding(options, child.pid), ended])
    if (result === 3) throw new UsageError(standsText(state))
    if (typeof result === 'number') throw new Error(`the lab ended before it stood (${result}): ${said.trim()}`)
    if (result.outcome !== 'passed') throw new Error(`the lab did not come up: ${result.detail ?? result.text}`)
    return lab
  } catch (error) {
    await lab.kill()
    throw error
  }
}

function keptLab(state: string, child: ChildProcess, ended: Promise<number>): KeptLab {
  const kill = async (): Promise<void> => {
    child.stdin?.destroy()
    child.kill('SIGTERM')
    const late = new AbortController()
    const isEnded = await Promise.race([
      ended.then(() => true),
      sleep(byForceMs, false, { signal: late.signal }).catch(() => true),
    ])
    late.abort()
    if (isEnded) return
    // Its lab dies with it, and the rest is removed here.
    child.kill('SIGKILL')
    await ended
    sweep(state)
  }
  return {
    state,
    ended,
    kill,
    async close() {
      await askStop(state, orderlyMs).catch(() => undefined)
      // The end of an orderly inside is the keeper's end, which `kill` then only waits for; all others are ended by it.
      await kill()
    },
    release() {
      child.stderr?.destroy()
      child.unref()
    },
  }
}

async function untilStanding({ state, progress, signal }: KeeperOptions, keeper: number | undefined) {
  const deadline = performance.now() + answerMs
  for (;;) {
    try {
      // Another lab may have the folder, and would answer.
      const found = readLabState(state)
      if (found.is === 'standing' && found.owner.pid === keeper) return await followStart(state, progress, signal)
      if (performance.now() > deadline) throw new Error(`no lab stands in ${state}`)
    } catch (error) {
      if (signal.aborted || performance.now() > deadline) throw error
    }
    await sleep(50, undefined, { signal })
  }
}

/** What to say when a lab is in the way. */
export function standsText(state: string): string {
  const found = readLabState(state)
  const since = found.is === 'standing' ? ` since ${found.owner.since} (pid ${found.owner.pid})` : ''
  return `A lab stands${since}; end it with: npm run lab -- down`
}

/**
 * Removes what a killed keeper left.
 * @returns false when something could not be removed; what, is on stderr
 */
export function sweep(state: string): boolean {
  const swept = spawnSync('sh', [join(folder, 'sweep.sh'), state], { stdio: ['ignore', 'ignore', 'inherit'] })
  return swept.status === 0 || swept.status === 3
}

/** Ends a lab that somebody else started, and waits until everything of it is gone. */
export async function endLab(state: string, owner: Owner): Promise<void> {
  const isGone = async (withinMs: number): Promise<boolean> => {
    const deadline = performance.now() + withinMs
    while (startOf(owner.pid) === owner.start) {
      if (performance.now() > deadline) return false
      await sleep(50)
    }
    return true
  }
  await askStop(state, orderlyMs).catch(() => undefined)
  if (await isGone(5_000)) return
  process.kill(owner.pid, 'SIGTERM')
  if (await isGone(10_000)) return
  throw new Error(`the keeper (pid ${owner.pid}) does not end: ${state}/log may say why`)
}

/** The script that enters a namespace of the lab. */
export const shellScript = join(folder, 'shell.sh')
