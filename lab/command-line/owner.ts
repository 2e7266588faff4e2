/** The state folder and whose it is: one lab for each machine. */
import { lstatSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** LAB_STATE is for the command line's own tests. */
export const stateFolder = process.env.LAB_STATE ?? '/var/tmp/k3s-gpu-actions-lab'

/** Written by `lab/keeper/keeper.sh`. */
export interface Owner {
  readonly pid: number
  /** When the keeper started, in clock ticks since boot: pids are used again. */
  readonly start: string
  /** Identity of the boot. */
  readonly boot: string
  readonly since: string
  readonly kind: 'suite' | 'standing'
}

export type LabState =
  | { readonly is: 'nothing' }
  | { readonly is: 'standing'; readonly owner: Owner }
  /** Its keeper was killed. */
  | { readonly is: 'left'; readonly owner: Owner }
  /** Not a lab's folder, or one that only root can read. */
  | { readonly is: 'unknown'; readonly reason: string }

/** Start of a process in clock ticks since boot; undefined when there is none. */
export function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name, in parentheses, may hold anything.
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19)
  } catch {
    return undefined
  }
}

const isOwner = (value: unknown): value is Owner => {
  const { pid, start, boot, since, kind } = value as Record<string, unknown>
  return typeof pid === 'number' && [start, boot, since, kind].every((text) => typeof text === 'string')
}

export function readLabState(state: string): LabState {
  try {
    const folder = lstatSync(state)
    if (!folder.isDirectory() || folder.uid !== 0)
      return { is: 'unknown', reason: `${state} is not a lab's folder: move it away` }
    const owner: unknown = JSON.parse(readFileSync(join(state, 'owner'), 'utf8'))
    if (!isOwner(owner)) return { is: 'unknown', reason: `${join(state, 'owner')} is not what a lab writes` }
    const lives =
      owner.boot === readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() &&
      startOf(owner.pid) === owner.start
    return { is: lives ? 'standing' : 'left', owner }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && exists(state))
      return { is: 'unknown', reason: `${state} is not a lab's folder: move it away` }
    if (code === 'ENOENT') return { is: 'nothing' }
    if (code === 'EACCES') return { is: 'unknown', reason: `${basename(state)} in ${dirname(state)} is root's` }
    return { is: 'unknown', reason: `${join(state, 'owner')} cannot be read: ${(error as Error).message}` }
  }
}

function exists(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}
