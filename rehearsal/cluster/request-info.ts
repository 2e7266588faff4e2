import type { Call } from './http.ts'
import type { Attributes } from './rbac.ts'

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' }

export interface RequestInfo extends Attributes {
  readonly version: string
}

/** Reads a path as the API server does (k8s.io/apiserver, RequestInfoFactory): authorisation and routing both rest on it. */
export function readRequestInfo(call: Call): RequestInfo {
  const [root, ...afterRoot] = call.segments
  const isCore = root === 'api'
  const [group = '', version = '', ...rest] = isCore ? ['', ...afterRoot] : afterRoot
  if ((!isCore && root !== 'apis') || rest.length === 0) {
    const verb = call.method === 'HEAD' ? 'head' : call.method.toLowerCase()
    return { verb, group: '', version: '', resource: '', subresource: '', namespace: '', name: '', path: call.path }
  }
  const isInNamespace = rest[0] === 'namespaces' && rest.length > 2
  const namespace = isInNamespace ? (rest[1] ?? '') : ''
  const [resource = '', pathName = '', subresource = ''] = isInNamespace ? rest.slice(2) : rest
  const selected = /^metadata\.name==?([^,!]+)$/.exec(call.query.get('fieldSelector') ?? '')?.[1] ?? ''
  const verb = verbOf(call, pathName)
  // A request for a namespace is one within it, so that a Role there can allow it.
  const within = !isInNamespace && resource === 'namespaces' ? pathName : namespace
  // A list or watch of one name counts as a request for that name, so that resourceNames can allow it.
  const name = pathName === '' && (verb === 'list' || verb === 'watch') ? selected : pathName
  return { verb, group, version, resource, subresource, namespace: within, name }
}

function verbOf(call: Call, name: string): string {
  if (call.method === 'GET' || call.method === 'HEAD') {
    if (name !== '') return 'get'
    const watch = call.query.get('watch')
    return watch === 'true' || watch === '1' ? 'watch' : 'list'
  }
  if (call.method === 'DELETE') return name === '' ? 'deletecollection' : 'delete'
  return verbs[call.method] ?? call.method.toLowerCase()
}
