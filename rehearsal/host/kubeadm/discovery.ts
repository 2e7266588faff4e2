/**
 * How kubeadm finds out that a server is the right one (cmd/kubeadm/app/discovery/token): cluster-info without trust, its signature by the
 * token's secret, its CA by the pinned hash, and the same once more over a connection that trusts this CA. Every failure but a wrong signature
 * and a wrong hash is tried again every 5 s, until the time is over. Words as recorded (fixtures/kubeadm, 20 to 28 and 51 to 59).
 */
import { createHash, createHmac, X509Certificate } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HostNetwork } from '../../contract.ts'
import { ask } from '../supervisor.ts'
import type { JoinWish } from './arguments.ts'
import { parseKubeconfig } from './files.ts'

/** kubeadm's words before `execution phase …` are its caller's. */
export class PhaseError extends Error {}

export interface Discovered {
  readonly caPem: string
  /** `https://host:port`, as cluster-info says it. */
  readonly server: string
}

export interface DiscoveryGround {
  readonly network: HostNetwork
  readonly pace: number
  readonly signal: AbortSignal
}

const retryMs = 5000
const path = '/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s'
const identity = "couldn't validate the identity of the API Server: "

/** `sha256:<hex>` of the public key of the first certificate. */
export function spkiHash(pem: string): string {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })
  return `sha256:${createHash('sha256').update(key).digest('hex')}`
}

/** Words of Go's net and crypto packages for a request that got no answer. */
export function requestWords(error: unknown, url: string): string {
  const { code = '', message } = error as Error & { code?: string }
  const host = new URL(url).host
  if (code === 'ECONNREFUSED') return `Get "${url}": dial tcp ${host}: connect: connection refused`
  if (code === 'ETIMEDOUT')
    return `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`
  if (code === 'ENOTFOUND') return `Get "${url}": dial tcp: lookup ${new URL(url).hostname}: no such host`
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code))
    return `Get "${url}": tls: failed to verify certificate: x509: certificate signed by unknown authority`
  return `Get "${url}": ${message}`
}

/** What an answer of the API server that is no success says. */
export function statusWords(status: number, text: string): string {
  if (status === 401) return 'Unauthorized'
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text
  } catch {
    return text
  }
}

/** @throws PhaseError when it is not the right one, or the time is over */
export async function discover(wish: JoinWish, ground: DiscoveryGround): Promise<Discovered> {
  const [host = '', port = '6443'] = wish.endpoint.split(':')
  const url = `https://${wish.endpoint}${path}`
  const fetchInfo = async (ca?: string): Promise<Readonly<Record<string, string>>> => {
    let answer: Awaited<ReturnType<typeof ask>>
    try {
      answer = await ask(ground.network, host, Number(port), {
        method: 'GET',
        path,
        ...(ca !== undefined && { ca }),
        timeoutMs: Math.max(10_000 * ground.pace, 2000),
        signal: ground.signal,
      })
    } catch (error) {
      if (ground.signal.aborted) throw error
      throw new Error(`failed to request the cluster-info ConfigMap: ${requestWords(error, url)}`)
    }
    if (answer.status !== 200)
      throw new Error(`failed to request the cluster-info ConfigMap: ${statusWords(answer.status, answer.text)}`)
    return (JSON.parse(answer.text) as { data?: Readonly<Record<string, string>> }).data ?? {}
  }
  const [id = '', secret = ''] = wish.token.split('.')
  const attempt = async (): Promise<Discovered> => {
    const data = await fetchInfo()
    const text = signedText(data, id, secret)
    const kubeconfig = parseKubeconfig(text)
    if (kubeconfig === undefined) throw new Error('failed to parse the kubeconfig file in the cluster-info ConfigMap')
    const { caPem, server } = kubeconfig
    if (wish.skipsCa) return { caPem, server }
    const hash = spkiHash(caPem)
    if (!wish.hashes.includes(hash))
      throw new PhaseError(
        `${identity}cluster CA found in cluster-info ConfigMap is invalid: none of the public keys ${JSON.stringify(hash)} are pinned`,
      )
    // Whoever answers with this CA said the same a moment ago.
    signedText(await fetchInfo(caPem), id, secret)
    return { caPem, server }
  }
  const endMs = performance.now() + wish.discoveryMs * ground.pace
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (ground.signal.aborted || error instanceof PhaseError) throw error
      if (performance.now() + retryMs * ground.pace > endMs) {
        await sleep(Math.max(0, endMs - performance.now()), undefined, { signal: ground.signal })
        throw new PhaseError(`${identity}${(error as Error).message}`)
      }
    }
    await sleep(retryMs * ground.pace, undefined, { signal: ground.signal })
  }
}

/** The kubeconfig of cluster-info, once its signature is right. */
function signedText(data: Readonly<Record<string, string>>, id: string, secret: string): string {
  const signature = data[`jws-kubeconfig-${id}`]
  if (signature === undefined)
    throw new Error(`could not find a JWS signature in the cluster-info ConfigMap for token ID "${id}"`)
  const text = data.kubeconfig ?? ''
  const [head = ''] = signature.split('.')
  const own = createHmac('sha256', secret)
    .update(`${head}.${Buffer.from(text).toString('base64url')}`)
    .digest('base64url')
  if (signature !== `${head}..${own}`)
    throw new PhaseError(
      `${identity}failed to verify JWS signature of received cluster info object, can't trust this API Server`,
    )
  return text
}
