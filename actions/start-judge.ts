import { catalogue, diagnoseWith, type Evidence } from '../src/diagnosis/index.ts'
import type { AgentState, Hopeless, JournalLine } from '../src/join/index.ts'

/**
 * A symptom may pass by itself: a server that is just starting, a connection that is made again. One that is still said after this
 * long does not; what was said once, before a slow start went on in silence, is no reason. An agent tries again every 2 to 12 s.
 */
const symptomLastsMs = 8_000
/** A unit that failed before it was started again is not taken for the new start's end. */
const failedLastsMs = 2_000
/**
 * A complaint need not be what keeps a node from becoming Ready: containerd also warns of keys that it can do without. A kubelet looks
 * at its runtime every 5 s (kubernetes pkg/kubelet/kubelet.go, updateRuntimeUp), so a node that can be Ready is, within this.
 */
const complaintLastsMs = 6_000
/** Of an agent that runs its network plugin itself: it is there before the agent calls itself up. */
const agentNotReadyMs = 15_000
/** A cluster that gives a new kubelet its certificate does so within a second or two; a busy one may take longer. */
const unregisteredLastsMs = 30_000
/** A program that joined has seen the node registered, somewhere; the watch of this cluster tells of it within a second. */
const elsewhereLastsMs = 10_000
/** k3s reports itself up only when its flannel has started, which comes after the registration of its node. */
const activatingLastsMs = 60_000

export const causes = catalogue.filter((row) => row.strength === 'cause')
/** Every healthy start has a node that is not Ready for a while: what is said of that is judged by how long it lasts, below. */
const symptoms = catalogue.filter((row) => row.strength === 'symptom' && row.when?.nodeReady === undefined)

/** systemd's own line at every start of a unit; what stands before it was written by the process that is going. */
const starting = /^(?:.*systemd\[\d+\]: )?Starting \S/
export function isStarting(line: Pick<JournalLine, 'text' | 'source'>): boolean {
  return line.source === undefined && starting.test(line.text)
}

/** As people and the catalogue read it: a line of another log says which. */
export function said({ text, source }: JournalLine): string {
  return source === undefined ? text : `${source}: ${text}`
}

export function evidenceOf(
  subject: string,
  unit: string,
  state: Omit<AgentState, 'journal'>,
  texts: readonly string[],
  fails?: string,
): Evidence {
  return {
    stage: 'start',
    subject,
    ...(fails === undefined ? {} : { fails }),
    texts,
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

/** What the lines of the process that was ordered have said so far. */
interface Heard {
  /** The first cause that its journal names. */
  refusal?: Hopeless
  /** The first cause that another log names: by itself it does not say that the agent cannot go on. */
  complaint?: Hopeless
  /** The first symptom, and when one was said last. */
  symptom?: Hopeless & { readonly againMs: number }
}

/**
 * Names a state that cannot become ready, as soon as its evidence is there: a refusal by its first line, a crash loop by its first
 * restart, a program that joins and gives up by its end, what need not be in the way when it lasts. `notReadyLimitMs`: how long an
 * active unit may be without a Ready node. Undefined: keep waiting. What a process said that is being replaced proves
 * nothing. Pure, but for what it remembers of the journal it has read.
 */
export function startJudge(
  subject: string,
  unit: string,
  action: 'start' | 'restart',
  notReadyLimitMs = agentNotReadyMs,
): (state: AgentState, elapsedMs: number) => Hopeless | undefined {
  let isOurs = action === 'start'
  let heard: Heard = {}
  let lastLine: JournalLine | undefined
  let nodeSinceMs: number | undefined
  // An ordered restart does not set systemd's counter back (seen on systemd 252), so what counts is how it grows.
  let restartsBefore: number | undefined

  /** Each line is read once: the newest one is enough, because judging happens at every event. */
  const hear = (state: AgentState): void => {
    const line = state.journal.at(-1)
    if (line === undefined || line === lastLine) return
    lastLine = line
    if (isStarting(line)) {
      isOurs = true
      heard = {}
    }
    if (!isOurs) return
    const only = evidenceOf(subject, unit, state, [said(line)])
    const cause = diagnoseWith(causes, only)
    const found = cause && { reason: cause.code, sinceMs: line.atMs }
    if (found && line.source === undefined) heard.refusal ??= found
    else if (found) heard.complaint ??= found
    else if (diagnoseWith(symptoms, only))
      heard.symptom = { reason: 'symptom', sinceMs: heard.symptom?.sinceMs ?? line.atMs, againMs: line.atMs }
  }

  return (state, elapsedMs) => {
    const { unit: now } = state
    if (now?.isNew) {
      isOurs = true
      restartsBefore ??= now.restarts
    }
    if (state.node === undefined) nodeSinceMs = undefined
    else if (nodeSinceMs === undefined) {
      // Whoever registers a node has come through all that a server or a token can be in the way of.
      nodeSinceMs = elapsedMs
      heard.symptom = undefined
    }
    hear(state)
    if (!isOurs) return undefined
    const { refusal, complaint, symptom } = heard
    const isActive = now?.activeState === 'active'
    const lasts = (since: number, limitMs: number): boolean => elapsedMs - since >= limitMs
    const { ended } = state
    // Nobody joins any more, whatever the unit goes on trying.
    if (ended && ended.status !== 0)
      return { reason: (refusal ?? complaint)?.reason ?? 'program-ended', sinceMs: ended.atMs }
    if (ended && state.node === undefined && lasts(ended.atMs, elsewhereLastsMs))
      return { reason: 'joined-elsewhere', sinceMs: ended.atMs }

    if (!isActive) {
      if (refusal) return refusal
      const hasRestarted = now !== undefined && restartsBefore !== undefined && now.restarts > restartsBefore
      const hasEnded = hasRestarted || (now?.isNew && (now.subState === 'auto-restart' || now.activeState === 'failed'))
      if (complaint && hasEnded) return complaint
      if (hasRestarted) return { reason: 'crash-loop', sinceMs: elapsedMs }
      // A process that could not even be made has no pid to be told by; the old state is gone by then.
      if (now?.activeState === 'failed' && elapsedMs >= failedLastsMs)
        return { reason: 'unit-failed', sinceMs: elapsedMs }
      if (symptom && symptom.againMs - symptom.sinceMs >= symptomLastsMs) return symptom
      if (complaint && state.node === undefined && lasts(complaint.sinceMs, symptomLastsMs)) return complaint
    }
    if (!now?.isNew || state.node?.ready === 'True') return undefined
    if (isActive && state.node === undefined && symptom && symptom.againMs - symptom.sinceMs >= unregisteredLastsMs)
      return symptom
    if (isActive && state.activeAtMs !== undefined) {
      const first = [refusal, complaint].flatMap((one) => one ?? []).sort((a, b) => a.sinceMs - b.sinceMs)[0]
      if (first && lasts(Math.max(first.sinceMs, state.activeAtMs), complaintLastsMs)) return first
      if (lasts(state.activeAtMs, notReadyLimitMs)) return { reason: 'not-ready', sinceMs: state.activeAtMs }
    }
    const isStuck = !isActive && nodeSinceMs !== undefined && lasts(nodeSinceMs, activatingLastsMs)
    return isStuck && action === 'start' ? { reason: 'not-ready', sinceMs: nodeSinceMs ?? elapsedMs } : undefined
  }
}
