/** Reads the token trees of GitHub's parser: values with their expressions evaluated, and where they are written. */
import { WorkflowError } from './errors.ts'
import { type Contexts, evaluateExpression, type Functions, isTrue, type Plain, textOf } from './expressions.ts'
import {
  convertToIfCondition,
  isBasicExpression,
  isMapping,
  isSequence,
  type MappingToken,
  type TemplateContext,
  type TemplateToken,
} from './parser.ts'

/** What an expression can see at one place of a workflow. */
export interface Scope {
  readonly contexts: Contexts
  readonly functions?: Functions
}

/** A parsed file: its tokens, and its path relative to the repository for messages. */
export interface Source {
  readonly path: string
  /** How messages name it, where the path alone would be another file. */
  readonly shown?: string
  readonly root: MappingToken
  readonly context: TemplateContext
}

/** `path:line:column` of a token. */
export function placeOf(source: Source, token: TemplateToken | undefined): string {
  const start = token?.range?.start
  const path = source.shown ?? source.path
  return start ? `${path}:${start.line}:${start.column}` : path
}

/** The error for something at a token. */
export function errorAt(source: Source, token: TemplateToken | undefined, message: string): WorkflowError {
  return new WorkflowError(`${placeOf(source, token)}: ${message}`)
}

/** Evaluates a token tree to a plain value. */
export function valueAt(source: Source, token: TemplateToken, scope: Scope): Plain {
  if (isBasicExpression(token)) {
    try {
      return evaluateExpression(token.expression, scope.contexts, scope.functions)
    } catch (error) {
      throw errorAt(
        source,
        token,
        `the expression '${token.expression}' cannot be evaluated: ${(error as Error).message}`,
      )
    }
  }
  if (isSequence(token)) return [...sequenceOf(token)].map((item) => valueAt(source, item, scope))
  if (isMapping(token))
    return Object.fromEntries(entriesOf(token).map(([key, item]) => [key, valueAt(source, item, scope)]))
  const literal = token.toJSON()
  if (literal === null || typeof literal === 'string' || typeof literal === 'number' || typeof literal === 'boolean')
    return literal
  throw errorAt(source, token, 'this kind of value is not known to the rehearsal')
}

/** Evaluates a token to text; undefined when the token is absent. */
export function textAt(source: Source, token: TemplateToken | undefined, scope: Scope): string | undefined {
  return token === undefined ? undefined : textOf(valueAt(source, token, scope))
}

/** Evaluates a mapping of texts, such as `env` or `with`. */
export function textsAt(source: Source, token: TemplateToken | undefined, scope: Scope): Record<string, string> {
  if (token === undefined) return {}
  const value = valueAt(source, token, scope)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw errorAt(source, token, 'a mapping is expected here')
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, textOf(item)]))
}

/** The condition of an `if`, with `success() &&` put before it where it names no status function, as GitHub does. */
export function conditionOf(source: Source, token: TemplateToken | undefined): string {
  if (token === undefined) return 'success()'
  const converted = convertToIfCondition(source.context, token)
  const problem = source.context.errors.getErrors()[0]
  if (converted === undefined || problem)
    throw errorAt(source, token, problem?.rawMessage ?? 'this condition cannot be read')
  return converted.expression
}

/** Whether a condition holds. */
export function holds(source: Source, condition: string, scope: Scope, token?: TemplateToken): boolean {
  try {
    return isTrue(evaluateExpression(condition, scope.contexts, scope.functions))
  } catch (error) {
    throw errorAt(source, token, `the condition '${condition}' cannot be evaluated: ${(error as Error).message}`)
  }
}

/** A mapping as pairs; empty when absent. */
export function entriesOf(token: TemplateToken | undefined): [string, TemplateToken][] {
  if (token === undefined || !isMapping(token)) return []
  const pairs: [string, TemplateToken][] = []
  for (let index = 0; index < token.count; index++) {
    const pair = token.get(index)
    pairs.push([String(pair.key.toJSON()), pair.value])
  }
  return pairs
}

/** The items of a sequence; a single value counts as one item, absence as none. */
export function sequenceOf(token: TemplateToken | undefined): TemplateToken[] {
  if (token === undefined) return []
  return isSequence(token) ? Array.from({ length: token.count }, (_, index) => token.get(index)) : [token]
}

/** The value of a key of a mapping token. */
export function find(token: TemplateToken | undefined, key: string): TemplateToken | undefined {
  return token !== undefined && isMapping(token) ? token.find(key) : undefined
}

/** Literal text of a token that holds no expression. */
export function literalOf(token: TemplateToken | undefined): string | undefined {
  return token === undefined ? undefined : textOf(token.toJSON() as Plain)
}
