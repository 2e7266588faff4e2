/** What would have to happen: wanted resources against stored ones. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { Properties, StoredResource } from '../model.ts'

/** Words of apitype.OpType (sdk/go/common/apitype/history.go). */
export type Operation = 'same' | 'create' | 'update' | 'delete' | 'replace' | 'refresh'

export interface Step {
  readonly operation: Operation
  readonly old: StoredResource | undefined
  readonly wanted: StoredResource | undefined
  /** Names of the properties that differ, below `data` and its like with a dot. */
  readonly differs: readonly string[]
}

const object = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

/** Paths of what differs: one level below an object, as the detailed diff of the Kubernetes provider has them at least. */
export function differences(before: Properties, after: Properties): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted().flatMap((key) => {
    const [old, now] = [before[key], after[key]]
    if (isDeepStrictEqual(old, now)) return []
    const keys = [...new Set([...Object.keys(object(old)), ...Object.keys(object(now))])].toSorted()
    const below = keys.filter((name) => !isDeepStrictEqual(object(old)[name], object(now)[name]))
    return below.length === 0 ? [key] : below.map((name) => `${key}.${name}`)
  })
}

/** What makes another object of it in Kubernetes. */
const identity = ['metadata.name', 'metadata.namespace']

function stepFor(wanted: StoredResource, old: StoredResource | undefined): Step {
  if (old === undefined) return { operation: 'create', old, wanted, differs: [] }
  const differs = differences(old.inputs, wanted.inputs)
  const isOther = differs.some((path) => identity.includes(path))
  const operation = differs.length === 0 ? 'same' : isOther ? 'replace' : 'update'
  return { operation, old, wanted: { ...wanted, id: old.id }, differs }
}

/** In the program's order; what is wanted no longer goes last, the youngest first. */
export function stepsTo(wanted: readonly StoredResource[], stored: readonly StoredResource[]): readonly Step[] {
  const names = new Set(wanted.map(({ urn }) => urn))
  const gone = stored.filter(({ urn }) => !names.has(urn)).toReversed()
  return [
    ...wanted.map((resource) =>
      stepFor(
        resource,
        stored.find(({ urn }) => urn === resource.urn),
      ),
    ),
    ...gone.map((old): Step => ({ operation: 'delete', old, wanted: undefined, differs: [] })),
  ]
}

/** A saved plan (apitype DeploymentPlanV1), as far as the rehearsal has it: what may happen to which resource. */
export interface Plan {
  readonly resourcePlans: Readonly<
    Record<string, { readonly steps: readonly Operation[]; readonly inputs: Properties }>
  >
}

export function planOf(steps: readonly Step[]): Plan {
  return {
    resourcePlans: Object.fromEntries(
      steps.map(({ operation, old, wanted }) => [
        (wanted ?? old)?.urn,
        { steps: [operation], inputs: wanted?.inputs ?? {} },
      ]),
    ),
  }
}

/** Why a step is not in the plan; undefined: it is (pkg/resource/deploy/plan.go, step_generator.go). */
export function violation(plan: Plan, { operation, old, wanted, differs }: Step): string | undefined {
  const urn = (wanted ?? old)?.urn ?? ''
  const planned = plan.resourcePlans[urn]
  const refuse = (reason: string): string => `resource ${urn} violates plan: ${reason}`
  if (planned === undefined)
    return operation === 'same'
      ? undefined
      : refuse(`${operation} is not allowed by the plan: no steps were expected for this resource`)
  const changed = wanted === undefined ? [] : differences(planned.inputs, wanted.inputs)
  if (changed.length > 0) return refuse(`properties changed: ${changed.map((path) => `~~${path}`).join(', ')}`)
  // Less than planned is always allowed: somebody may have done it in the meantime.
  if (operation === 'same' || planned.steps.includes(operation)) return undefined
  return refuse(
    `${operation} is not allowed by the plan: this resource is constrained to ${planned.steps.join(', ')} ${differs.join(', ')}`.trim(),
  )
}
