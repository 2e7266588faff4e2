import { dirname } from 'node:path'
import { isAlive } from '../ownership/index.ts'
import type { TunnelFault } from './error.ts'
import { explainRefusal } from './ssh-words.ts'
import { readState, stateFileOf } from './state.ts'

/** A refusal that long ago says nothing of now. */
const recentMs = 60_000

/**
 * What is wrong with the tunnel beside a kubeconfig, for a step that finds its API server unreachable.
 * Undefined: there is no tunnel beside it, or it stands and was refused nothing of late.
 */
export function tunnelFault(kubeconfigPath: string): TunnelFault | undefined {
  const own = readState(stateFileOf(dirname(kubeconfigPath)))
  if (own === undefined) return undefined
  const lender = own.borrowedFrom === undefined ? own : readState(own.borrowedFrom)
  const state = lender?.nonce === own.nonce ? lender : own
  if (state.ended) return state.ended
  const { supervisor, ssh, host, target } = state
  const dead = [supervisor, ssh].find((one) => one !== undefined && !isAlive(one))
  if (dead !== undefined || supervisor === undefined) {
    return {
      code: 'tunnel-ended',
      title: `the tunnel over ${host} to ${target} has ended`,
      cause: `its ${dead === ssh ? 'ssh' : 'supervisor'} is gone without a word: somebody killed it`,
      remedy:
        'look what ends processes on this runner (a clean-up, the OOM killer: journalctl -k); run the job again: the tunnel is opened anew',
      evidence: [
        dead ? `pid ${dead.pid} is not there any more` : 'it never had one',
        `opened ${state.startedAt} by ${state.label}`,
      ],
    }
  }
  const { refusal } = state
  if (refusal === undefined || Date.now() - Date.parse(refusal.at) > recentMs) return undefined
  const fault = explainRefusal(refusal.text, state)
  return { ...fault, evidence: [...fault.evidence, `at ${refusal.at}`] }
}
