/** The lab's own way to the API server: as administrator, straight to its port. */
import type { IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { IssuedCertificate } from '../../rehearsal/cluster/index.ts'
import type { KubernetesObject } from '../../rehearsal/contract.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface WatchEvent {
  readonly type: string
  readonly object: KubernetesObject
}

export interface ObjectList {
  readonly metadata: { readonly resourceVersion: string }
  readonly items: readonly KubernetesObject[]
}

export interface ApiClient {
  readonly port: number
  /**
   * A PATCH is a merge patch, or a JSON patch when its body is a list. Resolves with the answer's body, or undefined for 404.
   * @throws Error with the API server's message; `code` is the HTTP status. Or what ended a component of the control plane.
   */
  request(method: Method, path: string, body?: unknown, contentType?: string): Promise<unknown>
  isReady(): Promise<boolean>
  /** Every event that a watch's path and query select, until the signal aborts or the server ends the watch. */
  watch(path: string, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<void>
  /** Resolves once the selected objects of a collection satisfy the condition. @param fieldSelector '' selects all */
  until(
    path: string,
    fieldSelector: string,
    isSo: (items: readonly KubernetesObject[]) => boolean,
    signal: AbortSignal,
  ): Promise<void>
  close(): void
}

export interface ApiClientOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string
  readonly port: number
  readonly caPem: string
  readonly certificate: IssuedCertificate
  readonly failure: () => Error | undefined
}

/** A request that the API server refused. */
export class ApiError extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export function openApi(options: ApiClientOptions): ApiClient {
  const { host = '127.0.0.1', port } = options
  const tls = { ca: options.caPem, cert: options.certificate.certPem, key: options.certificate.keyPem }
  const agent = new Agent({ ...tls, keepAlive: true, timeout: 30_000 })

  const send = async (
    method: Method,
    path: string,
    given: { readonly payload?: string; readonly contentType?: string; readonly signal?: AbortSignal } = {},
  ): Promise<IncomingMessage> => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const { payload, contentType = 'application/json', signal } = given
    const headers = {
      Accept: 'application/json',
      'User-Agent': 'k3s-gpu-actions-lab',
      ...(payload !== undefined && { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(payload) }),
    }
    const sending = httpsRequest({ host, port, method, path, headers, agent, ...(signal && { signal }) })
    sending.once('response', resolve)
    sending.once('error', (error) => reject(options.failure() ?? error))
    sending.end(payload)
    return promise
  }

  const request: ApiClient['request'] = async (method, path, body, contentType) => {
    const failure = options.failure()
    if (failure) throw failure
    const type = contentType ?? (method === 'PATCH' ? patchType(body) : 'application/json')
    const given = body === undefined ? {} : { payload: JSON.stringify(body), contentType: type }
    const response = await send(method, path, given)
    const answer = await text(response)
    const code = response.statusCode ?? 0
    if (code === 404) return undefined
    if (code >= 300) throw new ApiError(code, `${method} ${path}: ${code} ${messageOf(answer)}`)
    // Logs of pods are text.
    return (response.headers['content-type'] ?? '').includes('json') ? JSON.parse(answer) : answer
  }

  const watch: ApiClient['watch'] = async (path, onEvent, signal) => {
    const response = await send('GET', path, { signal })
    if (response.statusCode !== 200)
      throw new ApiError(response.statusCode ?? 0, `watch ${path}: ${messageOf(await text(response))}`)
    // readline passes on errors of its input; an aborted watch ends as any other.
    response.on('error', () => undefined)
    const lines = createInterface({ input: response })
    lines.on('error', () => undefined)
    for await (const line of lines) {
      if (signal.aborted) return
      if (line !== '') onEvent(JSON.parse(line) as WatchEvent)
    }
  }

  return {
    port,
    request,
    watch,
    async isReady() {
      const response = await send('GET', '/readyz')
      response.resume()
      return response.statusCode === 200
    },
    async until(path, fieldSelector, isSo, signal) {
      const selected = new URLSearchParams(fieldSelector === '' ? {} : { fieldSelector })
      const list = (await request('GET', `${path}?${selected}`)) as ObjectList
      const found = new Map(list.items.map((item) => [item.metadata.uid, item]))
      if (isSo([...found.values()])) return
      const stop = new AbortController()
      selected.set('watch', 'true')
      selected.set('resourceVersion', list.metadata.resourceVersion)
      const seen = ({ type, object }: WatchEvent) => {
        if (type === 'DELETED') found.delete(object.metadata.uid)
        else found.set(object.metadata.uid, object)
        if (isSo([...found.values()])) stop.abort()
      }
      await watch(`${path}?${selected}`, seen, AbortSignal.any([signal, stop.signal])).catch((error: unknown) => {
        if (!stop.signal.aborted) throw signal.aborted ? signal.reason : error
      })
      if (!stop.signal.aborted) throw signal.aborted ? signal.reason : new Error(`the watch of ${path} ended early`)
    },
    close: () => agent.destroy(),
  }
}

function patchType(body: unknown): string {
  return Array.isArray(body) ? 'application/json-patch+json' : 'application/merge-patch+json'
}

function messageOf(answer: string): string {
  try {
    return String((JSON.parse(answer) as { message?: unknown }).message ?? answer)
  } catch {
    return answer
  }
}
