import { isUtf8 } from 'node:buffer'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
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

/** One byte more than a kubeconfig can have tells that there are more. The size that a file says is no bound: it grows, and files of /proc say 0. */
async function readBounded(file: FileHandle): Promise<Buffer> {
  const buffer = Buffer.alloc(largestBytes + 1)
  let length = 0
  for (let bytesRead = -1; bytesRead !== 0 && length < buffer.length; length += bytesRead) {
    bytesRead = (await file.read(buffer, length, buffer.length - length, null)).bytesRead
  }
  return buffer.subarray(0, length)
}

/**
 * The text of a kubeconfig on the runner; read with `readKubeconfig`. Of a file that is none, or longer than a kubeconfig can be, nothing is
 * read: a pipe or device would never end. Rejects with KubeconfigError `kubeconfig-missing` or `kubeconfig-invalid`, or with the signal's reason.
 */
export async function readKubeconfigFile(path: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted()
  if (path === '') throw missing(path, 'there is no such file')
  let file: FileHandle | undefined
  try {
    // Without O_NONBLOCK, opening a pipe waits for somebody to write.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const found = await file.stat()
    if (found.isDirectory()) throw missing(path, 'it is a folder')
    if (!found.isFile()) throw missing(path, 'it is no file, but a pipe or device')
    const bytes = await readBounded(file)
    signal.throwIfAborted()
    if (bytes.length > largestBytes)
      throw invalid(`the kubeconfig ${quote(path)} is larger than 1 MiB`, 'no kubeconfig is', flatten)
    if (!isUtf8(bytes))
      throw invalid('the kubeconfig is not a text', 'it holds binary data, or another encoding than UTF-8', flatten)
    return bytes.toString('utf8')
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof KubeconfigError) throw error
    const code = (error as NodeJS.ErrnoException).code ?? ''
    throw missing(path, reasons[code] ?? (code || 'it cannot be read'))
  } finally {
    await file?.close()
  }
}
