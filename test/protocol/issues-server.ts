/** The part of GitHub's issues API that a tracker asks, on loopback. Shapes: docs.github.com/rest/issues. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
  readonly authorization: string
}

/** What GitHub answers next; returns undefined to leave it to the tables below. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | 'silence' | 'hang up'

export const asked: Asked[] = []
export const answers: ((request: Asked) => Answer | undefined)[] = []
export const issues: Record<string, unknown>[] = []
export const comments: Record<string, unknown>[] = []

const bot = { user: { login: 'github-actions[bot]', type: 'Bot' }, author_association: 'NONE' }

export const server = createServer((request, response) => {
  void handle(request, response)
})

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = ''
  for await (const chunk of request) text += chunk
  const url = new URL(request.url ?? '/', 'http://localhost')
  const one: Asked = {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    body: text === '' ? {} : JSON.parse(text),
    authorization: request.headers.authorization ?? '',
  }
  asked.push(one)
  const answer = answers.map((special) => special(one)).find((special) => special !== undefined) ?? usual(one)
  if (answer === 'silence') return
  if (answer === 'hang up') {
    request.socket.destroy()
    return
  }
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
  response.end(JSON.stringify(answer.body ?? {}))
}

/** As documented under docs.github.com/rest/issues: pages with a Link header, issues of a state and a label. */
function usual({ method, path, query, body }: Asked): Answer {
  const of = Number(/\/issues\/(\d+)/.exec(path)?.[1])
  if (method === 'GET' && path.endsWith('/comments')) return { status: 200, body: comments }
  if (method === 'GET') {
    const size = Number(query.get('per_page') ?? 30)
    const page = Number(query.get('page') ?? 1)
    const labels = (query.get('labels') ?? '').split(',')
    const all = issues
      .filter(
        (one) =>
          one.state === (query.get('state') ?? 'open') &&
          labels.every((label) => (one.labels as string[]).includes(label)),
      )
      .toReversed()
    const next = new URLSearchParams(query)
    next.set('page', String(page + 1))
    const more =
      all.length > page * size ? { link: `<http://127.0.0.1:${port()}${path}?${next}>; rel="next"` } : undefined
    return { status: 200, body: all.slice((page - 1) * size, page * size), ...(more ? { headers: more } : {}) }
  }
  if (method === 'POST' && path.endsWith('/comments')) {
    const made = { id: comments.length + 1, body: body.body, ...bot }
    comments.push(made)
    return { status: 201, body: made }
  }
  if (method === 'POST') return { status: 201, body: addIssue(body) }
  const found = issues.find((one) => one.number === of)
  if (method === 'PATCH' && found) return { status: 200, body: Object.assign(found, body) }
  return { status: 404, body: { message: 'Not Found' } }
}

/** An issue of the workflow's own bot, unless `issue` says otherwise. */
export function addIssue(issue: Record<string, unknown>): Record<string, unknown> {
  const number = issues.length + 1
  const made = {
    number,
    html_url: `https://github.com/o/r/issues/${number}`,
    state: 'open',
    labels: [],
    body: '',
    ...bot,
    ...issue,
  }
  issues.push(made)
  return made
}

export const port = (): number => (server.address() as AddressInfo).port

/** As before the first request. */
export function forgetAll(): void {
  for (const list of [asked, answers, issues, comments]) list.length = 0
}
