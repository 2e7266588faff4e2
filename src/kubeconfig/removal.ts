import { lstat, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { announceLeaving, type Claim, claimName, claimsOf, isLiving, isNonce, leavingName } from './claims.ts'
import { isSlug, leaver, newNonce, rootOf } from './placement.ts'
import { codeOf, growingName, isVanished, notPlaced } from './private-files.ts'

export interface Removal {
  /** Paths that are gone. */
  readonly removed: readonly string[]
  /** Labels of living claims, because of which the kubeconfig stays. */
  readonly heldBy: readonly string[]
  /** Paths that are still there although nobody claims the folder: somebody else put them. */
  readonly left: readonly string[]
}

const nothing: Removal = { removed: [], heldBy: [], left: [] }

/** `tunnel*` belong to src/tunnel, which removes what it can itself when a tunnel is closed. */
const tunnelFiles = ['tunnel.json', 'tunnel.log', 'tunnel-key', 'tunnel-known-hosts']

async function isOwnFolder(path: string): Promise<boolean> {
  try {
    const found = await lstat(path)
    return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid())
  } catch {
    return false
  }
}

/** Removes a file or link, never what it leads to, never a folder. */
async function removeFile(path: string, removed: string[]): Promise<void> {
  try {
    if ((await lstat(path)).isDirectory()) return
    await rm(path)
    removed.push(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

async function removeEmptyFolder(path: string): Promise<void> {
  try {
    await rmdir(path)
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error
  }
}

async function listed(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).map((name) => join(folder, name))
  } catch {
    return []
  }
}

/**
 * Takes back what one claim recorded, in post: its files, itself, and the kubeconfig unless another living claim holds the folder.
 * Everything is derived from slug and nonce, which have to be well-formed: a state that somebody forged removes nothing else.
 * Idempotent. Rejects with KubeconfigError `kubeconfig-not-placed`.
 */
export async function releasePlacement(request: {
  readonly temporaryDirectory: string
  readonly slug: string
  readonly nonce: string
  readonly label: string
  /** Ends what runs in the folder, its tunnel; called once the folder is known to be ours. */
  readonly beforeRemoval: (folder: string) => Promise<void>
}): Promise<Removal> {
  const { slug, nonce } = request
  if (!isSlug(slug) || !isNonce(nonce))
    throw notPlaced('what is to be removed has no usable name', slug, 'remove it by hand')
  const root = await rootOf(request.temporaryDirectory)
  const folder = join(root, slug)
  if (!(await isOwnFolder(root))) return nothing
  let removal = nothing
  if (await isOwnFolder(folder)) {
    await request.beforeRemoval(folder)
    const leaving = { nonce, label: request.label, everything: false }
    removal = await leave(folder, leaving, (claim) => claim.nonce === nonce)
  }
  // Whoever wants to claim something in it at this moment makes it anew.
  await removeEmptyFolder(root)
  return removal
}

/**
 * Removes what dead claims and those that are `isOver` recorded, and the kubeconfig when nobody else lives; with `everything`, all that lies
 * there then. What is to be removed is listed before the claims are looked at: what comes later belongs to somebody who lives.
 */
async function leave(
  folder: string,
  leaving: { readonly nonce: string; readonly label: string; readonly everything: boolean },
  isOver: (claim: Claim) => boolean,
): Promise<Removal> {
  const removed: string[] = []
  const takeBack = await announceLeaving(folder, leaver(leaving.nonce, leaving.label)).catch((error: unknown) => {
    if (!isVanished(error)) throw error
  })
  if (takeBack === undefined) return nothing
  try {
    const present = (await listed(folder)).filter((path) => path !== join(folder, leavingName(leaving.nonce)))
    const claims = await claimsOf(folder)
    const isHeld = (claim: Claim): boolean => !isOver(claim) && isLiving(claim, Date.now())
    const living = claims.filter(isHeld)
    const needed = new Set(living.flatMap((claim) => claim.files))
    for (const { nonce, files } of claims.filter((claim) => !isHeld(claim))) {
      for (const name of files.filter((one) => !needed.has(one))) await removeFile(join(folder, 'files', name), removed)
      await removeGrowing(folder, nonce, removed)
      await removeFile(join(folder, claimName(nonce)), removed)
    }
    // It may have been killed while its claim was growing.
    await removeGrowing(folder, leaving.nonce, removed)
    if (living.length > 0) return { removed, heldBy: living.map((claim) => claim.label), left: [] }
    for (const name of ['kubeconfig', ...tunnelFiles]) await removeFile(join(folder, name), removed)
    // Nobody claims it, and it is ours alone: whatever is left is of dead runs. Links are removed, not followed.
    if (leaving.everything) for (const path of present) await rm(path, { recursive: true, force: true })
  } finally {
    await takeBack()
  }
  await removeEmptyFolder(join(folder, 'files'))
  await removeEmptyFolder(folder)
  return { removed, heldBy: [], left: await listed(folder) }
}

/** Files that grew under that nonce when their process was killed. */
async function removeGrowing(folder: string, nonce: string, removed: string[]): Promise<void> {
  for (const path of [...(await listed(folder)), ...(await listed(join(folder, 'files')))]) {
    if (path.endsWith(growingName('', nonce).slice(1))) await removeFile(path, removed)
  }
}

/**
 * Removes what dead jobs left under the runner's temporary folder: every placement without a living claim. `beforeRemoval` ends what runs
 * in a folder, its tunnel. Folders of others, and of living jobs, are not touched. One that resists does not stop the others.
 */
export async function sweepPlacements(
  temporaryDirectory: string,
  beforeRemoval: (folder: string) => Promise<void>,
): Promise<{
  readonly swept: readonly string[]
  readonly failed: readonly { readonly folder: string; readonly cause: string }[]
}> {
  const root = await rootOf(temporaryDirectory)
  const swept: string[] = []
  const failed: { folder: string; cause: string }[] = []
  if (!(await isOwnFolder(root))) return { swept, failed }
  for (const folder of await listed(root)) {
    if (!isSlug(folder.slice(root.length + 1)) || !(await isOwnFolder(folder))) continue
    try {
      if (await isInUse(folder)) continue
      await beforeRemoval(folder)
      const { heldBy } = await leave(folder, { nonce: newNonce(), label: 'sweep', everything: true }, () => false)
      if (heldBy.length === 0) swept.push(folder)
    } catch (error) {
      failed.push({ folder, cause: codeOf(error) || String(error) })
    }
  }
  if (failed.length === 0) await removeEmptyFolder(root)
  return { swept, failed }
}

async function isInUse(folder: string): Promise<boolean> {
  return (await claimsOf(folder)).some((claim) => isLiving(claim, Date.now()))
}
