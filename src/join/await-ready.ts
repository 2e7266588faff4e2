import type { Cluster, NodeState } from '../kubernetes/index.ts'
import type { StartEvent } from './distribution.ts'

/** A line that the host wrote since the start. */
export interface JournalLine {
  readonly text: string
  /** Milliseconds since the start, when it was heard. */
  readonly atMs: number
  /** The log that it stands in; absent: the unit's own journal. */
  readonly source?: string
}

/** What is known of a starting agent at one moment: the last-seen state of every error. */
export interface AgentState {
  readonly unit?: Extract<StartEvent, { type: 'unit' }>
  readonly node?: NodeState
  /** Newest last; at most `journalLimit`. */
  readonly journal: readonly JournalLine[]
  readonly leaseRenewedAtMs?: number
  /** The newest Lease when the new process was first seen: the old one may have renewed until then. */
  readonly leaseOfOldMs?: number
  /** Milliseconds since the start, when the unit was first seen active; undefined: not yet. */
  readonly activeAtMs?: number
  /** The program that starts the unit has ended: how, and when, in milliseconds since the start. */
  readonly ended?: { readonly program: string; readonly status: number; readonly atMs: number }
}

export interface ReadyGoal {
  readonly node: string
  readonly version: string
  /** The Lease as it was when the cluster was read. */
  readonly leaseBeforeMs: number | undefined
  /** uid of the Node as it was then; undefined: there was none. */
  readonly uidBefore: string | undefined
  /** No process of the unit ran before: only the ordered one can register a Node. */
  readonly isFirstStart: boolean
  /** The program that joins and starts the unit: nothing is ready before it has ended well, because it still works on the host. */
  readonly program?: string | undefined
  readonly timeoutMs: number
}

export interface AwaitReadyPorts {
  readonly cluster: Pick<Cluster, 'watch'>
  /** Starts the agent and follows it until the signal aborts. */
  readonly follow: (onEvent: (event: StartEvent) => void, signal: AbortSignal) => Promise<void>
  /** Milliseconds, monotonic. */
  readonly now: () => number
  /** Names a state that cannot become ready; undefined: keep waiting. */
  readonly judge: (state: AgentState, elapsedMs: number) => Hopeless | undefined
  readonly onEvent?: (event: StartEvent, elapsedMs: number) => void
  readonly onNode?: (node: NodeState, elapsedMs: number) => void
}

/** Why waiting is no use, and since when that could be known. Milliseconds since the start. */
export interface Hopeless {
  readonly reason: string
  readonly sinceMs: number
}

export type ReadyOutcome =
  | { readonly type: 'ready'; readonly node: NodeState; readonly state: AgentState; readonly elapsedMs: number }
  | ({ readonly type: 'hopeless'; readonly state: AgentState; readonly elapsedMs: number } & Hopeless)
  | { readonly type: 'deadline'; readonly state: AgentState; readonly elapsedMs: number }

const journalLimit = 400
/** How often a silent state is judged again; events are judged as they come. */
const judgeIntervalMs = 500

/**
 * What is still missing until the node counts as ready, in a few words; undefined: nothing. Ready means: the ordered process
 * runs, the program that starts it (where there is one) has ended well, its unit is active, Node Ready with the wanted version, and a sign of life that only this process can have given. That
 * is a newer heartbeat, or the registration of a Node that was not there before: the first heartbeat of such a Node comes 10 s
 * later (see `heartbeatAge`), and nobody has to wait for it. Pure.
 */
export function missingUntilReady(state: AgentState, goal: ReadyGoal): string | undefined {
  const { unit, node, leaseRenewedAtMs, leaseOfOldMs } = state
  if (unit?.isNew !== true || leaseOfOldMs === undefined) return 'the process that was ordered'
  if (goal.program !== undefined && state.ended?.status !== 0) return `the end of ${goal.program}`
  if (unit.activeState !== 'active') return 'an active unit'
  if (node?.ready !== 'True') return 'a Ready node'
  if (node.kubeletVersion !== goal.version) return `version ${goal.version} (the node has ${node.kubeletVersion})`
  const isRegisteredNow = goal.isFirstStart && node.uid !== goal.uidBefore
  const hasHeartbeat = leaseRenewedAtMs !== undefined && leaseRenewedAtMs > leaseOfOldMs
  return isRegisteredNow || hasHeartbeat ? undefined : 'a heartbeat of the new process'
}

/** Follows unit, journal, Node and Lease together under one deadline. Rejects when the signal aborts or a source breaks. */
export async function awaitReady(goal: ReadyGoal, ports: AwaitReadyPorts, signal: AbortSignal): Promise<ReadyOutcome> {
  const startedAt = ports.now()
  const ended = new AbortController()
  const sources = AbortSignal.any([signal, ended.signal])
  let state: AgentState = { journal: [] }
  const elapsed = (): number => ports.now() - startedAt

  let settle: (outcome: ReadyOutcome) => void = () => {}
  let fail: (error: unknown) => void = () => {}
  const outcome = new Promise<ReadyOutcome>((resolve, reject) => {
    settle = resolve
    fail = reject
  })

  const judged = (): ReadyOutcome | undefined => {
    const elapsedMs = elapsed()
    if (state.node && missingUntilReady(state, goal) === undefined)
      return { type: 'ready', node: state.node, state, elapsedMs }
    const hopeless = ports.judge(state, elapsedMs)
    if (hopeless) return { type: 'hopeless', ...hopeless, state, elapsedMs }
    return elapsedMs >= goal.timeoutMs ? { type: 'deadline', state, elapsedMs } : undefined
  }
  const judge = (): void => {
    const now = judged()
    if (now) settle(now)
  }

  const onStartEvent = (event: StartEvent): void => {
    if (event.type === 'journal') {
      const line = { text: event.text, atMs: elapsed(), ...(event.source ? { source: event.source } : {}) }
      state = { ...state, journal: [...state.journal.slice(1 - journalLimit), line] }
    } else if (event.type === 'ended') {
      state = { ...state, ended: { program: event.program, status: event.status, atMs: elapsed() } }
    } else {
      const activeAtMs = event.activeState === 'active' ? (state.activeAtMs ?? elapsed()) : undefined
      const leaseOfOldMs =
        state.leaseOfOldMs ?? (event.isNew ? Math.max(goal.leaseBeforeMs ?? 0, state.leaseRenewedAtMs ?? 0) : undefined)
      state = { ...state, unit: event, activeAtMs, leaseOfOldMs }
    }
    ports.onEvent?.(event, elapsed())
    judge()
  }

  const interval = setInterval(judge, judgeIntervalMs)
  const whenAborted = (): void => fail(signal.reason)
  signal.addEventListener('abort', whenAborted, { once: true })
  const runs = [
    ports.follow(onStartEvent, sources),
    ports.cluster.watch(
      goal.node,
      (event) => {
        if (event.type === 'node') {
          state = { ...state, node: event.node }
          ports.onNode?.(event.node, elapsed())
        } else if (event.type === 'gone') state = { ...state, node: undefined }
        else state = { ...state, leaseRenewedAtMs: event.renewedAtMs }
        judge()
      },
      sources,
    ),
  ].map((run) =>
    run.then(
      () => {
        if (!sources.aborted) fail(new Error('a watch ended before the node was ready'))
      },
      (error: unknown) => {
        if (!sources.aborted) fail(error)
      },
    ),
  )
  try {
    signal.throwIfAborted()
    return await outcome
  } finally {
    clearInterval(interval)
    signal.removeEventListener('abort', whenAborted)
    ended.abort(new Error('the wait is over'))
    await Promise.all(runs)
  }
}
