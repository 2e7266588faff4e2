import type { AccessRequest } from '../../../kubernetes/index.ts'
import type { VerifyPorts } from '../../model.ts'
import { entriesAt, line, listAt, numberAt, textAt, valueAt } from '../reading.ts'

/** One series of an instant query. Remote text. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** What is no answer of a Prometheus. */
export class NoPrometheus extends Error {}

/** More series than this are no answer for people. */
const mostSamples = 10_000

/** Reads `{"status":"success","data":{"resultType":"vector","result":[{"metric":{…},"value":[time,"1"]}]}}`, see Prometheus' HTTP API. */
export function readVector(answer: unknown): readonly Sample[] {
  if (textAt(answer, 'status') === 'error') {
    throw new NoPrometheus(`it answers: ${line(textAt(answer, 'error') || 'an error', 160)}`)
  }
  if (textAt(answer, 'status') !== 'success' || textAt(answer, 'data', 'resultType') !== 'vector') {
    throw new NoPrometheus('what answers is no Prometheus')
  }
  return listAt(answer, 'data', 'result')
    .slice(0, mostSamples)
    .flatMap((series) => {
      const [, text] = listAt(series, 'value')
      const value = numberAt({ text }, 'text')
      if (value === undefined || valueAt(series, 'metric') === undefined) return []
      const labels = entriesAt(series, 'metric')
        .slice(0, 30)
        .map(([name, label]) => [name, typeof label === 'string' ? line(label, 120) : ''] as const)
      return { labels: Object.fromEntries(labels), value }
    })
}

/** Asks a Prometheus in the cluster through the API server; undefined: there is no such service. */
export async function queryPrometheus(
  { cluster, signal }: Pick<VerifyPorts, 'cluster' | 'signal'>,
  service: string,
  query: string,
): Promise<readonly Sample[] | undefined> {
  const answer = await cluster.proxied(service, `/api/v1/query?query=${encodeURIComponent(query)}`, signal)
  return answer === undefined ? undefined : readVector(answer)
}

/** The right to ask this one service, and no other: the API server knows it by name and port. */
export function prometheusAccess(service: string): readonly AccessRequest[] {
  const [namespace, name] = service.split('/')
  if (!namespace || !name) return []
  return [{ verb: 'get', group: '', resource: 'services/proxy', namespace, name }]
}
