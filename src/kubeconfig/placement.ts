import { createHash, randomBytes } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { identify, type ProcessIdentity } from '../ownership/index.ts'
import { type Claim, claimName, isFileName, isNonce, leaversOf } from './claims.ts'
import { codeOf, isVanished, makePrivateFolder, notPlaced, writePrivately } from './private-files.ts'

/** Everything private of every run lies in this folder of the runner's temporary one. */
export const rootName = 'k3s-gpu-actions-private'
const slugForm = /^[a-z0-9.-]{1,140}-[0-9a-f]{8}$/
/** Whoever removes files needs milliseconds. */
const leavingDeadlineMs = 10_000

export interface PlacementRequest {
  /** RUNNER_TEMP. */
  readonly temporaryDirectory: string
  /** Of `slugOf`. */
  readonly slug: string
  /** Of `newNonce`; save it for post together with the slug before `claim` is called. */
  readonly nonce: string
  readonly label: string
  /** The job's worker; undefined: unknown. */
  readonly owner: ProcessIdentity | undefined
}

/**
 * Where one environment's kubeconfig and files lie. The path is the same in every run: Pulumi replaces a provider whose kubeconfig has
 * moved. Methods reject with KubeconfigError `kubeconfig-not-placed`.
 */
export interface Placement {
  readonly folder: string
  readonly kubeconfigPath: string
  /** Makes the folder and says that this job needs it. First of all. */
  claim(): Promise<void>
  place(text: string): Promise<string>
  /** Exactly these bytes as `files/<name>`; resolves with the path. */
  placeFile(name: string, content: string | Uint8Array): Promise<string>
}

export function newNonce(): string {
  return randomBytes(8).toString('hex')
}

/**
 * Folder name of an environment: readable words, and a hash of everything that tells two kubeconfigs apart.
 * `exact`: reference and purpose, and whatever else changes what is written (context, server): two of a job must not share a file.
 */
export function slugOf(words: readonly string[], exact: string): string {
  const readable = words
    .map(
      (word) =>
        word
          .toLowerCase()
          .replace(/[^a-z0-9.]+/g, '-')
          .replace(/^[-.]+|[-.]+$/g, '') || 'x',
    )
    .join('-')
    .slice(0, 120)
  return `${readable}-${createHash('sha256').update(exact).digest('hex').slice(0, 8)}`
}

export function isSlug(text: string): boolean {
  return slugForm.test(text) && !text.includes('..') && !text.startsWith('.')
}

/**
 * What KUBECONFIG leads to when nothing was loaded: a path at which there is nothing, and never will be. An empty KUBECONFIG, or none, would
 * make kubectl use ~/.kube/config: on a self-hosted runner perhaps another cluster.
 */
export function sentinelPath(temporaryDirectory: string): string {
  return join(temporaryDirectory, rootName, 'no-kubeconfig-was-loaded', 'kubeconfig')
}

/** The folder of all placements; the path of the temporary folder is resolved, because its links are the runner's own. */
export async function rootOf(temporaryDirectory: string): Promise<string> {
  try {
    return join(await realpath(temporaryDirectory), rootName)
  } catch (error) {
    throw notPlaced('the runner’s temporary folder is not there', codeOf(error), 'RUNNER_TEMP has to name a folder')
  }
}

/** Plans a placement; nothing is created before `claim`. Rejects with KubeconfigError `kubeconfig-not-placed`. */
export async function placementOf(request: PlacementRequest): Promise<Placement> {
  const { slug, nonce } = request
  if (!isSlug(slug) || !isNonce(nonce))
    throw notPlaced('the place of the kubeconfig has no usable name', slug, 'report this')
  const root = await rootOf(request.temporaryDirectory)
  const folder = join(root, slug)
  const kubeconfigPath = join(folder, 'kubeconfig')
  let files: readonly string[] = []
  const record = (): Claim => ({
    schema: 'k3s-gpu-actions/claim/v1',
    nonce,
    label: request.label,
    ...(request.owner === undefined ? {} : { owner: request.owner }),
    at: new Date().toISOString(),
    files,
  })
  return {
    folder,
    kubeconfigPath,
    async claim() {
      await claimFolder(root, folder, record())
      await letOthersLeave(folder, nonce)
    },
    async place(text) {
      await writePrivately(kubeconfigPath, text, nonce)
      return kubeconfigPath
    },
    async placeFile(name, content) {
      if (!isFileName(name)) {
        throw notPlaced(
          'a file has no usable name',
          'letters, digits, dots, dashes and underscores, at most 64',
          'rename it',
        )
      }
      await makePrivateFolder(join(folder, 'files'))
      // Recorded before it is there, so that whoever cleans up knows of it whatever happens in between.
      files = [...new Set([...files, name])]
      await writePrivately(join(folder, claimName(nonce)), JSON.stringify(record()), nonce)
      // A job that placed the same file and did not see the record may be removing it.
      await letOthersLeave(folder, nonce)
      const path = join(folder, 'files', name)
      await writePrivately(path, content, nonce)
      return path
    },
  }
}

/** Folders may vanish between their making and the claim, when the last of others leaves: then once more. */
async function claimFolder(root: string, folder: string, claim: Claim): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await makePrivateFolder(root)
      await makePrivateFolder(folder)
      await writePrivately(join(folder, claimName(claim.nonce)), JSON.stringify(claim), claim.nonce)
      return
    } catch (error) {
      if (!isVanished(error) || attempt > 50) throw error
    }
  }
}

/**
 * Waits for those who had looked for claims before this one was there, and are removing files now. Either they see the claim, or the claimant
 * sees that they leave: each announces itself first and looks for the other then.
 */
async function letOthersLeave(folder: string, nonce: string): Promise<void> {
  const startedMs = Date.now()
  for (;;) {
    const leavers = (await leaversOf(folder, Date.now())).filter((one) => one.nonce !== nonce)
    if (leavers.length === 0) return
    if (Date.now() - startedMs > leavingDeadlineMs) {
      throw notPlaced(
        `the folder ${folder} is being removed by somebody else`,
        `${leavers[0]?.label ?? 'another job'}, process ${leavers[0]?.owner?.pid ?? 'unknown'}, for more than ${leavingDeadlineMs / 1000} s`,
        'run it again',
      )
    }
    await delay(20)
  }
}

/** The process that a removal belongs to: this one. */
export function leaver(nonce: string, label: string): Claim {
  const owner = identify(process.pid)
  return {
    schema: 'k3s-gpu-actions/claim/v1',
    nonce,
    label,
    ...(owner === undefined ? {} : { owner }),
    at: new Date().toISOString(),
    files: [],
  }
}
