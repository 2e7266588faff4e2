import type { Check, RunSeen, Verification } from '../../report/index.ts'
import type { AlarmRule, Mode } from '../model.ts'
import { type FailPolicy, failsRun } from './policy.ts'
import { mostChecks, mostMetrics, mostRuns, type Remembered } from './previous.ts'

/** What this run found, before it is compared with anything. */
export interface RunNow {
  /** When it began, ISO 8601 in UTC, as in the report. */
  readonly at: string
  /** e.g. `run 41 · started by the clock`. */
  readonly run: string
  readonly mode: Mode
  readonly suites: readonly string[]
  /** Nodes that it was limited to; empty: all. */
  readonly nodes: readonly string[]
  /** After `ignore-checks`. */
  readonly checks: readonly Check[]
  readonly metrics: Readonly<Record<string, number>>
  readonly apiRequests: number
  readonly topology: Verification['topology']
  readonly gpuVerdict?: Verification['gpuVerdict']
}

type Bad = RunSeen['checks'][string]

/** So many runs in turn a question may stay unasked before what was known of it is forgotten. */
const patienceRuns = 7
/** Within how many runs, this one included, going to and fro is flapping, and how many changes it takes. */
const flappingRuns = 10
const flappingChanges = 3

/** Kept first, when there are more numbers than are remembered: the chart is made of them. */
const isLatency = (metric: string): boolean => /p95_ms/.test(metric)

/** What is known after this run of everything that was asked now or earlier. */
interface Known {
  readonly bad: Readonly<Record<string, Bad>>
  readonly unasked: readonly string[]
}

/** The verdict that an id had in the runs before, looking through runs that could not ask; undefined: well, or not known. */
function lastKnown(history: readonly RunSeen[], id: string): 'warn' | 'fail' | undefined {
  for (const run of history.toReversed()) {
    const verdict = run.checks[id]
    if (verdict === 'error') continue
    return verdict
  }
  return undefined
}

/** In how many runs in turn, newest first, an id was not asked. */
function unaskedRuns(history: readonly RunSeen[], id: string): number {
  const asked = history.toReversed().findIndex((run) => !run.unasked?.includes(id))
  return asked < 0 ? history.length : asked
}

const modes: readonly Mode[] = ['observe', 'probe', 'load']

const suiteOf = (id: string): string => id.split('.', 1)[0] ?? ''

/** A suite that could not ask everything leaves out what it could not name: a node, a namespace. That is no word about these. */
const isInDoubt = ({ id, verdict, found }: Check): boolean =>
  verdict === 'error' ||
  (verdict === 'skip' && /^(?:blocked by api\.|may not be asked)/.test(found) && !id.startsWith('api.'))

/** Whether this run would have had this check, if what it is about still existed. */
function wouldAsk(now: RunNow, memory: Remembered, id: string): boolean {
  const suite = suiteOf(id)
  if (now.checks.some((check) => suiteOf(check.id) === suite && isInDoubt(check))) return false
  const isWhole = now.nodes.length === 0 && now.suites.includes(suite)
  const asked = memory.history.findLast((run) => Object.hasOwn(run.checks, id) && !run.unasked?.includes(id))
  return isWhole && modes.indexOf(now.mode) >= modes.indexOf(asked?.mode ?? 'observe')
}

/** A skip that somebody wanted is an answer: the owner does not want to hear of it. Any other leaves the question open. */
const isWanted = (check: Check): boolean =>
  /^(?:ignored by|declared)|severity lowered in the cluster file$/.test(check.found)

function knownNow(now: RunNow, memory: Remembered): Known {
  const bad: Record<string, Bad> = {}
  const asked = new Map(now.checks.map((check) => [check.id, check]))
  for (const { id, verdict } of now.checks)
    if (verdict === 'warn' || verdict === 'fail' || verdict === 'error') bad[id] = verdict
  const unasked = Object.entries(memory.history.at(-1)?.checks ?? {}).filter(([id]) => {
    const check = asked.get(id)
    if (check ? check.verdict !== 'skip' || isWanted(check) : wouldAsk(now, memory, id)) return false
    return unaskedRuns(memory.history, id) < patienceRuns
  })
  return { bad: bounded({ ...bad, ...Object.fromEntries(unasked) }), unasked: unasked.map(([id]) => id) }
}

/** The worst of them, when there are more than anybody reads. */
function bounded(bad: Readonly<Record<string, Bad>>): Record<string, Bad> {
  const rank: Readonly<Record<Bad, number>> = { fail: 0, error: 1, warn: 2 }
  const all = Object.entries(bad)
  if (all.length <= mostChecks) return { ...bad }
  return Object.fromEntries(all.toSorted(([, a], [, b]) => rank[a] - rank[b]).slice(0, mostChecks))
}

/** Since when each of them is as it is. What could not be asked for a while is as old as before. */
function sinceWhen(now: RunNow, memory: Remembered, { bad, unasked }: Known): Record<string, string> {
  const before = memory.history.at(-1)
  const carried = new Set(unasked)
  return Object.fromEntries(
    Object.entries(bad).map(([id, verdict]) => {
      const isSame = verdict === 'error' || carried.has(id) || lastKnown(memory.history, id) === verdict
      const isOld = isSame && before !== undefined && Object.hasOwn(before.checks, id)
      return [id, isOld ? (memory.since[id] ?? before.at) : now.at]
    }),
  )
}

/** Ids that went from well to not well or back at least three times in the last ten runs; runs that could not ask do not count. */
function flappingIds(runs: readonly RunSeen[]): string[] {
  const recent = runs.slice(-flappingRuns)
  const ids = new Set(recent.flatMap((run) => Object.keys(run.checks)))
  return [...ids]
    .filter((id) => {
      const states = recent
        .filter((run) => run.checks[id] !== 'error' && !run.unasked?.includes(id))
        .map((run) => Object.hasOwn(run.checks, id))
      return states.filter((state, index) => index > 0 && state !== states[index - 1]).length >= flappingChanges
    })
    .sort()
}

function verdictOf(checks: readonly Check[]): Verification['verdict'] {
  const seen = new Set(checks.map((check) => check.verdict))
  const worst = (['fail', 'error', 'warn', 'pass'] as const).find((verdict) => seen.has(verdict))
  // Nothing but skips: there is no answer, and "pass" would be a claim.
  return worst ?? 'error'
}

/**
 * Compares what this run found with what earlier ones saw, and says what fails it. Pure. A check that could not be asked now
 * (`error`, `skip`, not part of this run) is neither fixed nor new: what was known of it stays known for some runs.
 */
export function rememberRun(now: RunNow, memory: Remembered, policy: FailPolicy, alarm: AlarmRule): Verification {
  const known = knownNow(now, memory)
  const metrics = Object.entries(now.metrics).filter(([, value]) => Number.isFinite(value))
  const seen: RunSeen = {
    at: now.at,
    run: now.run,
    mode: now.mode,
    checks: known.bad,
    ...(known.unasked.length > 0 ? { unasked: known.unasked } : {}),
    metrics: Object.fromEntries(
      metrics.toSorted(([a], [b]) => Number(isLatency(b)) - Number(isLatency(a))).slice(0, mostMetrics),
    ),
  }
  const history = [...memory.history, seen].slice(-mostRuns)
  const failing = now.checks.filter((check) => failsRun(policy, check.id, check.verdict)).map((check) => check.id)
  /** Runs in which it failed, among the last that could ask. */
  const failures = (id: string): number =>
    [...memory.history, seen]
      .filter((run) => !run.unasked?.includes(id))
      .slice(-alarm.of)
      .filter((run) => failsRun(policy, id, run.checks[id] ?? 'pass')).length
  const carried = new Set(known.unasked)
  const alarms = [
    ...failing.filter((id) => failures(id) >= alarm.after),
    ...memory.alarms.filter((id) => carried.has(id) && failsRun(policy, id, known.bad[id] ?? 'pass')),
  ]
  const verdictBefore = (id: string) => lastKnown(memory.history, id)
  return {
    mode: now.mode,
    suites: now.suites,
    nodes: now.nodes,
    verdict: verdictOf(now.checks),
    failing,
    newFailures: now.checks
      .filter((check) => check.verdict === 'fail' && verdictBefore(check.id) !== 'fail')
      .map((check) => check.id),
    fixed: now.checks
      .filter((check) => (check.verdict === 'pass' || check.verdict === 'warn') && verdictBefore(check.id) === 'fail')
      .map((check) => check.id),
    flapping: flappingIds(history),
    alarms: [...new Set(alarms)],
    since: sinceWhen(now, memory, known),
    ...(now.gpuVerdict ? { gpuVerdict: now.gpuVerdict } : {}),
    metrics: Object.fromEntries(metrics),
    apiRequests: now.apiRequests,
    topology: now.topology,
    history,
  }
}
