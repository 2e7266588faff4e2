import { describe, expect, it } from '@jest/globals'
import { isOurs, openStackApi, PulumiApiError, type StackLock } from '../../src/pulumi/index.ts'
import { httpPort } from '../../src/runner/http.ts'
import { type Backend, backendThat, deadUrl, type Reply } from './esc-backend.ts'
import { stack } from './pulumi-ground.ts'

const accessToken = 'pul-0123456789abcdef0123456789abcdef01234567'
const base = '/api/stacks/ryan-taylor/oceanid-cluster/prod'
const id = '6b1c9c1e-3c11-4a0e-9c7b-0d8d5f0a1b2c'
const signal = new AbortController().signal
const operation = { kind: 'update', author: 'ryan-taylor', started: 1_790_000_000 }

const held: Reply = { json: { activeUpdate: id, currentOperation: operation, version: 7 } }
const updateOf = (updateID: string, environment: Record<string, unknown>, result = 'in-progress') => ({
  updateID,
  version: 7,
  info: { kind: 'update', startTime: 1_790_000_000, environment, result },
  requestedBy: { name: 'Ryan', githubLogin: 'ryan-taylor' },
})
const ours = { 'ci.system': 'GitHub Actions', 'ci.build.id': '4711' }

function apiOf(backend: Pick<Backend, 'url'>, token = accessToken) {
  return openStackApi({
    backendUrl: backend.url,
    accessToken: token,
    http: httpPort({}),
    onEvent: () => undefined,
    delay: async () => undefined,
  })
}

async function faultOf(work: Promise<unknown>): Promise<PulumiApiError> {
  const error = await work.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(PulumiApiError)
  expect(JSON.stringify({ ...(error as PulumiApiError) })).not.toContain(accessToken)
  return error as PulumiApiError
}

describe('who holds a stack', () => {
  it('is told with the workflow run that its update was recorded by', async () => {
    await using backend = await backendThat([held, { json: updateOf(id, ours) }])
    const lock = await apiOf(backend).lock(stack, signal)
    expect(lock).toEqual({
      updateId: id,
      kind: 'update',
      author: 'ryan-taylor',
      startedAt: 1_790_000_000,
      runId: '4711',
    })
    expect(isOurs(lock, '4711')).toBe(true)
    expect(backend.requests()).toEqual([`GET ${base}`, `GET ${base}/updates/latest?output-type=service`])
    expect(backend.asked[0]?.headers).toMatchObject({
      authorization: `token ${accessToken}`,
      accept: 'application/vnd.pulumi+8',
    })
  })

  it('is nobody when the active update is over: its id stays', async () => {
    await using backend = await backendThat([{ json: { activeUpdate: id } }, { json: updateOf(id, ours, 'succeeded') }])
    expect((await apiOf(backend).lock(stack, signal)).updateId).toBe('')
  })

  it('is nobody when the stack was never updated', async () => {
    await using backend = await backendThat([{ json: { activeUpdate: '' } }])
    expect((await apiOf(backend).lock(stack, signal)).updateId).toBe('')
    expect(backend.requests()).toHaveLength(1)
  })

  it('is looked up among the last updates when the newest is another one, and is never mistaken for it', async () => {
    await using backend = await backendThat([
      held,
      { json: updateOf('other', ours) },
      { json: { updates: [updateOf('other', ours), updateOf(id, { ...ours, 'ci.build.id': '9' })] } },
    ])
    expect((await apiOf(backend).lock(stack, signal)).runId).toBe('9')
    await using alone = await backendThat([held, { json: updateOf('other', ours) }, { status: 404 }])
    const lock = await apiOf(alone).lock(stack, signal)
    expect(lock).toMatchObject({ updateId: id, runId: '' })
    expect(isOurs(lock, '4711')).toBe(false)
  })

  it.each([
    ['another system', { 'ci.system': 'GitLab CI/CD', 'ci.build.id': '4711' }],
    ['no number', { 'ci.build.id': '4711\n' }],
    ['no text', { 'ci.build.id': 4711 }],
    ['nothing', {}],
  ])('is not ours by the build of %s', async (_name, environment) => {
    await using backend = await backendThat([held, { json: updateOf(id, environment) }])
    expect((await apiOf(backend).lock(stack, signal)).runId).toBe('')
  })

  it('is told in bounded, printable words, whatever the server says', async () => {
    const hostile = { kind: '::error::x', author: `ry\nan ${'x'.repeat(5000)}`, started: 1e300 }
    await using backend = await backendThat([
      { json: { activeUpdate: id, currentOperation: hostile } },
      { json: updateOf(id, ours) },
    ])
    const lock = await apiOf(backend).lock(stack, signal)
    expect(lock).toMatchObject({ kind: 'update', startedAt: 1_790_000_000 })
    expect(lock.author).toMatch(/^ry an x{1,100}$/)
  })

  it('is nobody by an id that is none', async () => {
    await using backend = await backendThat([
      { json: { activeUpdate: '../../other/p/s', currentOperation: operation } },
    ])
    expect((await apiOf(backend).lock(stack, signal)).updateId).toBe('')
  })
})

describe('cancelling', () => {
  const lock: StackLock = { updateId: id, kind: 'update', author: '', startedAt: 0, runId: '4711' }

  it('ends exactly that update', async () => {
    await using backend = await backendThat([{ status: 204 }])
    await apiOf(backend).cancel(stack, lock, signal)
    expect(backend.requests()).toEqual([`POST ${base}/update/${id}/cancel`])
    expect(backend.asked[0]?.body).toBe('')
  })

  it('of an update that is over is done', async () => {
    await using backend = await backendThat([
      { status: 409, json: { code: 409, message: 'Conflict: The Update has already completed' } },
    ])
    await apiOf(backend).cancel(stack, lock, signal)
  })

  it('is asked again where nothing answered it', async () => {
    await using backend = await backendThat([{ status: 503 }, { status: 200 }])
    await apiOf(backend).cancel(stack, lock, signal)
    expect(backend.requests()).toHaveLength(2)
  })

  it('of nothing, or of what is no id, is a mistake and asks nothing', async () => {
    await using backend = await backendThat([{ status: 200 }])
    for (const updateId of ['', '..', 'a/../b'])
      await expect(apiOf(backend).cancel(stack, { ...lock, updateId }, signal)).rejects.toThrow('no update')
    expect(backend.requests()).toEqual([])
  })
})

describe('what cannot be asked', () => {
  it.each([
    [401, 'pulumi-unauthorized'],
    [403, 'pulumi-unauthorized'],
    [404, 'pulumi-stack-missing'],
    [302, 'pulumi-api-failed'],
    [500, 'pulumi-api-failed'],
  ])('HTTP %i is %s', async (status, code) => {
    const reply = {
      status,
      headers: { location: 'https://elsewhere.example/' },
      json: { code: status, message: `no ${accessToken}` },
    }
    await using backend = await backendThat([reply])
    const fault = await faultOf(apiOf(backend).lock(stack, signal))
    expect(fault.code).toBe(code)
    expect(fault.evidence[0]).toMatch(new RegExp(`^GET ${base}: HTTP ${status}, no \\*\\*\\*$`))
  })

  it('is a page in place of JSON, a server that is gone, a token that is none', async () => {
    await using backend = await backendThat([{ text: '<html>' }])
    expect((await faultOf(apiOf(backend).lock(stack, signal))).code).toBe('pulumi-api-failed')
    expect((await faultOf(apiOf({ url: await deadUrl() }).lock(stack, signal))).code).toBe('pulumi-api-unreachable')
    expect((await faultOf(apiOf(backend, 'two\nlines').lock(stack, signal))).code).toBe('pulumi-unauthorized')
    await expect(apiOf(backend).lock({ ...stack, project: '..' }, signal)).rejects.toThrow('a project')
  })

  it('ends with the signal', async () => {
    await using backend = await backendThat([() => undefined])
    const stop = new AbortController()
    const asking = apiOf(backend).lock(stack, stop.signal)
    stop.abort(new Error('cancelled'))
    await expect(asking).rejects.toThrow('cancelled')
  })
})
