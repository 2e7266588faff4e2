import { quoteRemote } from './errors.ts'

/** A field that another manager owns with another value, as a refused server-side apply names it. Remote text. */
export interface ApplyConflict {
  readonly manager: string
  readonly field: string
}

interface Cause {
  readonly reason?: unknown
  readonly message?: unknown
  readonly field?: unknown
}

/** More than this nobody reads; a server may send any number. */
const maximumConflicts = 200

const text = (value: unknown): string => (typeof value === 'string' ? quoteRemote(value) : '')

/**
 * The conflicts in the body of a 409: one cause for each field, its reason FieldManagerConflict, its message such as
 * `conflict with "helm" using apps/v1` (kubernetes/apimachinery: pkg/util/managedfields/internal/conflict.go).
 */
export function conflictsOf(body: string): readonly ApplyConflict[] {
  let causes: unknown
  try {
    causes = (JSON.parse(body) as { details?: { causes?: unknown } } | null)?.details?.causes
  } catch {
    // A proxy's own page.
  }
  if (!Array.isArray(causes)) return []
  return (causes.slice(0, maximumConflicts) as readonly (Cause | null)[])
    .filter((cause): cause is Cause => cause?.reason === 'FieldManagerConflict')
    .map(({ message, field }) => ({
      manager: /conflict with "([^"]*)"/.exec(text(message))?.[1] ?? text(message),
      field: text(field),
    }))
}
