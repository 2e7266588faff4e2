/** A cluster of plain objects for suites of verification: what is listed here is what the API has. */
import type { HttpClient } from '../../src/http/index.ts'
import {
  type AccessRequest,
  type ApiObject,
  type Cluster,
  ClusterError,
  type NodeState,
} from '../../src/kubernetes/index.ts'
import { openLists } from '../../src/verify/lists.ts'
import type { CertificateDates, VerifyPorts, VerifyWish } from '../../src/verify/model.ts'

export const nowMs = Date.parse('2026-11-22T03:00:00Z')
export const minuteMs = 60_000
export const dayMs = 86_400_000
/** RFC 3339, so long before now. */
export const ago = (ms: number): string => new Date(nowMs - ms).toISOString()
export const inDays = (days: number): string => ago(-days * dayMs)

export interface AskedWorld {
  /** `group/version/resource` → objects; the core group's paths begin with `/`. */
  readonly objects?: Readonly<Record<string, readonly ApiObject[]>>
  /** Groups that are served besides those of the objects, e.g. `longhorn.io/v1beta2`. */
  readonly served?: readonly string[]
  /** Resources that may not be listed. */
  readonly forbidden?: readonly string[]
  /** Answers of a service, by what stands in its path. */
  readonly proxied?: (path: string) => unknown
  readonly dates?: CertificateDates
  readonly nodes?: readonly NodeState[]
  readonly openHttp?: VerifyPorts['openHttp']
  readonly resolve?: VerifyPorts['resolve']
}

export const wishOf = (changes: Partial<VerifyWish> = {}): VerifyWish => ({
  cluster: 'oceanid',
  mode: 'observe',
  suites: new Set(),
  distribution: 'k3s',
  nodes: [],
  joining: '',
  version: '',
  tunnel: '',
  flux: 'optional',
  triton: [],
  endpoints: [],
  certificateWarnMs: 30 * dayMs,
  certificateFailMs: 7 * dayMs,
  freePercent: 20,
  storageClass: '',
  prometheus: '',
  nodeJobs: [],
  gpuImage: '',
  probeImage: '',
  namespace: 'k3s-gpu-actions',
  timeoutMs: 60_000,
  severities: [],
  ...changes,
})

export interface Asked extends VerifyPorts {
  /** What was listed, in the order of asking: `resource` or `resource?selector`. */
  readonly asked: string[]
  readonly said: string[]
}

export function forbidden(access: AccessRequest): ClusterError {
  return new ClusterError('forbidden', {
    title: `the user of the kubeconfig may not ${access.verb} ${access.resource}`,
    cause: 'a rule for it is missing',
    remedy: 'apply the manifest',
  })
}

export function askedWorld(world: AskedWorld = {}): Asked {
  const { objects = {}, served = [] } = world
  const asked: string[] = []
  const said: string[] = []
  const signal = new AbortController().signal
  const groups = new Map<string, string[]>()
  for (const path of [...served, ...Object.keys(objects)]) {
    const [group = '', version = ''] = path.split('/')
    const versions = groups.get(group) ?? []
    if (group !== '' && !versions.includes(version)) groups.set(group, [...versions, version])
  }
  const cluster: Partial<Cluster> = {
    serverTimeMs: nowMs,
    apiGroups: async () => groups,
    nodes: async () => world.nodes ?? [],
    async list(kind, read, _signal, options = {}) {
      const selector = options.labelSelector ?? options.fieldSelector
      asked.push(selector === undefined ? kind.resource : `${kind.resource}?${selector}`)
      if (world.forbidden?.includes(kind.resource)) throw forbidden({ verb: 'list', ...kind })
      return objects[`${kind.group}/${kind.version}/${kind.resource}`]?.map(read)
    },
    async proxied(_service, path) {
      asked.push(path)
      return world.proxied?.(path)
    },
  }
  const never = (): HttpClient => {
    throw new Error('no endpoint was expected')
  }
  return {
    asked,
    said,
    cluster: cluster as Cluster,
    lists: openLists(cluster as Cluster, () => nowMs, signal),
    openHttp: world.openHttp ?? never,
    resolve: world.resolve ?? (async () => ['192.0.2.1']),
    certificates: async () => world.dates ?? { server: [], authority: [] },
    now: () => nowMs,
    runId: 'abcdefghijkl',
    label: 'run 1',
    history: [],
    say: (line) => said.push(line),
    signal,
  }
}

/** A condition of a status. */
export const condition = (type: string, status: string, reason = '', message = '', since = ago(dayMs)): ApiObject => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: since,
})
