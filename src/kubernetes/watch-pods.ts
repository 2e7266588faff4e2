import type { V1Pod } from '@kubernetes/client-node'
import type { PodEvent } from './model.ts'
import type { Wire } from './objects.ts'
import { segment, type Transport } from './transport.ts'
import { keepWatching, type Watched } from './watch.ts'
import { podState } from './workload-objects.ts'

type PodSelection = Pick<Watched<unknown>, 'path' | 'query' | 'access'>

export function podsOf(node: string): PodSelection {
  const access = { verb: 'watch', group: '', resource: 'pods' }
  return { path: 'api/v1/pods', query: { fieldSelector: `spec.nodeName=${node}` }, access }
}

export function podsWith(namespace: string, labelSelector: string): PodSelection {
  const access = { verb: 'watch', group: '', resource: 'pods', namespace }
  return { path: `api/v1/namespaces/${segment(namespace)}/pods`, query: { labelSelector }, access }
}

/** See Cluster.watchPods and watchPodsWith. A pod that vanished in a gap of the watch is told as gone when the list no longer has it. */
export async function watchPods(
  transport: Transport,
  { path, query, access }: PodSelection,
  onEvent: (event: PodEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map<string, { readonly namespace: string; readonly name: string }>()
  const seen = (object: Wire<V1Pod>): void => {
    const pod = podState(object)
    known.set(pod.uid, { namespace: pod.namespace, name: pod.name })
    onEvent({ type: 'pod', pod })
  }
  const forget = (uid: string): void => {
    const pod = known.get(uid)
    known.delete(uid)
    if (pod === undefined) return
    // A successor of the same name may be there already: it is not gone.
    const hasSuccessor = [...known.values()].some((one) => one.namespace === pod.namespace && one.name === pod.name)
    if (!hasSuccessor) onEvent({ type: 'gone', ...pod })
  }
  await keepWatching<Wire<V1Pod>>(
    transport,
    {
      path,
      query,
      access,
      onList: (pods) => {
        const there = new Set(pods.map((pod) => pod.metadata?.uid ?? ''))
        pods.forEach(seen)
        for (const uid of [...known.keys()]) if (!there.has(uid)) forget(uid)
      },
      onState: seen,
      onGone: (pod) => forget(pod.metadata?.uid ?? ''),
    },
    signal,
  )
}
