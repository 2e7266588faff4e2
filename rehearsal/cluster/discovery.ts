/** `/version`, health and the lists of groups and resources. */
import { type Call, sendJson, sendText } from './http.ts'
import { type Resource, resources } from './objects.ts'

const groups = ['apps', 'authorization.k8s.io', 'coordination.k8s.io', 'node.k8s.io']

/** A resource that somebody added to the cluster: with its group it is found, and no object of it is served. */
export interface AddedResource {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
}

/** Answers a path that is no resource; false when there is none such. */
export function discover(call: Call, gitVersion: string, added: readonly AddedResource[] = []): boolean {
  const extra = added.find(({ group, version }) => call.path === `/apis/${group}/${version}`)
  if (extra !== undefined) {
    const { group, version, plural, kind } = extra
    const resource = { name: plural, singularName: kind.toLowerCase(), namespaced: false, kind, verbs: ['get', 'list'] }
    const groupVersion = `${group}/${version}`
    sendJson(call, 200, { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: [resource] })
    return true
  }
  if (['/healthz', '/livez', '/readyz'].includes(call.path)) sendText(call, 200, 'ok')
  else if (call.path === '/version') sendJson(call, 200, versionInfo(gitVersion))
  else if (call.path === '/api')
    sendJson(call, 200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] })
  else if (call.path === '/apis')
    sendJson(call, 200, { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(group) })
  else {
    const name = /^\/apis\/([a-z0-9.]+)(?:\/v1)?$/.exec(call.path)?.[1] ?? (call.path === '/api/v1' ? '' : undefined)
    if (name === undefined || (name !== '' && !groups.includes(name))) return false
    sendJson(
      call,
      200,
      call.path.endsWith('/v1') ? resourceList(name) : { kind: 'APIGroup', apiVersion: 'v1', ...group(name) },
    )
  }
  return true
}

function versionInfo(gitVersion: string): Readonly<Record<string, string>> {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? []
  return { major, minor, gitVersion, gitTreeState: 'clean', compiler: 'gc', platform: 'linux/amd64' }
}

function group(name: string): Readonly<Record<string, unknown>> {
  const version = { groupVersion: `${name}/v1`, version: 'v1' }
  return { name, versions: [version], preferredVersion: version }
}

function resourceList(name: string): Readonly<Record<string, unknown>> {
  const stored = [...resources.values()].filter((resource) => resource.group === name).map(entry)
  const reviews = {
    name: 'selfsubjectaccessreviews',
    singularName: '',
    namespaced: false,
    kind: 'SelfSubjectAccessReview',
    verbs: ['create'],
  }
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: name === '' ? 'v1' : `${name}/v1`,
    resources: name === 'authorization.k8s.io' ? [reviews] : stored,
  }
}

function entry(resource: Resource): Readonly<Record<string, unknown>> {
  return {
    name: resource.plural,
    singularName: resource.kind.toLowerCase(),
    namespaced: resource.isNamespaced,
    kind: resource.kind,
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  }
}
