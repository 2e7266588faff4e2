import { describe, expect, it } from '@jest/globals'
import type { EnvironmentReference } from '../../src/esc/index.ts'
import { createEscClient, EscError, parseReference } from '../../src/esc/index.ts'
import { httpPort } from '../../src/runner/http.ts'
import { type Backend, backendThat, deadUrl, type Reply } from './esc-backend.ts'

const accessToken = 'pul-0123456789abcdef0123456789abcdef01234567'
const reference = { organization: 'ryan-taylor', project: 'default', environment: 'oceanid-cluster' }
const kubeconfigPath = ['pulumiConfig', 'oceanid-cluster:kubeconfig']
const base = '/api/esc/environments/ryan-taylor/default/oceanid-cluster'
const opened: Reply = { json: { id: 'c2Vzc2lvbi1pZA' } }
const trace = { def: { environment: 'oceanid-cluster' } }
const signal = new AbortController().signal

/** A client of a backend, without its waits. */
function clientOf(backend: Pick<Backend, 'url'>, more: { path?: string; now?: () => number } = {}) {
  const events: string[] = []
  const waits: number[] = []
  const client = createEscClient({
    backendUrl: `${backend.url}${more.path ?? ''}`,
    accessToken,
    http: httpPort({}),
    onEvent: (line) => events.push(line),
    delay: async (ms) => waits.push(ms),
    ...(more.now ? { now: more.now } : {}),
  })
  return { client, events, waits }
}

async function refusalOf(work: Promise<unknown>): Promise<EscError> {
  const error = await work.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(EscError)
  const text = JSON.stringify({ ...(error as EscError) })
  expect(text).not.toContain(accessToken)
  return error as EscError
}

describe('one property', () => {
  it('takes two requests, as Pulumi’s own client sends them', async () => {
    await using backend = await backendThat([opened, { json: { value: 'apiVersion: v1\n', secret: true, trace } }])
    const { client, events } = clientOf(backend)
    const environment = await client.open(reference, signal)
    expect(await environment.read(kubeconfigPath, signal)).toEqual({ value: 'apiVersion: v1\n', isSecret: true })
    expect(backend.requests()).toEqual([
      `POST ${base}/open?duration=5m0s`,
      `GET ${base}/open/c2Vzc2lvbi1pZA?property=pulumiConfig%5B%22oceanid-cluster%3Akubeconfig%22%5D`,
    ])
    for (const { headers } of backend.asked)
      expect(headers).toMatchObject({
        authorization: `token ${accessToken}`,
        accept: 'application/vnd.pulumi+8',
        'content-type': 'application/json',
        'user-agent': 'k3s-gpu-actions',
      })
    expect(backend.asked.map((one) => one.body)).toEqual(['', ''])
    expect(backend.asked[0]?.headers['content-length']).toBe('0')
    expect(environment).toMatchObject({ reference, sessionId: 'c2Vzc2lvbi1pZA', warnings: [], revision: '' })
    expect(events).toEqual([])
  })

  it('and each further one takes one, at the same time', async () => {
    let waiting: (() => void)[] = []
    await using backend = await backendThat((asked) => {
      if (asked.method === 'POST') return opened
      // Answered only when both have arrived.
      return (response) => {
        waiting.push(() => response.end(JSON.stringify({ value: asked.url.slice(-1), trace })))
        if (waiting.length < 2) return
        for (const answer of waiting) answer()
        waiting = []
      }
    })
    const environment = await clientOf(backend).client.open(reference, signal)
    const values = await Promise.all([environment.read(['a'], signal), environment.read(['b'], signal)])
    expect(values.map((one) => one?.value)).toEqual(['a', 'b'])
    expect(backend.asked).toHaveLength(3)
  })

  it.each([
    ['@12', '/versions/12', '12'],
    ['@stable', '/versions/stable', ''],
    ['@latest', '', ''],
  ])('of the version %s is opened at %j and read without it', async (version, segment, revision) => {
    await using backend = await backendThat([opened, { json: { value: 'x', trace } }])
    const pinned = parseReference(`ryan-taylor/default/oceanid-cluster${version}`, '') as EnvironmentReference
    const environment = await clientOf(backend).client.open(pinned, signal)
    await environment.read(['a'], signal)
    expect(backend.requests()).toEqual([
      `POST ${base}${segment}/open?duration=5m0s`,
      `GET ${base}/open/c2Vzc2lvbi1pZA?property=a`,
    ])
    expect(environment.revision).toBe(revision)
  })

  it('is read from a backend with port and path, and from sessions that are numbers', async () => {
    await using backend = await backendThat([
      { text: '{"id": 12345678901234567890, "diagnostics": ""}', headers: { 'Pulumi-ESC-Revision': '41' } },
      { json: { value: 7, trace } },
    ])
    const environment = await clientOf(backend, { path: '/pulumi/v1/' }).client.open(reference, signal)
    expect(await environment.read(['a', 0, 'b c'], signal)).toEqual({ value: 7, isSecret: false })
    expect(backend.requests()).toEqual([
      `POST /pulumi/v1${base}/open?duration=5m0s`,
      `GET /pulumi/v1${base}/open/12345678901234567890?property=a%5B0%5D%5B%22b%20c%22%5D`,
    ])
    expect(environment.revision).toBe('41')
  })

  it('may have warnings beside it, which stop nothing', async () => {
    const diagnostics = [
      { summary: 'unused value', severity: 'warning', range: { environment: 'oceanid-cluster', begin: { line: 4 } } },
      { summary: 'no place', detail: 'and why', severity: 'warning' },
      'nonsense',
    ]
    await using backend = await backendThat([{ json: { id: 's', diagnostics } }])
    const environment = await clientOf(backend).client.open(reference, signal)
    expect(environment.warnings).toEqual(['oceanid-cluster:4: unused value', 'no place: and why'])
  })

  it.each([
    ['404', { status: 404, json: { code: 404, message: 'not found' } }],
    ['404 without a body', { status: 404 }],
    ['a value that is left out', { json: { trace } }],
    ['null', { json: null }],
  ])('that is not there (%s) is undefined', async (_what, reply) => {
    await using backend = await backendThat([opened, reply])
    const environment = await clientOf(backend).client.open(reference, signal)
    expect(await environment.read(['a'], signal)).toBeUndefined()
    expect(backend.asked).toHaveLength(2)
  })

  it('is looked up in everything where the service cannot look it up itself', async () => {
    const properties = { files: { value: { KUBECONFIG: { value: 'text', trace } }, secret: true, trace } }
    await using backend = await backendThat([
      opened,
      { status: 400, json: { code: 400, message: 'bad property path' } },
      { json: { properties, exprs: {} } },
      // An older one ignores the question and sends everything.
      { json: { properties } },
    ])
    const environment = await clientOf(backend).client.open(reference, signal)
    expect(await environment.read(['files', 'KUBECONFIG'], signal)).toEqual({ value: 'text', isSecret: true })
    expect(backend.requests()[2]).toBe(`GET ${base}/open/c2Vzc2lvbi1pZA`)
    expect(await environment.read(['files', 'OTHER'], signal)).toBeUndefined()
    expect(backend.asked).toHaveLength(4)
  })

  it('has neighbours, by name and type', async () => {
    const properties = { a: { value: { b: { value: 'secret!', secret: true, trace } }, trace } }
    await using backend = await backendThat([opened, { json: { properties } }, { json: {} }])
    const environment = await clientOf(backend).client.open(reference, signal)
    expect(await environment.names(signal)).toEqual([{ path: 'a.b', type: 'string', isSecret: true }])
    expect(await environment.names(signal)).toEqual([])
  })
})

describe('the revision', () => {
  it('is in a header of the definition', async () => {
    await using backend = await backendThat([{ text: 'values: {}', headers: { 'pulumi-esc-revision': '17' } }])
    const { client } = clientOf(backend)
    expect(await client.revision(reference, signal)).toBe('17')
    expect(await client.revision({ ...reference, version: 'stable' }, signal)).toBe('17')
    expect(await client.revision({ ...reference, version: '9' }, signal)).toBe('9')
    expect(backend.requests()).toEqual([`GET ${base}`, `GET ${base}/versions/stable`])
  })

  it.each([
    ['403', { status: 403, json: { code: 403, message: 'no' } }],
    ['503', { status: 503 }],
    ['a text in the header', { headers: { 'pulumi-esc-revision': '1; x' } }],
  ])('is empty after %s, and asked for once', async (_what, reply) => {
    await using backend = await backendThat([reply])
    expect(await clientOf(backend).client.revision(reference, signal)).toBe('')
    expect(backend.asked).toHaveLength(1)
  })

  it('is empty without a connection', async () => {
    const { client, events } = clientOf({ url: await deadUrl() })
    expect(await client.revision(reference, signal)).toBe('')
    expect(events.at(-1)).toContain('the revision of ryan-taylor/default/oceanid-cluster is not known')
  })
})

describe('what is asked again', () => {
  const cut: Reply = (response) => response.destroy()
  const down = (status: number): Reply => ({
    status,
    text: '<html>bad gateway</html>',
    headers: { 'x-pulumi-request-id': 'r-1' },
  })

  it.each([
    ['a cut connection', cut],
    ['502', down(502)],
    ['503', down(503)],
    ['504', down(504)],
    ['429 with seconds', { status: 429, headers: { 'retry-after': '3' } }],
  ])('to open: after %s', async (_what, reply) => {
    await using backend = await backendThat([reply, opened])
    const { client, events, waits } = clientOf(backend)
    await client.open(reference, signal)
    expect(backend.asked).toHaveLength(2)
    expect(waits).toHaveLength(1)
    expect(events[0]).toMatch(
      /^POST \/api\/esc\/environments\/ryan-taylor\/default\/oceanid-cluster\/open\?duration=5m0s: .*, again in [\d.]+ s/,
    )
  })

  it.each([
    ['500', down(500), 'esc-failed'],
    ['429 without Retry-After', { status: 429, json: { code: 429, message: 'slow down' } }, 'esc-rate-limited'],
    ['401', { status: 401, json: { code: 401, message: 'Unauthorized' } }, 'esc-unauthorised'],
  ])('to open: not after %s', async (_what, reply, code) => {
    await using backend = await backendThat([reply, opened])
    expect((await refusalOf(clientOf(backend).client.open(reference, signal))).code).toBe(code)
    expect(backend.asked).toHaveLength(1)
  })

  it.each([
    ['a cut connection', cut],
    ['500', down(500)],
    ['503', down(503)],
    ['429', { status: 429 }],
  ])('to read: after %s', async (_what, reply) => {
    await using backend = await backendThat([opened, reply, { json: { value: 'x', trace } }])
    const { client, events } = clientOf(backend)
    const environment = await client.open(reference, signal)
    expect(await environment.read(['a'], signal)).toMatchObject({ value: 'x' })
    expect(events.join()).not.toContain('c2Vzc2lvbi1pZA')
  })

  it('four times, with growing waits, and the request id in the words for it', async () => {
    await using backend = await backendThat([down(503)])
    const { client, waits, events } = clientOf(backend)
    const error = await refusalOf(client.open(reference, signal))
    expect(error).toMatchObject({
      code: 'esc-failed',
      status: 503,
      evidence: expect.arrayContaining(['request id r-1']),
    })
    expect(backend.asked).toHaveLength(4)
    expect(waits.map((ms) => [1000, 2000, 4000].filter((base) => ms >= base && ms <= 1.5 * base))).toEqual([
      [1000],
      [2000],
      [4000],
    ])
    expect(events[0]).toMatch(/HTTP 503, again in [\d.]+ s \(request id r-1\)$/)
  })

  it('after the time that a server names, in seconds or as a date, up to 30 s at a time', async () => {
    const nowMs = Date.parse('2026-11-21T10:00:00Z')
    const limited = (after: string): Reply => ({ status: 429, headers: { 'retry-after': after } })
    await using backend = await backendThat([
      limited('2'),
      limited('Sat, 21 Nov 2026 10:00:09 GMT'),
      limited('45'),
      opened,
    ])
    const { client, waits } = clientOf(backend, { now: () => nowMs })
    await client.open(reference, signal)
    expect(waits).toEqual([2000, 9000, 30_000])
  })

  it('not at all when the server names an hour', async () => {
    await using backend = await backendThat([{ status: 429, headers: { 'retry-after': '3600' } }])
    const error = await refusalOf(clientOf(backend).client.open(reference, signal))
    expect(error).toMatchObject({ code: 'esc-rate-limited', cause: expect.stringContaining('3600 s') })
    expect(backend.asked).toHaveLength(1)
  })

  it('not when two minutes have gone by', async () => {
    let nowMs = 0
    await using backend = await backendThat((_asked) => {
      nowMs += 70_000
      return down(503)
    })
    const { client } = clientOf(backend, { now: () => nowMs })
    expect((await refusalOf(client.open(reference, signal))).code).toBe('esc-failed')
    expect(backend.asked).toHaveLength(2)
  })

  it('and when nobody is there, that is said with the address', async () => {
    const url = await deadUrl()
    const { client, waits } = clientOf({ url })
    expect(await refusalOf(client.open(reference, signal))).toMatchObject({
      code: 'esc-unreachable',
      title: `the Pulumi API at ${new URL(url).host} gave no answer in 4 tries`,
      evidence: [expect.stringContaining('ECONNREFUSED')],
    })
    expect(waits).toHaveLength(3)
  })

  it('never after the run was cancelled', async () => {
    const stop = new AbortController()
    await using backend = await backendThat([
      (response) => {
        response.destroy()
        stop.abort(new Error('cancelled by SIGINT'))
      },
    ])
    const error = await clientOf(backend)
      .client.open(reference, stop.signal)
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ message: 'cancelled by SIGINT' })
    expect(backend.asked).toHaveLength(1)
  })
})

describe('a refusal', () => {
  const diagnostic = (summary: string, more: object = {}) => ({ code: 0, diagnostics: [{ summary, ...more }] })
  const noPermission = 'You do not have permission to perform this operation.'

  it.each([
    [401, { code: 401, message: 'Unauthorized: No credentials' }, 'esc-unauthorised', /expired, was revoked/],
    [403, { code: 403, message: 'Forbidden' }, 'esc-permission', /environment:open/],
    [404, { code: 404, message: 'environment not found' }, 'esc-not-found', /may not see it/],
    [400, diagnostic(noPermission), 'esc-permission', /environment:open/],
    [
      400,
      diagnostic(noPermission, { range: { environment: 'default/base', begin: { line: 2, column: 5 } } }),
      'esc-permission',
      /imports default\/base/,
    ],
    [
      400,
      diagnostic('AccessDenied: User is not authorized to perform sts:AssumeRole', { range: { environment: 'x' } }),
      'esc-invalid-environment',
      /AccessDenied/,
    ],
    [400, diagnostic('unknown property "foo"'), 'esc-invalid-environment', /unknown property/],
    [400, diagnostic('only a warning', { severity: 'warning' }), 'esc-invalid-environment', /only a warning/],
    [400, { code: 400, message: 'Bad Request: invalid duration' }, 'esc-failed', /did not accept/],
    [403, { code: 403, message: 'This environment requires approval to open' }, 'esc-gated', /no grant/],
    [400, diagnostic('an open request is required'), 'esc-gated', /no grant/],
    [409, { code: 409, message: 'conflict' }, 'esc-failed', /did not accept/],
    [429, { code: 429, message: 'rate' }, 'esc-rate-limited', /does not say how long/],
    [500, { code: 500, message: 'internal' }, 'esc-failed', /problem of its own/],
    [200, { id: 's', ...diagnostic(noPermission) }, 'esc-permission', /environment:open/],
  ])('HTTP %i %j is %s', async (status, json, code, cause) => {
    await using backend = await backendThat([{ status, json, headers: { 'X-Pulumi-Request-ID': 'abc-1' } }])
    const error = await refusalOf(clientOf(backend).client.open(reference, signal))
    expect(error).toMatchObject({ code, cause: expect.stringMatching(cause) })
    expect(error.title).not.toBe('')
    expect(error.remedy).not.toBe('')
    expect(error.evidence).toContain('request id abc-1')
    expect(error.evidence[0]).toContain(`POST ${base}/open?duration=5m0s: HTTP ${status === 200 ? 400 : status}`)
  })

  it('of a version names the version, and an approval names the command', async () => {
    await using backend = await backendThat([
      { status: 404, json: { code: 404 } },
      { status: 403, json: { message: 'gated' } },
    ])
    const { client } = clientOf(backend)
    const pinned = { ...reference, version: 'stable' }
    expect((await refusalOf(client.open(pinned, signal))).cause).toContain('no version stable')
    expect((await refusalOf(client.open(pinned, signal))).remedy).toContain(
      'esc env open-request ryan-taylor/default/oceanid-cluster ',
    )
  })

  it('shows mistakes before warnings, and not more of them than can be read', async () => {
    const diagnostics = [
      { summary: 'w', severity: 'warning' },
      ...Array.from({ length: 20 }, (_, index) => ({ summary: `mistake ${index}` })),
    ]
    await using backend = await backendThat([{ status: 400, json: { diagnostics } }])
    const error = await refusalOf(clientOf(backend).client.open(reference, signal))
    expect(error.evidence.slice(1)).toEqual([
      ...Array.from({ length: 8 }, (_, index) => `mistake ${index}`),
      'and 13 more',
    ])
  })

  it('of a token that is none is said before anything is sent', async () => {
    await using backend = await backendThat([opened])
    for (const token of ['', 'pul-1\nHost: x', 'two words', 'pul-ü']) {
      const client = createEscClient({ backendUrl: backend.url, accessToken: token, http: httpPort({}), onEvent() {} })
      await expect(client.open(reference, signal)).rejects.toMatchObject({ code: 'esc-unauthorised' })
    }
    const foreign = createEscClient({ backendUrl: 'http://192.0.2.1', accessToken, http: httpPort({}), onEvent() {} })
    await expect(foreign.open(reference, signal)).rejects.toMatchObject({
      code: 'esc-unreachable',
      cause: expect.stringContaining('not encrypted'),
    })
    expect(backend.asked).toEqual([])
  })
})
