import type { Taint } from '../cluster-file/index.ts'
import { formatTaint, type NodeState } from '../kubernetes/index.ts'
import { annotations, ownedKeys } from './annotations.ts'
import { type MetadataDrift, taintIdentity } from './labels.ts'

/** A value of the node is somebody else's text, and it has at most 63 characters where the API server checked it. */
const quoted = (value: string | undefined): string => (value ? value.slice(0, 63) : 'empty')

const leaves = ' (no longer wanted; ours)'

/**
 * What becomes of one value, in parentheses. `before`: undefined where the node has none. `isOurs`: set by an earlier run.
 * `isUnchanged`: the desired state is the one that was last carried out, so what differs was changed on the node.
 */
function becoming(
  before: { readonly value: string | undefined } | undefined,
  isOurs: boolean,
  isUnchanged: boolean,
): string {
  const byHand = isOurs && isUnchanged
  if (before === undefined) return byHand ? ' (was removed by hand)' : ' (new)'
  const whose = byHand ? ', changed by hand' : isOurs ? '' : ', not ours until now'
  return ` (was ${quoted(before.value)}${whose})`
}

/** One phrase a label or annotation: added, changed (with what it was) or removed. Pure. */
export function labelWords(drift: MetadataDrift, node: NodeState | undefined, isUnchanged: boolean): readonly string[] {
  const owned = new Set(ownedKeys(node?.annotations[annotations.ownedLabels]))
  const labels = Object.entries(drift.labels).map(([key, value]) => {
    if (value === null) return `${key}-${leaves}`
    const label = `${key}=${value}`
    if (node === undefined) return label
    const before = Object.hasOwn(node.labels, key) ? { value: node.labels[key] } : undefined
    return `${label}${becoming(before, owned.has(key), isUnchanged)}`
  })
  return [...labels, ...Object.keys(drift.annotations).map((key) => `annotation ${key}`)]
}

/** As `labelWords`. */
export function taintWords(drift: MetadataDrift, node: NodeState | undefined, isUnchanged: boolean): readonly string[] {
  const owned = new Set(ownedKeys(node?.annotations[annotations.ownedTaints]))
  const added = drift.addTaints.map((taint: Taint) => {
    if (node === undefined) return formatTaint(taint)
    const before = node.taints.find((one) => taintIdentity(one) === taintIdentity(taint))
    return `${formatTaint(taint)}${becoming(before && { value: before.value }, owned.has(taintIdentity(taint)), isUnchanged)}`
  })
  return [...added, ...drift.removeTaints.map((taint) => `${formatTaint(taint)}-${leaves}`)]
}
