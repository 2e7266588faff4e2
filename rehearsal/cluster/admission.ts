/** What the API server's admission says to a new pod: RuntimeClass, Pod Security, quotas (plugin/pkg/admission). Words as seen on a real one. */
import type { Call } from './http.ts'
import { unknownFields } from './job-defaults.ts'
import type { ApiObject, Resource } from './objects.ts'
import { podSecurityProblem } from './pod-security.ts'
import { amountsOf, askedBy, isOver, quantity } from './quantity.ts'
import { failures, qualified, StatusError } from './status.ts'
import type { MemoryStore } from './store.ts'

type Json = Readonly<Record<string, unknown>>
const given = (value: unknown): Json => (value ?? {}) as Json
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])

export interface Refusal {
  /** Behind `pods "NAME" is forbidden: `. */
  readonly words: string
  /** It comes before a name has been made of `generateName`: the message shows the beginning alone. */
  readonly isNameless: boolean
}

/** Undefined: it may be created. */
export function refusalOf(objects: MemoryStore, namespace: string, podSpec: Json): Refusal | undefined {
  const { runtimeClassName } = podSpec
  if (runtimeClassName !== undefined && objects.peek(`runtimeclasses/${String(runtimeClassName)}`) === undefined)
    return { words: `pod rejected: RuntimeClass "${String(runtimeClassName)}" not found`, isNameless: true }
  const problem = podSecurityProblem(levelOf(objects, namespace, 'enforce'), injected(objects, namespace, podSpec))
  if (problem !== undefined) return { words: `violates ${problem}`, isNameless: false }
  for (const quota of objects.view(`resourcequotas/${namespace}`)) {
    const words = quotaProblem(objects, quota, podSpec)
    if (words !== undefined) return { words, isNameless: false }
  }
  return undefined
}

/** What the webhook of a service mesh makes of a pod, where its namespace asks for it (istio/istio: manifests, files/injection-template.yaml). */
function injected(objects: MemoryStore, namespace: string, podSpec: Json): Json {
  const { 'istio-injection': wish } = objects.peek(`namespaces/${namespace}`)?.metadata.labels ?? {}
  if (wish !== 'enabled') return podSpec
  const init = {
    name: 'istio-init',
    image: 'docker.io/istio/proxyv2:1.27.0',
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
      privileged: false,
      runAsNonRoot: false,
      runAsUser: 0,
    },
  }
  return { ...podSpec, initContainers: [...list(podSpec.initContainers), init] }
}

/** What a create of a workload says about its pods, in a `Warning` header: with what is enforced, too. */
export function warningOf(objects: MemoryStore, namespace: string, podSpec: Json): string | undefined {
  const levels = (['warn', 'enforce'] as const).map((mode) => levelOf(objects, namespace, mode))
  const problem = levels.map((level) => podSecurityProblem(level, podSpec)).find((one) => one !== undefined)
  return problem === undefined ? undefined : `would violate ${problem}`
}

function levelOf(objects: MemoryStore, namespace: string, mode: 'enforce' | 'warn'): string {
  const labels = objects.peek(`namespaces/${namespace}`)?.metadata.labels ?? {}
  return labels[`pod-security.kubernetes.io/${mode}`] ?? 'privileged'
}

/** Key of a quota → what one pod takes of it. */
function taken(key: string, podSpec: Json): number {
  if (key === 'pods' || key === 'count/pods') return 1
  if (key.startsWith('limits.')) return askedBy(podSpec, 'limits')[key.slice('limits.'.length)] ?? 0
  return askedBy(podSpec, 'requests')[key.replace(/^requests\./, '')] ?? 0
}

function quotaProblem(objects: MemoryStore, quota: ApiObject, podSpec: Json): string | undefined {
  const { name, namespace = '' } = quota.metadata
  const hard = given(given(quota.spec).hard) as Readonly<Record<string, string>>
  // Of these every container has to say something, or nothing could be counted.
  const unsaid = Object.keys(hard)
    .filter((key) => /^(limits\.|requests\.)?(cpu|memory)$/.test(key))
    .flatMap((key) => {
      const of = key.replace(/^(limits|requests)\./, '')
      const which = key.startsWith('limits.') ? 'limits' : 'requests'
      const silent = list(podSpec.containers).filter((one) => amountsOf(one, which)[of] === undefined)
      return silent.length === 0 ? [] : [`${key} for: ${silent.map((one) => String(one.name)).join(',')}`]
    })
  if (unsaid.length > 0) return `failed quota: ${name}: must specify ${unsaid.join('; ')}`
  const present = objects.view(`pods/${namespace}`).filter((pod) => !isOver(pod))
  const over = Object.keys(hard)
    .map((key) => {
      const used = present.reduce((sum, pod) => sum + taken(key, given(pod.spec)), 0)
      return { key, used, wanted: taken(key, podSpec), limit: hard[key] ?? '0' }
    })
    .filter(({ used, wanted, limit }) => wanted > 0 && used + wanted > quantity(limit))
  if (over.length === 0) return undefined
  const all = (of: (one: (typeof over)[number]) => string | number): string =>
    over.map((one) => `${one.key}=${of(one)}`).join(',')
  const said = `requested: ${all((one) => one.wanted)}, used: ${all((one) => one.used)}, limited: ${all((one) => one.limit)}`
  return `exceeded quota: ${name}, ${said}`
}

/** Kinds whose namespace this world looks at; a real server does with all. */
const housed = ['pods', 'jobs', 'resourcequotas']

/**
 * Before a new object is stored. Of a Job nobody is refused: its controller meets the refusal later.
 * @throws StatusError 400, 403, 404
 */
export function admit(call: Call, resource: Resource, objects: MemoryStore, object: ApiObject): void {
  const { name, namespace = '' } = object.metadata
  if (!housed.includes(resource.plural)) return
  const house = objects.peek(`namespaces/${namespace}`)
  if (house === undefined)
    throw new StatusError(404, 'NotFound', `namespaces "${namespace}" not found`, {
      name: namespace,
      kind: 'namespaces',
    })
  const refused = (words: string, causes?: readonly object[]): StatusError =>
    new StatusError(403, 'Forbidden', `${qualified(resource)} "${name}" is forbidden: ${words}`, {
      name,
      ...(resource.group !== '' && { group: resource.group }),
      kind: resource.plural,
      ...(causes && { causes }),
    })
  if (given(house.status).phase === 'Terminating') {
    const cause = {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    }
    throw refused(`unable to create new content in namespace ${namespace} because it is being terminated`, [cause])
  }
  if (resource.plural === 'pods') {
    const refusal = refusalOf(objects, namespace, given(object.spec))
    if (refusal !== undefined) throw refused(refusal.words)
  }
  if (resource.plural !== 'jobs') return
  const [unknown] = call.query.get('fieldValidation') === 'Strict' ? unknownFields(object) : []
  if (unknown !== undefined)
    throw failures.badRequest(
      `Job in version "v1" cannot be handled as a Job: strict decoding error: unknown field ${JSON.stringify(unknown)}`,
    )
  const warning = warningOf(objects, namespace, given(given(given(object.spec).template).spec))
  if (warning !== undefined) call.response.setHeader('Warning', `299 - ${JSON.stringify(warning)}`)
}
