import { randomBytes as cryptoRandomBytes } from 'node:crypto'
import type { AccessRequest, BootstrapToken, Cluster } from '../kubernetes/index.ts'

/** Labels that mark this project's tokens, so that those of dead runs can be found and nobody else's are touched. */
export const tokenLabels = { node: 'k3s-gpu-actions/node', run: 'k3s-gpu-actions/run' } as const

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

export type RandomBytes = (size: number) => Uint8Array

function randomText(length: number, randomBytes: RandomBytes): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 252 is the largest multiple of 36 below 256: bytes above it would favour the first letters.
      if (byte < 252 && text.length < length) text += alphabet[byte % 36]
    }
  }
  return text
}

/** 6 characters, each equally likely. */
export function newTokenId(randomBytes: RandomBytes = cryptoRandomBytes): string {
  return randomText(6, randomBytes)
}

/** 16 characters, each equally likely: 82 bits. */
export function newTokenSecret(randomBytes: RandomBytes = cryptoRandomBytes): string {
  return randomText(16, randomBytes)
}

/** What minting, deleting and sweeping a token needs of the kubeconfig's user. Listing is needed to sweep those of dead runs. */
export const tokenAccessRequests: readonly AccessRequest[] = ['create', 'delete', 'list'].map((verb) => ({
  verb,
  group: '',
  resource: 'secrets',
  namespace: 'kube-system',
}))

export interface TokenRequest {
  /** The Node that will join with it. */
  readonly node: string
  /** The run, for people: `run 41 · started by the button`. Any text. */
  readonly runLabel: string
  readonly ttlMs: number
  /** What joining with it lets a machine do: the group that the distribution's own tokens have. The API server adds system:bootstrappers. */
  readonly extraGroups: string
  /** Epoch milliseconds by the server's clock, which decides when the token expires. */
  readonly now: number
}

/** A label value: at most 63 of [A-Za-z0-9._-], alphanumeric at both ends. */
function labelValue(text: string): string {
  const value = text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 63)
    .replace(/[^A-Za-z0-9]+$/, '')
  return value === '' ? 'unknown' : value
}

/** Makes up a token without telling anybody. Its `secret` must be masked before anything else happens. */
export function prepareToken(request: TokenRequest, randomBytes?: RandomBytes): BootstrapToken {
  if (!(request.ttlMs > 0)) throw new RangeError('a token needs a time to live')
  return {
    id: newTokenId(randomBytes),
    secret: newTokenSecret(randomBytes),
    description: `k3s-gpu-actions: join of ${request.node}, ${labelValue(request.runLabel)}`,
    // Without milliseconds, as `kubeadm token create` writes it.
    expiresAt: new Date(request.now + request.ttlMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    extraGroups: request.extraGroups,
    labels: { [tokenLabels.node]: labelValue(request.node), [tokenLabels.run]: labelValue(request.runLabel) },
  }
}

/**
 * Creates a token and returns it. `record` is called with its id first and awaited, so that whatever happens from then on
 * somebody knows what to delete. Rejects with ClusterError; after a fault of the connection the token may exist nevertheless.
 * `token`: one that was prepared (and masked) before.
 */
export async function mintToken(
  cluster: Cluster,
  request: TokenRequest & { readonly record: (id: string) => void | Promise<void>; readonly token?: BootstrapToken },
  signal: AbortSignal,
): Promise<BootstrapToken> {
  const token = request.token ?? prepareToken(request)
  await request.record(token.id)
  await cluster.createBootstrapToken(token, signal)
  return token
}

/** Deletes a token; one that is gone already is fine. It still authenticates for some 10 s (the API server's cache). */
export async function deleteToken(cluster: Cluster, id: string, signal: AbortSignal): Promise<void> {
  await cluster.deleteBootstrapToken(id, signal)
}

/** Ids of the tokens that runs for this node made and nobody deleted yet. */
export async function tokensFor(cluster: Cluster, node: string, signal: AbortSignal): Promise<readonly string[]> {
  const tokens = await cluster.bootstrapTokens({ [tokenLabels.node]: labelValue(node) }, signal)
  return tokens.map((token) => token.id)
}

/**
 * Deletes tokens of earlier runs for this node that were created before `olderThan` (epoch milliseconds, server's clock).
 * Returns their ids. A token whose age cannot be read is left to its expiry.
 */
export async function sweepTokens(
  cluster: Cluster,
  options: { readonly node: string; readonly olderThan: number },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const tokens = await cluster.bootstrapTokens({ [tokenLabels.node]: labelValue(options.node) }, signal)
  const dead = tokens.filter((token) => Date.parse(token.createdAt) < options.olderThan).map((token) => token.id)
  await Promise.all(dead.map((id) => cluster.deleteBootstrapToken(id, signal)))
  return dead
}
