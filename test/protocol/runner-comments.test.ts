import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Conversation, openConversation, RunnerError } from '../../src/runner/index.ts'

/** The part of GitHub's API that a conversation asks, on loopback. Shapes: docs.github.com/rest/issues/comments. */
interface Asked {
  readonly method: string
  readonly path: string
  readonly body: string
}
const asked: Asked[] = []
let comments: { id: number; body: string; html_url: string; user: { login: string } | null }[] = []
let refusal: { status: number; message: string } | undefined

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = ''
  for await (const chunk of request) text += chunk
  const url = new URL(request.url ?? '/', 'http://localhost')
  const method = request.method ?? ''
  const { body = '' } = (text === '' ? {} : JSON.parse(text)) as { body?: string }
  asked.push({ method, path: url.pathname, body })
  const send = (status: number, content: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(status === 204 ? undefined : JSON.stringify(content))
  }
  if (refusal) return send(refusal.status, { message: refusal.message })
  const id = Number(/\/comments\/(\d+)$/.exec(url.pathname)?.[1] ?? 0)
  const known = comments.find((one) => one.id === id)
  if (id > 0 && !known) return send(404, { message: 'Not Found' })
  if (method === 'GET') {
    const size = Number(url.searchParams.get('per_page') ?? 30)
    const page = Number(url.searchParams.get('page') ?? 1)
    const next = new URL(url)
    next.searchParams.set('page', String(page + 1))
    const link: Record<string, string> =
      page * size < comments.length
        ? { link: `<http://127.0.0.1:${port()}${next.pathname}${next.search}>; rel="next"` }
        : {}
    return send(200, comments.slice((page - 1) * size, page * size), link)
  }
  if (method === 'DELETE') {
    comments = comments.filter((one) => one.id !== id)
    return send(204, undefined)
  }
  if (known) {
    known.body = body
    return send(200, known)
  }
  const made = {
    id: 1000 + comments.length,
    body,
    html_url: 'https://github.com/o/r/pull/7#c',
    user: { login: 'github-actions[bot]' },
  }
  comments.push(made)
  return send(201, made)
}

const server = createServer((request, response) => void answer(request, response))
const port = () => (server.address() as AddressInfo).port

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // @actions/github reads it once, when it is loaded, at the first request.
  process.env.GITHUB_API_URL = `http://127.0.0.1:${port()}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked.length = 0
  comments = []
  refusal = undefined
})

let repositories = 0
/** octokit paces the writes of one repository: each test has its own. */
function conversation(): Conversation {
  repositories += 1
  const { signal } = new AbortController()
  return openConversation({ token: 'ghs_test', repository: `o/r${repositories}`, pullRequest: 7, signal, pace: 0.001 })
}
const code = async (work: Promise<unknown>) => {
  const error: unknown = await work.catch((reason: unknown) => reason)
  return error instanceof RunnerError
    ? { code: error.code, said: `${error.message}; ${error.cause}; ${error.remedy}` }
    : error
}

describe('the conversation of a pull request', () => {
  it('is read page by page, and gives what begins with the marker, oldest first', async () => {
    comments = Array.from({ length: 250 }, (_, i) => ({
      id: 250 - i,
      body: i % 100 === 99 ? `<!-- m -->\r\n${i}` : `text <!-- m -->\n${i}`,
      html_url: `https://github.com/${i}`,
      user: i === 199 ? null : { login: `u${i}` },
    }))
    const found = await conversation().list('<!-- m -->\n')
    expect(found.map(({ id, author }) => `${id} ${author}`)).toEqual(['51 ', '151 u99'])
    expect(asked).toHaveLength(3)
    expect(asked[0]?.path).toMatch(/^\/repos\/o\/r\d+\/issues\/7\/comments$/)
  })

  it('takes, changes and gives back comments; what is gone already is no fault', async () => {
    const made = await conversation().create('one')
    expect(made).toEqual({
      id: 1000,
      body: 'one',
      url: 'https://github.com/o/r/pull/7#c',
      author: 'github-actions[bot]',
    })
    expect(await conversation().edit(made.id, 'two')).toMatchObject({ body: 'two' })
    await conversation().remove(made.id)
    await conversation().remove(made.id)
    expect(await conversation().edit(made.id, 'three')).toBeUndefined()
    expect(comments).toEqual([])
  })

  it.each([
    [403, 'Resource not accessible by integration', /the token may not.*forks never have.*pull-requests: write/],
    [404, 'Not Found', /there is no such pull request/],
    [401, 'Bad credentials', /github-token is not valid/],
    [403, 'Unable to create comment because issue is locked.', /the conversation is locked.*unlock it/],
  ])('that may not be written to (%s, %s) says why', async (status, message, words) => {
    refusal = { status, message }
    const { code: found, said } = (await code(conversation().create('x'))) as { code: string; said: string }
    expect(found).toBe('comment-forbidden')
    expect(said).toMatch(words)
  })

  it('whose body GitHub does not take is told as it is', async () => {
    refusal = { status: 422, message: 'body is too long (maximum is 65536 characters)' }
    expect(await code(conversation().create('x'))).toMatchObject({ code: 'github-refused' })
  })
})
