import { scrypt, timingSafeEqual } from 'node:crypto'
import { hasHeartbeat, type JoinSituation, nameOwner, provesIdentity, replacesNode } from '../join/index.ts'

/**
 * `none`: the cluster keeps no password for the name. `matches`, `different`: compared. `missing`, `empty`: the host has none, or an
 * empty file, which is no password either. `unknown`: could not be compared.
 */
export type NodePasswordState = 'none' | 'matches' | 'missing' | 'empty' | 'different' | 'unknown'

/** Name of the Secret in kube-system (pkg/nodepassword, getSecretName). */
export function nodePasswordSecret(node: string): string {
  return `${node}.node-password.k3s`.toLowerCase()
}

/** What is known of a node's password on both sides. It holds neither the password nor its hash. */
export interface NodePasswordFinding {
  readonly state: NodePasswordState
  /** The Secret that was looked at; it alone may be deleted. */
  readonly secret?: { readonly uid: string; readonly resourceVersion: string; readonly createdAt: string }
  /** Why it is `unknown`. */
  readonly problem?: string
}

/** scrypt takes 128·N·r bytes. k3s takes N = 2^15, r = 8: 32 MiB. The hash is the cluster's text, so there is a limit. */
const largestMemory = 64 * 1024 ** 2

interface ParsedHash {
  readonly salt: Buffer
  readonly logN: number
  readonly r: number
  readonly p: number
  readonly key: Buffer
}

/** `$1:<salt, hex>:<log2 N>:<r>:<p>:<key, base64 without padding>` (k3s, pkg/authenticator/hash). Undefined: anything else. */
export function parsePasswordHash(text: string): ParsedHash | undefined {
  const [, salt = '', n, r, p, key = ''] =
    /^\$1:([0-9a-f]{2,128}):(\d{1,2}):(\d{1,2}):(\d):([A-Za-z0-9+/]{22,171})$/.exec(text) ?? []
  const parsed = {
    salt: Buffer.from(salt, 'hex'),
    logN: Number(n),
    r: Number(r),
    p: Number(p),
    key: Buffer.from(key, 'base64'),
  }
  const { logN } = parsed
  if (salt === '' || salt.length % 2 !== 0 || logN < 1 || logN > 20 || parsed.r < 1 || parsed.p < 1) return undefined
  return 128 * 2 ** logN * parsed.r * parsed.p <= largestMemory ? parsed : undefined
}

/** Whether the password belongs to the stored hash; undefined: the hash is none that can be checked here. Off the main thread. */
export async function verifyPassword(hash: string, password: string): Promise<boolean | undefined> {
  const parsed = parsePasswordHash(hash)
  if (!parsed) return undefined
  const { salt, logN, r, p, key } = parsed
  const options = { N: 2 ** logN, r, p, maxmem: 2 * largestMemory }
  return await new Promise((resolve) => {
    // Numbers that OpenSSL does not take are refused by throwing at once, others by the error.
    try {
      scrypt(password, salt, key.length, options, (error, derived) =>
        resolve(error ? undefined : timingSafeEqual(derived, key)),
      )
    } catch {
      resolve(undefined)
    }
  })
}

/** Pure. `isMatch`: undefined when it was not, or could not be, compared. `password`: undefined when it could not be read. */
export function nodePasswordState(known: {
  readonly hasSecret: boolean
  readonly hasFile: boolean
  readonly password: string | undefined
  readonly isMatch: boolean | undefined
}): NodePasswordState {
  if (!known.hasSecret) return 'none'
  if (!known.hasFile) return 'missing'
  if (known.password === '') return 'empty'
  if (known.password === undefined || known.isMatch === undefined) return 'unknown'
  return known.isMatch ? 'matches' : 'different'
}

/** What is to be done about a password that the server would reject. */
export type PasswordRuling =
  /** Nothing is known against it. */
  | 'fine'
  /** The node is replaced, and its password goes with it; or its name was typed, and there is no node any more. */
  | 'replaced'
  /** It is this machine's own, from an earlier installation: only the Secret is deleted. */
  | 'healed'
  /** The node that lives is this very machine: the next start of its agent would be rejected. */
  | 'live'
  /** Somebody else's name: `cluster.name` says so. */
  | 'foreign'
  /** Nobody can prove whose it is. */
  | 'unproven'
  /** The file on the host is empty: no Secret that is deleted would help. */
  | 'empty'
  | 'unknown'

/** Pure. A live node's password is never deleted, whoever asks; without proof of identity only what was typed by name. */
export function passwordRuling(situation: JoinSituation, finding: NodePasswordFinding | undefined): PasswordRuling {
  const state = finding?.state ?? 'none'
  if (state === 'none' || state === 'matches') return 'fine'
  if (state === 'empty') return 'empty'
  const { reading, facts, consent, desired } = situation
  const owner = nameOwner(reading.node, facts)
  if (hasHeartbeat(situation)) return owner !== 'this-machine' ? 'foreign' : state === 'unknown' ? 'unknown' : 'live'
  const isTyped = consent.replaceNode === desired.node
  if (replacesNode(situation) || (isTyped && reading.node === undefined)) return 'replaced'
  if (owner === 'another-machine') return 'foreign'
  if (state === 'unknown') return 'unknown'
  return provesIdentity(reading.node, facts) ? 'healed' : 'unproven'
}
