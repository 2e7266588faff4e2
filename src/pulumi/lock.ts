import type { StackLock } from './model.ts'

/** Whether a job of this workflow run holds the stack. Without a run id on both sides nobody's lock is ours. */
export function isOurs(lock: StackLock, runId: string): boolean {
  return lock.updateId !== '' && runId !== '' && lock.runId === runId
}

/** Who holds a stack, and since when; empty: nobody. */
export function lockWords(lock: StackLock): string {
  if (lock.updateId === '') return ''
  const who = lock.author === '' ? 'somebody' : lock.author
  const what = lock.kind === '' ? 'an update' : `${/^[aeiou]/.test(lock.kind) ? 'an' : 'a'} ${lock.kind}`
  const since = isTime(lock.startedAt)
    ? `since ${new Date(lock.startedAt * 1000).toISOString().replace('.000Z', 'Z')}`
    : 'since a time that is not known'
  const where = lock.runId === '' ? '' : `, workflow run ${lock.runId}`
  return `${who} runs ${what} ${since}${where} (update ${lock.updateId})`
}

/** Seconds that a date can be made of: up to the year 9999. */
export function isTime(seconds: unknown): seconds is number {
  return Number.isSafeInteger(seconds) && Number(seconds) > 0 && Number(seconds) < 253_402_300_800
}
