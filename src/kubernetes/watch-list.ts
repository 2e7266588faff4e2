import type { ApiObject, KindReference, ListOptions } from './model.ts'
import type { Transport } from './transport.ts'
import { watchObjects } from './watch-objects.ts'

const uidOf = (object: ApiObject): string => {
  const { uid, name } = (object.metadata ?? {}) as { readonly uid?: unknown; readonly name?: unknown }
  return String(uid ?? name ?? '')
}

/** See Cluster.watchList. Kept by uid, so that a successor of the same name is told from the object before it. */
export async function watchList<Item>(
  transport: Transport,
  kind: KindReference,
  read: (object: ApiObject) => Item,
  onChange: (items: readonly Item[]) => void,
  signal: AbortSignal,
  options: ListOptions = {},
): Promise<void> {
  const known = new Map<string, Item>()
  await watchObjects(
    transport,
    kind,
    (event) => {
      if (event.type === 'listed') {
        known.clear()
        for (const object of event.objects) known.set(uidOf(object), read(object))
      } else if (event.type === 'object') known.set(uidOf(event.object), read(event.object))
      else known.delete(uidOf(event.object))
      onChange([...known.values()])
    },
    signal,
    options,
  )
}
