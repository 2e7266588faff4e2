/** Two plain values side by side. Pure. */
import { namesOf, type Plain } from './normaliser.ts'

export interface Difference {
  /** e.g. `report.checks[host.sudo].verdict`, `mutations[2]`. */
  readonly path: string
  /** What stands there as JSON, or `nothing`. */
  readonly embedded: string
  readonly lab: string
}

const shown = (value: Plain): string => (value === undefined ? 'nothing' : JSON.stringify(value))

const difference = (path: string, embedded: Plain, lab: Plain): Difference => ({
  path,
  embedded: shown(embedded),
  lab: shown(lab),
})

type Pairs = readonly (readonly [number, number])[]

/** Longest common subsequence, as pairs of indexes. What is equal from the start is common: most lists are equal, or end differently. */
function common(left: readonly string[], right: readonly string[]): Pairs {
  const unequal = left.findIndex((element, index) => element !== right[index])
  const head = unequal < 0 ? left.length : unequal
  const rest = longestCommon(left.slice(head), right.slice(head))
  return [
    ...left.slice(0, head).map((_, index) => [index, index] as const),
    ...rest.map(([i, j]) => [i + head, j + head] as const),
  ]
}

function longestCommon(left: readonly string[], right: readonly string[]): Pairs {
  const lengths = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0))
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0
  for (let i = left.length - 1; i >= 0; i--) {
    const row = lengths[i] ?? []
    for (let j = right.length - 1; j >= 0; j--)
      row[j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const pairs: [number, number][] = []
  let [i, j] = [0, 0]
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) pairs.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return pairs
}

/** Elements keep their order. What only one side has is a difference of its own, and does not make all that follows differ. */
function compareLists(left: readonly Plain[], right: readonly Plain[], path: string): Difference[] {
  const namesLeft = namesOf(left)
  const namesRight = namesOf(right)
  const isNamed = namesLeft !== undefined && namesRight !== undefined
  const keys = (list: readonly Plain[], names: readonly string[] | undefined): readonly string[] =>
    isNamed && names !== undefined ? names : list.map((element) => JSON.stringify(element))
  const keysLeft = keys(left, namesLeft)
  const keysRight = keys(right, namesRight)
  const found: Difference[] = []
  const place = (names: readonly string[] | undefined, index: number): string =>
    `${path}[${isNamed ? (names?.[index] ?? index) : index}]`
  const pairs = [...common(keysLeft, keysRight), [left.length, right.length] as const]
  let [i, j] = [0, 0]
  for (const [nextLeft, nextRight] of pairs) {
    // Between two common elements, those that stand in each other's place are shown together.
    while (i < nextLeft || j < nextRight) {
      const [one, other] = [i < nextLeft ? left[i] : undefined, j < nextRight ? right[j] : undefined]
      const where = i < nextLeft ? place(namesLeft, i) : place(namesRight, j)
      if (isNamed && one !== undefined && other !== undefined)
        found.push(difference(where, one, undefined), difference(place(namesRight, j), undefined, other))
      else
        found.push(
          ...(one !== undefined && other !== undefined
            ? differencesAt(one, other, where)
            : [difference(where, one, other)]),
        )
      if (i < nextLeft) i++
      if (j < nextRight) j++
    }
    if (i < left.length && j < right.length) found.push(...differencesAt(left[i], right[j], place(namesLeft, i)))
    i = nextLeft + 1
    j = nextRight + 1
  }
  return found
}

/** Every difference between two values at the place; lists are compared in order, their named elements by name. */
export function differencesAt(left: Plain, right: Plain, path: string): Difference[] {
  if (Array.isArray(left) && Array.isArray(right)) return compareLists(left, right, path)
  const isPair = [left, right].every((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  if (isPair) {
    const [one, other] = [left, right] as { readonly [key: string]: Plain }[]
    const keys = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})])
    return [...keys].flatMap((key) => differencesAt(one?.[key], other?.[key], path === '' ? key : `${path}.${key}`))
  }
  return left === right ? [] : [difference(path, left, right)]
}
