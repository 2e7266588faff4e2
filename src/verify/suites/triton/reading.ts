/** What one target's server shows of itself while it is asked: statistics and metrics, as evidence. */
import { HttpFault } from '../../../http/index.ts'
import {
  executionsOf,
  type GpuEvidence,
  type GpuMetrics,
  isRestricted,
  type ModelConfig,
  type ModelMetadata,
  type ModelStatistics,
  readGpuMetrics,
  readStatistics,
  type TritonClient,
  type TritonTarget,
} from '../../../triton/index.ts'
import type { VerifyPorts, VerifyWish } from '../../model.ts'
import type { Chain } from './chain.ts'
import type { TritonRules } from './target.ts'

export interface Conversation {
  readonly chain: Chain
  /** Asks again where nothing of Triton came. */
  readonly triton: TritonClient
  /** Asks once. */
  readonly hasty: TritonClient
  readonly ports: VerifyPorts
  readonly wish: VerifyWish
  readonly target: TritonTarget
  readonly rules: TritonRules
  readonly model?: ModelMetadata
  readonly config?: ModelConfig
}

export const nothingRead: Reading = { statisticsOf: () => undefined, isRestricted: false }

/** Numbers of the server at one moment. */
export interface Reading {
  /** Of one version, that which answered; empty: of all together. */
  statisticsOf(version: string): ModelStatistics | undefined
  readonly isRestricted: boolean
  readonly metrics?: GpuMetrics
}

export function evidenceOf(
  { config, target }: Conversation,
  [before, after]: readonly [Reading, Reading],
  { version, sent, hadLoad }: { readonly version: string; readonly sent: number; readonly hadLoad: boolean },
): GpuEvidence {
  // Another version of the same model may sit on the card while the one that answers does not.
  const earlier = before.statisticsOf(version)
  const statistics = after.statisticsOf(version)
  return {
    ...(config && { config }),
    ...(statistics && { statistics }),
    ...(before.metrics && after.metrics && { metrics: { before: before.metrics, after: after.metrics } }),
    uuids: target.gpuUuids,
    ...(earlier && statistics && { executions: executionsOf(earlier, statistics, sent) }),
    hadLoad,
    hasMetricsAddress: target.metricsUrl !== '',
  }
}

/** Statistics and metrics are evidence, not questions: where they do not answer there is less of it. */
export async function read({ hasty, ports, target, rules }: Conversation): Promise<Reading> {
  const orNothing = (error: unknown): undefined => {
    if (!(error instanceof HttpFault)) throw error
  }
  const answer = await hasty.statistics(ports.signal).catch(orNothing)
  const isShown = answer?.kind === 'endpoint' && answer.status === 200
  const metrics =
    target.metricsUrl === '' ? undefined : await readMetrics(ports, target.metricsUrl, rules.askMs).catch(orNothing)
  return {
    statisticsOf: (version) => (isShown ? readStatistics(answer.body, version) : undefined),
    isRestricted: answer !== undefined && isRestricted(answer),
    ...(metrics && { metrics }),
  }
}

async function readMetrics(ports: VerifyPorts, address: string, timeoutMs: number): Promise<GpuMetrics | undefined> {
  const url = new URL(address)
  const path = url.pathname === '/' ? '/metrics' : `${url.pathname}${url.search}`
  const http = ports.openHttp({ url: url.origin, guard: 'direct', credentials: {}, headers: {} })
  try {
    const answer = await http.ask({ method: 'GET', path, timeoutMs }, ports.signal)
    return answer.kind === 'endpoint' && answer.status === 200 ? readGpuMetrics(answer.body) : undefined
  } finally {
    await http.close()
  }
}

/** Mean that the server spent on a request between the two, other clients' included. */
export function serverShare(
  before: ModelStatistics | undefined,
  after: ModelStatistics | undefined,
): number | undefined {
  if (!before || !after) return undefined
  const requests = after.successes - before.successes
  return requests > 0 ? (after.successNs - before.successNs) / requests / 1e6 : undefined
}
