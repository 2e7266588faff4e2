/** Evaluates GitHub expressions over plain values with GitHub's own evaluator. */
import type { data as dataTypes } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import { data, Evaluator, Lexer, Parser } from './parser.ts'

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }
/** Context name (`github`, `inputs`, …) → value. */
export type Contexts = Readonly<Record<string, Plain>>
/** The functions that depend on where they are called: `success`, `failure`, `always`, `cancelled`, `hashFiles`. */
export type Functions = Readonly<Record<string, (...args: string[]) => Plain>>

type ExpressionData = dataTypes.ExpressionData

function toData(value: Plain | undefined): ExpressionData {
  if (value === null || value === undefined) return new data.Null()
  if (typeof value === 'string') return new data.StringData(value)
  if (typeof value === 'number') return new data.NumberData(value)
  if (typeof value === 'boolean') return new data.BooleanData(value)
  if (Array.isArray(value)) return new data.Array(...value.map(toData))
  return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toData(item) })))
}

function toPlain(value: ExpressionData): Plain {
  if (value instanceof data.Dictionary) {
    return Object.fromEntries(value.pairs().map((pair) => [pair.key, toPlain(pair.value)]))
  }
  if (value instanceof data.Array) return value.values().map(toPlain)
  if (value instanceof data.Null) return null
  return value.value
}

/** The text that GitHub makes of a value in a string place: `true`, `1`, empty for null. */
export function textOf(value: Plain | undefined): string {
  return toData(value).coerceString()
}

/** GitHub's truth: false, 0, empty text and null are false. */
export function isTrue(value: Plain): boolean {
  return value !== null && value !== false && value !== '' && value !== 0 && !Number.isNaN(value)
}

const contextNames = [
  'github',
  'inputs',
  'vars',
  'needs',
  'strategy',
  'matrix',
  'secrets',
  'steps',
  'job',
  'jobs',
  'runner',
  'env',
]

/**
 * The tokens of an expression. In a text `''` stands for one quote, everywhere; the lexer of @actions/expressions 0.3.61 (dist/lexer.js,
 * consumeString) sees to the first one alone, so that a script with expressions and several quotes would be another script.
 */
function tokensOf(expression: string): ReturnType<InstanceType<typeof Lexer>['lex']>['tokens'] {
  return new Lexer(expression)
    .lex()
    .tokens.map((token) =>
      typeof token.value === 'string' ? { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") } : token,
    )
}

/** Evaluates an expression (without `${{ }}`). A context that is not given is empty, as on GitHub. Throws on syntax errors. */
export function evaluateExpression(expression: string, contexts: Contexts, functions: Functions = {}): Plain {
  const definitions = new Map<string, FunctionDefinition>()
  for (const [name, call] of Object.entries(functions)) {
    definitions.set(name.toLowerCase(), {
      name,
      minArgs: 0,
      maxArgs: 255,
      call: (...args: ExpressionData[]) => toData(call(...args.map((arg) => arg.coerceString()))),
    })
  }
  const parsed = new Parser(tokensOf(expression), contextNames, [...definitions.values()]).parse()
  const dictionary = new data.Dictionary(...contextNames.map((key) => ({ key, value: toData(contexts[key] ?? {}) })))
  return toPlain(new Evaluator(parsed, dictionary, definitions).evaluate())
}
