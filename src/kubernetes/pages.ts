import { ClusterError, quoteRemote, statusFault } from './errors.ts'
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

/** Every object of a list. A kind of which the server has never heard is a fault: it is not the same as none of that kind. */
export async function listAll<T>(
  transport: Transport,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const items = await listEach<T, T>(transport, request, (item) => item, signal)
  if (items !== undefined) return items
  throw statusFault(404, 'the server has no such kind of object', {
    server: transport.server,
    request: `GET /${request.path}`,
  })
}

/**
 * Every object of a list, page by page, each read as soon as its page is there; undefined: the server has no such kind (404).
 * A list that expires between two pages (410) is begun again: half of two moments is none.
 */
export async function listEach<T, Item>(
  transport: Transport,
  request: ApiRequest,
  read: (object: T) => Item,
  signal: AbortSignal,
): Promise<readonly Item[] | undefined> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await listOnce(transport, request, read, signal)
    } catch (error) {
      if (!(error instanceof ClusterError) || error.status !== 410 || restarts === maximumRestarts) throw error
    }
  }
}

async function listOnce<T, Item>(
  transport: Transport,
  request: ApiRequest,
  read: (object: T) => Item,
  signal: AbortSignal,
): Promise<readonly Item[] | undefined> {
  const items: Item[] = []
  let next: string | undefined
  for (let pages = 0; pages < maximumPages; pages++) {
    const query = { ...request.query, limit: pageSize, ...(next === undefined ? {} : { continue: next }) }
    const { body } = await transport.call<Page<T>>({ ...request, query }, signal)
    if (body === undefined) return undefined
    try {
      for (const object of body?.items ?? []) items.push(read(object))
    } catch (error) {
      throw unreadable(request, error)
    }
    next = body.metadata?.continue || undefined
    if (next === undefined) return items
  }
  throw new ClusterError('api-failed', {
    title: `the list of /${request.path} has no end`,
    cause: `after ${maximumPages} pages the server still continues: a proxy in front of it may answer the same page for ever`,
    remedy: 'check the server address in the kubeconfig',
  })
}

/** Readers trust the server that a list of Pods holds Pods. One that sends something else is answered with this, not with a crash. */
function unreadable(request: ApiRequest, error: unknown): ClusterError {
  return new ClusterError('api-failed', {
    title: `the list of /${request.path} holds something that is no such object`,
    cause: 'what answers there is no API server, or its objects have another shape than their version says',
    remedy: 'check the server address in the kubeconfig, and which program serves this kind',
    evidence: [quoteRemote(String(error))],
  })
}
