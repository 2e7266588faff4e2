/** A run of scenarios: in the standing lab when there is one, else in a lab of its own. */
import type { K3sKind, Missing, Parts } from '../contract.ts'
import { loadParts, loadScenarios } from '../inside/content.ts'
import { holdName, type LabScenario, type ScenarioResult } from '../inside/model.ts'
import { oneOf, UsageError } from './arguments.ts'
import { askStatus, followRun } from './control.ts'
import { startLab, sweep } from './keeper.ts'
import { leavesNothing, leftoverNames, leftoverScenarios } from './leftovers.ts'
import { evidenceLines, progressLine, scenarioLines, skippedLines, totalLine } from './lines.ts'
import { expectMachine, expectParts } from './needs.ts'
import { readLabState, stateFolder } from './owner.ts'
import { takeSnapshot } from './snapshot.ts'
import { Trace } from './trace.ts'

const print = (text: string): void => {
  process.stdout.write(text)
}

const hold: LabScenario = {
  name: holdName,
  shows: 'machines stand until the lab is ended',
  run: () => Promise.reject(new Error('runs inside only')),
}

export interface Choice {
  readonly suite: readonly LabScenario[]
  /** Run by their names only. */
  readonly others: readonly LabScenario[]
}

export async function choice(): Promise<Choice> {
  const { scenarios, measurements } = await loadScenarios()
  return { suite: scenarios, others: [...measurements, hold] }
}

export interface SessionOptions {
  /** Names; undefined for the whole suite. */
  readonly only?: readonly string[] | undefined
  /** Default: that of the standing lab, else the stand-in. */
  readonly k3s?: K3sKind | undefined
  readonly signal: AbortSignal
}

/** Prints stages with the time since it was made. */
export function stageClock(): (text: string) => void {
  const startedAt = performance.now()
  return (text) => {
    for (const line of text.split('\n')) print(progressLine(performance.now() - startedAt, line))
  }
}

/**
 * Everything that is made on the machine before a lab can start; what a killed lab left is removed first. Nothing is made
 * when the k3s that was asked for cannot be had: another one in its place would show something else.
 */
export async function prepare(
  k3s: K3sKind,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<Parts | Missing> {
  if (readLabState(stateFolder).is === 'left') {
    if (!sweep(stateFolder)) throw new Error('what a killed lab left could not be removed')
    progress('what a killed lab had left is removed')
  }
  const { prepareParts, takeK3s, defaultCache } = await loadParts()
  const place = { cache: defaultCache(), progress, signal }
  const released = k3s === 'stand-in' ? undefined : await takeK3s(place)
  if (released !== undefined && 'missing' in released) return released
  try {
    return { ...(await prepareParts(place)), ...(released === undefined ? {} : { k3s: released }) }
  } catch (error) {
    if (!isUnavailable(error)) throw error
    return { missing: `${error.message.split('\n')[0]} (log: ${place.cache}/logs)` }
  }
}

/** A part that no registry gives here: nobody's fault, and nothing can be shown without it. */
function isUnavailable(error: unknown): error is Error {
  return error instanceof Error && 'isUnavailable' in error && error.isUnavailable === true
}

/** Resolves with the exit code. */
export async function runSession({ only, k3s, signal }: SessionOptions): Promise<number> {
  const { suite, others } = await choice()
  const all = [...suite, ...others]
  const names = only?.map((name) =>
    oneOf(
      'scenario',
      name,
      all.map((scenario) => scenario.name),
    ),
  )
  const chosen = names === undefined ? suite : all.filter((scenario) => names.includes(scenario.name))
  expectMachine()
  const found = readLabState(stateFolder)
  if (found.is === 'unknown') throw new UsageError(found.reason)
  const progress = stageClock()
  const results =
    found.is === 'standing'
      ? await inStandingLab(found.owner.kind, found.owner.since, k3s, chosen, names !== undefined, signal)
      : await inOwnLab(k3s ?? 'stand-in', chosen, names !== undefined, progress, signal)
  if ('missing' in results) {
    const told = names === undefined ? [...chosen, leavesNothing, ...leftoverNames] : chosen
    print(skippedLines(told, results))
    return 0
  }
  if (names === undefined && found.is !== 'standing')
    for await (const [scenario, result, elapsedMs] of leftoverScenarios(k3s ?? 'stand-in', signal)) {
      results.push(result)
      print(scenarioLines(scenario, result, elapsedMs))
    }
  print(totalLine(results))
  return results.some((result) => result.outcome === 'failed') ? 1 : 0
}

async function inStandingLab(
  kind: string,
  since: string,
  k3s: K3sKind | undefined,
  chosen: readonly LabScenario[],
  isByName: boolean,
  signal: AbortSignal,
): Promise<ScenarioResult[]> {
  if (kind === 'suite')
    throw new UsageError(`Another run has the lab since ${since}: wait for it, or end it with: npm run lab -- down`)
  const standing = await askStatus(stateFolder).catch(() => {
    throw new UsageError('The lab does not answer yet; npm run lab -- status says when it does.')
  })
  if (k3s !== undefined && k3s !== standing.k3s)
    throw new UsageError(`The lab that stands plays --k3s ${standing.k3s}; end it with: npm run lab -- down`)
  print(`In the lab that stands since ${since}, which goes on standing; what it leaves is not looked at.\n`)
  return await runEach(chosen, isByName, signal)
}

async function inOwnLab(
  k3s: K3sKind,
  chosen: readonly LabScenario[],
  isByName: boolean,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<ScenarioResult[] | Missing> {
  await expectParts()
  const parts = await prepare(k3s, progress, signal)
  if ('missing' in parts) return parts
  const before = isByName ? undefined : await takeSnapshot(stateFolder)
  const lab = await startLab({ state: stateFolder, parts, kind: 'suite', progress, signal })
  const trace = new Trace(stateFolder)
  try {
    const results = await runEach(chosen, isByName, signal, lab.ended)
    if (before === undefined) return results
    trace.stop()
    const startedAt = performance.now()
    progress('the lab ends')
    await lab.close()
    const { judgeLeftovers } = await import('./leftovers.ts')
    const result = await judgeLeftovers(before, trace)
    print(scenarioLines(leavesNothing, result, performance.now() - startedAt))
    return [...results, result]
  } finally {
    trace.stop()
    if (signal.aborted) {
      print('Ending the lab …\n')
      await lab.kill()
    } else await lab.close()
  }
}

async function runEach(
  chosen: readonly LabScenario[],
  isByName: boolean,
  signal: AbortSignal,
  ended?: Promise<number>,
): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = []
  let hasEnded = false
  void ended?.then(() => {
    hasEnded = true
  })
  for (const scenario of chosen) {
    const startedAt = performance.now()
    const lines: string[] = []
    const onLine = (text: string): void => {
      if (isByName) print(progressLine(performance.now() - startedAt, text))
      else lines.push(text)
    }
    const result = hasEnded
      ? ({ outcome: 'failed', text: 'the lab ended before this' } as const)
      : await followRun(stateFolder, scenario.name, onLine, signal)
    signal.throwIfAborted()
    results.push(result)
    print(scenarioLines(scenario, result, performance.now() - startedAt, lines))
    if (isByName) print(evidenceLines(result))
  }
  return results
}
