import type { NodeState } from '../kubernetes/index.ts'
import type { NodeTerm, PinnedVolume } from './model.ts'
import { matches } from './selector.ts'

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Terms are alternatives, what stands in one of them holds together, and an empty one fits nobody. */
function fits({ matchExpressions, matchFields }: NodeTerm, { name, labels }: NodeState): boolean {
  if (listed(matchExpressions).length + listed(matchFields).length === 0) return false
  return (
    matches({ matchExpressions: matchExpressions ?? [] }, labels) &&
    matches({ matchExpressions: matchFields ?? [] }, { 'metadata.name': name })
  )
}

/**
 * Whether a volume can be reached from this node alone. Every provisioner has a label of its own for that (kubernetes.io/hostname,
 * topology.topolvm.io/node …), so it is asked which nodes fit. A node that is gone has no labels any more: then its name decides. Pure.
 */
export function isOnlyOn(node: string, { terms }: PinnedVolume, nodes: readonly NodeState[]): boolean {
  const reaching = nodes.filter((one) => terms.some((term) => fits(term, one)))
  if (nodes.some((one) => one.name === node)) return reaching.length === 1 && reaching[0]?.name === node
  const names = ({ matchExpressions, matchFields }: NodeTerm): boolean =>
    [...listed(matchExpressions), ...listed(matchFields)].some((one) => {
      const { operator, values } = (one ?? {}) as { readonly operator?: unknown; readonly values?: unknown }
      return operator === 'In' && listed(values).includes(node)
    })
  return reaching.length === 0 && terms.some(names)
}
