/** A lock that ends with whoever holds it, however that ends: it is the kernel's, on a file, held by a child that reads from us. */
import { spawn } from 'node:child_process'

const noticeAfterMs = 1_000

/**
 * Waits for the lock. `waiting` is called once when somebody else holds it.
 *
 * util-linux's flock takes it and runs `cat`, which gives our line back as soon as it runs, and ends when its input does:
 * when we release it, and when this process dies.
 */
export async function lock(
  file: string,
  options: { readonly waiting: () => void; readonly signal?: AbortSignal },
): Promise<() => Promise<void>> {
  options.signal?.throwIfAborted()
  const child = spawn('flock', ['--exclusive', file, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const release = async (): Promise<void> => {
    child.stdin.end()
    await ended
  }
  const notice = setTimeout(options.waiting, noticeAfterMs)
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve())
      child.once('error', (error) =>
        reject(new Error(`flock could not be started: ${error.message}`, { cause: error })),
      )
      child.once('close', (code) => reject(new Error(`flock ended with ${code} instead of locking ${file}`)))
      child.stdin.on('error', () => {})
      child.stdin.write('locked\n')
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason), { once: true })
    })
    return release
  } catch (error) {
    // A waiting flock does not read, and one that has the lock has given it to `cat`: both are told.
    child.stdin.destroy()
    child.kill()
    throw error
  } finally {
    clearTimeout(notice)
  }
}
