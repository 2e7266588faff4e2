import { ClusterError, statusFault } from './errors.ts'
import type { ApiRequest, Transport } from './transport.ts'

/** As kubectl asks: a page is some MB at most. */
const pageSize = '500'
/** A list of a hundred thousand objects is none that anybody needs here; a server that always continues would never end. */
const maximumPages = 200
/** How often a list that went stale between two pages is begun again. */
const maximumRestarts = 3

interface Page<T> {
  readonly metadata?: { readonly continue?: string }
  readonly items?: readonly T[]
}

/** Every object of a list, page by page. A list that expires between two pages (410) is begun again: half of two moments is none. */
export async function listAll<T>(
  transport: Transport,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<readonly T[]> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await listOnce<T>(transport, request, signal)
    } catch (error) {
      if (!(error instanceof ClusterError) || error.status !== 410 || restarts === maximumRestarts) throw error
    }
  }
}

async function listOnce<T>(transport: Transport, request: ApiRequest, signal: AbortSignal): Promise<readonly T[]> {
  const items: T[] = []
  let next: string | undefined
  for (let pages = 0; pages < maximumPages; pages++) {
    const query = { ...request.query, limit: pageSize, ...(next === undefined ? {} : { continue: next }) }
    const { body } = await transport.call<Page<T>>({ ...request, query }, signal)
    // A kind of which the server has never heard is not the same as none of that kind.
    if (body === undefined) {
      throw statusFault(404, 'the server has no such kind of object', {
        server: transport.server,
        request: `GET /${request.path}`,
      })
    }
    items.push(...(body.items ?? []))
    next = body.metadata?.continue || undefined
    if (next === undefined) return items
  }
  throw new ClusterError('api-failed', {
    title: `the list of /${request.path} has no end`,
    cause: `after ${maximumPages} pages the server still continues: a proxy in front of it may answer the same page for ever`,
    remedy: 'check the server address in the kubeconfig',
  })
}
