import { ClusterError } from '../kubernetes/index.ts'
import type { Check } from '../report/index.ts'
import type { VerifyPorts } from './model.ts'

const reachable = 'api.reachable'

/** A question through an API server that is known not to answer: it is not asked. */
export class BlockedError extends ClusterError {
  /** Id of the check that says so. */
  readonly by: string
  constructor(by: string) {
    super('api-unreachable', {
      title: `blocked by ${by}`,
      cause: 'the API server does not answer',
      remedy: `see ${by}`,
      evidence: [],
    })
    this.by = by
  }
}

/** Id of the check that says that the API server does not answer; undefined: it answers, or nobody asked. */
export function apiFault(checks: readonly Check[]): string | undefined {
  return checks.find(({ id, verdict }) => id === reachable && (verdict === 'fail' || verdict === 'error'))?.id
}

/**
 * The same ports while the API server does not answer, for suites that ask others as well: nobody waits for it once more, and what goes
 * through it is blocked. Its TLS handshake is still looked at: an expired certificate may be why.
 */
export function withoutApi(ports: VerifyPorts, by: string): VerifyPorts {
  const refuse = (): Promise<never> => Promise.reject(new BlockedError(by))
  return {
    ...ports,
    lists: {
      nodes: refuse,
      pods: refuse,
      leases: refuse,
      of: refuse,
      health: refuse,
      versionsOf: refuse,
      serverTimeMs: () => ports.lists.serverTimeMs(),
    },
    certificates: async () => {
      try {
        return await ports.certificates()
      } catch (error) {
        ports.signal.throwIfAborted()
        throw error instanceof ClusterError ? new BlockedError(by) : error
      }
    },
  }
}
