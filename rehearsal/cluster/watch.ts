/** Watches: JSON lines over a chunked answer, from a resourceVersion on. */
import { type ApiObject, apiVersionOf } from './objects.ts'
import { failures } from './status.ts'
import type { StoreEvent } from './store.ts'
import { prefixOf, selectorOf, served, type Target } from './verbs.ts'

const bookmarkEveryMs = 60_000

/** Runs until the client goes, `timeoutSeconds` have passed, or the version asked for is too old. */
export function watch(target: Target): void {
  const { call, objects, resource } = target
  const { response, query } = call
  const isSelected = selectorOf(call)
  const prefix = `${prefixOf(target)}/`
  const asked = query.get('resourceVersion') ?? ''
  if (!/^\d*$/.test(asked))
    throw failures.badRequest(`Invalid value: "${asked}": strconv.ParseUint: parsing "${asked}": invalid syntax`)
  let version = asked === '' || asked === '0' ? objects.version : Number(asked)

  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' })
  response.flushHeaders()
  const send = (type: string, object: unknown) => response.write(`${JSON.stringify({ type, object })}\n`)

  const past = objects.since(version)
  if (past === undefined) {
    // The real server, too, opens the stream and then says 410 in it, and which version would have done.
    send('ERROR', failures.expired(version, objects.oldest).status)
    response.end()
    return
  }
  const deliver = (event: StoreEvent) => {
    if (!event.key.startsWith(prefix)) return
    const type = seenAs(event, isSelected)
    version = event.version
    if (type !== undefined) send(type, served(resource, type === 'DELETED' ? withVersion(event) : event.object))
  }
  if (asked === '' || asked === '0') {
    for (const object of objects.view(prefix).filter(isSelected)) send('ADDED', served(resource, object))
  } else {
    for (const event of past) deliver(event)
  }
  const sendBookmark = () => {
    if (query.get('allowWatchBookmarks') !== 'true') return
    const metadata = { resourceVersion: String(objects.version), creationTimestamp: null }
    send('BOOKMARK', { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata })
  }
  const stopListening = objects.listen(deliver)
  const bookmarks = setInterval(sendBookmark, bookmarkEveryMs)
  const seconds = Number(query.get('timeoutSeconds') ?? '')
  const end = () => {
    sendBookmark()
    response.end()
  }
  const ending = seconds > 0 ? setTimeout(end, seconds * 1000) : undefined
  response.once('close', () => {
    stopListening()
    clearInterval(bookmarks)
    clearTimeout(ending)
  })
}

/** A change seen through a selector: an object that leaves the selection is DELETED for this watch, one that enters is ADDED. */
function seenAs(event: StoreEvent, isSelected: (object: ApiObject) => boolean): StoreEvent['type'] | undefined {
  const was = event.previous !== undefined && isSelected(event.previous)
  const is = event.type !== 'DELETED' && isSelected(event.object)
  if (is) return was ? 'MODIFIED' : 'ADDED'
  return was ? 'DELETED' : undefined
}

/** The last state that the watcher could see, with the version of the change that took it away. */
function withVersion(event: StoreEvent): ApiObject {
  const last = event.previous ?? event.object
  return { ...last, metadata: { ...last.metadata, resourceVersion: String(event.version) } }
}
