/**
 * Pod Security admission (k8s.io/pod-security-admission, policy): what of a pod a namespace's level forbids, in its words as they
 * were seen on a real API server. Windows, ephemeral containers and what no pod of this world has are left out. Pure.
 */

type Json = Readonly<Record<string, unknown>>

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])
const given = (value: unknown): Json => (value ?? {}) as Json
const security = (of: Json): Json => given(of.securityContext)

/** `container "a"`, `containers "a", "b"`. */
function those(containers: readonly Json[]): string {
  const names = containers.map(({ name }) => JSON.stringify(String(name))).join(', ')
  return `${containers.length === 1 ? 'container' : 'containers'} ${names}`
}

const restrictedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]

type Check = (spec: Json, containers: readonly Json[]) => string | undefined

const hostNamespaces: Check = (spec) => {
  const used = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => spec[name] === true)
  return used.length === 0 ? undefined : `host namespaces (${used.map((name) => `${name}=true`).join(', ')})`
}
const privileged: Check = (_, containers) => {
  const bad = containers.filter((one) => security(one).privileged === true)
  return bad.length === 0 ? undefined : `privileged (${those(bad)} must not set securityContext.privileged=true)`
}
const hostPath: Check = (spec) => {
  const bad = list(spec.volumes).filter((volume) => volume.hostPath !== undefined)
  const names = bad.map(({ name }) => JSON.stringify(String(name))).join(', ')
  return bad.length === 0 ? undefined : `hostPath volumes (${bad.length === 1 ? 'volume' : 'volumes'} ${names})`
}
const escalation: Check = (_, containers) => {
  const bad = containers.filter((one) => security(one).allowPrivilegeEscalation !== false)
  const words = 'must set securityContext.allowPrivilegeEscalation=false'
  return bad.length === 0 ? undefined : `allowPrivilegeEscalation != false (${those(bad)} ${words})`
}
/** Capabilities that a container asks for and the level does not allow. */
function added(container: Json): readonly string[] {
  const { add = [] } = given(security(container).capabilities) as { add?: readonly string[] }
  return add.filter((name) => name !== 'NET_BIND_SERVICE')
}
const capabilities: Check = (_, containers) => {
  const bad = containers.filter((one) => {
    const { drop } = given(security(one).capabilities) as { drop?: readonly string[] }
    return drop?.includes('ALL') !== true
  })
  const adding = containers.filter((one) => added(one).length > 0)
  const names = [...new Set(adding.flatMap(added))].map((name) => JSON.stringify(name)).join(', ')
  const problems = [
    ...(bad.length > 0 ? [`${those(bad)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0 ? [`${those(adding)} must not include ${names} in securityContext.capabilities.add`] : []),
  ]
  return problems.length === 0 ? undefined : `unrestricted capabilities (${problems.join('; ')})`
}
const volumes: Check = (spec) => {
  const typeOf = (volume: Json): string => Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir'
  const bad = list(spec.volumes).filter((volume) => !restrictedVolumes.includes(typeOf(volume)))
  if (bad.length === 0) return undefined
  const names = bad.map(({ name }) => JSON.stringify(String(name))).join(', ')
  const types = [...new Set(bad.map(typeOf))].map((type) => JSON.stringify(type)).join(', ')
  const one =
    bad.length === 1 ? `volume ${names} uses restricted volume type` : `volumes ${names} use restricted volume types`
  return `restricted volume types (${one} ${types})`
}
const nonRoot: Check = (spec, containers) => {
  const ofPod = security(spec).runAsNonRoot
  const explicit = containers.filter((one) => security(one).runAsNonRoot === false)
  if (explicit.length > 0)
    return `runAsNonRoot != true (${those(explicit)} must not set securityContext.runAsNonRoot=false)`
  const bad = containers.filter((one) => security(one).runAsNonRoot !== true)
  if (ofPod === true || bad.length === 0) return undefined
  return `runAsNonRoot != true (pod or ${those(bad)} must set securityContext.runAsNonRoot=true)`
}
const user: Check = (spec, containers) => {
  const bad = containers.filter((one) => security(one).runAsUser === 0)
  const who = [...(security(spec).runAsUser === 0 ? ['pod'] : []), ...(bad.length > 0 ? [those(bad)] : [])]
  return who.length === 0 ? undefined : `runAsUser=0 (${who.join(' and ')} must not set runAsUser=0)`
}
const seccomp: Check = (spec, containers) => {
  const isGood = (of: Json): boolean =>
    ['RuntimeDefault', 'Localhost'].includes(String(given(security(of).seccompProfile).type))
  const bad = containers.filter((one) => !isGood(one))
  if (isGood(spec) || bad.length === 0) return undefined
  const words = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
  return `seccompProfile (pod or ${those(bad)} ${words})`
}

const levels: Readonly<Record<string, readonly Check[]>> = {
  privileged: [],
  baseline: [hostNamespaces, privileged, hostPath],
  // The restricted volume types say all that the check of baseline says about host paths.
  restricted: [hostNamespaces, privileged, escalation, capabilities, volumes, nonRoot, user, seccomp],
}

/** `violates PodSecurity "restricted:latest": …`, without its verb; undefined: nothing is. */
export function podSecurityProblem(level: string, podSpec: Json): string | undefined {
  const containers = [...list(podSpec.initContainers), ...list(podSpec.containers)]
  const problems = (levels[level] ?? []).map((check) => check(podSpec, containers)).filter((one) => one !== undefined)
  return problems.length === 0 ? undefined : `PodSecurity "${level}:latest": ${problems.join(', ')}`
}
