import type { ApiObject } from '../../../kubernetes/index.ts'
import {
  type Condition,
  conditionsOf,
  listAt,
  nameOf,
  namespaceOf,
  numberAt,
  textAt,
  timeAt,
  valueAt,
} from '../reading.ts'
import type { FluxKind } from './kinds.ts'

/** An object of Flux, as far as verification needs it. Remote text all of it. */
export interface FluxObject {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly isSuspended: boolean
  /** Has no state by design: nobody reconciles it. */
  readonly isStatic: boolean
  readonly createdMs?: number
  readonly generation: number
  /** Newest generation that became ready or stalled for good; undefined: its kind does not say. */
  readonly observedGeneration?: number
  /** When somebody last changed what is wanted; undefined: nobody knows. */
  readonly specChangedMs?: number
  readonly ready?: Condition
  /** Revision that was applied, or for a HelmRelease tried, last. */
  readonly applied: string
  /** Digest of the chart that a HelmRelease tried last, only from an OCIRepository. */
  readonly appliedDigest: string
  /** Of a source: what it holds for others. */
  readonly artifact?: { readonly revision: string; readonly updatedMs?: number }
  /** Where it takes its content from: `Kind/namespace/name`; empty: from nowhere, or that is not a kind of Flux. */
  readonly source: string
}

/** How an object is named where objects refer to each other. */
export function keyOf({ kind, namespace, name }: Pick<FluxObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`
}

/** When the fields other than those of the status were last written. */
function specChanged(object: ApiObject): number | undefined {
  const times = listAt(object, 'metadata', 'managedFields')
    .filter((entry) => textAt(entry, 'subresource') !== 'status')
    .flatMap((entry) => timeAt(entry, 'time') ?? [])
  return times.length === 0 ? undefined : Math.max(...times)
}

function sourceOf(object: ApiObject, kind: string, namespace: string): string {
  // status.helmChart is `namespace/name` of the chart that the release made for itself (fluxcd/helm-controller:api/v2/helmrelease_types.go).
  const [chartNamespace, chartName] = textAt(object, 'status', 'helmChart').split('/')
  if (kind === 'HelmRelease' && chartNamespace && chartName) return `HelmChart/${chartNamespace}/${chartName}`
  const key = kind === 'HelmRelease' ? 'chartRef' : kind === 'Kustomization' ? 'sourceRef' : undefined
  if (key === undefined) return ''
  const of = (part: string) => textAt(object, 'spec', key, part)
  if (of('kind') === '' || of('name') === '') return ''
  return keyOf({ kind: of('kind'), namespace: of('namespace') || namespace, name: of('name') })
}

/** Reads an object of this kind; whatever is missing becomes empty. */
export function readFluxObject(kind: FluxKind['kind'], object: ApiObject): FluxObject {
  const namespace = namespaceOf(object)
  const ready = conditionsOf(valueAt(object, 'status')).find(({ type }) => type === 'Ready')
  const createdMs = timeAt(object, 'metadata', 'creationTimestamp')
  const observedGeneration = numberAt(object, 'status', 'observedGeneration')
  const specChangedMs = specChanged(object)
  const revision = textAt(object, 'status', 'artifact', 'revision')
  const updatedMs = timeAt(object, 'status', 'artifact', 'lastUpdateTime')
  return {
    kind,
    namespace,
    name: nameOf(object),
    isSuspended: valueAt(object, 'spec', 'suspend') === true,
    isStatic: kind === 'HelmRepository' && textAt(object, 'spec', 'type') === 'oci' && ready === undefined,
    ...(createdMs === undefined ? {} : { createdMs }),
    generation: numberAt(object, 'metadata', 'generation') ?? 0,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(specChangedMs === undefined ? {} : { specChangedMs }),
    ...(ready === undefined ? {} : { ready }),
    applied: textAt(object, 'status', kind === 'HelmRelease' ? 'lastAttemptedRevision' : 'lastAppliedRevision'),
    appliedDigest: textAt(object, 'status', 'lastAttemptedRevisionDigest'),
    ...(revision === '' ? {} : { artifact: { revision, ...(updatedMs === undefined ? {} : { updatedMs }) } }),
    source: sourceOf(object, kind, namespace),
  }
}
