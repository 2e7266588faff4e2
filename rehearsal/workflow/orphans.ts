/** What a job leaves running is ended with it: the runner finds such processes by a mark in their environment. */
import { readdirSync, readFileSync } from 'node:fs'

/** Ends every process whose environment has the mark; gives their ids. Only where /proc tells, as on the runner for Linux. */
export function endOrphans(trackingId: string): number[] {
  const ended: number[] = []
  if (process.platform !== 'linux') return ended
  for (const name of readdirSync('/proc')) {
    const id = Number(name)
    if (!Number.isInteger(id) || id === process.pid) continue
    try {
      if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`RUNNER_TRACKING_ID=${trackingId}`))
        continue
      process.kill(id, 'SIGKILL')
      ended.push(id)
    } catch {
      // It is another user's process, or it ended meanwhile.
    }
  }
  return ended
}
