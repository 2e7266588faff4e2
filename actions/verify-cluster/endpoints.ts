import type { ClusterFile, Problem, TritonSettings } from '../../src/cluster-file/index.ts'
import type { Endpoint } from '../../src/http/index.ts'
import type { TritonTarget } from '../../src/triton/index.ts'
import { type EndpointWish, idPart } from '../../src/verify/index.ts'
import { readDuration } from '../input-specification.ts'
import { headerLine } from './grammars.ts'
import type { Values } from './settings.ts'
import { specification } from './specification.ts'

interface Found<Item> {
  readonly items: readonly Item[]
  readonly problems: readonly Problem[]
}

/** The two headers of a service token (Cloudflare One documentation, "Service tokens"). */
function credentialsOf(values: Values): Readonly<Record<string, string>> {
  const id = values['access-client-id']
  const secret = values['access-client-secret']
  return id === undefined || secret === undefined
    ? {}
    : { 'cf-access-client-id': id, 'cf-access-client-secret': secret }
}

function tokenProblems(values: Values): readonly Problem[] {
  const id = values['access-client-id']
  const secret = values['access-client-secret']
  if ((id === undefined) === (secret === undefined)) return []
  const [missing, given] =
    id === undefined ? ['access-client-id', 'access-client-secret'] : ['access-client-secret', 'access-client-id']
  return [{ input: missing, problem: `is missing, though \`${given}\` is given`, allowed: 'both, or neither' }]
}

function headersOf(values: Values): {
  readonly headers: Readonly<Record<string, string>>
  readonly problems: readonly Problem[]
} {
  const lines = (values['triton-headers'] ?? '').split('\n').filter((line) => line.trim() !== '')
  const read = lines.map((line, index) => [index + 1, headerLine(line)] as const)
  // Never quoted: the value is a secret.
  const problems = read
    .filter(([, header]) => header === undefined)
    .map(([number]) => ({
      input: 'triton-headers',
      problem: `line ${number} is no header that may be added`,
      allowed:
        'Name: value, one a line; none that the client makes itself, none of Cloudflare Access (access-client-id)',
    }))
  return { headers: Object.fromEntries(read.flatMap(([, header]) => (header ? [header] : []))), problems }
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

/** The one server that inputs name, else those of the cluster file. */
function settingsOf(values: Values, file: ClusterFile | undefined): Found<TritonSettings & { readonly at: string }> {
  const written = (file?.content.verify?.triton ?? []).map((one, index) => ({
    ...one,
    at: file?.at(['verify', 'triton', index]) ?? '',
  }))
  const url = values['triton-url']
  const model = values['triton-model']
  const access = values['triton-access'] ?? (values['access-client-id'] === undefined ? 'direct' : 'cloudflare')
  if (url !== undefined && model !== undefined)
    return { items: [{ url, model, access, at: 'triton-url' }], problems: [] }
  // One of the two alone changes that of a file that knows a single server.
  const only = written.length === 1 ? written[0] : undefined
  if ((url !== undefined || model !== undefined) && only === undefined) {
    const missing = url === undefined ? 'triton-url' : 'triton-model'
    const problem = written.length === 0 ? 'is missing' : 'is missing: the cluster file knows several servers'
    return { items: [], problems: [{ input: missing, problem, allowed: 'triton-url and triton-model, or neither' }] }
  }
  if (only)
    return {
      items: [
        {
          ...only,
          ...(url === undefined ? {} : { url }),
          ...(model === undefined ? {} : { model }),
          ...(values['triton-access'] === undefined ? {} : { access: values['triton-access'] }),
        },
      ],
      problems: [],
    }
  return { items: written, problems: [] }
}

function p95Of(values: Values, settings: TritonSettings & { readonly at: string }): { ms?: number; problem?: Problem } {
  if (values['expect-p95'] !== undefined) return { ms: values['expect-p95'] }
  if (settings.p95 === undefined) return {}
  const { minimum, maximum } = specification['expect-p95']
  const read = readDuration(settings.p95, minimum, maximum)
  return 'value' in read ? { ms: read.value } : { problem: { input: `${settings.at}.p95`, ...read.problem } }
}

/** A secret for one server is nothing for the others of a file. */
function headerProblem(
  headers: Readonly<Record<string, string>>,
  items: readonly { readonly url: string }[],
): readonly Problem[] {
  const hosts = new Set(items.map(({ url }) => new URL(url).host))
  return hosts.size <= 1 || Object.keys(headers).length === 0
    ? []
    : [
        {
          input: 'triton-headers',
          problem: 'is given, though the cluster file knows servers on several hosts',
          allowed: 'with `triton-url` and `triton-model`, in a step for the server that they are for',
        },
      ]
}

/** Last parts of the ids of their checks: as short as tells them apart. */
function idsOf(items: readonly TritonSettings[]): readonly string[] {
  const short = items.map(({ name, model }) => idPart(name ?? model))
  const withHost = items.map(({ url }, index) =>
    isTwice(short, index) ? idPart(`${short[index]}.${new URL(url).host}`) : (short[index] ?? ''),
  )
  const withVersion = items.map(({ version }, index) =>
    isTwice(withHost, index) && version ? idPart(`${withHost[index]}.${version}`) : (withHost[index] ?? ''),
  )
  return withVersion.map((id, index) => (withVersion.indexOf(id) === index ? id : `${id}.${index + 1}`))
}

function isTwice(ids: readonly string[], index: number): boolean {
  return ids.some((id, at) => at !== index && id === ids[index])
}

/**
 * Triton servers to ask, each with an id of its own. One behind Access without a service token is none of these problems: a secret
 * that is missing is said by its own checks, and the rest of the cluster is verified.
 */
export function tritonTargets(values: Values, file: ClusterFile | undefined): Found<TritonTarget> {
  const settings = settingsOf(values, file)
  const { headers, problems: headerProblems } = headersOf(values)
  const problems: Problem[] = [...settings.problems, ...headerProblems, ...tokenProblems(values)]
  const credentials = credentialsOf(values)
  problems.push(...headerProblem(headers, settings.items))
  const ids = idsOf(settings.items)
  const items = settings.items.map((one, index): TritonTarget => {
    const guard = one.access ?? 'direct'
    if (guard === 'cloudflare' && !one.url.startsWith('https://'))
      problems.push({
        input: one.at,
        problem: 'is guarded by Cloudflare Access and not https',
        allowed: 'https: a service token is not sent in the clear',
      })
    const { ms, problem } = p95Of(values, one)
    if (problem) problems.push(problem)
    const endpoint: Endpoint = {
      url: withoutSlash(one.url),
      guard,
      credentials: guard === 'cloudflare' ? credentials : {},
      headers,
    }
    return {
      id: ids[index] ?? '',
      endpoint,
      model: one.model,
      version: one.version ?? '',
      gpuProof: values['expect-gpu-proof'] ?? one['gpu-proof'] ?? 'gpu-likely',
      ...(ms === undefined ? {} : { p95Ms: ms }),
      ...(one.golden === undefined ? {} : { golden: one.golden }),
      metricsUrl: withoutSlash(one.metrics ?? ''),
      tokenExpires: one['token-expires'] ?? '',
      node: one.node ?? '',
      gpuUuids: [],
    }
  })
  return { items, problems }
}

/** Further addresses that must answer. */
export function endpointWishes(values: Values, file: ClusterFile | undefined): Found<EndpointWish> {
  const credentials = credentialsOf(values)
  const problems: Problem[] = []
  const items = (file?.content.verify?.endpoints ?? []).map((one, index): EndpointWish => {
    const url = new URL(one.url)
    const guard = one.access ?? 'direct'
    if (guard === 'cloudflare' && url.protocol !== 'https:')
      problems.push({
        input: file?.at(['verify', 'endpoints', index]) ?? '',
        problem: 'is guarded by Cloudflare Access and not https',
        allowed: 'https: a service token is not sent in the clear',
      })
    return {
      endpoint: { url: url.origin, guard, credentials: guard === 'cloudflare' ? credentials : {}, headers: {} },
      path: `${url.pathname}${url.search}`,
      status: one.status ?? 200,
      node: one.node ?? '',
    }
  })
  return { items, problems }
}
