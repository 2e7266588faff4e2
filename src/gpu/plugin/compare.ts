import type { ApplyObject, DaemonSetState } from '../../kubernetes/index.ts'

type Tree = Readonly<Record<string, unknown>>

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Equal as JSON values, whatever the order of keys. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, index) => isSame(one, b[index]))
  if (!isTree(a) || !isTree(b)) return a === b
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  )
}

/** Owned as a whole by server-side apply: what others add to them is a difference (kubernetes/api: core/v1, +structType, +mapType, +listType=atomic). */
const atomic = new Set(['nodeSelector', 'selector', 'tolerations', 'drop'])

/** How entries of a list are told apart by server-side apply; other lists are one value. */
const keys: Readonly<Record<string, string>> = {
  containers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
}

/** Paths where the live value is not what we set; what others set beside it is theirs. */
function differences(ours: unknown, live: unknown, path: string, field: string): readonly string[] {
  if (atomic.has(field)) return isSame(ours, live) ? [] : [path]
  if (isTree(ours)) {
    if (!isTree(live)) return [path]
    return Object.entries(ours).flatMap(([name, value]) =>
      differences(value, Object.hasOwn(live, name) ? live[name] : undefined, `${path}.${name}`, name),
    )
  }
  const key = keys[field]
  if (Array.isArray(ours) && key !== undefined && Array.isArray(live)) {
    return (ours as readonly Tree[]).flatMap((one) => {
      const other = (live as readonly unknown[]).find((each) => isTree(each) && each[key] === one[key])
      return differences(one, other, `${path}[${String(one[key])}]`, '')
    })
  }
  return isSame(ours, live) ? [] : [path]
}

/** What applying would change, as paths below the object, e.g. `.spec.template.spec.containers[x].image`. Empty: nothing. */
export function pluginDrift(ours: ApplyObject, live: DaemonSetState): readonly string[] {
  const { metadata, spec } = ours
  const wanted = { metadata: { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} }, spec }
  return differences(wanted, live.object, '', '')
}

/** Whether applying would change the program that the plugin is. */
export const hasOtherImage = (ours: ApplyObject, live: DaemonSetState): boolean =>
  pluginDrift(ours, live).some((path) => path.endsWith('.image'))
