/** Concurrency groups: one of a group runs, others of it wait or give way. Runs that share one `ConcurrencyGroups` see each other. */

/** What `concurrency` says. */
export interface Concurrency {
  readonly group: string
  /** Whether whatever is in the group has to end for this. */
  readonly cancelsRunning: boolean
  /** `single`: one may wait, and the newest takes its place; `max`: a hundred may, first come, first served. */
  readonly queue: 'single' | 'max'
}

/** The right to run, until it is left. */
export interface Turn {
  /** Aborted when somebody else of the group cancels whoever is in it. */
  readonly cancel: AbortSignal
  leave(): void
}

/** Why there is no turn. */
export interface NoTurn {
  readonly reason: string
}

interface Member {
  readonly cancel: AbortController
  readonly turn: PromiseWithResolvers<NoTurn | undefined>
}

interface Group {
  running: Member
  pending: Member[]
}

// github/docs data/reusables/actions/actions-group-concurrency.md: up to 100 may be pending, and any more are cancelled.
const mostPending = 100

export class ConcurrencyGroups {
  // GitHub does not tell Prod from prod.
  readonly #groups = new Map<string, Group>()

  /** How many wait in a group. */
  pending(group: string): number {
    return this.#groups.get(group.toLowerCase())?.pending.length ?? 0
  }

  /** Whether somebody who came now would have to wait. */
  isHeld(group: string): boolean {
    return this.#groups.has(group.toLowerCase())
  }

  /** Waits for the turn. What the newcomer says decides about those before him, whatever they said when they came. */
  async enter(wanted: Concurrency, cancel: AbortSignal): Promise<Turn | NoTurn> {
    const key = wanted.group.toLowerCase()
    const member: Member = { cancel: new AbortController(), turn: Promise.withResolvers() }
    const turn: Turn = { cancel: member.cancel.signal, leave: () => this.#leave(key, member) }
    const known = this.#groups.get(key)
    if (known === undefined) {
      this.#groups.set(key, { running: member, pending: [] })
      return turn
    }
    // GitHub's words for a run that had to give way.
    const reason = `Canceling since a higher priority waiting request for '${wanted.group}' exists`
    if (wanted.cancelsRunning || wanted.queue === 'single')
      for (const replaced of known.pending.splice(0)) replaced.turn.resolve({ reason })
    else if (known.pending.length >= mostPending)
      return { reason: `'${wanted.group}' has ${mostPending} waiting already, and no more may wait` }
    known.pending.push(member)
    if (wanted.cancelsRunning) known.running.cancel.abort()
    const onCancel = (): void => {
      if (!known.pending.includes(member)) return
      known.pending.splice(known.pending.indexOf(member), 1)
      member.turn.resolve({ reason: 'The operation was canceled.' })
    }
    cancel.addEventListener('abort', onCancel, { once: true })
    if (cancel.aborted) onCancel()
    try {
      return (await member.turn.promise) ?? turn
    } finally {
      cancel.removeEventListener('abort', onCancel)
    }
  }

  #leave(key: string, member: Member): void {
    const group = this.#groups.get(key)
    if (group === undefined || group.running !== member) return
    const next = group.pending.shift()
    if (next === undefined) {
      this.#groups.delete(key)
      return
    }
    group.running = next
    next.turn.resolve(undefined)
  }
}
