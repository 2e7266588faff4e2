import { deleteToken } from '../../src/join/index.ts'
import { type Cluster, openCluster } from '../../src/kubernetes/index.ts'
import { cordonedBy } from '../../src/leave/index.ts'
import { openRunner, type Runner } from '../../src/runner/index.ts'
import { readCordonRecord, readTokenRecord } from './state.ts'

const openTimeoutMs = 8_000

/**
 * Takes back what a main could not take back itself: its token, and the closing of a node that it had not stopped yet; silent when
 * there is none. Idempotent; only warns, because the job is over.
 */
export async function post(): Promise<number> {
  const runner = await openRunner(process.env)
  await revokeToken(runner)
  await openNode(runner)
  return 0
}

async function opened(
  { kubeconfig, context }: { readonly kubeconfig: string; readonly context: string },
  signal: AbortSignal,
): Promise<Cluster> {
  return await openCluster({ kubeconfigPath: kubeconfig, context: context || undefined, signal })
}

async function revokeToken(runner: Runner): Promise<void> {
  const record = readTokenRecord(runner)
  if (!record) return
  try {
    const signal = AbortSignal.timeout(openTimeoutMs)
    // A token is the same Secret whatever distribution it was for.
    await deleteToken(await opened(record, signal), record.tokenId, signal)
    runner.debug(`join token ${record.tokenId} is gone`)
  } catch (error) {
    runner.warningAnnotation(
      'join token not deleted',
      `The token ${record.tokenId} could not be deleted (${error instanceof Error ? error.message : String(error)}). ` +
        `It ends by itself within minutes; sooner with: kubectl -n kube-system delete secret bootstrap-token-${record.tokenId}`,
    )
  }
}

/** Only the Node that main closed, and only while it is main's: a later run, or a person, may have closed it since. */
async function openNode(runner: Runner): Promise<void> {
  const record = readCordonRecord(runner)
  if (!record) return
  try {
    const signal = AbortSignal.timeout(openTimeoutMs)
    const cluster = await opened(record, signal)
    const node = await cluster.node(record.node, signal)
    if (node?.uid !== record.uid || node.annotations[cordonedBy] !== record.runId) return
    await cluster.changeNode(record.node, { unschedulable: false, annotations: { [cordonedBy]: null } }, signal)
    runner.line(`${record.node} takes pods again: its removal was interrupted before its machine was touched`)
  } catch (error) {
    runner.warningAnnotation(
      'node still closed',
      `${record.node} could not be opened to new pods again (${error instanceof Error ? error.message : String(error)}): kubectl uncordon ${record.node}`,
    )
  }
}
