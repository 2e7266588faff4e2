import { isOurs, lockWords, type StackApi, type StackReference } from '../../src/pulumi/index.ts'

/** The clocks of a runner and of Pulumi differ by less. */
const clockMs = 5 * 60_000

/**
 * Frees the stack when an update of this very step still holds it, and cancels exactly that update. Another's is never touched: neither
 * that of another run, nor one that this run had begun before. Says what became of it; empty: nobody held it.
 */
export async function freeOurLock(
  api: StackApi,
  stack: StackReference,
  ours: { readonly runId: string; readonly begunMs: number },
  signal: AbortSignal,
): Promise<string> {
  const lock = await api.lock(stack, signal)
  if (lock.updateId === '') return ''
  const isOlder = lock.startedAt > 0 && lock.startedAt * 1000 < ours.begunMs - clockMs
  if (!isOurs(lock, ours.runId) || isOlder)
    return `the stack is held by another, which was not touched: ${lockWords(lock)}`
  await api.cancel(stack, lock, signal)
  return `the stack was still locked by this run and was freed (update ${lock.updateId})`
}
