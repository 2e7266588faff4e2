/** Shows that a lab leaves nothing behind, whatever way it ends. Runs outside of the namespaces, when no lab stands. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { K3sKind } from '../contract.ts'
import { heldLine, holdName, type LabScenario, type ScenarioResult } from '../inside/model.ts'
import { differences, type Snapshot } from './differences.ts'
import { sweep } from './keeper.ts'
import { readLabState, stateFolder } from './owner.ts'
import { takeSnapshot } from './snapshot.ts'
import { Trace } from './trace.ts'

type Told = Pick<LabScenario, 'name' | 'shows'>

export const leavesNothing: Told = {
  name: 'leaves-nothing',
  shows: 'processes, mounts, network, control groups, files and settings are as before',
}

/** How long what was killed may take to vanish. */
const vanishMs = 5_000
/** How long a command line may take to end when it should: longer than it waits itself before it ends things by force. */
const endMs = 40_000
/** From the start of a command line to machines that stand, on warm parts. */
const heldMs = 120_000

const failure = (text: string, lines: readonly string[]): ScenarioResult => ({
  outcome: 'failed',
  text,
  detail: lines.join('\n'),
})

/** Asks until nothing is left or the time is over. */
export async function judgeLeftovers(before: Snapshot, trace: Trace, withinMs = 0): Promise<ScenarioResult> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const left = differences(before, await takeSnapshot(before.state, trace))
    if (left.length === 0)
      return { outcome: 'passed', text: `${trace.processes.size} processes of the lab were seen, and none is left` }
    if (performance.now() > deadline) return failure(`${left.length} things are left`, left)
    await sleep(100)
  }
}

/** A command line of its own, in a session of its own. */
class OtherRun {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  readonly #lines: string[] = []

  constructor(args: readonly string[]) {
    this.child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, '..', 'main.ts'), ...args],
      { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    )
    this.ended = once(this.child, 'close').then(([code]) => code as number | null)
    for (const stream of [this.child.stdout!, this.child.stderr!])
      createInterface({ input: stream }).on('line', (line) => this.#lines.push(line))
  }

  get text(): string {
    return this.#lines.join('\n')
  }

  /** @throws when it does not */
  async endedSoon(): Promise<number | null> {
    const code = await Promise.race([this.ended, sleep(endMs, 'late' as const, { ref: false })])
    if (code === 'late') throw new Error(`the command line had not ended after ${endMs / 1000} s:\n${this.text}`)
    return code
  }

  /** @throws when it ends before, or takes too long */
  async untilLine(text: string): Promise<void> {
    const deadline = performance.now() + heldMs
    while (!this.text.includes(text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`the run ended before machines stood:\n${this.text}`)
      if (performance.now() > deadline)
        throw new Error(`machines did not stand after ${heldMs / 1000} s:\n${this.text}`)
      await sleep(50)
    }
  }
}

/** Starts a lab with machines by a command line of its own, ends it in some way, and looks. */
async function afterEnding(
  k3s: K3sKind,
  end: (run: OtherRun, trace: Trace) => Promise<string | undefined>,
  signal: AbortSignal,
): Promise<ScenarioResult> {
  const before = await takeSnapshot(stateFolder)
  const run = new OtherRun(['run', holdName, '--k3s', k3s])
  const onAbort = (): void => {
    run.child.kill('SIGTERM')
  }
  signal.addEventListener('abort', onAbort)
  try {
    await run.untilLine(heldLine)
    const trace = new Trace(stateFolder)
    trace.stop()
    if (trace.owner === undefined) return failure('no lab stands although machines do', [run.text])
    const wrong = await end(run, trace)
    const result = await judgeLeftovers(before, trace, vanishMs)
    return wrong === undefined ? result : failure(wrong, [run.text, result.text, result.detail ?? ''])
  } catch (error) {
    const [first = '', ...rest] = (error as Error).message.split('\n')
    return failure(first, rest)
  } finally {
    signal.removeEventListener('abort', onAbort)
    run.child.kill('SIGKILL')
    await run.ended
    // Whatever came of this one, the next begins without a lab, if it can.
    const deadline = performance.now() + vanishMs
    while (readLabState(stateFolder).is === 'standing' && performance.now() < deadline) await sleep(50)
    sweep(stateFolder)
  }
}

const endings: readonly {
  readonly told: Told
  end(run: OtherRun, trace: Trace): Promise<string | undefined>
}[] = [
  {
    told: { name: 'leaves-nothing-after-ctrl-c', shows: 'Ctrl-C in the middle ends the lab and leaves nothing' },
    async end(run) {
      process.kill(-run.child.pid!, 'SIGINT')
      const code = await run.endedSoon()
      return code === 130 ? undefined : `the command line ended with ${code} instead of 130`
    },
  },
  {
    told: { name: 'leaves-nothing-after-kill', shows: 'a killed command line takes its lab along within 5 s' },
    async end(run) {
      run.child.kill('SIGKILL')
      await run.ended
      return undefined
    },
  },
  {
    told: {
      name: 'leaves-nothing-after-keeper-killed',
      shows: 'a killed keeper takes every process along; the next command removes the rest',
    },
    async end(run, trace) {
      process.kill(trace.owner!.pid, 'SIGKILL')
      const deadline = performance.now() + vanishMs
      let alive = await livingOf(trace)
      while (alive.length > 0 && performance.now() < deadline) {
        await sleep(50)
        alive = await livingOf(trace)
      }
      if (alive.length > 0) return `outlived their keeper: ${alive.join(', ')}`
      await run.endedSoon()
      for (const [args, wanted] of [
        [['status'], 'was killed'],
        [['down'], 'removed'],
      ] as const) {
        const command = new OtherRun(args)
        if ((await command.endedSoon()) !== 0 || !command.text.includes(wanted))
          return `${args[0]} said: ${command.text}`
      }
      return undefined
    },
  },
]

async function livingOf(trace: Trace): Promise<readonly string[]> {
  return (await takeSnapshot(trace.state, trace)).processes
}

/** What `leftoverScenarios` shows. */
export const leftoverNames: readonly Told[] = endings.map(({ told }) => told)

/** Each with its result and how long it took, one after another. */
export async function* leftoverScenarios(
  k3s: K3sKind,
  signal: AbortSignal,
): AsyncGenerator<readonly [Told, ScenarioResult, number]> {
  for (const { told, end } of endings) {
    const startedAt = performance.now()
    const result = await afterEnding(k3s, end, signal)
    signal.throwIfAborted()
    yield [told, result, performance.now() - startedAt]
  }
}
