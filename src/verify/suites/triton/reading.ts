/** What one target's server shows of itself while it is asked: statistics and metrics, as evidence. */
import { HttpFault } from '../../../http/index.ts'
import {
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
  readonly triton: TritonClient
  readonly ports: VerifyPorts
  readonly wish: VerifyWish
  readonly target: TritonTarget
  readonly rules: TritonRules
  readonly model?: ModelMetadata
  readonly config?: ModelConfig
}

/** Numbers of the server at one moment. */
export interface Reading {
  readonly statistics?: ModelStatistics
  readonly isRestricted: boolean
  readonly metrics?: GpuMetrics
}

export function evidenceOf(
  { config, target }: Conversation,
  before: Reading,
  after: Reading,
  hadLoad: boolean,
): GpuEvidence {
  return {
    ...(config && { config }),
    ...(after.statistics && { statistics: after.statistics }),
    ...(before.metrics && after.metrics && { metrics: { before: before.metrics, after: after.metrics } }),
    uuids: target.gpuUuids,
    ...(before.statistics &&
      after.statistics && { executions: after.statistics.executions - before.statistics.executions }),
    hadLoad,
  }
}

/** Statistics and metrics are evidence, not questions: where they do not answer there is less of it. */
export async function read({ triton, ports, target, rules }: Conversation): Promise<Reading> {
  const orNothing = (error: unknown): undefined => {
    if (!(error instanceof HttpFault)) throw error
  }
  const answer = await triton.statistics(ports.signal).catch(orNothing)
  const isShown = answer?.kind === 'endpoint' && answer.status === 200
  const statistics = isShown ? readStatistics(answer.body, target.version) : undefined
  const metrics =
    target.metricsUrl === '' ? undefined : await readMetrics(ports, target.metricsUrl, rules.askMs).catch(orNothing)
  return {
    ...(statistics && { statistics }),
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
