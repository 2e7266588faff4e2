import { describe, expect, it } from '@jest/globals'
import { createEscClient, EscError } from '../../src/esc/index.ts'
import { httpPort } from '../../src/runner/http.ts'
import { backendThat, type Reply } from './esc-backend.ts'

const accessToken = 'pul-0123456789abcdef0123456789abcdef01234567'
const reference = { organization: 'ryan-taylor', project: 'default', environment: 'oceanid-cluster' }
const signal = new AbortController().signal
const opened: Reply = { json: { id: 'c2Vzc2lvbi1pZA' } }

/** Opens, and reads one property. What fails is explained, and holds no secret and nothing invisible. */
async function meet(replies: readonly Reply[], url = '', timeoutMs = 300): Promise<EscError> {
  await using backend = await backendThat(replies)
  const http = httpPort({})
  const client = createEscClient({
    backendUrl: url === '' ? backend.url : url,
    accessToken,
    // Impatient, so that the test is not.
    http: (request, until) => http({ ...request, timeoutMs }, until),
    onEvent: () => undefined,
    delay: async () => undefined,
  })
  const work = async () => (await client.open(reference, signal)).read(['a'], signal)
  const error = await work().then(
    (value) => expect(value).toBe('a failure'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(EscError)
  const { title, cause, remedy, evidence } = error as EscError
  for (const line of [title, cause, remedy, ...evidence]) {
    expect(line).not.toMatch(/\p{C}/u)
    expect(line.length).toBeLessThan(700)
    expect(line).not.toContain(accessToken)
    expect(line).not.toContain('c2Vzc2lvbi1pZA')
  }
  return error as EscError
}

describe('a server that is none', () => {
  const page = {
    status: 200,
    text: '<!DOCTYPE html><title>Sign in\u202e</title>',
    headers: { 'content-type': 'text/html' },
  }
  it.each([
    ['a page', page],
    ['a page as 403', { ...page, status: 403 }],
    ['a page as 404', { ...page, status: 404 }],
    ['a page as 400', { ...page, status: 400 }],
    ['nothing', { text: '' }],
    ['half an answer', { text: '{"id": "abc' }],
    ['a list', { json: [] }],
    ['a text', { json: 'c2Vzc2lvbi1pZA' }],
    ['no id', { json: {} }],
    ['an id of another type', { json: { id: { a: 1 } } }],
    ['an empty id', { json: { id: '' } }],
    ['an id that leads elsewhere', { json: { id: '..' } }],
    ['an id with a line break', { json: { id: 'a\r\nX: y' } }],
    ['an endless id', { json: { id: 'x'.repeat(600) } }],
    ['204', { status: 204 }],
  ])('%s in place of a session', async (_what, reply) => {
    expect((await meet([reply])).code).toBe('esc-failed')
  })

  it.each([
    ['a page', page],
    ['a page as 404', { ...page, status: 404 }],
    ['half an answer', { text: '{"value": "abc' }],
    ['a bare text', { json: 'text' }],
    ['a list', { json: ['text'] }],
    ['bare texts in a list', { json: { value: ['hunter2'], trace: {} } }],
    ['bare texts in a mapping', { json: { value: { a: 'hunter2' }, trace: {} } }],
    ['what is not known', { json: { unknown: true, trace: {} } }],
    ['something deep', { text: `${'{"value":['.repeat(3000)}${']}'.repeat(3000)}` }],
    ['brackets without end', { text: '['.repeat(1_000_000) }],
  ])('%s in place of a value', async (_what, reply) => {
    const error = await meet([opened, reply])
    expect(error.code).toBe('esc-failed')
    expect(JSON.stringify(error.evidence)).not.toContain('hunter2')
  })

  it('that repeats the token, the session and control characters in what it says', async () => {
    const hostile = (secrets: string) => `\u001b[31m::error::forged\r\n${secrets} ${'x'.repeat(5000)}\u0000`
    const first = await meet([{ status: 409, json: { message: hostile(accessToken) } }])
    expect(first.evidence[0]).toMatch(/HTTP 409, \[31m::error::forged \*\*\* x+…$/)
    const message = hostile(`${accessToken} c2Vzc2lvbi1pZA`)
    const read = await meet([
      opened,
      { status: 409, json: { message, code: 'x', diagnostics: [{ summary: message }] } },
    ])
    expect(read.evidence[0]).toMatch(/forged \*\*\* \*\*\* x+…$/)
  })

  it('whose diagnostics are of the wrong types', async () => {
    const diagnostics = [null, 7, { summary: 9, range: 'x' }, { range: { begin: { line: 'x' }, environment: {} } }]
    expect(await meet([{ status: 400, json: { diagnostics } }])).toMatchObject({
      code: 'esc-invalid-environment',
      cause: 'no text',
    })
  })

  it('that never ends its answer', async () => {
    const trickle: Reply = (response) => {
      response.writeHead(200).write('{"id": "')
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    }
    expect(await meet([trickle])).toMatchObject({
      code: 'esc-unreachable',
      cause: 'there was no complete answer in time',
    })
    expect(await meet([() => undefined])).toMatchObject({ code: 'esc-unreachable' })
  })

  it('that ends it too early', async () => {
    const cut: Reply = (response) => {
      response.writeHead(200, { 'content-length': '500' }).write('{"id": "x"}')
      setImmediate(() => response.destroy())
    }
    expect(await meet([cut])).toMatchObject({ code: 'esc-unreachable' })
  })

  it('that sends more than any environment holds, once', async () => {
    let questions = 0
    const flood: Reply = (response) => {
      questions += 1
      response.writeHead(200)
      const more = () => {
        while (response.write(Buffer.alloc(256 * 1024, 'x')));
      }
      response.on('drain', more).on('error', () => undefined)
      more()
    }
    // Megabytes through a busy machine take longer than a word.
    expect(await meet([opened, flood], '', 10_000)).toMatchObject({
      code: 'esc-unreachable',
      cause: 'it answered without end',
    })
    expect(questions).toBe(1)
  })

  it('that does not speak HTTP', async () => {
    const noise: Reply = (_response, request) => request.socket.end('SSH-2.0-OpenSSH_9.6\r\n')
    expect(await meet([noise])).toMatchObject({ code: 'esc-unreachable', cause: expect.stringContaining('HTTPS') })
  })
})

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i is not followed: nobody else sees the token', async (status) => {
    await using elsewhere = await backendThat([opened])
    const error = await meet([{ status, headers: { location: `${elsewhere.url}/steal?x=1` } }])
    expect(error).toMatchObject({
      code: 'esc-failed',
      cause: `it leads to ${new URL(elsewhere.url).host}: the access token would be sent there`,
      remedy: expect.stringContaining('backend-url'),
    })
    await meet([opened, { status, headers: { location: elsewhere.url } }])
    expect(elsewhere.asked).toEqual([])
  })

  it('to nowhere or with nonsense is not followed either', async () => {
    for (const location of ['', '//x y', 'javascript:alert(1)'])
      expect((await meet([{ status: 302, headers: { location } }])).code).toBe('esc-failed')
  })
})
