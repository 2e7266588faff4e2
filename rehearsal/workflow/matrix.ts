/** The combinations of `strategy.matrix`. */
import type { Plain } from './expressions.ts'

type Combination = Record<string, Plain>
const isSame = (a: Plain | undefined, b: Plain): boolean => JSON.stringify(a) === JSON.stringify(b)
const listOf = (value: Plain | undefined): readonly Plain[] => (Array.isArray(value) ? value : [])

/**
 * All combinations, less those that match an `exclude`, plus those of `include`:
 * an include entry extends every combination whose own keys it does not contradict, or stands alone.
 */
export function combinationsOf(matrix: Plain | undefined): Combination[] {
  if (matrix === undefined || matrix === null || typeof matrix !== 'object' || Array.isArray(matrix)) return [{}]
  const { include, exclude, ...axes } = matrix as Record<string, Plain>
  let combinations: Combination[] = Object.keys(axes).length > 0 ? [{}] : []
  for (const [key, values] of Object.entries(axes)) {
    combinations = combinations.flatMap((combination) =>
      listOf(values).map((value) => ({ ...combination, [key]: value })),
    )
  }
  const excluded = listOf(exclude) as readonly Combination[]
  combinations = combinations.filter(
    (item) => !excluded.some((entry) => Object.entries(entry).every(([key, value]) => isSame(item[key], value))),
  )
  const added: Combination[] = []
  for (const entry of listOf(include) as readonly Combination[]) {
    const matching = combinations.filter((item) =>
      Object.entries(entry).every(([key, value]) => !(key in axes) || isSame(item[key], value)),
    )
    if (matching.length === 0) added.push({ ...entry })
    for (const item of matching) Object.assign(item, entry)
  }
  return [...combinations, ...added]
}
