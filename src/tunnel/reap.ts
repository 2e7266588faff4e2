import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeProcess, isAlive, type ProcessIdentity } from '../ownership/index.ts'
import { claimOf, isAbandoned } from './claim.ts'
import type { TunnelState } from './model.ts'
import { readState, removeFiles, stateFileOf } from './state.ts'

const gracefulMs = 3000
const forcedMs = 2000

/** What belongs to one tunnel. */
export interface Members {
  readonly nonce: string
  readonly supervisor?: ProcessIdentity
  readonly ssh?: ProcessIdentity
}

/** A pid and its start are on record; where the platform shows the environment, the nonce must be there, too. */
function isMember(identity: ProcessIdentity, nonce: string): boolean {
  return isAlive(identity) && (process.platform !== 'linux' || claimOf(identity.pid)?.nonce === nonce)
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // gone meanwhile, or not ours any more
  }
}

async function allGone(members: () => readonly ProcessIdentity[], deadlineMs: number): Promise<boolean> {
  const until = performance.now() + deadlineMs
  while (members().length > 0) {
    if (performance.now() > until) return false
    await sleep(20)
  }
  return true
}

/**
 * Ends the processes of one tunnel: those on record and no other. The supervisor ends its ssh itself; what does not go
 * is killed, with its group where the group is known to be the supervisor's.
 * @returns whether all of them are gone
 */
export async function terminate({ nonce, supervisor, ssh }: Members): Promise<boolean> {
  const known = [supervisor, ssh].filter((one) => one !== undefined).filter((one) => isMember(one, nonce))
  // A process that is ending shows no environment any more while it may still hold its port: what was known as ours is waited for by
  // pid and start, which no other process can have.
  const members = (): readonly ProcessIdentity[] => known.filter(isAlive)
  const [first] = known
  if (first === undefined) return true
  signal(first.pid, 'SIGTERM')
  if (await allGone(members, gracefulMs)) return true
  for (const { pid } of members()) {
    // The leader gave the group its number, so a member that lives keeps that number from being given anew.
    const isInGroup = supervisor !== undefined && describeProcess(pid)?.group === supervisor.pid
    signal(isInGroup ? -supervisor.pid : pid, 'SIGKILL')
  }
  return await allGone(members, forcedMs)
}

export async function endState(state: TunnelState): Promise<boolean> {
  // A borrowed tunnel belongs to another kubeconfig of the same job.
  return state.borrowedFrom !== undefined || (await terminate(state))
}

/**
 * Ends the tunnel of a folder and removes its files, whatever state it is in. Does nothing where there is none.
 * A supervisor whose state cannot be read finds it gone and ends by itself.
 * With `nonce`, only what was opened or borrowed under it: a step that uses another step's tunnel again does not end it.
 */
export async function closeTunnel(folder: string, nonce?: string): Promise<void> {
  const state = readState(stateFileOf(folder))
  if (nonce !== undefined && state !== undefined && (state.borrowedBy ?? state.nonce) !== nonce) return
  if (state !== undefined) await endState(state)
  removeFiles(folder)
}

/**
 * Ends the tunnels of dead jobs in the folders below `root`.
 * @returns their labels
 */
export async function reapTunnels(root: string): Promise<readonly string[]> {
  let names: readonly string[]
  try {
    names = readdirSync(root)
  } catch {
    return []
  }
  const reaped: string[] = []
  for (const name of names) {
    const folder = join(root, name)
    const state = readState(stateFileOf(folder))
    if (state === undefined || !isAbandoned(state)) continue
    await closeTunnel(folder)
    reaped.push(state.label)
  }
  return reaped
}
