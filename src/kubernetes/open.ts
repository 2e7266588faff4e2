import { readKubeconfig, readKubeconfigFile, type SelectedKubeconfig } from '../kubeconfig/index.ts'
import { ApiCluster } from './cluster.ts'
import { loadCredentials } from './credentials.ts'
import type { Cluster } from './model.ts'
import { Transport } from './transport.ts'

/**
 * Opens the cluster of a kubeconfig that has been read and judged; nothing is sent yet. Rejects with KubeconfigError `kubeconfig-invalid`.
 * Methods of the result reject with ClusterError, or with the signal's reason once it is aborted.
 */
export async function openSelected(selected: SelectedKubeconfig, signal: AbortSignal): Promise<Cluster> {
  const credentials = await loadCredentials(selected)
  signal.throwIfAborted()
  return new ApiCluster(selected, new Transport(selected.server, credentials))
}

/**
 * Opens the cluster of a kubeconfig on the runner, with the policy of src/kubeconfig; nothing is sent yet.
 * Rejects with KubeconfigError `kubeconfig-missing`, `kubeconfig-invalid` or `kubeconfig-refused`.
 */
export async function openCluster(options: {
  readonly kubeconfigPath: string
  /** Name of a context; the file's current-context when absent. */
  readonly context?: string
  /** Programs that the kubeconfig may run for its credentials; none when absent. */
  readonly allowExec?: readonly string[]
  readonly signal: AbortSignal
}): Promise<Cluster> {
  const { kubeconfigPath, context = '', allowExec = [], signal } = options
  const text = await readKubeconfigFile(kubeconfigPath, signal)
  return await openSelected(readKubeconfig(text, { context, allowExec }).selected, signal)
}
