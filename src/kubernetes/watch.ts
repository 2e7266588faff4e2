import type { IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { V1Lease, V1Node } from '@kubernetes/client-node'
import { ClusterError, isPassing } from './errors.ts'
import type { NodeEvent } from './model.ts'
import { nodeState, type Wire } from './objects.ts'
import type { ApiRequest, Transport } from './transport.ts'

/** The server ends a watch after this, so that a connection that died silently is noticed. */
const watchSeconds = 60
const firstBackoffMs = 100
const maximumBackoffMs = 2_000

interface WireList<T> {
  readonly metadata?: { readonly resourceVersion?: string }
  readonly items?: readonly T[]
}
interface WireEvent<T> {
  readonly type: string
  readonly object: T & { readonly metadata?: { readonly resourceVersion?: string }; readonly code?: number }
}

export interface Watched<T> {
  readonly path: string
  /** Which objects: fieldSelector, labelSelector. */
  readonly query: Readonly<Record<string, string>>
  readonly access: ApiRequest['access']
  /** Everything that is there now; said again after every gap in the watch. */
  readonly onList: (objects: readonly T[]) => void
  readonly onState: (object: T) => void
  readonly onGone: (object: T) => void
}

/** The watch cannot go on from where it was; list again. */
class Expired extends Error {}

/** A Node with many images is some 50 KiB; a line far beyond that is no event. */
const maximumLineLength = 8 * 1024 * 1024

/** Lines of an answer until it ends. A cut connection is an end like any other: the next one goes on from the last version. */
async function* linesOf(body: IncomingMessage): AsyncGenerator<string> {
  body.setEncoding('utf8')
  let rest = ''
  const chunks: AsyncIterator<string> = body[Symbol.asyncIterator]()
  for (;;) {
    const next = await chunks.next().catch(() => undefined)
    if (next === undefined || next.done) return
    const lines = (rest + next.value).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maximumLineLength) throw new Expired()
    yield* lines.filter((line) => line !== '')
  }
}

function parseEvent<T>(line: string): WireEvent<T> {
  let event: WireEvent<T> | undefined
  try {
    event = JSON.parse(line) as WireEvent<T>
  } catch {
    // Half a line of a connection that was cut by a proxy, or no API server at all.
  }
  if (!event?.object || event.type === 'ERROR') throw new Expired()
  return event
}

/** One connection, from a resourceVersion on. Returns the version to go on from when the server ends it; throws Expired when it must be listed again. */
async function follow<T>(
  transport: Transport,
  watched: Watched<T>,
  from: string,
  signal: AbortSignal,
): Promise<string> {
  const ended = new AbortController()
  const either = AbortSignal.any([signal, ended.signal])
  const query = {
    watch: 'true',
    ...watched.query,
    resourceVersion: from,
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(watchSeconds),
  }
  const timer = setTimeout(() => ended.abort(), (watchSeconds + 15) * 1000)
  let version = from
  try {
    const body = await transport.open(
      { method: 'GET', path: watched.path, query, access: { ...watched.access, verb: 'watch' } },
      either,
    )
    // What ends this connection is told by its lines; an error after the last of them must not end the process.
    body.on('error', () => undefined)
    for await (const line of linesOf(body)) {
      if (either.aborted) break
      const event = parseEvent<T>(line)
      version = event.object.metadata?.resourceVersion ?? version
      if (event.type === 'DELETED') watched.onGone(event.object)
      else if (event.type !== 'BOOKMARK') watched.onState(event.object)
    }
    return version
  } finally {
    clearTimeout(timer)
    ended.abort()
  }
}

/** List, then watch from the list's resourceVersion, again and again until the signal aborts. Rejects only with what waiting cannot mend. */
export async function keepWatching<T>(transport: Transport, watched: Watched<T>, signal: AbortSignal): Promise<void> {
  let version: string | undefined
  let backoffMs = firstBackoffMs
  while (!signal.aborted) {
    const startedWith: string | undefined = version
    try {
      if (version === undefined) {
        const list = await transport.call<WireList<T>>(
          {
            method: 'GET',
            path: watched.path,
            query: watched.query,
            access: { ...watched.access, verb: 'list' },
          },
          signal,
        )
        version = list.body?.metadata?.resourceVersion ?? '0'
        watched.onList(list.body?.items ?? [])
      }
      version = await follow(transport, watched, version, signal)
      if (version !== startedWith) backoffMs = firstBackoffMs
    } catch (error) {
      if (signal.aborted) return
      const isExpired = error instanceof Expired || (error instanceof ClusterError && error.status === 410)
      if (isExpired) version = undefined
      else if (!isPassing(error)) throw error
    }
    await delay(backoffMs, undefined, { signal }).catch(() => undefined)
    backoffMs = Math.min(backoffMs * 2, maximumBackoffMs)
  }
}

/**
 * Reports one Node and its Lease until the signal aborts, then resolves.
 * `gone` is said only of a Node that was there before: one that has yet to register is no news.
 */
export async function watchNode(
  transport: Transport,
  name: string,
  onEvent: (event: NodeEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const query = { fieldSelector: `metadata.name=${name}` }
  let wasThere = false
  const seen = (object: Wire<V1Node>): void => {
    wasThere = true
    onEvent({ type: 'node', node: nodeState(object) })
  }
  const gone = (): void => {
    if (wasThere) onEvent({ type: 'gone' })
    wasThere = false
  }
  const node: Watched<Wire<V1Node>> = {
    path: 'api/v1/nodes',
    query,
    access: { verb: 'watch', group: '', resource: 'nodes' },
    onList: ([found]) => (found === undefined ? gone() : seen(found)),
    onState: seen,
    onGone: gone,
  }
  const beat = (object: Wire<V1Lease>): void => {
    const renewedAtMs = renewedAt(object)
    if (renewedAtMs !== undefined) onEvent({ type: 'lease', renewedAtMs })
  }
  const lease: Watched<Wire<V1Lease>> = {
    path: 'apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
    query,
    access: { verb: 'watch', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' },
    onList: (found) => found.forEach(beat),
    onState: beat,
    onGone: () => undefined,
  }
  try {
    await Promise.all([keepWatching(transport, node, either), keepWatching(transport, lease, either)])
  } finally {
    stop.abort()
  }
}

/** spec.renewTime in epoch milliseconds; undefined when there is none. */
export function renewedAt(lease: Wire<V1Lease>): number | undefined {
  const renewedAtMs = Date.parse(String(lease.spec?.renewTime ?? ''))
  return Number.isNaN(renewedAtMs) ? undefined : renewedAtMs
}
