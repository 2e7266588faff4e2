/** Carries out the rules of rules.ts on plain data. Pure. */
import { type Rule, rules } from './rules.ts'

export type Plain = null | boolean | number | string | undefined | readonly Plain[] | { readonly [key: string]: Plain }

const isObject = (value: Plain): value is { readonly [key: string]: Plain } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What names an element of a list of objects, e.g. the id of a check; undefined: its index does. */
function nameOf(element: Plain): string | undefined {
  if (!isObject(element)) return undefined
  const name = element.id ?? element.title ?? element.name ?? element.text
  return typeof name === 'string' ? name : undefined
}

/** Names of a list's elements, when all of them have different ones; else undefined. */
export function namesOf(list: readonly Plain[]): readonly string[] | undefined {
  const names = list.map(nameOf)
  const isNamed = list.length > 0 && names.every((name) => name !== undefined) && new Set(names).size === names.length
  return isNamed ? (names as string[]) : undefined
}

const textOf = (element: Plain): string => (typeof element === 'string' ? element : (nameOf(element) ?? ''))

class Normaliser {
  readonly #rules: readonly Rule[]
  readonly #onUse: (rule: Rule) => void
  readonly #numbers = new Map<string, number>()

  constructor(list: readonly Rule[], onUse: (rule: Rule) => void) {
    this.#rules = list
    this.#onUse = onUse
  }

  value(value: Plain, place: string): Plain {
    if (Array.isArray(value)) return this.#list(value, place)
    if (isObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, this.value(inner, place === '' ? key : `${place}.${key}`)]),
      )
    return this.#leaf(value, place).value
  }

  #list(list: readonly Plain[], place: string): Plain {
    const names = namesOf(list)
    let previous: { readonly value: Plain; readonly by: readonly Rule[] } | undefined
    const elements: Plain[] = []
    list.forEach((element, index) => {
      const here = `${place}[${names?.[index] ?? index}]`
      const isLeaf = !Array.isArray(element) && !isObject(element)
      const done = isLeaf ? this.#leaf(element, here) : { value: this.value(element, here), by: [] }
      const isSame = previous !== undefined && done.value === previous.value
      if (!(isSame && done.by.some((rule) => rule.collapses && previous?.by.includes(rule)))) elements.push(done.value)
      previous = done
    })
    const seen = this.#rules
      .filter((rule) => rule.missable !== undefined && rule.at?.test(place))
      .reduce<readonly Plain[]>((rest, rule) => this.#leaveOut(rest, rule), elements)
    return this.#rules
      .filter((rule) => rule.last !== undefined && rule.at?.test(place))
      .reduce<readonly Plain[]>((sorted, rule) => this.#putLast(sorted, rule), seen)
  }

  #leaveOut(list: readonly Plain[], rule: Rule): readonly Plain[] {
    const isMissable = (element: Plain, next: Plain): boolean =>
      rule.missable?.element.test(textOf(element)) === true && rule.missable.before.test(textOf(next))
    const kept = list.filter((element, index) => !isMissable(element, list[index + 1]))
    if (kept.length < list.length) this.#onUse(rule)
    return kept
  }

  #putLast(list: readonly Plain[], rule: Rule): readonly Plain[] {
    const isLast = (element: Plain): boolean => rule.last?.test(textOf(element)) ?? false
    const last = list.filter(isLast).sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
    if (last.length > 0) this.#onUse(rule)
    return [...list.filter((element) => !isLast(element)), ...last]
  }

  #leaf(value: Plain, place: string): { readonly value: Plain; readonly by: readonly Rule[] } {
    let result = value
    const by: Rule[] = []
    for (const rule of this.#rules) {
      if (rule.becomes === undefined || value === undefined || (rule.at && !rule.at.test(place))) continue
      const before = result
      if (rule.pattern === undefined) result = rule.becomes
      else if (typeof result === 'string')
        result = result.replaceAll(rule.pattern, (original) => this.#replacement(rule, original))
      if (result === before) continue
      by.push(rule)
      this.#onUse(rule)
    }
    return { value: result, by }
  }

  #replacement({ name, becomes = '' }: Rule, original: string): string {
    if (!becomes.includes('#')) return becomes
    const key = `${name} ${original}`
    if (!this.#numbers.has(key)) {
      const known = [...this.#numbers.keys()].filter((other) => other.startsWith(`${name} `)).length
      this.#numbers.set(key, known + 1)
    }
    return becomes.replace('#', String(this.#numbers.get(key)))
  }
}

/**
 * Replaces what the rules name in a value that stands at the place; an outcome stands at the empty place.
 * @param list the rules; only tests give others than all of them
 * @param onUse hears of every rule that found something
 */
export function normaliseAt(
  place: string,
  value: Plain,
  list: readonly Rule[] = rules,
  onUse: (rule: Rule) => void = () => {},
): Plain {
  return new Normaliser(list, onUse).value(value, place)
}
