/** Topology spread constraints over host names (kubernetes/kubernetes: pkg/scheduler/framework/plugins/podtopologyspread). Pure. */
import type { ApiObject } from './objects.ts'
import { isSelected, type Taint, tolerates } from './scheduling.ts'

type Json = Readonly<Record<string, unknown>>
const given = (value: unknown): Json => (value ?? {}) as Json

interface Constraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly whenUnsatisfiable: string
  readonly nodeTaintsPolicy?: 'Honor' | 'Ignore'
  readonly labelSelector?: { readonly matchLabels?: Readonly<Record<string, string>> }
}

/** Whether a node counts as a place for such pods: by its selectors always, by its taints where they are honoured. */
function counts(pod: ApiObject, node: ApiObject, { topologyKey, nodeTaintsPolicy }: Constraint): boolean {
  const spec = given(pod.spec)
  if (node.metadata.labels?.[topologyKey] === undefined || !isSelected(spec, node)) return false
  if (nodeTaintsPolicy !== 'Honor') return true
  const tolerations = (spec.tolerations ?? []) as Parameters<typeof tolerates>[0]
  const taints = (given(node.spec).taints ?? []) as readonly Taint[]
  return taints.every((taint) => taint.effect === 'PreferNoSchedule' || tolerates(tolerations, taint))
}

/** Whether one more pod here would make the difference between nodes too large. `on`: node → its pods. */
export function isTooMany(
  pod: ApiObject,
  node: ApiObject,
  nodes: readonly ApiObject[],
  on: ReadonlyMap<string, readonly ApiObject[]>,
): boolean {
  const constraints = (given(pod.spec).topologySpreadConstraints ?? []) as readonly Constraint[]
  return constraints.some((constraint) => {
    if (constraint.whenUnsatisfiable !== 'DoNotSchedule') return false
    const wanted = Object.entries(constraint.labelSelector?.matchLabels ?? {})
    const alike = ({ metadata }: ApiObject): number =>
      (on.get(metadata.name) ?? []).filter(
        (other) =>
          other.metadata.namespace === pod.metadata.namespace &&
          wanted.every(([key, value]) => other.metadata.labels?.[key] === value),
      ).length
    const places = nodes.filter((one) => counts(pod, one, constraint))
    if (places.length === 0) return false
    return alike(node) + 1 - Math.min(...places.map(alike)) > constraint.maxSkew
  })
}
