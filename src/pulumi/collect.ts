import type { Deployment } from '../report/index.ts'
import type { EngineEvent, Step } from './engine-event.ts'
import { isChange, wholeOperation } from './operations.ts'
import { isDefaultProvider, isStackItself, readUrn } from './urn.ts'
import { lineOf, paragraphOf, type Redact } from './words.ts'

type Change = Deployment['changes'][number]
type Diagnostic = Deployment['diagnostics'][number]

/** What the event log came to. An `up` has two phases, its preview and the update; this is the last that began. */
export interface Collected {
  /** A phase began. */
  readonly isBegun: boolean
  /** It only planned. */
  readonly isPreview: boolean
  /** How it ended, in Pulumi's word: succeeded, failed, canceled; empty: it did not. */
  readonly result: string
  /** Pulumi's counts; without a summary those of the steps that were done. */
  readonly counts: Readonly<Record<string, number>>
  readonly changes: readonly Change[]
  readonly moreChanges: number
  readonly diagnostics: readonly Diagnostic[]
  readonly brokenPolicies: readonly string[]
}

export interface Collector {
  add(event: EngineEvent): void
  collected(): Collected
}

interface Seen {
  readonly step: Step
  operation: string
  readonly differs: Set<string>
  isDone: boolean
  isFailed: boolean
}

/** A stack with more changes than these is told by its counts. */
const mostRemembered = 10_000
const mostChanges = 200
const mostDifferences = 20
const mostDiagnostics = 50
const mostPolicies = 20

interface Phase {
  readonly changes: Map<string, Seen>
  /** URN → what a refresh found to differ from the state. */
  readonly refreshed: Map<string, readonly string[]>
  readonly errors: Map<string, Diagnostic>
  readonly warnings: Map<string, Diagnostic>
  readonly policies: Set<string>
  forgotten: number
  isPlanned: boolean
  summary?: Extract<EngineEvent, { readonly kind: 'summary' }>
}

/** Collects events into what a report says. Keeps a bounded amount, whatever comes. Pure but for its own memory. */
export function collectEvents(redact: Redact): Collector {
  let isBegun = false
  let phase = newPhase()
  const add = (event: EngineEvent) => {
    if (event.kind === 'prelude') {
      // The update repeats what its preview found; what was wrong then ended it before this.
      phase = newPhase()
      isBegun = true
    } else if (event.kind === 'summary') phase.summary = event
    else if (event.kind === 'diagnostic') addDiagnostic(phase, event, redact)
    else if (event.kind === 'policy') addPolicy(phase, event, redact)
    else addStep(phase, event.step, event.moment)
  }
  return { add, collected: () => ({ isBegun, ...collect(phase, redact) }) }
}

function newPhase(): Phase {
  return {
    changes: new Map(),
    refreshed: new Map(),
    errors: new Map(),
    warnings: new Map(),
    policies: new Set(),
    forgotten: 0,
    isPlanned: false,
  }
}

function addStep(phase: Phase, step: Step, moment: 'begun' | 'done' | 'failed'): void {
  phase.isPlanned ||= step.isPlanned
  if (isDefaultProvider(step.resource)) return
  if (step.operation === 'refresh' && step.differs.length > 0 && phase.refreshed.size < mostRemembered)
    phase.refreshed.set(step.urn, step.differs.slice(0, mostDifferences))
  // A refresh that failed is no change, but it is what somebody wants to see.
  if (!isChange(step.operation) && moment !== 'failed') return
  const seen = phase.changes.get(step.urn)
  if (seen) {
    const operation = wholeOperation(step.operation)
    // Of the steps of a replacement one says so, whichever comes first.
    if (seen.operation !== 'replace') seen.operation = operation
    for (const name of step.differs) seen.differs.add(name)
    seen.isDone ||= moment === 'done'
    seen.isFailed ||= moment === 'failed'
  } else if (phase.changes.size < mostRemembered)
    phase.changes.set(step.urn, {
      step,
      operation: wholeOperation(step.operation),
      differs: new Set(step.differs),
      isDone: moment === 'done',
      isFailed: moment === 'failed',
    })
  else if (moment === 'begun') phase.forgotten++
}

function addDiagnostic(phase: Phase, event: Extract<EngineEvent, { kind: 'diagnostic' }>, redact: Redact): void {
  const { severity, urn } = event
  const seen = phase.changes.get(urn)
  if (severity === 'error' && seen) seen.isFailed = true
  keep(severity === 'error' ? phase.errors : phase.warnings, severity, urn, event.message, redact)
}

function addPolicy(phase: Phase, event: Extract<EngineEvent, { kind: 'policy' }>, redact: Redact): void {
  if (phase.policies.size < mostPolicies) phase.policies.add(lineOf(event.policy, redact))
  keep(phase.errors, 'error', event.urn, `policy ${event.policy}: ${event.message}`, redact)
}

function keep(
  into: Map<string, Diagnostic>,
  severity: 'error' | 'warning',
  urn: string,
  message: string,
  redact: Redact,
): void {
  if (into.size >= mostDiagnostics) return
  const text = paragraphOf(message, redact)
  if (text === '') return
  const named = readUrn(urn)
  const resource = named && !isStackItself(named) ? lineOf(`${named.type} ${named.name}`, redact) : ''
  into.set(`${resource}\n${text}`, { severity, resource, message: text })
}

function collect(phase: Phase, redact: Redact): Omit<Collected, 'isBegun'> {
  // What failed comes first, so that it is never among those that are left out.
  const all = [...phase.changes.values()].toSorted((a, b) => Number(b.isFailed) - Number(a.isFailed))
  const shown = all.slice(0, mostChanges)
  return {
    isPreview: phase.summary?.isPreview ?? phase.isPlanned,
    result: phase.summary?.result ?? '',
    counts: phase.summary?.counts ?? countDone(all),
    changes: shown.map((seen) => changeOf(seen, phase.refreshed.get(seen.step.urn) ?? [], redact)),
    moreChanges: all.length - shown.length + phase.forgotten,
    diagnostics: [...phase.errors.values(), ...phase.warnings.values()].slice(0, mostDiagnostics),
    brokenPolicies: [...phase.policies],
  }
}

function changeOf(seen: Seen, refreshed: readonly string[], redact: Redact): Change {
  const { type, name } = seen.step.resource
  const differs = [...new Set([...seen.differs, ...refreshed])].slice(0, mostDifferences)
  return {
    operation: seen.operation,
    type: lineOf(type, redact),
    name: lineOf(name, redact),
    differs: differs.map((path) => lineOf(path, redact, 200)),
    isFailed: seen.isFailed,
  }
}

function countDone(all: readonly Seen[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { operation, isDone } of all) if (isDone) counts[operation] = (counts[operation] ?? 0) + 1
  return counts
}
