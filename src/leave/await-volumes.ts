import type { Cluster, ObjectEvent } from '../kubernetes/index.ts'
import type { Attachment } from './model.ts'
import { readAttachment, uidOf } from './read.ts'

const attachmentKind = { group: 'storage.k8s.io', version: 'v1', resource: 'volumeattachments' } as const

/**
 * Waits until no volume is attached to the node any more; resolves with those that still are when the time is over. A volume that is
 * torn off a node which still writes to it is damaged, so nothing is stopped before.
 */
export async function awaitDetached(
  node: string,
  timeoutMs: number,
  ports: {
    readonly cluster: Pick<Cluster, 'watchObjects'>
    readonly onEvent: (text: string) => void
  },
  signal: AbortSignal,
): Promise<readonly Attachment[]> {
  const ended = new AbortController()
  const sources = AbortSignal.any([signal, ended.signal])
  const attached = new Map<string, Attachment>()
  const read = readAttachment(node)
  const { promise, resolve, reject } = Promise.withResolvers<readonly Attachment[]>()
  const gone = (uid: string): void => {
    const one = attached.get(uid)
    attached.delete(uid)
    if (one !== undefined) ports.onEvent(`${attachmentWords(one)} was detached`)
  }
  const see = (event: ObjectEvent): void => {
    if (event.type === 'gone') gone(uidOf(event.object))
    else {
      const objects = event.type === 'listed' ? event.objects : [event.object]
      const found = objects.flatMap((object) => read(object) ?? [])
      if (event.type === 'listed') {
        const there = new Set(found.map((one) => one.uid))
        for (const uid of [...attached.keys()]) if (!there.has(uid)) gone(uid)
      }
      for (const one of found) attached.set(one.uid, one)
    }
    if (attached.size === 0) resolve([])
  }
  const timer = setTimeout(() => resolve([...attached.values()]), timeoutMs)
  const whenAborted = (): void => reject(signal.reason)
  signal.addEventListener('abort', whenAborted, { once: true })
  const watch = ports.cluster.watchObjects(attachmentKind, see, sources).catch((error: unknown) => {
    if (!sources.aborted) reject(error)
  })
  try {
    signal.throwIfAborted()
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', whenAborted)
    ended.abort(new Error('the wait is over'))
    await watch
  }
}

/** `pvc-1f… (driver.longhorn.io)` */
export const attachmentWords = ({ name, volume, attacher }: Attachment): string => `${volume || name} (${attacher})`
