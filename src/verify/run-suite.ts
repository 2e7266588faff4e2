import { HttpFault } from '../http/index.ts'
import { ClusterError } from '../kubernetes/index.ts'
import type { Check } from '../report/index.ts'
import { blocked } from './gather.ts'
import type { Suite, SuiteOutcome, VerifyEntry, VerifyPorts, VerifyWish } from './model.ts'
import { apiFault, BlockedError, withoutApi } from './without-api.ts'

/** How often what could not be asked is asked again, and how a moment passes between. */
export interface Patience {
  readonly retries: number
  /** Milliseconds; rejects when the signal aborts. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>
}

const rank = { observe: 0, probe: 1, load: 2 } as const
/** Milliseconds before the first, second … repetition; a server that restarts needs some. */
const pauses = [1_000, 3_000, 10_000]

/** The entries that a suite answers in this mode. */
export function entriesOf(suite: Suite, wish: VerifyWish): readonly VerifyEntry[] {
  return suite.entries.filter((entry) => rank[entry.mode] <= rank[wish.mode])
}

/** Something between this program and what it asks, and not the answer to the question. */
interface Fault {
  readonly title: string
  readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]
  /** The server knows the question and refuses it: asking again changes nothing. */
  readonly isRefusal: boolean
  /** Id of the check that says why it is not asked at all. */
  readonly by?: string
}

function faultOf(error: unknown): Fault | undefined {
  if (error instanceof ClusterError)
    return {
      title: error.message,
      cause: error.cause,
      remedy: error.remedy,
      evidence: error.evidence,
      isRefusal: error.code === 'forbidden',
      ...(error instanceof BlockedError ? { by: error.by } : {}),
    }
  if (error instanceof HttpFault)
    return { title: error.message, cause: error.cause, remedy: error.remedy, evidence: [], isRefusal: false }
  return undefined
}

/** One check for every question that could not be asked; those about something unnamed are told by the suite's name. */
function unasked(suite: Suite, wish: VerifyWish, fault: Fault): readonly Check[] {
  const entries = entriesOf(suite, wish)
  const named = entries.filter((entry) => !entry.id.includes('<'))
  if (fault.by !== undefined) {
    const { by } = fault
    return named.map(({ id, asks }) => blocked(id, by, asks))
  }
  const [verdict, found] = fault.isRefusal
    ? (['skip', `may not be asked: ${fault.title}`] as const)
    : (['error', `could not be asked: ${fault.title}`] as const)
  const about = ({ cause, remedy, evidence }: Fault) => ({ cause, remedy, evidence: evidence.slice(0, 20) })
  if (named.length === 0) return [{ id: suite.name, verdict, question: `Suite ${suite.name}`, found, ...about(fault) }]
  return named.map(({ id, asks }, index) => ({
    id,
    verdict,
    question: asks,
    found,
    // Said once: twenty lines with one remedy are no help.
    ...(index === 0 ? about(fault) : {}),
  }))
}

const isUnsure = (outcome: SuiteOutcome): boolean => outcome.checks.some((check) => check.verdict === 'error')

/**
 * Runs one suite. What could not be asked is asked again, after a pause; when it still cannot be, its checks are `error`: nobody knows,
 * which is not the same as broken. A refusal (403) makes them `skip`. Rejects when the signal aborts, and with our own bugs.
 */
export async function runSuite(
  suite: Suite,
  ports: VerifyPorts,
  wish: VerifyWish,
  patience: Patience,
): Promise<SuiteOutcome> {
  for (let attempt = 0; ; attempt++) {
    const isLast = attempt >= patience.retries
    try {
      const outcome = await suite.verify(ports, wish)
      if (isLast || !isUnsure(outcome)) return outcome
    } catch (error) {
      ports.signal.throwIfAborted()
      const fault = faultOf(error)
      if (!fault) throw error
      if (isLast || fault.isRefusal || fault.by !== undefined) return { checks: unasked(suite, wish, fault) }
    }
    await patience.wait(pauses[Math.min(attempt, pauses.length - 1)] ?? 0, ports.signal)
    ports.say(`asked again: ${suite.name}, ${attempt + 2} of ${patience.retries + 1}`)
  }
}

/** Suites that do not go through the API server: they are asked also when it is gone, because inference may well go on. */
const standsAlone = new Set(['triton', 'network', 'certificates'])

/** The checks of a suite that a failing API blocks; undefined: it is asked all the same. */
export function blockedSuite(suite: Suite, wish: VerifyWish, api: readonly Check[]): readonly Check[] | undefined {
  const by = apiFault(api)
  if (by === undefined || standsAlone.has(suite.name)) return undefined
  return entriesOf(suite, wish)
    .filter((entry) => !entry.id.includes('<'))
    .map(({ id, asks }) => blocked(id, by, asks))
}

/** Ports for the next suite, after these checks: without an API server that does not answer. */
export function portsAfter(ports: VerifyPorts, api: readonly Check[]): VerifyPorts {
  const by = apiFault(api)
  return by === undefined ? ports : withoutApi(ports, by)
}
