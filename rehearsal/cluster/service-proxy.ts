/** `…/services/NAME:PORT/proxy/PATH`: what a service answers, asked through the API server (pkg/registry/core/service). */
import { type Call, sendJson } from './http.ts'
import { type ApiObject, keyOf, type Resource } from './objects.ts'
import type { RequestInfo } from './request-info.ts'
import { failures, StatusError } from './status.ts'
import type { MemoryStore } from './store.ts'

/** `namespace/name:port` → what answers behind it, given path and query. */
export type ServiceProxy = Readonly<Record<string, (path: string, query: URLSearchParams) => object>>

interface Port {
  readonly name?: string
  readonly port: number
}

export function proxy(
  call: Call,
  info: RequestInfo,
  resource: Resource,
  objects: MemoryStore,
  services: ServiceProxy,
): void {
  if (call.method !== 'GET') throw failures.methodNotAllowed()
  const [name = '', port = ''] = info.name.split(':')
  const service = objects.get(keyOf(resource, info.namespace, name))
  if (service === undefined) throw failures.notFound(resource, name)
  const ports = ((service.spec as { ports?: readonly Port[] } | undefined)?.ports ?? []) as readonly Port[]
  const wanted = ports.find((one) => port === '' || one.name === port || String(one.port) === port)
  if (wanted === undefined)
    throw new StatusError(
      503,
      'ServiceUnavailable',
      `no service port ${JSON.stringify(port)} found for service ${JSON.stringify(name)}`,
    )
  if (!hasReadyEndpoint(objects, info.namespace, name))
    throw new StatusError(503, 'ServiceUnavailable', `no endpoints available for service ${JSON.stringify(name)}`)
  const answer = services[`${info.namespace}/${name}:${wanted.port}`]
  if (answer === undefined)
    throw new StatusError(
      503,
      'ServiceUnavailable',
      `error trying to reach service: dial tcp: connect: connection refused`,
    )
  sendJson(call, 200, answer(call.path.replace(/^.*?\/proxy/, ''), call.query))
}

function hasReadyEndpoint(objects: MemoryStore, namespace: string, service: string): boolean {
  const slices = objects.view(`endpointslices/${namespace}`)
  const isOf = (slice: ApiObject): boolean => slice.metadata.labels?.['kubernetes.io/service-name'] === service
  return slices
    .filter(isOf)
    .flatMap((slice) => (slice.endpoints ?? []) as readonly { readonly conditions?: { readonly ready?: boolean } }[])
    .some((endpoint) => endpoint.conditions?.ready !== false)
}
