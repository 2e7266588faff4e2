import type { YamlText } from './document.ts'
import type { Place } from './file.ts'
import { nearest, type Problem, quote, withNearest } from './problem.ts'
import { clusterKeys, type SchemaError, validateCluster } from './validate-cluster.generated.ts'

/** `/nodes/calypso/taints/0` → its parts; a part is an index only inside a list, because a key may look like one. */
function placeOf(pointer: string, content: unknown): Place {
  const place: (string | number)[] = []
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    place.push(Array.isArray(valueAt(content, place)) ? Number(key) : key)
  }
  return place
}

/** The value at a place; undefined when it is not there. Own keys only: `constructor` is a name like any other. */
export function valueAt(content: unknown, place: Place): unknown {
  return place.reduce<unknown>(
    (value, part) =>
      value !== null && typeof value === 'object' && Object.hasOwn(value, part)
        ? (value as Record<string, unknown>)[part]
        : undefined,
    content,
  )
}

/** Keys that may stand at a place; undefined where any key may. */
function keysAt(place: Place): readonly string[] | undefined {
  const matches = (pattern: string): boolean => {
    const parts = pattern.split('/').slice(1)
    return parts.length === place.length && parts.every((part, index) => part === '*' || part === String(place[index]))
  }
  return Object.entries(clusterKeys).find(([pattern]) => matches(pattern))?.[1]
}

/** A key that belongs one mapping deeper: `host` of a node is `ssh.host`. */
function keyInside(place: Place, key: string): string | undefined {
  const inner = (keysAt(place) ?? []).find((candidate) => keysAt([...place, candidate])?.includes(key))
  return inner === undefined ? undefined : `${inner}.${key}`
}

const typeWords: Readonly<Record<string, string>> = {
  object: 'a mapping (keys and values)',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
}

function typeProblem(value: unknown, types: readonly string[]): Pick<Problem, 'problem' | 'allowed'> {
  const wanted = types.map((type) => typeWords[type] ?? type).join(' or ')
  const isBare = types.includes('string') && ['number', 'boolean'].includes(typeof value)
  return {
    problem: value === null ? 'is empty' : `is not ${wanted}`,
    allowed: isBare ? `put it in quotes: "${String(value)}"` : `write ${wanted}`,
  }
}

function explain(error: SchemaError, yaml: YamlText): Problem {
  const place = placeOf(error.instancePath, yaml.content)
  const value = valueAt(yaml.content, place)
  const { params, keyword } = error
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty)
      const known = keysAt(place) ?? []
      return {
        input: yaml.at([...place, key], 'key'),
        value: quote(key),
        problem: 'is not known here',
        allowed: `known keys: ${known.join(', ')}`,
        ...withNearest(keyInside(place, key) ?? nearest(key, known)),
      }
    }
    case 'required':
      return {
        input: yaml.at(place, 'key'),
        problem: `lacks the key ${quote(params.missingProperty)}`,
        allowed: 'it has no default',
      }
    case 'enum': {
      const choices = (params.allowedValues as readonly unknown[]).map(String)
      return {
        input: yaml.at(place),
        value: quote(value),
        problem: 'is not one of the choices',
        allowed: choices.join(', '),
        ...withNearest(typeof value === 'string' ? nearest(value, choices) : undefined),
      }
    }
    case 'type': {
      const types = Array.isArray(params.type) ? params.type.map(String) : String(params.type).split(',')
      return { input: yaml.at(place), ...(value === null ? {} : { value: quote(value) }), ...typeProblem(value, types) }
    }
    case 'minimum':
    case 'maximum':
      return {
        input: yaml.at(place),
        value: quote(value),
        problem: 'is out of range',
        allowed: `${params.comparison} ${params.limit}`,
      }
    case 'minProperties':
      return { input: yaml.at(place), problem: 'is empty', allowed: `at least ${params.limit} entry` }
    default:
      return {
        input: yaml.at(place),
        value: quote(value),
        problem: 'has the wrong form',
        allowed: error.message ?? 'see schemas/cluster.schema.json',
      }
  }
}

/** Everything that the schema says of a file. `judged` holds positions about which something better has been said already. */
export function schemaProblems(yaml: YamlText, judged: ReadonlySet<string>): readonly Problem[] {
  if (yaml.content === null || typeof yaml.content !== 'object' || Array.isArray(yaml.content)) {
    return [
      {
        input: yaml.at([]),
        problem: 'describes no cluster',
        allowed: `a mapping with the keys ${keysAt([])?.join(', ')}`,
      },
    ]
  }
  return (
    validateCluster(yaml.content)
      // Names of nodes, and what is in extra-config, are judged with the other values, in better words.
      .filter((error) => error.keyword !== 'propertyNames' && !('propertyName' in error))
      .filter((error) => !/^\/nodes\/[^/]+\/extra-config\//.test(error.instancePath))
      .map((error) => ({ error, problem: explain(error, yaml) }))
      .filter(({ error, problem }) => !isAboutForm(error) || !judged.has(problem.input))
      .map(({ problem }) => problem)
  )
}

function isAboutForm(error: SchemaError): boolean {
  return ['pattern', 'minLength', 'maxLength'].includes(error.keyword)
}
