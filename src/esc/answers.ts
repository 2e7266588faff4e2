import { EscError, quoteRemote } from './errors.ts'
import type { HttpAnswer } from './model.ts'

/** A diagnostic of ESC about an environment's definition (pulumi/esc:cmd/esc/cli/client/apitype.go). Remote text. */
export interface Diagnostic {
  /** The environment it is about, where it says so: with imports it may be another one. */
  readonly environment: string
  readonly line: number
  readonly summary: string
  /** Without a severity it is an error, for older servers. */
  readonly isError: boolean
}

type Json = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The JSON of a text; undefined when it is none. Integers that JavaScript would round stay as their digits. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, keepDigits)
  } catch {
    return undefined
  }
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isRounded = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
  return isRounded && context?.source !== undefined ? context.source : value
}

/** At most this many diagnostics are shown: the first ones say it. */
const mostDiagnostics = 8

/** What ESC says about a definition; a documented `""` in place of a list is none. */
export function diagnosticsOf(body: unknown): readonly Diagnostic[] {
  if (!isObject(body) || !Array.isArray(body.diagnostics)) return []
  return body.diagnostics.slice(0, 100).flatMap((raw: unknown): Diagnostic[] => {
    if (!isObject(raw)) return []
    const range = isObject(raw.range) ? raw.range : {}
    const begin = isObject(range.begin) ? range.begin : {}
    const summary = [raw.summary, raw.detail].filter((text) => typeof text === 'string' && text !== '').join(': ')
    return [
      {
        environment: typeof range.environment === 'string' ? quoteRemote(range.environment) : '',
        line: typeof begin.line === 'number' ? begin.line : 0,
        summary: quoteRemote(summary),
        isError: raw.severity !== 'warning',
      },
    ]
  })
}

/** One line for each diagnostic: `oceanid-cluster:12: unknown property`. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[]): readonly string[] {
  const errorsFirst = diagnostics.toSorted((a, b) => Number(b.isError) - Number(a.isError))
  const lines = errorsFirst.slice(0, mostDiagnostics).map(({ environment, line, summary }) => {
    const place = environment === '' ? '' : `${environment}${line > 0 ? `:${line}` : ''}: `
    return `${place}${summary === '' ? 'no text' : summary}`
  })
  const more = diagnostics.length - lines.length
  return more > 0 ? [...lines, `and ${more} more`] : lines
}

/** What an answer that is no success says: `message` of Pulumi, `error` of OAuth, the title of a page, or its beginning. */
export function messageOf(answer: HttpAnswer): string {
  const body = parseJson(answer.body)
  if (isObject(body)) {
    const oauth = [body.error, body.error_description].filter((text) => typeof text === 'string' && text !== '')
    if (oauth.length > 0) return quoteRemote(oauth.join(': '))
    return typeof body.message === 'string' ? quoteRemote(body.message) : ''
  }
  const title = /<title[^>]{0,200}>([^<]{1,300})/i.exec(answer.body.slice(0, 20_000))?.[1]
  if (title !== undefined) return `a page named ${JSON.stringify(quoteRemote(title))}`
  return quoteRemote(answer.body)
}

/** Whether something other than Pulumi's API answered, which speaks JSON, and a bare text now and then, but never in pages. */
export function isForeign(answer: HttpAnswer): boolean {
  return (
    /^\s*<(!doctype|html|head|\?xml)/i.test(answer.body) || /\btext\/html\b/.test(answer.headers['content-type'] ?? '')
  )
}

/** An answer of status 200 that is not what it should be. */
export function misunderstood(request: string, what: string, evidence: readonly string[] = []): EscError {
  return new EscError('esc-failed', {
    title: 'the Pulumi API answered with something that is no answer',
    cause: `${what}: backend-url leads to something else, a proxy answers in its place, or the API has changed`,
    remedy: 'check backend-url and HTTPS_PROXY; if both are right, open an issue with this text',
    evidence: [request, ...evidence],
  })
}
