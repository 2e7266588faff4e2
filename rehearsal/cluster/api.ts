/** The Kubernetes API: who is it, may they, and then the verb. */
import type { BootstrapTokens } from './bootstrap-tokens.ts'
import { discover } from './discovery.ts'
import { type Call, type Route, readCredentials } from './http.ts'
import { evict } from './leaving/index.ts'
import { keyOf, type Resource, resourceAt } from './objects.ts'
import type { PodLogs } from './pod-logs.ts'
import type { Authorizer, Identity } from './rbac.ts'
import { type RequestInfo, readRequestInfo } from './request-info.ts'
import { reviewAccess, reviewRules } from './reviews.ts'
import { proxy, type ServiceProxy } from './service-proxy.ts'
import { failures, forbidden, forbiddenPath } from './status.ts'
import type { MemoryStore } from './store.ts'
import { create, get, list, patch, remove, type Target, update } from './verbs.ts'
import { watch } from './watch.ts'

export interface ApiOptions {
  readonly objects: MemoryStore
  /** gitVersion of `/version`. */
  readonly version: string
  /** Bearer tokens of kubeconfigs → who they are. */
  readonly users: ReadonlyMap<string, Identity>
  readonly tokens: BootstrapTokens
  /** Callers without credentials are `system:anonymous`; default: nobody is let in without. k3s has it so, kubeadm the other way. */
  readonly isAnonymousAllowed?: () => boolean
  /** As the rules are now. */
  readonly authorizer: () => Authorizer
  readonly logs: PodLogs
  /** Resources that somebody added to the cluster. */
  readonly added: () => readonly Resource[]
  /** Checks of `/readyz` that fail; default: none. */
  readonly unready?: () => readonly string[]
  /** Behind services, for whoever asks through the API server's proxy. */
  readonly services?: ServiceProxy
  /** Comes before every request to a resource: may wait, or throw what is answered instead. */
  readonly hinder?: (call: Call, info: RequestInfo) => Promise<void>
}

export function createApi(options: ApiOptions): Route {
  return async (call) => {
    const identity = authenticate(call, options)
    const info = readRequestInfo(call)
    const decision = options.authorizer()(identity, info)
    if (!decision.allowed) {
      if (info.path !== undefined) throw forbiddenPath(identity.user, info.verb, info.path)
      throw forbidden({ ...info, user: identity.user, reason: decision.reason })
    }
    if (info.path !== undefined) {
      if (!discover(call, options.version, options.added(), options.unready?.())) throw failures.noSuchResource()
    } else if (info.group === 'authorization.k8s.io' && info.resource === 'selfsubjectaccessreviews') {
      await reviewAccess(call, identity, options.authorizer())
    } else if (info.group === 'authorization.k8s.io' && info.resource === 'selfsubjectrulesreviews') {
      await reviewRules(call, identity, options.authorizer())
    } else {
      await options.hinder?.(call, info)
      await serve(call, info, options)
    }
    return true
  }
}

function authenticate(call: Call, options: ApiOptions): Identity {
  const credentials = readCredentials(call.request)
  // k3s starts its API server with --anonymous-auth=false, and the API server knows no Basic credentials.
  if (credentials.scheme !== 'bearer') {
    if (options.isAnonymousAllowed?.() !== true) throw failures.unauthorized()
    return { user: 'system:anonymous', groups: ['system:unauthenticated'] }
  }
  const known = options.users.get(credentials.token)
  if (known) return known
  const groups = options.tokens.authenticate(credentials.token)
  if (!groups) throw failures.unauthorized()
  return { user: `system:bootstrap:${credentials.token.slice(0, 6)}`, groups }
}

async function serve(call: Call, info: RequestInfo, options: ApiOptions): Promise<void> {
  const { objects, logs } = options
  const resource = resourceAt(info, options.added())
  const isKnown = resource !== undefined
  if (resource?.plural === 'services' && info.subresource === 'proxy')
    return proxy(call, info, resource, objects, options.services ?? {})
  if (isKnown && resource.plural === 'pods' && info.subresource === 'log' && info.verb === 'get') {
    const pod = objects.get(keyOf(resource, info.namespace, info.name))
    if (pod === undefined) throw failures.notFound(resource, info.name)
    return logs.send(call, pod)
  }
  if (isKnown && resource.plural === 'pods' && info.subresource === 'eviction')
    return await evict({ call, info, resource, objects })
  if (!isKnown || (info.subresource !== '' && !(info.subresource === 'status' && resource.hasStatus))) {
    throw failures.noSuchResource()
  }
  if (resource.isNamespaced && info.namespace === '' && !['list', 'watch'].includes(info.verb)) {
    throw failures.badRequest('an empty namespace may not be set during creation')
  }
  const target: Target = { call, info, resource, objects }
  switch (info.verb) {
    case 'get':
      return get(target)
    case 'list':
      return list(target)
    case 'watch':
      return watch(target)
    case 'create':
      return await create(target)
    case 'update':
      return await update(target)
    case 'patch':
      return await patch(target)
    case 'delete':
      return await remove(target)
    default:
      throw failures.methodNotAllowed()
  }
}
