import { describeProcess, environmentVariable, identify, isAlive, type ProcessIdentity } from '../ownership/index.ts'
import type { Destination, TunnelPlace } from './model.ts'
import { isIdentity, stateFileOf } from './state.ts'

/** What supervisor and ssh carry in their environment, so that they are known when every file of theirs is gone. */
export interface Claim {
  readonly nonce: string
  readonly label: string
  readonly stateFile: string
  readonly worker?: ProcessIdentity
  readonly destination: Destination
}

const variable = 'K3S_GPU_ACTIONS_TUNNEL'

export function claimEnvironment(place: TunnelPlace, destination: Destination): Readonly<Record<string, string>> {
  const claim: Claim = {
    nonce: place.nonce,
    label: place.label,
    stateFile: stateFileOf(place.folder),
    ...(place.worker ? { worker: place.worker } : {}),
    destination,
  }
  return { [variable]: JSON.stringify(claim) }
}

/** What a process says of itself; undefined: it is no process of a tunnel, or not of this user. */
export function claimOf(pid: number): Claim | undefined {
  try {
    const claim = JSON.parse(environmentVariable(pid, variable) ?? '') as Partial<Claim>
    const isClaim =
      typeof claim.nonce === 'string' &&
      typeof claim.label === 'string' &&
      typeof claim.stateFile === 'string' &&
      (claim.worker === undefined || isIdentity(claim.worker)) &&
      typeof claim.destination === 'object'
    return isClaim ? (claim as Claim) : undefined
  } catch {
    return undefined
  }
}

/** The processes of the tunnel that a process belongs to: itself, and the leader of its group when that carries the same claim. */
export function membersOf(pid: number, claim: Claim): { supervisor?: ProcessIdentity; ssh?: ProcessIdentity } {
  const group = describeProcess(pid)?.group
  const leader = group !== undefined && claimOf(group)?.nonce === claim.nonce ? identify(group) : undefined
  const self = identify(pid)
  return { ...(leader ? { supervisor: leader } : {}), ...(self && pid !== group ? { ssh: self } : {}) }
}

/** Nobody needs it any more: the job's worker is gone, or, where none is known, its supervisor. */
export function isAbandoned(owner: {
  readonly worker?: ProcessIdentity
  readonly supervisor?: ProcessIdentity
}): boolean {
  if (owner.worker !== undefined) return !isAlive(owner.worker)
  return owner.supervisor === undefined || !isAlive(owner.supervisor)
}
