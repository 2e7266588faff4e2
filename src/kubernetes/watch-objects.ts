import { accessOf, folderOf } from './any-object.ts'
import type { ApiObject, KindReference, ListOptions, ObjectEvent } from './model.ts'
import type { Transport } from './transport.ts'
import { keepWatching } from './watch.ts'

/** See Cluster.watchObjects. */
export async function watchObjects(
  transport: Transport,
  kind: KindReference,
  onEvent: (event: ObjectEvent) => void,
  signal: AbortSignal,
  { namespace, labelSelector, fieldSelector }: ListOptions = {},
): Promise<void> {
  await keepWatching<ApiObject>(
    transport,
    {
      path: folderOf(kind, namespace),
      query: { ...(labelSelector ? { labelSelector } : {}), ...(fieldSelector ? { fieldSelector } : {}) },
      access: accessOf('watch', kind, namespace),
      onList: (objects) => onEvent({ type: 'listed', objects }),
      onState: (object) => onEvent({ type: 'object', object }),
      onGone: (object) => onEvent({ type: 'gone', object }),
    },
    signal,
  )
}
