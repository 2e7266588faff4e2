import { ClusterError, isPassing, quoteRemote } from './errors.ts'
import type { EvictionAnswer } from './model.ts'
import { segment, type Transport } from './transport.ts'

/** The parts of a Status that tell why an eviction was refused. */
interface EvictionStatus {
  readonly status?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly reason?: unknown
  readonly details?: {
    readonly causes?: readonly { readonly reason?: unknown; readonly message?: unknown }[]
    readonly retryAfterSeconds?: unknown
  }
}

/** Longer than this nobody waits because a server asks for it. */
const longestRetryMs = 30_000

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/**
 * What a refusal says. The cause `DisruptionBudget` names the budget in its message, `The disruption budget web needs 2 healthy pods
 * and has 2 currently` (kubernetes pkg/registry/core/pod/storage/eviction.go, checkAndDecrement); one that is still being computed
 * asks to come back in 10 s. A server that is merely busy answers 429 as well, without that cause.
 */
function refusal(status: EvictionStatus): EvictionAnswer {
  const causes = Array.isArray(status.details?.causes) ? status.details.causes : []
  const cause = causes.find((one) => one?.reason === 'DisruptionBudget')
  const said = [text(status.message), text(cause?.message)].filter((part) => part !== '').join(' ')
  const budget = /^The disruption budget (\S+) /.exec(text(cause?.message))?.[1] ?? ''
  const seconds = status.details?.retryAfterSeconds
  const hasWait = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0
  return {
    type: 'refused',
    budget: quoteRemote(budget),
    words: quoteRemote(said),
    ...(hasWait ? { retryAfterMs: Math.min(seconds * 1000, longestRetryMs) } : {}),
  }
}

/** See Cluster.evictPod. `policy/v1` is there since Kubernetes 1.22. */
export async function evictPod(
  transport: Transport,
  pod: { readonly namespace: string; readonly name: string; readonly uid: string },
  signal: AbortSignal,
): Promise<EvictionAnswer> {
  const { namespace, name, uid } = pod
  // An empty one would be no precondition at all.
  if (uid === '') throw new RangeError('a pod is evicted as it was read, or not at all')
  const path = `api/v1/namespaces/${segment(namespace)}/pods/${segment(name)}/eviction`
  try {
    const { body } = await transport.call<EvictionStatus>(
      {
        method: 'POST',
        path,
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name, namespace },
          deleteOptions: { preconditions: { uid } },
        },
        access: { verb: 'create', group: '', resource: 'pods/eviction', namespace },
        expected: [429, 500],
      },
      signal,
    )
    if (body === undefined) return { type: 'gone' }
    // 500: two budgets are about one pod, which evictions do not support; the budgets may be mended while the run waits.
    if (body.code === 429 || body.code === 500 || body.status === 'Failure') return refusal(body)
    return { type: 'evicted' }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    // The name belongs to another pod by now.
    if (error.code === 'conflict') return { type: 'gone' }
    // Everything in a namespace that ends is being deleted anyway (kubectl pkg/drain, NamespaceTerminating).
    if (error.code === 'refused' && error.evidence.some((line) => line.includes('because it is being terminated')))
      return { type: 'gone' }
    // A server that is busy or restarting, or a connection that was cut: asked again by whoever drains, within the deadline.
    if (isPassing(error)) return { type: 'refused', budget: '', words: quoteRemote(error.message) }
    throw error
  }
}
