import type { Cluster, ObjectEvent } from '../kubernetes/index.ts'
import { rulePod } from './drain-plan.ts'
import type { Attachment, BoundPod, DrainWishes } from './model.ts'
import { readAttachment, readPod, uidOf } from './read.ts'

const attachmentKind = { group: 'storage.k8s.io', version: 'v1', resource: 'volumeattachments' } as const
const podKind = { group: '', version: 'v1', resource: 'pods' } as const

export type DetachOutcome =
  | { readonly type: 'detached' }
  /** Still attached when the time was over. */
  | { readonly type: 'attached'; readonly attachments: readonly [Attachment, ...Attachment[]] }
  /** Nobody said what is attached, or who is on the node, while there was time: that is not the same as nothing. */
  | { readonly type: 'unknown' }
  /**
   * A pod came to the node after its drain: it was bound in that moment, or it tolerates a closed node and its controller brings it
   * back. Its volumes are attached again, so nobody waits any longer.
   */
  | { readonly type: 'came'; readonly pod: BoundPod }

/**
 * Waits until no volume is attached to the node any more, and nobody is on it who would have to leave. A volume that is torn off a node
 * which still writes to it is damaged, so nothing is stopped before.
 */
export async function awaitDetached(
  node: string,
  wishes: DrainWishes,
  timeoutMs: number,
  ports: { readonly cluster: Pick<Cluster, 'watchObjects'>; readonly onEvent: (text: string) => void },
  signal: AbortSignal,
): Promise<DetachOutcome> {
  const ended = new AbortController()
  const sources = AbortSignal.any([signal, ended.signal])
  const attached = new Map<string, Attachment>()
  const read = readAttachment(node)
  let listed = 0
  const { promise, resolve, reject } = Promise.withResolvers<DetachOutcome>()
  const judge = (): void => {
    if (listed === 2 && attached.size === 0) resolve({ type: 'detached' })
  }
  const gone = (uid: string): void => {
    const one = attached.get(uid)
    attached.delete(uid)
    if (one !== undefined) ports.onEvent(`${attachmentWords(one)} was detached`)
  }
  const seeAttachment = (event: ObjectEvent): void => {
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
  }
  const seePod = (event: ObjectEvent): void => {
    if (event.type === 'gone') return
    for (const object of event.type === 'listed' ? event.objects : [event.object]) {
      const pod = readPod(object)
      if (rulePod(pod, wishes).type !== 'stays') resolve({ type: 'came', pod })
    }
  }
  const watch = async (
    kind: typeof attachmentKind | typeof podKind,
    see: typeof seePod,
    options = {},
  ): Promise<void> => {
    let isListed = false
    try {
      await ports.cluster.watchObjects(
        kind,
        (event) => {
          see(event)
          if (event.type === 'listed' && !isListed) {
            isListed = true
            listed += 1
          }
          judge()
        },
        sources,
        options,
      )
    } catch (error) {
      if (!sources.aborted) reject(error)
    }
  }
  const timer = setTimeout(() => {
    const [first, ...others] = attached.values()
    resolve(first === undefined ? { type: 'unknown' } : { type: 'attached', attachments: [first, ...others] })
  }, timeoutMs)
  const whenAborted = (): void => reject(signal.reason)
  signal.addEventListener('abort', whenAborted, { once: true })
  const watches = [
    watch(attachmentKind, seeAttachment),
    watch(podKind, seePod, { fieldSelector: `spec.nodeName=${node}` }),
  ]
  try {
    signal.throwIfAborted()
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', whenAborted)
    ended.abort(new Error('the wait is over'))
    await Promise.all(watches)
  }
}

/** `pvc-1f… (driver.longhorn.io)` */
export const attachmentWords = ({ name, volume, attacher }: Attachment): string => `${volume || name} (${attacher})`
