import type { Check, Report, RunSeen, Verdict } from '../../src/report/index.ts'
import {
  type FailPolicy,
  nothingRemembered,
  promptAlarm,
  type Remembered,
  type RunNow,
  readPreviousReport,
  rememberRun,
} from '../../src/verify/memory/index.ts'
import type { AlarmRule } from '../../src/verify/model.ts'

export const failsOnFail: FailPolicy = { otherwise: 'fail', checks: [] }

/** `gpu.node.calypso=fail`, or with what it found: `gpu.node.calypso=skip blocked by nodes.ready`. */
export function check(text: string): Check {
  const [, id = '', verdict = 'pass', found = ''] = /^(\S+?)=(\w+) ?(.*)$/.exec(text) ?? []
  return { id, verdict: verdict as Verdict, question: `Is ${id} well?`, found: found || `${id} is ${verdict}` }
}

/** The night of a day in November 2026. */
export const night = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T03:12:00.000Z`

const emptyTopology = { tunnel: '', server: '', nodes: [], paths: [] }

export function run(day: number, checks: readonly string[], more: Partial<RunNow> = {}): RunNow {
  return {
    at: night(day),
    run: `run ${day}`,
    mode: 'probe',
    suites: ['api', 'nodes', 'workloads', 'gpu', 'triton'],
    nodes: [],
    checks: checks.map(check),
    metrics: {},
    apiRequests: 12,
    topology: emptyTopology,
    ...more,
  }
}

export function reportOf(
  now: RunNow,
  memory: Remembered = nothingRemembered,
  alarm: AlarmRule = promptAlarm,
  policy = failsOnFail,
): Report {
  return {
    schema: 'k3s-gpu-actions/report/v1',
    action: 'verify-cluster',
    cluster: 'oceanid',
    node: '',
    result: 'verified',
    dryRun: false,
    headline: 'oceanid',
    next: 'nothing to do',
    startedAt: now.at,
    durationMs: 41_000,
    checks: now.checks,
    plan: { changes: [], blockers: [] },
    applied: [],
    undone: [],
    changed: false,
    restarted: false,
    stages: [],
    milestones: [],
    provenance: [],
    facts: {},
    outputs: {},
    verification: rememberRun(now, memory, policy, alarm),
  }
}

/** Nights in turn, each with the memory that the one before left as JSON. */
export function nights(runs: readonly RunNow[], alarm: AlarmRule = promptAlarm, policy = failsOnFail): Report[] {
  const reports: Report[] = []
  for (const now of runs) {
    const text = JSON.stringify(reports.at(-1))
    const memory = text === undefined ? nothingRemembered : readPreviousReport(text, 'oceanid', now.at)
    reports.push(reportOf(now, memory, alarm, policy))
  }
  return reports
}

export const seen = (day: number, checks: RunSeen['checks'], metrics: RunSeen['metrics'] = {}): RunSeen => ({
  at: night(day),
  run: `run ${day}`,
  checks,
  metrics,
})
