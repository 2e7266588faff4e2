/** A start that is played to the judge and explained, with a clock of its own: what is heard when decides, not how fast this machine is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { failureOfStart, type StartFailure } from '../../actions/explain-start.ts'
import { startJudge } from '../../actions/start-judge.ts'
import type { AgentState, ReadyGoal, StartEvent } from '../../src/join/index.ts'
import type { NodeState } from '../../src/kubernetes/index.ts'
import { nodeCalypso, version } from './situations.ts'

type UnitEvent = Extract<StartEvent, { type: 'unit' }>

/** What is seen at a moment, in milliseconds since the start. */
export interface Seen {
  readonly atMs: number
  readonly journal?: string
  readonly containerd?: string
  /** A line of the program that joins. */
  readonly kubeadm?: string
  /** Exit code of that program. */
  readonly ended?: number
  readonly unit?: UnitEvent
  readonly node?: NodeState
}

export interface Named {
  readonly reason: string
  readonly sinceMs: number
  readonly namedMs: number
  /** What was heard in the moment of the verdict; undefined: only time had passed. */
  readonly by: Seen | undefined
  readonly failure: StartFailure
}

export const unit = (activeState: string, subState: string, more: Partial<UnitEvent> = {}): UnitEvent => ({
  type: 'unit',
  activeState,
  subState,
  restarts: 0,
  result: 'success',
  mainStatus: 0,
  isNew: true,
  ...more,
})
export const died = (restarts = 0): UnitEvent =>
  unit('activating', 'auto-restart', { restarts, result: 'exit-code', mainStatus: 1 })

export const goal: ReadyGoal = {
  node: 'calypso',
  version,
  leaseBeforeMs: undefined,
  uidBefore: undefined,
  isFirstStart: true,
  timeoutMs: 180_000,
}

/** Plays what is seen; in between the judge is asked twice a second, as the wait does. Undefined: nothing was named until `untilMs`. */
export function play(
  seen: readonly Seen[],
  {
    action = 'start',
    untilMs = 180_000,
    notReadyLimitMs,
    of = 'k3s-agent',
  }: { action?: 'start' | 'restart'; untilMs?: number; notReadyLimitMs?: number; of?: string } = {},
): Named | undefined {
  const judge = startJudge('calypso', of, action, notReadyLimitMs)
  let state: AgentState = { journal: [] }
  const rest = [...seen].sort((a, b) => a.atMs - b.atMs)
  for (let now = 0; now <= untilMs; ) {
    const next = rest[0]
    const tick = (Math.floor(now / 500) + 1) * 500
    const by = next && next.atMs <= now ? rest.shift() : undefined
    if (by?.journal !== undefined) state = { ...state, journal: [...state.journal, { text: by.journal, atMs: now }] }
    if (by?.containerd !== undefined)
      state = { ...state, journal: [...state.journal, { text: by.containerd, atMs: now, source: 'containerd.log' }] }
    if (by?.kubeadm !== undefined)
      state = { ...state, journal: [...state.journal, { text: by.kubeadm, atMs: now, source: 'kubeadm' }] }
    if (by?.ended !== undefined) state = { ...state, ended: { program: 'kubeadm', status: by.ended, atMs: now } }
    if (by?.unit)
      state = {
        ...state,
        unit: by.unit,
        activeAtMs: by.unit.activeState === 'active' ? (state.activeAtMs ?? now) : undefined,
      }
    if (by?.node) state = { ...state, node: by.node }
    const hopeless = judge(state, now)
    if (hopeless) {
      const outcome = { type: 'hopeless', ...hopeless, state, elapsedMs: now } as const
      return { ...hopeless, namedMs: now, by, failure: failureOfStart(of, action, goal, outcome) }
    }
    if (by === undefined) now = rest[0] ? Math.min(rest[0].atMs, tick) : tick
  }
  return undefined
}

export const notReady = (message: string): NodeState =>
  nodeCalypso({ ready: 'False', readyReason: 'KubeletNotReady', readyMessage: message })

const lines = (folder: string, file: string): string[] => {
  try {
    return readFileSync(join(process.cwd(), 'test/fixtures/join', folder, file), 'utf8')
      .split('\n')
      .filter(Boolean)
  } catch {
    return []
  }
}

/**
 * A recorded start of real parts as the watch tells it: each line in its second, what systemd says of itself as the state that it
 * means, half a second later. The recording has no tenths; lines of one second keep their order.
 */
export function recorded(folder: string): readonly Seen[] {
  const journal = lines(folder, 'journal.txt')
  const second = (time: string): number => Date.parse(`1970-01-01T${time}Z`)
  const clock = (line: string): string => /^\w{3} +\d+ (\d\d:\d\d:\d\d) /.exec(line)?.[1] ?? ''
  const begin = second(clock(journal[0] ?? ''))
  const log = lines(folder, 'containerd.log').map((line): Seen => {
    const time = /time="[^T]*T(\d\d:\d\d:\d\d)/.exec(line)?.[1]
    return { atMs: (time === undefined ? begin : second(time)) - begin + 10, containerd: line }
  })
  const told = journal.flatMap((whole, index): Seen[] => {
    const atMs = second(clock(whole)) - begin + index
    // As -o cat prints them.
    const text = whole.replace(/^\w{3} +\d+ [\d:]{8} \S+ [^:]+: /, '')
    const poll = (event: UnitEvent): Seen => ({ atMs: atMs + 400, unit: event })
    const restarts = Number(/restart counter is at (\d+)/.exec(text)?.[1])
    if (/^Starting /.test(text))
      return [
        { atMs, journal: text },
        { atMs, unit: unit('activating', 'start') },
      ]
    if (/^Started /.test(text)) return [{ atMs, journal: text }, poll(unit('active', 'running'))]
    if (/Failed with result/.test(text)) return [{ atMs, journal: text }, poll(died())]
    if (restarts > 0) return [{ atMs, journal: text }, poll(died(restarts))]
    return [{ atMs, journal: text }]
  })
  return [...log, ...told]
}
