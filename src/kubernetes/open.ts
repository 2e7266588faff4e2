import { readFile } from 'node:fs/promises'
import { parse, YAMLParseError } from 'yaml'
import { ApiCluster } from './cluster.ts'
import { loadCredentials } from './credentials.ts'
import { ClusterError, codeOf } from './errors.ts'
import { selectContext } from './kubeconfig.ts'
import type { Cluster } from './model.ts'
import { Transport } from './transport.ts'

async function readKubeconfig(path: string, signal: AbortSignal): Promise<string> {
  try {
    return await readFile(path, { encoding: 'utf8', signal })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const code = codeOf(error)
    throw new ClusterError('kubeconfig-missing', {
      title: path === '' ? 'no kubeconfig was given' : `the kubeconfig ${path} cannot be read`,
      cause:
        code === 'ENOENT' || path === ''
          ? 'there is no such file'
          : code === 'EACCES'
            ? 'this user may not read it'
            : code,
      remedy: 'give the input `kubeconfig`, or run kubeconfig-esc in an earlier step of the job',
    })
  }
}

function parseKubeconfig(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0, merge: false, prettyErrors: false })
  } catch (error) {
    // The parser's messages may quote the file, so only its code and the line are passed on.
    const position = error instanceof YAMLParseError ? error.pos[0] : undefined
    const line = position === undefined ? '' : ` in line ${text.slice(0, position).split('\n').length}`
    throw new ClusterError('kubeconfig-invalid', {
      title: 'the kubeconfig is not valid YAML',
      cause: `${codeOf(error) || 'it cannot be parsed'}${line}`,
      remedy: 'store the text of a kubeconfig as it is: kubectl config view --raw --flatten --minify',
    })
  }
}

/**
 * Opens the cluster of a kubeconfig; nothing is sent yet.
 * Rejects with ClusterError `kubeconfig-missing`, `kubeconfig-invalid` or `kubeconfig-refused`.
 * Methods of the result reject with ClusterError, or with the signal's reason once it is aborted.
 */
export async function openCluster(options: {
  readonly kubeconfigPath: string
  /** Name of a context; the file's current-context when absent. */
  readonly context?: string
  readonly signal: AbortSignal
}): Promise<Cluster> {
  const text = await readKubeconfig(options.kubeconfigPath, options.signal)
  const selected = selectContext(parseKubeconfig(text), options.context)
  const credentials = await loadCredentials(selected)
  return new ApiCluster(selected, new Transport(selected.server, credentials))
}
