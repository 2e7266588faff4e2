import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster, KindReference } from '../../kubernetes/index.ts'
import type { Check } from '../../report/index.ts'
import { type FluxState, fluxCheck, fluxKinds, readFlux, waiting } from './flux.ts'
import {
  judgeLonghorn,
  type LonghornState,
  longhornCheck,
  longhornGroup,
  longhornNamespace,
  longhornUnknown,
  readLonghornNode,
} from './longhorn.ts'

/** Flux objects are reported as they become ready, and never waited for longer than this after storage is there. */
const fluxPatienceMs = 30_000

export interface FollowOptions {
  readonly node: string
  /** The disk that storage is to use; undefined: any. */
  readonly disk: string | undefined
  readonly timeoutMs: number
  /** Each step forward once, in few words. */
  readonly onStep: (words: string) => void
  readonly signal: AbortSignal
}

/** The newest version that the server prefers of a group, if it has the group and the kubeconfig's user may watch there. */
async function reachable(
  cluster: Cluster,
  groups: ReadonlyMap<string, readonly string[]>,
  kind: { readonly group: string; readonly resource: string; readonly namespace?: string },
  signal: AbortSignal,
): Promise<KindReference | 'absent' | 'forbidden'> {
  const [version] = groups.get(kind.group) ?? []
  if (version === undefined) return 'absent'
  const { group, resource, namespace } = kind
  const wanted = ['list', 'watch'].map((verb) => ({ verb, group, resource, ...(namespace ? { namespace } : {}) }))
  const answers = await cluster.canI(wanted, signal)
  return answers.every((answer) => answer.allowed) ? { group, version, resource } : 'forbidden'
}

/** Longhorn's object of the node, until it is schedulable or the signal aborts; undefined where it cannot be asked. */
async function followLonghorn(
  cluster: Cluster,
  kind: KindReference,
  { node, disk, onStep }: FollowOptions,
  signal: AbortSignal,
): Promise<Check> {
  const done = new AbortController()
  let last: LonghornState = judgeLonghorn(undefined, disk)
  const either = AbortSignal.any([signal, done.signal])
  try {
    await cluster.watchList(
      kind,
      readLonghornNode,
      ([found]) => {
        last = judgeLonghorn(found, disk)
        onStep(last.words)
        if (last.isDone || last.isHopeless) done.abort()
      },
      either,
      { namespace: longhornNamespace, fieldSelector: `metadata.name=${node}` },
    )
  } catch (error) {
    if (!either.aborted) return longhornUnknown(error instanceof Error ? error.message : String(error))
  }
  return longhornCheck(last, node)
}

/** Flux objects that are not ready when this begins; each that becomes ready is told. Ends when none waits, or the signal aborts. */
async function followFlux(
  cluster: Cluster,
  kind: KindReference,
  name: string,
  onStep: (words: string) => void,
  signal: AbortSignal,
): Promise<{ readonly cameReady: readonly string[]; readonly left: readonly FluxState[] }> {
  const done = new AbortController()
  const cameReady: string[] = []
  let waited: readonly string[] | undefined
  let left: readonly FluxState[] = []
  const either = AbortSignal.any([signal, done.signal])
  await cluster
    .watchList(
      kind,
      (object) => readFlux(name, object),
      (states) => {
        waited ??= waiting(states).map((state) => state.name)
        left = waiting(states).filter((state) => waited?.includes(state.name))
        for (const state of states) {
          if (!state.isReady || !waited.includes(state.name) || cameReady.includes(state.name)) continue
          cameReady.push(state.name)
          onStep(`${state.name} ready`)
        }
        if (left.length === 0) done.abort()
      },
      either,
    )
    // It is told as far as it can be: nothing depends on it.
    .catch(() => undefined)
  return { cameReady, left }
}

/**
 * Watches what the cluster makes of a storage node that has just become Ready: Longhorn until it may place replicas there, and what Flux
 * has not brought about yet, as it becomes ready. Ends as soon as nothing is left to wait for, at the latest after `timeoutMs`. Changes
 * nothing. Resolves with checks; rejects only when the signal aborts, or the API server cannot be asked at all.
 */
export async function followStorage(cluster: Cluster, options: FollowOptions): Promise<readonly Check[]> {
  const { onStep, signal, timeoutMs } = options
  const groups = await cluster.apiGroups(signal)
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const longhorn = await reachable(
    cluster,
    groups,
    { group: longhornGroup, resource: 'nodes', namespace: longhornNamespace },
    signal,
  )
  const flux = await Promise.all(
    fluxKinds.map(async (kind) => ({ kind, reference: await reachable(cluster, groups, kind, signal) })),
  )
  const storage =
    longhorn === 'absent'
      ? longhornUnknown('Longhorn is not installed in this cluster; the node is ready for it')
      : longhorn === 'forbidden'
        ? longhornUnknown("the kubeconfig's user may not watch nodes.longhorn.io (manifests/k3s-join-rbac.yaml)")
        : followLonghorn(cluster, longhorn, options, limit)
  const storageOver = Promise.resolve(storage)
  const enough = new AbortController()
  void storageOver
    .then(() => delay(fluxPatienceMs, undefined, { signal: limit, ref: false }))
    .catch(() => undefined)
    .then(() => enough.abort())
  const untilEnough = AbortSignal.any([limit, enough.signal])
  const followed = Promise.all(
    flux.map(async ({ kind, reference }) =>
      typeof reference === 'string'
        ? { cameReady: [], left: [] }
        : await followFlux(cluster, reference, kind.kind, onStep, untilEnough),
    ),
  )
  const [check, states] = await Promise.all([storageOver, followed])
  signal.throwIfAborted()
  const told = fluxCheck(
    states.flatMap(({ cameReady }) => cameReady),
    states.flatMap(({ left }) => left),
  )
  return told === undefined ? [check] : [check, told]
}
