import { tunnelFault } from '../src/tunnel/index.ts'
import { RunFailure } from './failure.ts'

/** Errors of a server that is not there (src/kubernetes): what a tunnel that has died looks like from here. */
const lost = new Set(['api-unreachable', 'api-failed', 'timeout'])

/** Failures that rest on what the API server did not show: told so only when the tunnel has ended, not when it had a refusal. */
const unseen = new Set(['node-not-registered', 'node-not-ready'])

function codeOf(error: unknown): string {
  if (error instanceof RunFailure) return error.failure.code
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : ''
}

/**
 * An error of the API server, or a wait for what it did not show, told by its cause when that is a tunnel beside this kubeconfig that has
 * ended; any other error as it is.
 * Reads two small files, and only when the server cannot be reached.
 */
export function blameTunnel(error: unknown, kubeconfigPath: string): unknown {
  const code = codeOf(error)
  if (kubeconfigPath === '' || !(lost.has(code) || unseen.has(code))) return error
  const fault = tunnelFault(kubeconfigPath)
  if (fault === undefined || (unseen.has(code) && fault.code !== 'tunnel-ended')) return error
  const seen = error instanceof Error ? [`this run saw: ${error.message}`] : []
  if (error instanceof RunFailure) seen.push(...error.failure.evidence)
  return Object.assign(new Error(fault.title), fault, { evidence: [...fault.evidence, ...seen] })
}
