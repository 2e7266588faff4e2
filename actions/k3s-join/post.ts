import { deleteToken } from '../../src/join/index.ts'
import { openCluster } from '../../src/kubernetes/index.ts'
import { openRunner } from '../../src/runner/index.ts'
import { readTokenRecord } from './state.ts'

const revokeTimeoutMs = 8_000

/**
 * Deletes the token of a main that could not do it itself; silent when there is none left. Idempotent; only warns, because the job
 * is over.
 */
export async function post(): Promise<number> {
  const runner = await openRunner(process.env)
  const record = readTokenRecord(runner)
  if (!record) return 0
  try {
    const signal = AbortSignal.timeout(revokeTimeoutMs)
    const cluster = await openCluster({
      kubeconfigPath: record.kubeconfig,
      context: record.context || undefined,
      signal,
    })
    // A token is the same Secret whatever distribution it was for.
    await deleteToken(cluster, record.tokenId, signal)
    runner.debug(`join token ${record.tokenId} is gone`)
  } catch (error) {
    runner.warningAnnotation(
      'join token not deleted',
      `The token ${record.tokenId} could not be deleted (${error instanceof Error ? error.message : String(error)}). ` +
        `It ends by itself within minutes; sooner with: kubectl -n kube-system delete secret bootstrap-token-${record.tokenId}`,
    )
  }
  return 0
}
