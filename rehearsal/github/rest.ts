/** What all answers of api.github.com are made of: the question with who asks it, refusals in GitHub's words, pages. Pure. */
import type { ApiAnswer } from './api.ts'

/** A request to api.github.com. */
export interface Ask {
  readonly method: string
  /** Percent-decoded parts of the path, e.g. `repos`, `o`, `r`, `issues`. */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
  /** The body as JSON; undefined when there is none, or when it is no JSON. */
  readonly body: unknown
  /** Scope → `read` or `write`; undefined: nobody said who asks. */
  readonly permissions: Readonly<Record<string, string>> | undefined
  /** Login of whoever asks. */
  readonly login: string
  readonly nowMs: number
}

const documentation = 'https://docs.github.com/rest'

export function refusal(
  code: number,
  message: string,
  page = '',
  more: Readonly<Record<string, unknown>> = {},
): ApiAnswer {
  const documentation_url = page === '' ? documentation : `${documentation}/${page}`
  return { code, body: { message, ...more, documentation_url, status: String(code) } }
}

/** 422 with the field and what is wrong with it. */
export function invalid(resource: string, field: string, code: string, message?: string): ApiAnswer {
  const error = { resource, field, code, ...(message === undefined ? {} : { message }) }
  return refusal(422, 'Validation Failed', 'issues/issues', { errors: [error] })
}

/**
 * Why whoever asks may not; undefined: he may. Stricter than GitHub is with public repositories, of which anybody may read:
 * what passes here passes in a private one as well.
 */
export function forbidden(ask: Ask, scope: string, level: 'read' | 'write', page: string): ApiAnswer | undefined {
  if (ask.permissions === undefined)
    return refusal(level === 'read' ? 404 : 401, level === 'read' ? 'Not Found' : 'Requires authentication', page)
  const held = ask.permissions[scope] ?? ask.permissions['*'] ?? 'none'
  if (held === 'write' || held === level) return undefined
  // These words for whatever a job's token lacks (hashicorp/nomad, kubeflow/sdk#179 and many others quote them).
  return refusal(403, 'Resource not accessible by integration', page)
}

/** GitHub's pages: 30 entries unless asked, 100 at most, and a Link header while there are more than one. */
export function paged<Item>(
  ask: Ask,
  items: readonly Item[],
): { readonly items: readonly Item[]; readonly headers: Record<string, string> } {
  const number = (name: string, fallback: number): number => {
    const given = Number.parseInt(ask.query.get(name) ?? '', 10)
    return Number.isInteger(given) && given > 0 ? given : fallback
  }
  const size = Math.min(number('per_page', 30), 100)
  const page = number('page', 1)
  const last = Math.max(1, Math.ceil(items.length / size))
  const link = (relation: string, to: number): string => {
    const query = new URLSearchParams(ask.query)
    query.set('page', String(to))
    return `<https://api.github.com/${ask.segments.map(encodeURIComponent).join('/')}?${query}>; rel="${relation}"`
  }
  const links = [
    ...(page > 1 ? [link('prev', page - 1)] : []),
    ...(page < last ? [link('next', page + 1), link('last', last)] : []),
    ...(page > 1 ? [link('first', 1)] : []),
  ]
  return {
    items: items.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { Link: links.join(', ') } : {},
  }
}

/** A body's property, when the body is an object. */
export function given(ask: Ask, name: string): unknown {
  const { body } = ask
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
}

/** GitHub's times have no fractions of a second. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
