/** A LabelSelector as the API server sends it; whatever it lacks is not asked for. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, unknown>>
  readonly matchExpressions?: readonly {
    readonly key?: unknown
    readonly operator?: unknown
    readonly values?: readonly unknown[]
  }[]
}

/** Whether labels are what a selector asks for; one that nobody can read selects nothing. Pure. */
export function matches(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const has = (key: string): boolean => Object.hasOwn(labels, key)
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => has(key) && labels[key] === value)
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : []
  const met = expressions.every((one) => {
    const key = typeof one?.key === 'string' ? one.key : ''
    const values = Array.isArray(one?.values) ? one.values : []
    switch (one?.operator) {
      case 'In':
        return has(key) && values.includes(labels[key])
      case 'NotIn':
        return !has(key) || !values.includes(labels[key])
      case 'Exists':
        return has(key)
      case 'DoesNotExist':
        return !has(key)
      // Of nodes alone.
      case 'Gt':
        return has(key) && Number(labels[key]) > Number(values[0])
      case 'Lt':
        return has(key) && Number(labels[key]) < Number(values[0])
      default:
        return false
    }
  })
  return equal && met
}
