/** `/version`, health and the lists of groups and resources. */
import { type Call, sendJson } from './http.ts'
import { builtInGroups, type Resource, resources } from './objects.ts'
import { readiness } from './readiness.ts'

/** Answers a path that is no resource; false when there is none such. */
export function discover(
  call: Call,
  gitVersion: string,
  added: readonly Resource[] = [],
  unready: readonly string[] = [],
): boolean {
  const { path } = call
  if (['/healthz', '/livez', '/readyz'].includes(path)) readiness(call, path === '/readyz' ? unready : [])
  else if (path === '/version') sendJson(call, 200, versionInfo(gitVersion))
  else if (path === '/api')
    sendJson(call, 200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] })
  else if (path === '/apis') {
    const names = [...builtInGroups, ...added.map((one) => one.group)]
    const groups = [...new Set(names)].map((name) => group(name, added))
    sendJson(call, 200, { kind: 'APIGroupList', apiVersion: 'v1', groups })
  } else {
    const [, name = '', version = ''] = /^\/apis\/([a-z0-9.-]+)(?:\/(v[a-z0-9]+))?$/.exec(path) ?? []
    const isCore = path === '/api/v1'
    if (name === '' && !isCore) return false
    const { versions } = group(name, added)
    if (!isCore && !versions.some((one) => version === '' || one.version === version)) return false
    const answer =
      isCore || version !== ''
        ? resourceList(name, isCore ? 'v1' : version, added)
        : { kind: 'APIGroup', apiVersion: 'v1', ...group(name, added) }
    sendJson(call, 200, answer)
  }
  return true
}

function versionInfo(gitVersion: string): Readonly<Record<string, string>> {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? []
  return { major, minor, gitVersion, gitTreeState: 'clean', compiler: 'gc', platform: 'linux/amd64' }
}

/** A group that nobody has comes without versions. */
function group(name: string, added: readonly Resource[]) {
  const custom = added.filter((one) => one.group === name).flatMap((one) => one.versions ?? [one.version])
  const served = builtInGroups.includes(name) ? ['v1'] : [...new Set(custom)]
  const versions = served.map((version) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions, preferredVersion: versions[0] }
}

function resourceList(name: string, version: string, added: readonly Resource[]): Readonly<Record<string, unknown>> {
  const stored = [...resources.values()].filter((one) => one.group === name)
  const custom = added.filter((one) => one.group === name && (one.versions ?? [one.version]).includes(version))
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
    groupVersion: name === '' ? version : `${name}/${version}`,
    resources: name === 'authorization.k8s.io' ? [reviews] : [...stored, ...custom].map(entry),
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
