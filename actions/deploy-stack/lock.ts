import {
  isOurs,
  lockWords,
  type PulumiCommand,
  type StackApi,
  type StackLock,
  type StackReference,
} from '../../src/pulumi/index.ts'

/** The clocks of a runner and of Pulumi differ by less. */
const clockMs = 5 * 60_000

/** A step that only looks has begun no update: one that runs is that of another job of this run. */
function isOfAnotherCommand({ kind }: StackLock, command: PulumiCommand): boolean {
  return command !== 'up' && kind !== '' && kind !== 'preview'
}

/**
 * Frees the stack when an update of this very step still holds it, and cancels exactly that update. Another's is never touched: neither
 * that of another run, nor one that this run had begun before. Says what became of it; empty: nobody held it.
 */
export async function freeOurLock(
  api: StackApi,
  stack: StackReference,
  ours: { readonly runId: string; readonly begunMs: number; readonly command: PulumiCommand },
  signal: AbortSignal,
): Promise<string> {
  const lock = await api.lock(stack, signal)
  if (lock.updateId === '') return ''
  const isOlder = lock.startedAt > 0 && lock.startedAt * 1000 < ours.begunMs - clockMs
  if (!isOurs(lock, ours.runId) || isOlder || isOfAnotherCommand(lock, ours.command))
    return `the stack is held by another, which was not touched: ${lockWords(lock)}`
  await api.cancel(stack, lock, signal)
  return `the stack was still locked by this run and was freed (update ${lock.updateId})`
}
