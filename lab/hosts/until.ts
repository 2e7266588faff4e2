import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for something that cannot be waited for otherwise. Rejects after `limitMs`. */
export async function until<T>(
  what: string,
  limitMs: number,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${limitMs / 1000} s`)
    await sleep(10)
  }
}
