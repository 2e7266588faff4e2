/** Which nodes a pod may be on (k8s.io/component-helpers, scheduling/corev1; pkg/controller/daemon). Pure. */
import type { ApiObject } from './objects.ts'

type Json = Readonly<Record<string, unknown>>
export interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect: string
}
interface Toleration {
  readonly key?: string
  readonly operator?: string
  readonly value?: string
  readonly effect?: string
}
interface Requirement {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

const list = <Item>(value: unknown): readonly Item[] => (Array.isArray(value) ? (value as Item[]) : [])

/** What the DaemonSet controller adds to the tolerations of its pods (pkg/controller/daemon/util). */
export function daemonTolerations(spec: Json): readonly Toleration[] {
  const always = [
    ['node.kubernetes.io/not-ready', 'NoExecute'],
    ['node.kubernetes.io/unreachable', 'NoExecute'],
    ['node.kubernetes.io/disk-pressure', 'NoSchedule'],
    ['node.kubernetes.io/memory-pressure', 'NoSchedule'],
    ['node.kubernetes.io/pid-pressure', 'NoSchedule'],
    ['node.kubernetes.io/unschedulable', 'NoSchedule'],
    ...(spec.hostNetwork === true ? [['node.kubernetes.io/network-unavailable', 'NoSchedule']] : []),
  ]
  return always.map(([key = '', effect = '']) => ({ key, operator: 'Exists', effect }))
}

export function tolerates(tolerations: readonly Toleration[], taint: Taint): boolean {
  return tolerations.some((one) => {
    if (one.effect !== undefined && one.effect !== '' && one.effect !== taint.effect) return false
    if (one.operator === 'Exists') return one.key === undefined || one.key === '' || one.key === taint.key
    return one.key === taint.key && (one.value ?? '') === (taint.value ?? '')
  })
}

function fulfils(labels: Readonly<Record<string, string>>, { key, operator, values = [] }: Requirement): boolean {
  const value = labels[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return Number(value) > Number(values[0])
    case 'Lt':
      return Number(value) < Number(values[0])
    default:
      return false
  }
}

/** nodeSelector and required node affinity. */
export function isSelected(spec: Json, node: ApiObject): boolean {
  const labels = node.metadata.labels ?? {}
  const selector = Object.entries((spec.nodeSelector ?? {}) as Readonly<Record<string, string>>)
  if (!selector.every(([key, value]) => labels[key] === value)) return false
  const affinity = ((spec.affinity ?? {}) as Json).nodeAffinity as Json | undefined
  const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution as Json | undefined
  if (required === undefined) return true
  // Terms are alternatives; an empty one matches nothing.
  return list<Json>(required.nodeSelectorTerms).some((term) => {
    const expressions = list<Requirement>(term.matchExpressions)
    const fields = list<Requirement>(term.matchFields)
    if (expressions.length + fields.length === 0) return false
    return (
      expressions.every((one) => fulfils(labels, one)) &&
      fields.every((one) => fulfils({ 'metadata.name': node.metadata.name }, one))
    )
  })
}

/** Whether a DaemonSet's pod is to be made on a node, and whether one that is there may stay. */
export function placement(spec: Json, node: ApiObject): { readonly shouldRun: boolean; readonly mayStay: boolean } {
  if (!isSelected(spec, node)) return { shouldRun: false, mayStay: false }
  const tolerations = [...list<Toleration>(spec.tolerations), ...daemonTolerations(spec)]
  const taints = list<Taint>((node.spec as Json | undefined)?.taints)
  const bars = (effect: string) => taints.some((taint) => taint.effect === effect && !tolerates(tolerations, taint))
  return { shouldRun: !bars('NoSchedule') && !bars('NoExecute'), mayStay: !bars('NoExecute') }
}
