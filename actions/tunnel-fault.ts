import { tunnelFault } from '../src/tunnel/index.ts'

/** Errors of a server that is not there (src/kubernetes): what a tunnel that has died looks like from here. */
const lost = new Set(['api-unreachable', 'api-failed', 'timeout'])

/**
 * An error of the API server, told by its cause when that is a tunnel beside this kubeconfig that has ended; any other error as it is.
 * Reads two small files, and only when the server cannot be reached.
 */
export function blameTunnel(error: unknown, kubeconfigPath: string): unknown {
  const { code } = (error ?? {}) as { code?: unknown }
  if (kubeconfigPath === '' || typeof code !== 'string' || !lost.has(code)) return error
  const fault = tunnelFault(kubeconfigPath)
  if (fault === undefined) return error
  const seen = error instanceof Error ? [`this run saw: ${error.message}`] : []
  return Object.assign(new Error(fault.title), fault, { evidence: [...fault.evidence, ...seen] })
}
