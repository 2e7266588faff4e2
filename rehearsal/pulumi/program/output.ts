/** Values that a program hands about: known at once, and perhaps secret. A stand-in for @pulumi/pulumi's Output. */
import { plainSecret } from '../model.ts'

const mark = Symbol.for('rehearsal.pulumi.output')

interface Inside {
  readonly value: unknown
  readonly isSecret: boolean
}

/** Any property of it is an Output of that property, as Pulumi lifts them. */
export type Output = { readonly [key: string]: Output } & { apply(fn: (value: never) => unknown): Output }

export function inside(value: unknown): Inside | undefined {
  return typeof value === 'object' && value !== null ? (value as { [mark]?: Inside })[mark] : undefined
}

/** Everything known below a value, and whether any of it is secret. */
export function resolved(value: unknown): Inside {
  const output = inside(value)
  if (output !== undefined) {
    const below = resolved(output.value)
    return { value: below.value, isSecret: output.isSecret || below.isSecret }
  }
  if (Array.isArray(value)) {
    const items = value.map(resolved)
    return { value: items.map((item) => item.value), isSecret: items.some((item) => item.isSecret) }
  }
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).map(([key, item]) => [key, resolved(item)] as const)
    return {
      value: Object.fromEntries(entries.map(([key, item]) => [key, item.value])),
      isSecret: entries.some(([, item]) => item.isSecret),
    }
  }
  return { value, isSecret: false }
}

/** As it is written into a state: each secret where it is, as `{ secret: … }`. */
export function marked(value: unknown): unknown {
  const output = inside(value)
  if (output !== undefined)
    return output.isSecret ? { [plainSecret]: resolved(output.value).value } : marked(output.value)
  if (Array.isArray(value)) return value.map(marked)
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, marked(item)]))
  return value
}

export function output(value: unknown, isSecret = false): Output {
  const known: Inside = { value, isSecret: isSecret || (inside(value)?.isSecret ?? false) }
  const target = {
    [mark]: known,
    apply: (fn: (value: never) => unknown): Output => {
      const { value: plain, isSecret: wasSecret } = resolved(known.value)
      return output(fn(plain as never), known.isSecret || wasSecret)
    },
  }
  return new Proxy(target, {
    get(own, key) {
      // It is no promise: who awaits it gets the Output itself.
      if (typeof key === 'symbol' || key === 'then' || key in own) return Reflect.get(own, key)
      const below = inside(known.value)?.value ?? known.value
      const next = typeof below === 'object' && below !== null ? (below as Record<string, unknown>)[key] : undefined
      return output(next, known.isSecret)
    },
  }) as unknown as Output
}
