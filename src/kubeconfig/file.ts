import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { quote } from '../cluster-file/index.ts'
import { flatten, invalid, KubeconfigError } from './errors.ts'
import { largestBytes } from './text.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a link without end',
}

function missing(path: string, cause: string): KubeconfigError {
  return new KubeconfigError('kubeconfig-missing', {
    title: path === '' ? 'no kubeconfig was given' : `the kubeconfig ${path} cannot be read`,
    cause,
    remedy: 'give the input `kubeconfig`, or run kubeconfig-esc in an earlier step of the job',
  })
}

/**
 * The text of a kubeconfig on the runner; read with `readKubeconfig`. Of a file that is none, or longer than a kubeconfig can be, nothing is
 * read: a pipe or device would never end. Rejects with KubeconfigError `kubeconfig-missing` or `kubeconfig-invalid`, or with the signal's reason.
 */
export async function readKubeconfigFile(path: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  if (path === '') throw missing(path, 'there is no such file')
  let file: Awaited<ReturnType<typeof open>> | undefined
  try {
    // Without O_NONBLOCK, opening a pipe waits for somebody to write.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const found = await file.stat()
    if (found.isDirectory()) throw missing(path, 'it is a folder')
    if (!found.isFile()) throw missing(path, 'it is no file, but a pipe or device')
    if (found.size > largestBytes)
      throw invalid(`the kubeconfig ${quote(path)} is larger than 1 MiB`, 'no kubeconfig is', flatten)
    const bytes = await file.readFile({ signal })
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof KubeconfigError) throw error
    if (error instanceof TypeError)
      throw invalid('the kubeconfig is not a text', 'it holds binary data, or another encoding than UTF-8', flatten)
    const code = (error as NodeJS.ErrnoException).code ?? ''
    throw missing(path, reasons[code] ?? (code || 'it cannot be read'))
  } finally {
    await file?.close()
  }
}
