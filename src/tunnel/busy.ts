import { dirname } from 'node:path'
import { isAlive, type PortHolder, type ProcessIdentity, portHolders } from '../ownership/index.ts'
import { type Claim, claimOf, isAbandoned, membersOf } from './claim.ts'
import { TunnelError, type TunnelFault } from './error.ts'
import type { Destination, TunnelState } from './model.ts'
import { endState, terminate } from './reap.ts'
import { isSameDestination, readState, removeFiles, stateFileOf } from './state.ts'

/** Whose tunnel is asked for. */
export interface Asker {
  readonly folder: string
  readonly worker: ProcessIdentity | undefined
  readonly to: Destination
  readonly expiresAtMs: number
}

const otherPort =
  'or set local-port to another one for this job (a program that has the server address in its state, as Pulumi has, sees a changed server then)'

function describe({ process: holder, user, isListening }: PortHolder): string {
  const what = isListening ? 'listens there' : 'has a connection from there'
  if (holder === undefined) return `a process of user ${user} that cannot be seen from here ${what}`
  return `${holder.program} (pid ${holder.pid}, user ${holder.user}) ${what}`
}

/** Why the port cannot be had, with its owner. `claim`: the owner is a tunnel of a job that lives. */
export function explainBusy(port: number, holder: PortHolder | undefined, claim?: Claim): TunnelFault {
  const pid = holder?.process?.pid
  const evidence = holder === undefined ? [] : [describe(holder)]
  if (claim) {
    return {
      code: 'tunnel-port-busy',
      title: `port ${port} on the runner is taken by the tunnel of another job`,
      cause: `${claim.label} (pid ${pid}) uses it, for ${claim.destination.user}@${claim.destination.host} to ${claim.destination.target}, and is alive`,
      remedy: `let that job end, ${otherPort}`,
      evidence: [...evidence, `its state: ${claim.stateFile}`],
    }
  }
  return {
    code: 'tunnel-port-busy',
    title: `port ${port} on the runner is taken`,
    cause: holder === undefined ? 'who holds it cannot be seen from here' : describe(holder),
    remedy: `${pid === undefined ? `see who it is (sudo ss -ltnp 'sport = :${port}') and end it` : `end it if it is not needed (ps -fp ${pid}; kill ${pid})`}, ${otherPort}`,
    evidence,
  }
}

const sameWorker = (one: ProcessIdentity | undefined, other: ProcessIdentity | undefined): boolean =>
  one !== undefined && one.pid === other?.pid && one.started === other.started

/** A tunnel of the same job that leads to the same place, and will for long enough. */
function isUsable(state: TunnelState, asker: Asker): boolean {
  return (
    sameWorker(state.worker, asker.worker) &&
    isSameDestination(state, asker.to) &&
    state.phase === 'connected' &&
    state.supervisor !== undefined &&
    isAlive(state.supervisor) &&
    (state.ssh === undefined || isAlive(state.ssh)) &&
    // Some minutes less are worth more than to cut the connections of the step before.
    Date.parse(state.expiresAt) >= asker.expiresAtMs - 10 * 60_000
  )
}

function aliveIn(state: TunnelState): ProcessIdentity | undefined {
  return [state.supervisor, state.ssh].find((one) => one !== undefined && isAlive(one))
}

/** What an earlier run left in the same folder: used again, ended, or respected. */
async function settleFolder(asker: Asker): Promise<TunnelState | undefined> {
  const state = readState(stateFileOf(asker.folder))
  if (state && isUsable(state, asker)) return state
  const alive = state && aliveIn(state)
  const isMine = state === undefined || sameWorker(state.worker, asker.worker) || isAbandoned(state)
  if (state && alive && !isMine && state.borrowedFrom === undefined) {
    throw new TunnelError({
      code: 'tunnel-port-busy',
      title: 'the tunnel of another job stands in the same folder',
      cause: `${state.label} (pid ${alive.pid}) uses ${asker.folder}, and is alive`,
      remedy: 'let that job end: two jobs cannot share one folder of a runner at the same time',
      evidence: [`its state: ${stateFileOf(asker.folder)}`],
    })
  }
  if (state) await endState(state)
  removeFiles(asker.folder)
  return undefined
}

/**
 * Makes the local port free, as far as that is ours to do: tunnels of dead jobs are ended, one of this job that leads to the
 * same place is used again, and whoever else holds the port is named.
 * @returns the state of the tunnel to use again; undefined: the port is free
 * @throws TunnelError tunnel-port-busy
 */
export async function settlePort(asker: Asker): Promise<TunnelState | undefined> {
  const own = await settleFolder(asker)
  if (own) return own
  const { localPort } = asker.to
  const listener = (): PortHolder | undefined => portHolders(localPort).find((one) => one.isListening)
  // Each round ends one tunnel of a dead job; a port has one listener at each of few addresses.
  for (let round = 0; round < 5; round += 1) {
    const holder = listener()
    if (holder === undefined) return undefined
    const pid = holder.process?.pid
    const claim = pid === undefined ? undefined : claimOf(pid)
    if (pid === undefined || claim === undefined) throw new TunnelError(explainBusy(localPort, holder))
    const lent = readState(claim.stateFile)
    if (lent !== undefined && lent.nonce === claim.nonce && isUsable(lent, asker))
      return { ...lent, borrowedFrom: claim.stateFile }
    const members = membersOf(pid, claim)
    const isOrphan = members.supervisor === undefined && sameWorker(claim.worker, asker.worker)
    if (!isOrphan && !isAbandoned({ ...claim, ...members })) {
      throw new TunnelError(explainBusy(localPort, holder, claim))
    }
    const isGone = await terminate({ nonce: claim.nonce, ...members })
    if (!isGone) throw new TunnelError(explainBusy(localPort, holder, claim))
    if (lent?.nonce === claim.nonce) removeFiles(dirname(claim.stateFile))
  }
  throw new TunnelError(explainBusy(localPort, listener()))
}
