import { catalogue, type Diagnosis, diagnoseWith, type Evidence, unknownFailure } from '../src/diagnosis/index.ts'
import {
  type AgentState,
  type JournalLine,
  missingUntilReady,
  type ReadyGoal,
  type ReadyOutcome,
} from '../src/join/index.ts'
import { formatDuration } from '../src/report/index.ts'
import { RunFailure } from './failure.ts'
import { causes, evidenceOf, isStarting, said } from './start-judge.ts'

/** Unit and node in words, and what is missing of the goal. */
export function lastSeen(state: AgentState, goal: ReadyGoal): string {
  const unit = state.unit
    ? `unit ${state.unit.activeState} (${state.unit.subState}), ${state.unit.restarts} restarts`
    : 'unit not seen yet'
  const missing = missingUntilReady(state, goal)
  // A Ready node with an active unit looks well: then what it still lacks has to be said.
  const lacks = state.node?.ready === 'True' && missing !== undefined ? `; still missing: ${missing}` : ''
  return `${unit}; ${state.node ? `node Ready=${state.node.ready}` : 'node not registered'}${lacks}`
}

/** What else is known when nothing but time has ended the wait: why the node is not Ready, and what was heard last. */
function lastHeard({ node, journal }: AgentState): string[] {
  const reason = [node?.readyReason, node?.readyMessage].filter((text) => text !== undefined && text !== '').join(': ')
  const line = journal.at(-1)
  return [
    ...(node && node.ready !== 'True' ? [`the node is not Ready because ${reason || 'it says nothing'}`] : []),
    line
      ? `last line, ${formatDuration(line.atMs)} after the start: ${said(line)}`
      : 'the journal is empty since the start',
  ]
}

/** A start that did not end well. Further texts may explain it better, as long as nothing has named a cause. */
export class StartFailure extends RunFailure {
  readonly #again: ((texts: readonly string[]) => Diagnosis | undefined) | undefined

  constructor(failure: Diagnosis, again?: (texts: readonly string[]) => Diagnosis | undefined) {
    super(failure)
    this.#again = again
  }

  /** The failure in the light of more texts; itself when they name no cause, or one is named already. */
  inTheLightOf(texts: readonly string[]): StartFailure {
    const found = this.#again?.(texts)
    return found ? new StartFailure(found) : this
  }
}

/** Lines of the process that was ordered; where its own start is not among them, all. */
function ownLines<Line extends Pick<JournalLine, 'text' | 'source'>>(
  lines: readonly Line[],
  action: 'start' | 'restart',
): readonly Line[] {
  return action === 'restart' ? lines.slice(Math.max(0, lines.findIndex(isStarting))) : lines
}

const gaveUp = (goal: ReadyGoal, { ended }: AgentState): boolean =>
  goal.program !== undefined && ended !== undefined && ended.status !== 0

/** A program that gave up is explained by its words alone: what can be said of a unit's state says that it is still trying. */
function explainEnd({ ended }: AgentState, evidence: Evidence): Diagnosis {
  const spoken = catalogue.filter((row) => row.matches.length > 0)
  const found = diagnoseWith(spoken, evidence)
  if (found !== undefined) return found
  return {
    ...unknownFailure(evidence),
    title: `${evidence.subject} ${evidence.fails ?? 'did not join'}: ${ended?.program} ended with exit code ${ended?.status}, and the catalogue of known causes has no entry for its words`,
  }
}

/**
 * The failure of a start that did not end well, by the catalogue; when no row fits, it says so and attaches what there is. Says when
 * the evidence was there, and when it was named. `fails`: what the node did not do, for the title; default: `did not join`.
 */
export function failureOfStart(
  unit: string,
  action: 'start' | 'restart',
  goal: ReadyGoal,
  outcome: Exclude<ReadyOutcome, { type: 'ready' }>,
  fails?: string,
): StartFailure {
  const { state } = outcome
  const lines = ownLines(state.journal, action)
  // What ended a process stands in its journal; what another log says may have been in nobody's way.
  const hasEnded = outcome.type === 'hopeless' && state.unit?.activeState !== 'active'
  const ordered = hasEnded ? lines.toSorted((a, b) => Number(!!a.source) - Number(!!b.source)) : lines
  const evidence = evidenceOf(goal.node, unit, state, ordered.map(said), fails)
  const named = formatDuration(outcome.elapsedMs)
  const when =
    outcome.type === 'deadline'
      ? [`deadline reached ${named} after the start; last seen: ${lastSeen(state, goal)}`, ...lastHeard(state)]
      : [`seen ${formatDuration(outcome.sinceMs)} after the start, named ${named} after it: ${lastSeen(state, goal)}`]
  const withTime = (failure: Diagnosis): Diagnosis => ({ ...failure, evidence: [...failure.evidence, ...when] })
  const first = gaveUp(goal, state)
    ? explainEnd(state, evidence)
    : (diagnoseWith(catalogue, evidence) ?? unknownFailure(evidence))
  if (diagnoseWith(causes, evidence)) return new StartFailure(withTime(first))
  return new StartFailure(withTime(first), (texts) => {
    // A unit that the program never came to start has said nothing about this start: it waited for its configuration before.
    if (goal.program !== undefined && state.unit?.isNew !== true) return undefined
    const own = ownLines(
      texts.map((text) => ({ text })),
      action,
    )
    const found = diagnoseWith(causes, { ...evidence, texts: own.map(({ text }) => text) })
    return found && withTime(found)
  })
}
