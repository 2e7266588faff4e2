import { accessOf, folderOf } from './any-object.ts'
import type { ApiObject, KindReference, ListOptions } from './model.ts'
import type { Transport } from './transport.ts'
import { keepWatching } from './watch.ts'

/** As much of an object as it takes to tell it from others. */
interface Stored {
  readonly metadata?: { readonly uid?: string; readonly name?: string; readonly resourceVersion?: string }
}

/** See Cluster.watchObjects. Kept by uid, so that a successor of the same name is told from the object before it. */
export async function watchObjects<Item>(
  transport: Transport,
  kind: KindReference,
  read: (object: ApiObject) => Item,
  onChange: (items: readonly Item[]) => void,
  signal: AbortSignal,
  { namespace, labelSelector, fieldSelector }: ListOptions = {},
): Promise<void> {
  const known = new Map<string, Item>()
  const uidOf = (object: Stored): string => String(object.metadata?.uid ?? object.metadata?.name ?? '')
  const keep = (object: Stored): void => {
    known.set(uidOf(object), read(object as unknown as ApiObject))
  }
  const tell = (): void => onChange([...known.values()])
  await keepWatching<Stored>(
    transport,
    {
      path: folderOf(kind, namespace),
      query: { ...(labelSelector ? { labelSelector } : {}), ...(fieldSelector ? { fieldSelector } : {}) },
      access: accessOf('watch', kind, namespace),
      onList: (objects) => {
        known.clear()
        objects.forEach(keep)
        tell()
      },
      onState: (object) => {
        keep(object)
        tell()
      },
      onGone: (object) => {
        known.delete(uidOf(object))
        tell()
      },
    },
    signal,
  )
}
