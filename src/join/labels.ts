import type { DesiredNode, Taint } from '../cluster-file/index.ts'
import type { NodeState } from '../kubernetes/index.ts'
import { annotations, ownedKeys } from './annotations.ts'

/** How a Node's labels and taints differ from the desired ones. Foreign labels and taints never appear here. */
export interface MetadataDrift {
  /** Key → wanted value; null: remove (it was ours and left the desired state). */
  readonly labels: Readonly<Record<string, string | null>>
  readonly addTaints: readonly Taint[]
  readonly removeTaints: readonly Taint[]
}

// What a kubelet may register itself with; anything else under kubernetes.io or k8s.io makes it exit.
// Source: the kubelet's own message, recorded in fixtures/join/restricted-label-new-node.
const allowedPrefixes = ['kubelet.kubernetes.io', 'node.kubernetes.io']
const allowedKeys = new Set([
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'beta.kubernetes.io/os',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'kubernetes.io/arch',
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'node.kubernetes.io/instance-type',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
])

/** True when a kubelet refuses to register itself with this label, so that only the API may set it. */
export function isRestrictedLabel(key: string): boolean {
  const [namespace] = key.split('/')
  if (!key.includes('/') || !namespace) return false
  const isKubernetes = ['kubernetes.io', 'k8s.io'].some(
    (domain) => namespace === domain || namespace.endsWith(`.${domain}`),
  )
  if (!isKubernetes || allowedKeys.has(key)) return false
  return !allowedPrefixes.some((prefix) => namespace === prefix || namespace.endsWith(`.${prefix}`))
}

/** Identity of a taint: Kubernetes allows one per key and effect. */
export const taintIdentity = (taint: Taint): string => `${taint.key}:${taint.effect}`

const isSameTaint = (a: Taint, b: Taint): boolean =>
  taintIdentity(a) === taintIdentity(b) && (a.value ?? '') === (b.value ?? '')

export function metadataDrift(desired: DesiredNode, node: NodeState | undefined): MetadataDrift {
  const currentLabels = node?.labels ?? {}
  const labels: Record<string, string | null> = {}
  for (const [key, value] of Object.entries(desired.labels)) if (currentLabels[key] !== value) labels[key] = value
  for (const key of ownedKeys(node?.annotations[annotations.ownedLabels])) {
    if (!(key in desired.labels) && key in currentLabels) labels[key] = null
  }

  const currentTaints = node?.taints ?? []
  const addTaints = desired.taints.filter((wanted) => !currentTaints.some((taint) => isSameTaint(taint, wanted)))
  const owned = new Set(ownedKeys(node?.annotations[annotations.ownedTaints]))
  const wantedIdentities = new Set(desired.taints.map(taintIdentity))
  const removeTaints = currentTaints.filter(
    (taint) => owned.has(taintIdentity(taint)) && !wantedIdentities.has(taintIdentity(taint)),
  )
  return { labels, addTaints, removeTaints }
}

export function hasDrift(drift: MetadataDrift): boolean {
  return Object.keys(drift.labels).length + drift.addTaints.length + drift.removeTaints.length > 0
}

/** The complete list of taints after the drift is mended; foreign taints keep their place. */
export function mendTaints(current: readonly Taint[], drift: MetadataDrift): readonly Taint[] {
  const gone = new Set([...drift.removeTaints, ...drift.addTaints].map(taintIdentity))
  return [...current.filter((taint) => !gone.has(taintIdentity(taint))), ...drift.addTaints]
}
