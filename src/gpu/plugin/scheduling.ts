import type { Taint } from '../../cluster-file/index.ts'
import { formatTaint, type NodeState } from '../../kubernetes/index.ts'
import type { Requirement, TemplateShape, Toleration } from './shape.ts'

/**
 * Taints of controllers, which the DaemonSet controller's own tolerations cover, or which go by themselves
 * (kubernetes/kubernetes: pkg/controller/daemon/util/daemonset_util.go, AddOrUpdateDaemonPodTolerations).
 */
const isOfControllers = ({ key }: Taint): boolean => /^node\.(cloudprovider\.)?kubernetes\.io\//.test(key)

/** Taints that keep a pod away for good: not those of controllers, not those that are only a preference. */
export function lastingTaints(node: Pick<NodeState, 'taints'>): readonly Taint[] {
  return node.taints.filter((taint) => !isOfControllers(taint) && taint.effect !== 'PreferNoSchedule')
}

/** As ToleratesTaint of kubernetes/kubernetes: staging/src/k8s.io/api/core/v1/toleration.go. */
export function tolerates({ key = '', operator = '', value = '', effect = '' }: Toleration, taint: Taint): boolean {
  if (effect !== '' && effect !== taint.effect) return false
  if (key !== '' && key !== taint.key) return false
  if (operator === 'Exists') return true
  return (operator === '' || operator === 'Equal') && key !== '' && value === (taint.value ?? '')
}

function holds({ key, operator, values }: Requirement, node: NodeState): boolean {
  // The only field that there is to match: metadata.name.
  const found =
    key === 'field metadata.name' ? node.name : Object.hasOwn(node.labels, key) ? node.labels[key] : undefined
  switch (operator) {
    case 'In':
      return found !== undefined && values.includes(found)
    case 'NotIn':
      return found === undefined || !values.includes(found)
    case 'Exists':
      return found !== undefined
    case 'DoesNotExist':
      return found === undefined
    case 'Gt':
      return found !== undefined && Number(found) > Number(values[0])
    case 'Lt':
      return found !== undefined && Number(found) < Number(values[0])
    default:
      return false
  }
}

const inWords = ({ key, operator, values }: Requirement): string =>
  `${key} ${operator}${values.length > 0 ? ` ${values.join(', ')}` : ''}`

/** Why pods of this template do not come to this node; empty: they do. */
export function obstacles(template: TemplateShape, node: NodeState): readonly string[] {
  const missing = Object.entries(template.nodeSelector)
    .filter(([key, value]) => !Object.hasOwn(node.labels, key) || node.labels[key] !== value)
    .map(([key, value]) => `the node lacks the label ${key}=${value}`)
  // A term without requirements matches nothing.
  const isNear =
    template.affinity === undefined ||
    template.affinity.some((term) => term.length > 0 && term.every((one) => holds(one, node)))
  const wanted = (template.affinity ?? []).map((term) => term.map(inWords).join(' and ')).join(', or ')
  const taints = lastingTaints(node)
    .filter((taint) => !template.tolerations.some((one) => tolerates(one, taint)))
    .map((taint) => `the taint ${formatTaint(taint)} is not tolerated`)
  return [...missing, ...(isNear ? [] : [`its node affinity wants: ${wanted}`]), ...taints]
}
