import type { Cluster, EvictionAnswer, ObjectEvent } from '../kubernetes/index.ts'
import { planDrain, podName, type RuledPod } from './drain-plan.ts'
import type { BoundPod, DrainWishes } from './model.ts'
import { readBudget, readPod, uidOf } from './read.ts'

/** A pod that has not left, and what is known of why. */
export interface Straggler {
  readonly pod: BoundPod
  /** Budget that does not let it go, `namespace/name`; empty: it was told to end and has not, or nobody says. */
  readonly budget: string
  /** The server's last words, or what keeps it. */
  readonly words: string
}

export type DrainOutcome =
  | { readonly type: 'drained'; readonly left: number; readonly elapsedMs: number }
  /** The deadline came first. `evicted` ones have been told to end. */
  | {
      readonly type: 'deadline'
      readonly stragglers: readonly Straggler[]
      readonly left: number
      /** Whether the server ever said which pods there are. */
      readonly isListed: boolean
    }
  /** A pod came, or changed, that may not be sent away without its owner's word. */
  | { readonly type: 'stopped'; readonly pod: RuledPod; readonly left: number }

export interface DrainPorts {
  readonly cluster: Pick<Cluster, 'evictPod' | 'watchObjects'>
  /** Milliseconds, monotonic. */
  readonly now: () => number
  readonly onEvent: (text: string) => void
}

const podKind = { group: '', version: 'v1', resource: 'pods' } as const
const budgetKind = { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' } as const
/** A refusal is tried again after this at the latest; sooner when a budget changes. kubectl drain waits 5 s as well. */
const retryMs = 5_000
/** A budget that changes all the time does not drive anybody to ask more often than this. */
const leastGapMs = 500
/** Evictions on their way at a time. A node has some 100 pods; a list that claims thousands opens no thousand connections. */
const mostAsking = 16

interface Leaving {
  readonly pod: BoundPod
  state: 'wanted' | 'asking' | 'refused' | 'ends'
  budget: string
  words: string
  askedAtMs: number
  againAtMs: number
}

/**
 * Asks every pod of the node to leave that may be asked, and waits until they have left, under one deadline. What is refused is asked
 * again when a budget changes, and every few seconds; pods that come meanwhile are treated like the others. Rejects with ClusterError
 * for what waiting does not mend, and when the signal aborts.
 */
export async function drain(
  node: string,
  wishes: DrainWishes,
  timeoutMs: number,
  { cluster, now, onEvent }: DrainPorts,
  signal: AbortSignal,
): Promise<DrainOutcome> {
  const startedAt = now()
  const ended = new AbortController()
  const sources = AbortSignal.any([signal, ended.signal])
  const leaving = new Map<string, Leaving>()
  let isListed = false
  let left = 0
  let asking = 0
  const { promise, resolve, reject } = Promise.withResolvers<DrainOutcome>()

  const look = (pod: BoundPod): void => {
    const [ruled] = planDrain([pod], wishes) as [RuledPod]
    const known = leaving.get(pod.uid)
    if (ruled.ruling.type === 'stops') {
      resolve({ type: 'stopped', pod: ruled, left })
      return
    }
    if (ruled.ruling.type === 'stays') {
      forget(pod.uid)
      return
    }
    const state = ruled.ruling.type === 'ends' ? 'ends' : (known?.state ?? 'wanted')
    if (state === 'ends' && known === undefined)
      onEvent(`${podName(pod)} ends already, and may take ${pod.graceSeconds} s`)
    // The watch may be faster than the answer to the eviction.
    if (state === 'ends' && known !== undefined && known.state !== 'ends') onEvent(`${podName(pod)} was asked to leave`)
    leaving.set(pod.uid, {
      pod,
      state,
      budget: known?.budget ?? '',
      words: known?.words ?? '',
      askedAtMs: known?.askedAtMs ?? 0,
      againAtMs: known?.againAtMs ?? 0,
    })
  }
  const forget = (uid: string): void => {
    const known = leaving.get(uid)
    if (known === undefined) return
    leaving.delete(uid)
    left += 1
    onEvent(`${podName(known.pod)} left`)
  }

  const answered = (one: Leaving, answer: EvictionAnswer): void => {
    const current = leaving.get(one.pod.uid)
    if (current === undefined) return
    if (answer.type === 'gone') {
      forget(one.pod.uid)
      return
    }
    if (answer.type === 'evicted') {
      if (current.state !== 'ends') onEvent(`${podName(one.pod)} was asked to leave`)
      current.state = 'ends'
      current.budget = ''
      current.words = ''
      return
    }
    const budget = answer.budget === '' ? '' : `${one.pod.namespace}/${answer.budget}`
    onEvent(`${podName(one.pod)} waits${budget === '' ? '' : ` for budget ${budget}`}: ${answer.words}`)
    Object.assign(current, {
      state: 'refused',
      budget,
      words: answer.words,
      againAtMs: now() + Math.min(answer.retryAfterMs ?? retryMs, 2 * retryMs),
    })
  }
  const ask = (one: Leaving): void => {
    one.state = 'asking'
    one.askedAtMs = now()
    asking += 1
    cluster.evictPod(one.pod, sources).then(
      (answer) => {
        asking -= 1
        answered(one, answer)
        step()
      },
      (error: unknown) => {
        asking -= 1
        if (!sources.aborted) reject(error)
      },
    )
  }
  const step = (): void => {
    if (sources.aborted) return
    if (isListed) {
      for (const one of leaving.values()) {
        if (asking >= mostAsking) break
        if (one.state === 'wanted' || (one.state === 'refused' && now() >= one.againAtMs)) ask(one)
      }
    }
    if (isListed && leaving.size === 0) resolve({ type: 'drained', left, elapsedMs: now() - startedAt })
    // Also when nobody ever said which pods there are.
    else if (now() - startedAt >= timeoutMs)
      resolve({ type: 'deadline', stragglers: [...leaving.values()].map(stragglerOf), left, isListed })
  }

  const onPod = (event: ObjectEvent): void => {
    if (event.type === 'listed') {
      const pods = event.objects.map(readPod)
      const there = new Set(pods.map((pod) => pod.uid))
      for (const uid of [...leaving.keys()]) if (!there.has(uid)) forget(uid)
      pods.forEach(look)
      isListed = true
    } else if (event.type === 'gone') forget(uidOf(event.object))
    else look(readPod(event.object))
    step()
  }
  /** What was refused is asked again soon: another pod of the budget may have become healthy. */
  const onBudget = (event: ObjectEvent): void => {
    const name = event.type === 'listed' ? undefined : podName(readBudget(event.object))
    for (const one of leaving.values())
      if (one.state === 'refused' && one.budget !== '' && (name === undefined || name === one.budget))
        one.againAtMs = Math.min(one.againAtMs, one.askedAtMs + leastGapMs)
    step()
  }

  const timer = setInterval(step, 250)
  const whenAborted = (): void => reject(signal.reason)
  signal.addEventListener('abort', whenAborted, { once: true })
  const watches = [
    cluster.watchObjects(podKind, onPod, sources, { fieldSelector: `spec.nodeName=${node}` }),
    cluster.watchObjects(budgetKind, onBudget, sources),
  ].map((watch) =>
    watch.catch((error: unknown) => {
      if (!sources.aborted) reject(error)
    }),
  )
  try {
    signal.throwIfAborted()
    return await promise
  } finally {
    clearInterval(timer)
    signal.removeEventListener('abort', whenAborted)
    ended.abort(new Error('the drain is over'))
    await Promise.all(watches)
  }
}

function stragglerOf({ pod, state, budget, words }: Leaving): Straggler {
  if (state !== 'ends') return { pod, budget, words: words || 'it was not asked yet' }
  const keeps =
    pod.finalizers.length > 0
      ? `finalizers keep it: ${pod.finalizers.join(', ')}`
      : `it was told to end and has not; it may take ${pod.graceSeconds} s`
  return { pod, budget: '', words: keeps }
}
