import { constants } from 'node:fs'
import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive, type ProcessIdentity } from '../ownership/index.ts'
import { codeOf, writePrivately } from './private-files.ts'

/** That somebody needs the files of a folder. Lies in it as `claim-<nonce>.json`. No secrets. */
export interface Claim {
  readonly schema: 'k3s-gpu-actions/claim/v1'
  readonly nonce: string
  /** e.g. `kubeconfig-esc, run 41`. */
  readonly label: string
  /** The job's worker process; absent: it could not be told. */
  readonly owner?: ProcessIdentity
  /** RFC 3339. */
  readonly at: string
  /** Names under `files/` that it placed. */
  readonly files: readonly string[]
}

/** A self-hosted job ends after five days at most (GitHub, usage limits): then a claim without an owner is dead. */
const ownerlessLifetimeMs = 5 * 24 * 3600_000
const largestClaimBytes = 64 * 1024
/** What other programs of this user wrote under such a name is no claim. */
const nonceForm = /^[a-z0-9]{8,64}$/

export function isNonce(text: string): boolean {
  return nonceForm.test(text)
}

export function claimName(nonce: string): string {
  return `claim-${nonce}.json`
}

/** Said by whoever is about to remove files, before it looks for claims; see `placement.ts`. */
export function leavingName(nonce: string): string {
  return `leaving-${nonce}.json`
}

function isOwner(value: unknown): value is ProcessIdentity {
  const owner = value as Partial<ProcessIdentity> | undefined
  return typeof owner?.pid === 'number' && typeof owner.started === 'string'
}

function parseClaim(text: string, nonce: string): Claim | undefined {
  try {
    const claim = JSON.parse(text) as Partial<Claim> | null
    const isClaim = claim?.schema === 'k3s-gpu-actions/claim/v1' && claim.nonce === nonce && Array.isArray(claim.files)
    if (!isClaim || typeof claim.at !== 'string') return undefined
    if (claim.owner !== undefined && !isOwner(claim.owner)) return undefined
    const files = (claim.files as unknown[]).filter(isFileName)
    return { ...(claim as Claim), files }
  } catch {
    return undefined
  }
}

/** Names of placed files: no path leads out of the folder, and none looks like a growing one. */
export function isFileName(name: unknown): name is string {
  return typeof name === 'string' && /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(name)
}

async function readBounded(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const buffer = Buffer.alloc(largestClaimBytes)
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Whether somebody still needs what it claims. A claim that cannot be read was being written when its process died. */
export function isLiving(claim: Claim, nowMs: number): boolean {
  if (claim.owner !== undefined) return isAlive(claim.owner)
  const ageMs = nowMs - Date.parse(claim.at)
  return ageMs < ownerlessLifetimeMs
}

async function noted(folder: string, prefix: 'claim' | 'leaving'): Promise<Claim[]> {
  let names: string[] = []
  try {
    names = await readdir(folder)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
  const claims: Claim[] = []
  for (const name of names) {
    const nonce = name.startsWith(`${prefix}-`) && name.endsWith('.json') ? name.slice(prefix.length + 1, -5) : ''
    if (!isNonce(nonce)) continue
    const text = await readBounded(join(folder, name)).catch(() => '')
    const claim = parseClaim(text, nonce)
    if (claim !== undefined) claims.push(claim)
  }
  return claims
}

/** All claims in a folder, the dead ones included. */
export async function claimsOf(folder: string): Promise<readonly Claim[]> {
  return await noted(folder, 'claim')
}

/** Whoever is removing files in that folder right now, and lives. */
export async function leaversOf(folder: string, nowMs: number): Promise<readonly Claim[]> {
  return (await noted(folder, 'leaving')).filter((claim) => isLiving(claim, nowMs))
}

/** Announces a removal; the returned function takes the announcement back. */
export async function announceLeaving(folder: string, claim: Claim): Promise<() => Promise<void>> {
  const path = join(folder, leavingName(claim.nonce))
  // Whole or not at all: a claimant that finds half of it would not wait.
  await writePrivately(path, JSON.stringify(claim), claim.nonce)
  return async () => await rm(path, { force: true })
}
