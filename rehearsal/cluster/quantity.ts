/** Quantities of resources (k8s.io/apimachinery, api/resource), and what pods ask of them. Pure. */
import type { ApiObject } from './objects.ts'

type Json = Readonly<Record<string, unknown>>
type Amounts = Readonly<Record<string, string>>

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** `50m` → 0.05, `1Gi` → 1073741824; what is no quantity is 0. */
export function quantity(text: string | number | undefined): number {
  const [, number = '', unit = ''] = /^([\d.]+(?:e\d+)?)([A-Za-z]*)$/.exec(String(text ?? '')) ?? []
  return Number(number) * (factors[unit] ?? 0)
}

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])
const given = (value: unknown): Json => (value ?? {}) as Json

/** What a container asks for, in the words of its pod; of what only a limit is given, that. */
export function amountsOf(container: Json, which: 'requests' | 'limits'): Amounts {
  const resources = given(container.resources)
  const limits = given(resources.limits) as Amounts
  return which === 'limits' ? limits : { ...limits, ...(given(resources.requests) as Amounts) }
}

/** Containers together, or the largest of the init containers, whichever is more. */
export function askedBy(spec: Json, which: 'requests' | 'limits'): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {}
  for (const container of list(spec.containers))
    for (const [name, text] of Object.entries(amountsOf(container, which)))
      sum[name] = (sum[name] ?? 0) + quantity(text)
  for (const container of list(spec.initContainers))
    for (const [name, text] of Object.entries(amountsOf(container, which)))
      sum[name] = Math.max(sum[name] ?? 0, quantity(text))
  return sum
}

/** A pod that has ended holds nothing any more. */
export function isOver(pod: ApiObject): boolean {
  return ['Succeeded', 'Failed'].includes(String(given(pod.status).phase))
}
