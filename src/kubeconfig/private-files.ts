import { constants } from 'node:fs'
import { chmod, lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KubeconfigError } from './errors.ts'

/** Whether something was gone that had been there: of two jobs one left while the other came. */
export function isVanished(error: unknown): boolean {
  return error instanceof KubeconfigError && error.evidence.includes('ENOENT')
}

export function notPlaced(
  title: string,
  cause: string,
  remedy: string,
  evidence: readonly string[] = [],
): KubeconfigError {
  return new KubeconfigError('kubeconfig-not-placed', { title, cause, remedy, evidence })
}

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? ''
}

/** Makes a folder that only this user can enter; one that is there has to be such. Throws KubeconfigError `kubeconfig-not-placed`. */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      const remedy = 'check RUNNER_TEMP, its rights and its free space'
      throw notPlaced(`the folder ${path} cannot be made`, codeOf(error), remedy, [codeOf(error)])
    }
  }
  const found = await lstat(path).catch((error: unknown) => {
    throw notPlaced(`the folder ${path} is gone again`, 'another job removed it', 'run it again', [codeOf(error)])
  })
  const bad = (cause: string) =>
    notPlaced(`the folder ${path} is not private`, cause, 'remove it, and find out who made it; then run this again')
  if (!found.isDirectory()) throw bad(found.isSymbolicLink() ? 'it is a link' : 'it is no folder')
  if (process.getuid !== undefined && found.uid !== process.getuid()) throw bad('it belongs to another user')
  if ((found.mode & 0o022) !== 0) throw bad('others may write into it')
  // Of a folder that others could only look into, nothing was taken or put.
  if ((found.mode & 0o777) !== 0o700) await chmod(path, 0o700)
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Name under which a file of that claim grows before it is renamed; whoever cleans up for the claim takes these, too. */
export function growingName(name: string, nonce: string): string {
  return `.${name}.${nonce}.new`
}

/**
 * Writes a file of mode 0600, byte by byte what is given: a new file, never one that is there, made durable, then renamed over the old one.
 * A reader finds the old or the new one whole; a link under that name is replaced, not followed. Throws KubeconfigError `kubeconfig-not-placed`.
 */
export async function writePrivately(path: string, content: string | Uint8Array, nonce: string): Promise<void> {
  const folder = dirname(path)
  const growing = join(folder, growingName(path.slice(folder.length + 1), nonce))
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  try {
    await rm(growing, { force: true })
    const file = await open(growing, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    try {
      // A umask may have taken rights away.
      await file.chmod(0o600)
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(growing, path)
    await syncFolder(folder)
  } catch (error) {
    await rm(growing, { force: true }).catch(() => undefined)
    const cause = codeOf(error) || String(error)
    throw notPlaced(`${path} cannot be written`, cause, 'check RUNNER_TEMP, its rights and its free space', [cause])
  }
}
