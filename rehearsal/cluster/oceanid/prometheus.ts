/** An instant query as Prometheus answers it (its HTTP API, /api/v1/query): only `up`. */
import { agent, server } from './house.ts'

const targets = [
  { job: 'kubelet', instance: `${server}:10250`, node: server },
  { job: 'kubelet', instance: `${agent}:10250`, node: agent },
  { job: 'kubelet', instance: 'calypso:10250', node: 'calypso' },
  { job: 'node-exporter', instance: '157.173.210.123:9100', node: server },
  { job: 'node-exporter', instance: '191.101.1.3:9100', node: agent },
  { job: 'triton', instance: '192.168.2.80:8002', node: 'calypso' },
]

export function upQuery(path: string, query: URLSearchParams, nowMs: number, isTritonDown: boolean): object {
  if (path !== '/api/v1/query') return { status: 'error', errorType: 'not_found', error: 'only queries are rehearsed' }
  const isUp = query.get('query') === 'up'
  const result = (isUp ? targets : []).map(({ job, instance, node }) => ({
    metric: { __name__: 'up', job, instance, node },
    value: [nowMs / 1000, isTritonDown && job === 'triton' ? '0' : '1'],
  }))
  return { status: 'success', data: { resultType: 'vector', result } }
}
