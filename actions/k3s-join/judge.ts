import { catalogue, type Diagnosis, diagnoseWith, type Evidence, unknownFailure } from '../../src/diagnosis/index.ts'
import type { AgentState, ReadyOutcome } from '../../src/join/index.ts'

/** A symptom may pass by itself: a server that is just starting, a connection that is made again. Then it is gone after this long. */
const symptomLastsMs = 8_000
/** A unit that failed before it was started again is not taken for the new start's end. */
const failedLastsMs = 2_000
/** An agent reports itself up only after its network plugin is there, so a node that is not Ready by then will not be. */
const notReadyLastsMs = 15_000
/** k3s reports itself up only when its flannel has started, which comes after the registration of its node. */
const activatingLastsMs = 60_000

const causes = catalogue.filter((row) => row.strength === 'cause')
/** Every healthy start has a node that is not Ready for a while: what is said of that is judged by how long it lasts, below. */
const symptoms = catalogue.filter((row) => row.strength === 'symptom' && row.when?.nodeReady === undefined)

export function evidenceOf(subject: string, unit: string, state: AgentState): Evidence {
  return {
    stage: 'start',
    subject,
    texts: state.journal,
    ...(state.unit
      ? {
          unit: {
            name: unit,
            activeState: state.unit.activeState,
            subState: state.unit.subState,
            restarts: state.unit.restarts,
            result: state.unit.result,
            mainStatus: state.unit.mainStatus,
          },
        }
      : {}),
    node: {
      exists: state.node !== undefined,
      ready: state.node?.ready === 'True',
      ...(state.node?.readyMessage ? { message: state.node.readyMessage } : {}),
    },
  }
}

/** systemd's own line at every start of a unit; what stands before it was written by the process that is going. */
const starting = /^(?:.*systemd\[\d+\]: )?Starting \S/

/**
 * Names a state that cannot become ready, as soon as its evidence is there: a refusal by its first line, a crash loop by its first
 * restart, a symptom when it lasts. Undefined: keep waiting. What a process said that is being replaced proves nothing.
 * Pure, but for what it remembers of the journal it has read.
 */
export function startJudge(
  subject: string,
  unit: string,
  action: 'start' | 'restart',
): (state: AgentState, elapsedMs: number) => string | undefined {
  let isOurs = action === 'start'
  let lastLine: string | undefined
  let named: Diagnosis | undefined
  let symptomSinceMs: number | undefined
  let nodeSinceMs: number | undefined
  // An ordered restart does not set systemd's counter back (seen on systemd 252), so what counts is how it grows.
  let restartsBefore: number | undefined
  return (state, elapsedMs) => {
    if (state.unit?.isNew) {
      isOurs = true
      restartsBefore ??= state.unit.restarts
    }
    if (state.node === undefined) nodeSinceMs = undefined
    else if (nodeSinceMs === undefined) {
      // Whoever registers a node has come through all that a server or a token can be in the way of.
      nodeSinceMs = elapsedMs
      symptomSinceMs = undefined
    }
    // Each line is read once: the newest one is enough, because judging happens at every event.
    const line = state.journal.at(-1)
    if (line !== undefined && line !== lastLine) {
      lastLine = line
      if (starting.test(line)) {
        isOurs = true
        named = undefined
        symptomSinceMs = undefined
      }
      const only = evidenceOf(subject, unit, { ...state, journal: [line] })
      if (isOurs) named ??= diagnoseWith(causes, only)
      if (isOurs && symptomSinceMs === undefined && diagnoseWith(symptoms, only)) symptomSinceMs = elapsedMs
    }
    if (!isOurs) return undefined
    const isActive = state.unit?.activeState === 'active'
    if (named !== undefined && !isActive) return named.code
    if (state.unit && restartsBefore !== undefined && state.unit.restarts > restartsBefore && !isActive)
      return 'crash-loop'
    // A process that could not even be made has no pid to be told by; the old state is gone by then.
    if (state.unit?.activeState === 'failed' && elapsedMs >= failedLastsMs) return 'unit-failed'
    if (symptomSinceMs !== undefined && !isActive && elapsedMs - symptomSinceMs >= symptomLastsMs) return 'symptom'
    if (
      state.unit?.isNew &&
      state.activeAtMs !== undefined &&
      state.node?.ready !== 'True' &&
      elapsedMs - state.activeAtMs >= notReadyLastsMs
    )
      return 'not-ready'
    const isStuck = nodeSinceMs !== undefined && elapsedMs - nodeSinceMs >= activatingLastsMs
    if (state.unit?.isNew && !isActive && isStuck && state.node?.ready !== 'True' && action === 'start')
      return 'not-ready'
    return undefined
  }
}

/** The failure of a start that did not end well, by the catalogue; when no row fits, it says so and attaches what there is. */
export function failureOfStart(
  subject: string,
  unit: string,
  outcome: Exclude<ReadyOutcome, { type: 'ready' }>,
  lastSeen: string,
): Diagnosis {
  const evidence = evidenceOf(subject, unit, outcome.state)
  const failure = diagnoseWith(catalogue, evidence) ?? unknownFailure(evidence)
  const when = `${(outcome.elapsedMs / 1000).toFixed(1)} s after the start`
  return {
    ...failure,
    evidence: [
      ...failure.evidence,
      outcome.type === 'deadline' ? `deadline reached ${when}; last seen: ${lastSeen}` : `seen ${when}: ${lastSeen}`,
    ],
  }
}
