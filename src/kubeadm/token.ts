import { setTimeout as delay } from 'node:timers/promises'
import {
  type Credential,
  GivenTokenError,
  type JoinConsent,
  mintToken,
  prepareToken,
  type RunIdentity,
} from '../join/index.ts'
import { type Cluster, ClusterError } from '../kubernetes/index.ts'
import { signatureKey } from './cluster-info.ts'

/** kubeadm's own tokens have this group (`kubeadm token create`): it may read kubeadm-config and ask for a kubelet's certificate. */
const extraGroups = 'system:bootstrappers:kubeadm:default-node-token'
/** The bootstrap signer of the controller-manager took 0.07 s on real parts; it works through its queue. */
const signedWithinMs = 10_000
const lookAgainMs = 150

/**
 * Waits until cluster-info carries the signature of a token, without which a join would wait for five minutes. Gives up silently after
 * `withinMs`, and where cluster-info may not be read: the handshake asks for it through the host, and says what is wrong.
 */
export async function awaitSignature(
  cluster: Cluster,
  tokenId: string,
  signal: AbortSignal,
  withinMs = signedWithinMs,
): Promise<boolean> {
  const deadline = performance.now() + withinMs
  for (;;) {
    try {
      const data = await cluster.configMap('kube-public', 'cluster-info', signal)
      if (data?.[signatureKey(tokenId)]) return true
      if (data === undefined) return false
    } catch (error) {
      if (signal.aborted || !(error instanceof ClusterError)) throw error
      return false
    }
    if (performance.now() + lookAgainMs >= deadline) return false
    await delay(lookAgainMs, undefined, { signal })
  }
}

/**
 * Mints a token that kubeadm can join with: for authentication, for signing, and in kubeadm's group. `record` hears its id before it is
 * created, `mask` its texts before anything else happens. Resolves when cluster-info is signed for it. Rejects with ClusterError.
 */
export async function mint(
  cluster: Cluster,
  node: string,
  run: RunIdentity,
  ttlMs: number,
  record: (id: string) => void,
  mask: (secret: string) => void,
  signal: AbortSignal,
): Promise<Credential> {
  // The server's clock decides when a token expires.
  const { serverTimeMs } = await cluster.read(node, signal)
  const request = { node, runLabel: run.label, ttlMs, extraGroups, now: serverTimeMs }
  const token = prepareToken(request)
  const text = `${token.id}.${token.secret}`
  for (const secret of [text, token.secret]) mask(secret)
  await mintToken(cluster, { ...request, record, token }, signal)
  await awaitSignature(cluster, token.id, signal)
  return { id: token.id, text }
}

/** Checks a given token before anything is done with it: kubeadm has only bootstrap tokens, and they pin nothing. */
export function acceptGivenToken(
  text: string,
  _caPem: string,
  _consent: Pick<JoinConsent, 'allowServerToken'>,
): Credential {
  const token = text.trim()
  if (/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token)) return { id: 'given', text: token }
  const isK3s = token.startsWith('K10')
  throw new GivenTokenError(
    isK3s ? 'token-of-another-cluster' : 'kubeadm-token-malformed',
    isK3s ? 'the given token is one of k3s' : 'the given token is no bootstrap token',
    'kubeadm joins with a bootstrap token: 6 characters, a dot, 16 characters, of a-z and 0-9',
    'leave `token` out: one is minted through the API and deleted at the end; or give what kubeadm token create prints',
  )
}

/** Id and secret of a bootstrap token. */
export function partsOf(token: string): { readonly id: string; readonly secret: string } {
  const [id = '', secret = ''] = token.split('.')
  return { id, secret }
}
