import type { RunSeen } from '../../report/index.ts'

/** What earlier runs left. Everything in it has been read as data: bounded, and of the right shape. */
export interface Remembered {
  /** Newest last. */
  readonly history: readonly RunSeen[]
  readonly since: Readonly<Record<string, string>>
  readonly alarms: readonly string[]
  /** Why nothing or not all is remembered, for the log; empty: all is well. */
  readonly said: string
}

/** As many as a month has nights. */
export const mostRuns = 30
export const mostChecks = 1000
export const mostMetrics = 300

/** A report of a cluster with a thousand nodes is some megabytes; what is longer is none of ours. */
const mostCharacters = 32 * 1024 * 1024

export const nothingRemembered: Remembered = { history: [], since: {}, alarms: [], said: '' }

const idPattern = /^[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?$/
const metricPattern = /^[\w.:-]{1,253}$/
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/
const verdicts = new Set(['warn', 'fail', 'error'])

type Mapping = Readonly<Record<string, unknown>>

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {}
}

const isId = (value: unknown): value is string => typeof value === 'string' && idPattern.test(value)
const isTime = (value: unknown): value is string =>
  typeof value === 'string' && timePattern.test(value) && Number.isFinite(Date.parse(value))

const isMode = (value: unknown): value is NonNullable<RunSeen['mode']> =>
  value === 'observe' || value === 'probe' || value === 'load'

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The entries that fit, at most so many; a key named __proto__ is no id. */
function entries<Value>(value: unknown, most: number, fits: (key: string, one: unknown) => one is Value) {
  const kept: [string, Value][] = []
  for (const [key, one] of Object.entries(mapping(value))) {
    if (kept.length >= most) break
    if (!fits(key, one)) continue
    kept.push([key, one])
  }
  return Object.fromEntries(kept)
}

const isSeen = (key: string, one: unknown): one is RunSeen['checks'][string] =>
  isId(key) && typeof one === 'string' && verdicts.has(one)
const isMetric = (key: string, one: unknown): one is number =>
  metricPattern.test(key) && typeof one === 'number' && Number.isFinite(one)

function runSeen(value: unknown): RunSeen | undefined {
  const { at, run, mode, checks, unasked, metrics } = mapping(value)
  if (!isTime(at)) return undefined
  const seen = entries(checks, mostChecks, isSeen)
  const open = list(unasked)
    .filter(isId)
    .filter((id) => Object.hasOwn(seen, id))
  return {
    at,
    run: typeof run === 'string' ? run.slice(0, 200) : '',
    ...(isMode(mode) ? { mode } : {}),
    checks: seen,
    ...(open.length > 0 ? { unasked: [...new Set(open)] } : {}),
    metrics: entries(metrics, mostMetrics, isMetric),
  }
}

function forgotten(said: string): Remembered {
  return { ...nothingRemembered, said: `${said}: this run starts without a memory` }
}

/**
 * Reads what a report of an earlier run remembers. It comes from a cache or an artifact, so it may be old, cut, of another cluster, or
 * made by somebody else: what does not fit is left out, and `said` tells. `before`: this run's begin, ISO; what is not earlier is no memory.
 */
export function readPreviousReport(text: string, cluster: string, before: string): Remembered {
  if (text.trim() === '') return forgotten('the previous report is empty')
  if (text.length > mostCharacters) return forgotten('the previous report is too long to be one')
  let content: Mapping
  try {
    content = mapping(JSON.parse(text))
  } catch {
    return forgotten('the previous report is no JSON')
  }
  if (content.schema !== 'k3s-gpu-actions/report/v1') return forgotten('the previous report is none of this version')
  if (content.cluster !== cluster) return forgotten('the previous report is about another cluster')
  const verification = mapping(content.verification)
  if (content.verification === undefined) return forgotten('the previous report is none of verify-cluster')
  const all = list(verification.history).slice(-mostRuns * 2)
  const history = all
    .map(runSeen)
    .filter((one) => one !== undefined)
    .filter((one) => Date.parse(one.at) < Date.parse(before))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .slice(-mostRuns)
  const newest = history.at(-1)
  if (!newest) return forgotten('the previous report remembers no earlier run')
  const left = all.length - history.length
  return {
    history,
    since: entries(
      verification.since,
      mostChecks,
      (key, one): one is string => Object.hasOwn(newest.checks, key) && isTime(one),
    ),
    alarms: [...new Set(list(verification.alarms).filter(isId))].filter((id) => Object.hasOwn(newest.checks, id)),
    said: left > 0 ? `${left} of ${all.length} runs in the previous report do not fit and are left out` : '',
  }
}
