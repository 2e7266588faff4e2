/**
 * The cache: `<cache>/<part>/<key>/`, where the key is a hash of what the part is made from. A folder of that name is always
 * complete, because it is made under another name beside it and renamed at the end.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Progress } from '../contract.ts'
import { isInUse } from './in-use.ts'
import { lock } from './lock.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

export interface Recipe {
  /** Folder in the cache, and in messages: `kubernetes`. */
  readonly part: string
  /** What progress lines call it: `kubernetes 1.33.13`. */
  readonly title: string
  /** What it is made from, in an order that does not change. */
  readonly from: readonly (string | Buffer)[]
  make(workshop: Workshop, folder: string): Promise<void>
}

export interface Place {
  readonly cache: string
  readonly progress: Progress
  readonly signal?: AbortSignal
}

/** `LAB_CACHE`, or `k3s-gpu-actions-lab` where the user's caches are. */
export function defaultCache(machine: Readonly<NodeJS.ProcessEnv> = process.env): string {
  if (machine.LAB_CACHE) return resolve(machine.LAB_CACHE)
  // An empty or relative XDG_CACHE_HOME counts as unset (XDG base directory specification).
  const base = machine.XDG_CACHE_HOME
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'k3s-gpu-actions-lab')
}

export function keyOf(from: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256')
  // Lengths keep ['ab', 'c'] apart from ['a', 'bc'].
  for (const piece of from) hash.update(`${Buffer.byteLength(piece)}\n`).update(piece)
  return hash.digest('hex').slice(0, 20)
}

/** Folder of the part: from the cache, or made now. What was made from something else before is deleted. */
export async function take(recipe: Recipe, place: Place): Promise<string> {
  const shelf = join(place.cache, recipe.part)
  const folder = join(shelf, keyOf(recipe.from))
  if (existsSync(folder)) {
    place.progress(`${recipe.title} from cache`)
    return folder
  }
  mkdirSync(shelf, { recursive: true })
  const release = await lock(join(shelf, 'lock'), {
    waiting: () => place.progress(`${recipe.title} is being made by another lab: waiting`),
    ...(place.signal === undefined ? {} : { signal: place.signal }),
  })
  try {
    if (existsSync(folder)) place.progress(`${recipe.title} from cache, made by another lab`)
    else await makeInPlace(recipe, place, shelf, folder)
    return folder
  } finally {
    await release()
  }
}

async function makeInPlace(recipe: Recipe, place: Place, shelf: string, folder: string): Promise<void> {
  // What a killed lab left: nobody else makes this part while we hold its lock.
  for (const name of await readdir(shelf)) if (name.startsWith('.')) await discard(join(shelf, name))
  const startedAt = performance.now()
  const workshop = await openWorkshop(recipe.part, join(place.cache, 'logs', `${recipe.part}.log`), place.signal)
  const making = await mkdtemp(join(shelf, '.making-'))
  try {
    // mkdtemp's folders are for one user; the root of a host's tree must be for everybody.
    await chmod(making, 0o755)
    await recipe.make(workshop, making)
    place.signal?.throwIfAborted()
    await rename(making, folder)
  } catch (error) {
    await discard(making)
    throw error
  } finally {
    await workshop.close()
  }
  place.progress(`${recipe.title} built in ${durationText(performance.now() - startedAt)}`)
  for (const name of await readdir(shelf)) {
    const old = join(shelf, name)
    if (name !== 'lock' && old !== folder && !(await isInUse(old))) await discard(old)
  }
}

/** Out of sight at once, however long the deletion takes. */
async function discard(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 2 })
}

/** 0.4 s, 52 s, 8 min 3 s */
export function durationText(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
