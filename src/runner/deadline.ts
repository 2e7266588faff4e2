/** What became of work that had a deadline; a fault of the work itself is thrown as it is. */
export type Outcome<Result> = { readonly isLate: false; readonly value: Result } | { readonly isLate: true }

/**
 * Runs `work` with a signal that fires at the deadline, or when `signal` does, and stops waiting then, also for work that does not
 * listen. Rejects with `signal`'s reason once that is aborted.
 */
export async function within<Result>(
  deadlineMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Outcome<Result>> {
  signal.throwIfAborted()
  const stop = new AbortController()
  const { promise: ended, resolve: end } = Promise.withResolvers<'cancelled' | 'late'>()
  const cancel = () => end('cancelled')
  const timer = setTimeout(() => end('late'), deadlineMs)
  signal.addEventListener('abort', cancel, { once: true })
  // Whichever loses may still reject later; it has been heard.
  const working = work(stop.signal)
  working.catch(() => undefined)
  try {
    const first = await Promise.race([working.then((value) => ({ value })), ended])
    if (first === 'late') return { isLate: true }
    if (first === 'cancelled') throw signal.reason
    return { isLate: false, value: first.value }
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
    stop.abort()
  }
}
