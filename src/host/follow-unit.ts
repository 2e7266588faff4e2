import type { Host, ScriptLine, UnitEvent } from './model.ts'
import { scripts } from './scripts.generated.ts'
import { errorOfScript, HostStepError, type Remedies } from './step-error.ts'

export interface FollowOptions {
  readonly unit: string
  /** A log file that is followed beside the journal, e.g. containerd's; empty: none. */
  readonly log: string
  /** `none`: only look. */
  readonly action: 'start' | 'restart' | 'none'
  /**
   * A program of the room's own starts the unit, in place of `systemctl start`. `script` defines `prepare_start` (before the journal
   * is followed), `start_by_program` (does not wait for it) and `look_at_program` (again and again, tells its end once).
   */
  readonly by?: {
    readonly script: string
    readonly env: Readonly<Record<string, string>>
    readonly secrets: Readonly<Record<string, string>>
    /** What to do about each way in which that script gives up. */
    readonly remedies: Remedies
  }
  /** Its abort is the normal end. */
  readonly signal: AbortSignal
  readonly onEvent: (event: UnitEvent) => void
  /** Limit on the host, for a runner that is gone without closing anything. */
  readonly timeoutMs: number
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const count = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) ? value : 0)

function eventOf(line: ScriptLine): UnitEvent | undefined {
  if (line.event === 'journal') {
    const source = text(line.source)
    return { type: 'journal', text: text(line.text), ...(source === '' ? {} : { source }) }
  }
  // An end without a status is no success.
  if (line.event === 'ended') {
    const isKnown = typeof line.status === 'number' && Number.isSafeInteger(line.status)
    return { type: 'ended', program: text(line.program), status: isKnown ? Number(line.status) : -1 }
  }
  if (line.event === 'journal-ended') return { type: 'journal', text: `journalctl ended: ${text(line.text)}` }
  if (line.event !== 'unit') return undefined
  return {
    type: 'unit',
    activeState: text(line.active),
    subState: text(line.sub),
    restarts: count(line.restarts),
    result: text(line.result),
    mainStatus: count(line.status),
    isNew: line.new === true,
  }
}

/**
 * Starts or restarts the unit without waiting for it, and reports its journal and containerd's log from that moment on and every
 * change of its state, in one session, until the signal aborts: then it resolves. The end of a program that starts it is an event,
 * whatever its status. Rejects with HostStepError when systemd refuses
 * the action or the watch ends by itself, with HostError when the connection is lost or the time limit is met.
 */
export async function followUnit(host: Host, options: FollowOptions): Promise<void> {
  const { unit, log, action, by, signal, onEvent, timeoutMs } = options
  if (signal.aborted) return
  let result: Awaited<ReturnType<Host['run']>>
  try {
    result = await host.run({
      name: 'watch',
      script: [...(by ? [scripts['change-log'], by.script] : []), scripts['follow-unit']].join('\n'),
      env: { UNIT: unit, LOG: log, ACTION: by ? 'program' : action, ...by?.env },
      ...(by ? { secrets: by.secrets } : {}),
      privilege: 'root',
      timeoutMs,
      signal,
      onLine: (line) => {
        // Lines that were on their way when the wait ended belong to nobody.
        const event = signal.aborted ? undefined : eventOf(line)
        if (event) onEvent(event)
      },
    })
  } catch (error) {
    if (signal.aborted) return
    throw error
  }
  if (signal.aborted) return
  throw (
    errorOfScript(host.label, `the ${action === 'none' ? 'watch' : action} of ${unit}`, result, {
      'start-refused': `look at the host on its console: sudo systemctl status ${unit}; sudo journalctl -u ${unit} -n 50`,
      ...by?.remedies,
    }) ??
    new HostStepError(
      'watch-ended',
      '',
      `the watch of ${unit} on ${host.label} ended by itself`,
      'the script ended without being told to',
      'run it again: it continues from what it finds',
      result.stderr.trim().split('\n').slice(-10),
    )
  )
}
