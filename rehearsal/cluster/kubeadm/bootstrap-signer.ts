/**
 * The bootstrap signer of the controller manager (pkg/controller/bootstrap): for every token that may sign, `cluster-info` carries a
 * signature of its kubeconfig, so that whoever knows the token's secret knows that the CA in it is the right one.
 */
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiObject } from '../objects.ts'
import type { MemoryStore } from '../store.ts'

const clusterInfo = 'configmaps/kube-public/cluster-info'
/** Seen on real parts: a signature is there 0.07 s after its token. */
const lagMs = 70

const base64url = (text: string | Buffer): string => Buffer.from(text).toString('base64url')

/** A signature with the content left out: `header..signature` (k8s.io/cluster-bootstrap, token/jws). */
export function signatureOf(content: string, id: string, secret: string): string {
  const head = base64url(JSON.stringify({ alg: 'HS256', kid: id }))
  const signature = createHmac('sha256', secret)
    .update(`${head}.${base64url(content)}`)
    .digest()
  return `${head}..${base64url(signature)}`
}

export interface SignerOptions {
  readonly objects: MemoryStore
  readonly nowMs: () => number
  /** The controller is switched off, as where nobody started the controller manager with it. */
  readonly isOff: () => boolean
}

export interface Signer {
  /** Brings the signatures up to the tokens that are there now. */
  sync(): void
  stop(): void
}

export function startSigner({ objects, nowMs, isOff }: SignerOptions): Signer {
  const ending = new AbortController()
  const sync = (): void => {
    const map = objects.get(clusterInfo)
    const before = (map?.data ?? {}) as Readonly<Record<string, string>>
    const { kubeconfig } = before
    if (map === undefined || kubeconfig === undefined) return
    const signers = isOff() ? [] : objects.view('secrets/kube-system').flatMap((secret) => signing(secret, nowMs()))
    const data = Object.fromEntries([
      ...Object.entries(before).filter(([key]) => !key.startsWith('jws-kubeconfig-')),
      ...signers.map(({ id, secret }) => [`jws-kubeconfig-${id}`, signatureOf(kubeconfig, id, secret)] as const),
    ])
    if (JSON.stringify(data) !== JSON.stringify(before)) objects.put(clusterInfo, { ...map, data })
  }
  const stopListening = objects.listen((event) => {
    if (!event.key.startsWith('secrets/kube-system/bootstrap-token-')) return
    sleep(lagMs, undefined, { signal: ending.signal }).then(sync, () => undefined)
  })
  return {
    sync,
    stop() {
      ending.abort()
      stopListening()
    },
  }
}

function signing(object: ApiObject, nowMs: number): readonly { readonly id: string; readonly secret: string }[] {
  if (object.type !== 'bootstrap.kubernetes.io/token') return []
  const data = (object.data ?? {}) as Readonly<Record<string, string>>
  const field = (name: string): string => Buffer.from(data[name] ?? '', 'base64').toString('utf8')
  const expiration = field('expiration')
  const isPast = expiration !== '' && !(Date.parse(expiration) > nowMs)
  if (isPast || field('usage-bootstrap-signing') !== 'true') return []
  return [{ id: field('token-id'), secret: field('token-secret') }]
}
