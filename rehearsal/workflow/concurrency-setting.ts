/** Reads `concurrency`, and does something while holding its group. */
import type { Concurrency, ConcurrencyGroups } from './concurrency.ts'
import { type Plain, textOf } from './expressions.ts'
import type { TemplateToken } from './parser.ts'
import { errorAt, find, type Scope, valueAt } from './tokens.ts'
import type { WorkflowFile } from './workflow-file.ts'

/** A setting as it was evaluated. */
export interface ConcurrencySetting {
  /** As it is written, for the record of the run. */
  readonly value?: Plain
  readonly concurrency?: Concurrency
  /** All groups that the chain of calls holds with it. */
  readonly groups: readonly string[]
}

/** Evaluates a concurrency setting, and refuses one that the run would wait for itself to release. */
export function concurrencyOf(
  file: WorkflowFile,
  owner: TemplateToken | undefined,
  scope: Scope,
  held: readonly string[],
): ConcurrencySetting {
  const token = find(owner, 'concurrency')
  if (token === undefined) return { groups: held }
  const value = valueAt(file, token, scope)
  const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { group: value }
  const { group: name, queue, 'cancel-in-progress': cancels } = fields as Readonly<Record<string, Plain>>
  const group = textOf(name ?? '')
  if (queue === 'max' && cancels === true) {
    // github/docs data/reusables/actions/actions-group-concurrency.md: a validation error.
    throw errorAt(file, token, `'queue: max' and 'cancel-in-progress: true' exclude each other`)
  }
  if (held.some((other) => other.toLowerCase() === group.toLowerCase())) {
    throw errorAt(
      file,
      token,
      `the concurrency group '${group}' is already held by the calling workflow: the run would wait for itself or be cancelled`,
    )
  }
  return {
    value,
    groups: [...held, group],
    concurrency: { group, cancelsRunning: cancels === true, queue: queue === 'max' ? 'max' : 'single' },
  }
}

/** Who wants a turn, and where it is told. */
export interface Waiting {
  readonly groups: ConcurrencyGroups
  readonly cancel: AbortSignal
  /** Told when it has to wait, and when there is no turn. */
  say(line: string): void
}

/**
 * Does something while holding the group of a setting, if it has one.
 * @param act gets a signal that is also aborted when somebody else takes the group away
 * @returns what it did, or why it was not done
 */
export async function holding<T>(
  concurrency: Concurrency | undefined,
  waiting: Waiting,
  act: (cancel: AbortSignal) => Promise<T>,
): Promise<{ readonly done: T } | { readonly reason: string }> {
  if (concurrency === undefined) return { done: await act(waiting.cancel) }
  if (waiting.groups.isHeld(concurrency.group)) waiting.say(`Waiting for the concurrency group '${concurrency.group}'`)
  const turn = await waiting.groups.enter(concurrency, waiting.cancel)
  if ('reason' in turn) {
    waiting.say(`Error: ${turn.reason}`)
    return turn
  }
  try {
    return { done: await act(AbortSignal.any([waiting.cancel, turn.cancel])) }
  } finally {
    turn.leave()
  }
}
