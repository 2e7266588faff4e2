/** States of calypso that begin with a press of the button when all was well, in every world. */
import type { CalypsoState } from './contract.ts'

/** A machine that the button has joined, and what people do to it and to its Node. */
export interface JoinedMachine {
  /** Stops the agent; its Node is told nothing. */
  stopAgent(): Promise<void>
  /** Starts it, and waits for nothing. */
  startAgent(): Promise<void>
  /** Sets the Lease of its Node back, so that it looks as if it were from so long ago; made when the Node has none yet. */
  ageLease(milliseconds: number): Promise<void>
  /** Deletes its Node through the API; resolves when its password Secret is gone as well. */
  deleteNode(): Promise<void>
  /** Resolves when the server accepts the token no more that the join was done with. */
  forgetToken(): Promise<void>
  /** Resolves when the agent's journal has a line that matches. */
  said(pattern: RegExp): Promise<void>
}

/** States that a machine is brought to by pressing the button before, out of sight. */
export function isPressedBefore(state: CalypsoState): boolean {
  return state === 'joined-by-us' || state === 'agent-stopped' || state === 'node-deleted'
}

/** A Lease counts for 40 s (leaseDurationSeconds); a Node goes on being Ready for a little longer. */
const staleLeaseMs = 60_000

/** Brings a machine that the button has just joined, without any fault, into the state. */
export async function reachState(state: CalypsoState, machine: JoinedMachine): Promise<void> {
  if (state === 'agent-stopped') {
    await machine.stopAgent()
    await machine.ageLease(staleLeaseMs)
  }
  if (state === 'node-deleted') {
    await machine.stopAgent()
    await machine.deleteNode()
    await machine.forgetToken()
    await machine.startAgent()
    // Refused by its certificate first, then by the token that was good for one join; it goes on asking for ever.
    await machine.said(/401 Unauthorized/)
  }
}
