import { type DesiredNode, labelKey, type Taint } from '../cluster-file/index.ts'
import type { NodeState } from '../kubernetes/index.ts'
import { annotations, formatOwnedKeys, ownedKeys } from './annotations.ts'

/** How a Node's labels and taints differ from the desired ones. Foreign labels and taints never appear here. */
export interface MetadataDrift {
  /** Key → wanted value; null: remove (it was ours and left the desired state). */
  readonly labels: Readonly<Record<string, string | null>>
  /** Key → wanted value; an annotation that is no longer wanted stays: it has done what it was for. */
  readonly annotations: Readonly<Record<string, string>>
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

/**
 * The annotations are a hint that others can write, the kubelet too. What no desired state can hold was never ours, whatever they
 * say: what the kubelet sets itself, and what makes a server a server.
 */
const canBeOurs = (key: string): boolean => labelKey(key) === undefined

/** Taints that controllers of the cluster set and take away, for what a kubelet reports or a provider has yet to do. */
const isOfControllers = (taint: Taint): boolean => /^node\.(cloudprovider\.)?kubernetes\.io\//.test(taint.key)

/** What the annotations say once everything is carried out: this much is ours, and may be removed when it is no longer wanted. */
export function wantedOwnership(desired: DesiredNode): Readonly<Record<string, string>> {
  return {
    [annotations.ownedLabels]: formatOwnedKeys(Object.keys(desired.labels)),
    [annotations.ownedTaints]: formatOwnedKeys(desired.taints.map(taintIdentity)),
  }
}

/** Pure. Desired keys are set whoever set them before; of the others only what is ours is removed. */
export function metadataDrift(desired: DesiredNode, node: NodeState | undefined): MetadataDrift {
  // Not `in`: a key of a label may be `constructor`.
  const has = (labels: Readonly<Record<string, string>>, key: string): boolean => Object.hasOwn(labels, key)
  const currentLabels = node?.labels ?? {}
  const set = Object.entries(desired.labels).filter(
    ([key, value]) => !has(currentLabels, key) || currentLabels[key] !== value,
  )
  const gone = ownedKeys(node?.annotations[annotations.ownedLabels])
    .filter((key) => !has(desired.labels, key) && has(currentLabels, key) && canBeOurs(key))
    .map((key): [string, null] => [key, null])
  const labels = Object.fromEntries<string | null>([...set, ...gone])

  const annotationsToSet = Object.entries(desired.annotations ?? {}).filter(
    ([key, value]) => node?.annotations[key] !== value,
  )

  const currentTaints = node?.taints ?? []
  const addTaints = desired.taints.filter((wanted) => !currentTaints.some((taint) => isSameTaint(taint, wanted)))
  const owned = new Set(ownedKeys(node?.annotations[annotations.ownedTaints]))
  const wantedIdentities = new Set(desired.taints.map(taintIdentity))
  const removeTaints = currentTaints.filter(
    (taint) =>
      owned.has(taintIdentity(taint)) && !wantedIdentities.has(taintIdentity(taint)) && !isOfControllers(taint),
  )
  return { labels, annotations: Object.fromEntries(annotationsToSet), addTaints, removeTaints }
}

export function hasDrift(drift: MetadataDrift): boolean {
  const keys = Object.keys(drift.labels).length + Object.keys(drift.annotations).length
  return keys + drift.addTaints.length + drift.removeTaints.length > 0
}

/** The complete list of taints after the drift is mended; foreign taints keep their place. */
export function mendTaints(current: readonly Taint[], drift: MetadataDrift): readonly Taint[] {
  const gone = new Set([...drift.removeTaints, ...drift.addTaints].map(taintIdentity))
  return [...current.filter((taint) => !gone.has(taintIdentity(taint))), ...drift.addTaints]
}
