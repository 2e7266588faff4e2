import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { idTokenPort } from '../../src/runner/id-token.ts'
import { HttpFault, RunnerError } from '../../src/runner/index.ts'
import type { HttpAnswer, HttpRequest } from '../../src/runner/model.ts'

const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvOm8vciJ9.c2lnbmF0dXJl'
const job = {
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'ryan-taylor/oceanid',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://run.actions.example/idtoken/1%2F2?api-version=2.0',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
}
const answer = (status: number, body = '', headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers,
  body,
})
const good = answer(200, JSON.stringify({ count: 1, value: token }))

/** The port with a GitHub that gives these answers, one after the other. */
function arrange(
  answers: readonly (HttpAnswer | Error)[],
  environment: Readonly<Record<string, string>> = job,
  signal = new AbortController().signal,
) {
  const asked: HttpRequest[] = []
  const masked: string[] = []
  const events: string[] = []
  const waits: number[] = []
  const port = idTokenPort({
    environment,
    http: async (request) => {
      asked.push(request)
      const next = answers[asked.length - 1] ?? answer(500)
      if (next instanceof Error) throw next
      return next
    },
    mask: (secret) => masked.push(secret),
    signal,
    onEvent: (line) => events.push(line),
    delay: async (ms) => waits.push(ms),
  })
  return { asked, masked, events, waits, ask: () => port('urn:pulumi:org:ryan-taylor') }
}

const failure = (work: Promise<string>) => work.catch((error: unknown) => error)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'id-token-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('GitHub’s ID token', () => {
  it('is asked for as @actions/core does it, with one request, and masked before anybody has it', async () => {
    const world = arrange([good])
    await expect(world.ask()).resolves.toBe(token)
    expect(world.asked).toEqual([
      {
        method: 'GET',
        url: 'https://run.actions.example/idtoken/1%2F2?api-version=2.0&audience=urn%3Apulumi%3Aorg%3Aryan-taylor',
        headers: expect.objectContaining({ Authorization: 'Bearer request-token' }),
        timeoutMs: expect.any(Number),
      },
    ])
    expect(world.masked).toEqual([token])
  })

  it('is asked for again after passing failures, and a Retry-After is honoured', async () => {
    const world = arrange([
      new HttpFault('ECONNRESET', 'read ECONNRESET'),
      answer(503),
      answer(429, '', { 'retry-after': '7' }),
      good,
    ])
    await expect(world.ask()).resolves.toBe(token)
    expect(world.waits).toEqual([1000, 2000, 7000])
    expect(world.events).toEqual([
      "GitHub's ID token: read ECONNRESET, again in 1 s",
      "GitHub's ID token: HTTP 503, again in 2 s",
      "GitHub's ID token: HTTP 429, again in 7 s",
    ])
  })

  it('is given up after four tries', async () => {
    const world = arrange([])
    expect(await failure(world.ask())).toMatchObject({ code: 'oidc-failed', evidence: ['GitHub’s ID token: HTTP 500'] })
    expect(world.asked).toHaveLength(4)
  })

  it.each([
    ['a refusal', answer(403, '{"message":"no"}')],
    ['a redirect', answer(302, '', { location: 'https://elsewhere.example' })],
    ['a page', answer(200, '<html>proxy</html>')],
    ['broken JSON', answer(200, '{"value":')],
    ['null', answer(200, 'null')],
    ['a number', answer(200, '{"value":7}')],
    ['two lines', answer(200, JSON.stringify({ value: `${token}\nX: y` }))],
    ['something endless', answer(200, JSON.stringify({ value: `a.b.${'c'.repeat(40_000)}` }))],
    ['a long wait', answer(429, '', { 'retry-after': '3600' })],
    ['a certificate that nobody trusts', new HttpFault('CERT_HAS_EXPIRED', 'certificate has expired')],
  ])('is not had from %s, and nobody asks twice', async (_what, wrong) => {
    const world = arrange([wrong, good])
    const error = await failure(world.ask())
    expect(error).toBeInstanceOf(RunnerError)
    expect(error).toMatchObject({ code: 'oidc-failed', remedy: expect.stringContaining('githubstatus') })
    expect(world.asked).toHaveLength(1)
    expect(world.masked).toEqual([])
    expect(JSON.stringify(error)).not.toContain('request-token')
  })

  it('ends with the run', async () => {
    const stop = new AbortController()
    const world = arrange([new HttpFault('ECONNRESET', 'x')], job, stop.signal)
    stop.abort(new Error('cancelled by SIGINT'))
    expect(await failure(world.ask())).toMatchObject({ message: 'cancelled by SIGINT' })
  })
})

describe('without the permission', () => {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: _url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: _token, ...bare } = job
  const event = (name: string, content: unknown) => {
    const path = join(folder, 'event.json')
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return { ...bare, GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path }
  }
  const pull = (repo: unknown) => ({ pull_request: { head: { repo } } })

  it('says which line is missing, also in the workflow that calls', async () => {
    const world = arrange([good], bare)
    expect(await failure(world.ask())).toMatchObject({
      code: 'oidc-permission-missing',
      remedy: expect.stringMatching(/id-token: write.*reusable.*calls it/),
    })
    expect(world.asked).toEqual([])
  })

  it.each([
    ['pull_request', pull({ full_name: 'somebody/oceanid' })],
    ['pull_request_review', pull({ full_name: 'somebody/oceanid' })],
    ['pull_request', pull(null)],
  ])('knows a fork (%s, %j)', async (name, content) => {
    expect(await failure(arrange([], event(name, content)).ask())).toMatchObject({
      code: 'oidc-fork',
      remedy: expect.stringContaining('pull_request_target'),
    })
  })

  it.each([
    ['pull_request', pull({ full_name: 'ryan-taylor/oceanid' })],
    ['push', pull({ full_name: 'somebody/oceanid' })],
    ['pull_request', 'no JSON'],
    ['pull_request', {}],
  ])('and does not take anything else for one (%s, %j)', async (name, content) => {
    expect(await failure(arrange([], event(name, content)).ask())).toMatchObject({ code: 'oidc-permission-missing' })
  })

  it('says so outside of GitHub Actions', async () => {
    expect(await failure(arrange([], {}).ask())).toMatchObject({
      code: 'oidc-permission-missing',
      message: 'there is no ID token outside of a job of GitHub Actions',
      remedy: expect.stringContaining('access-token'),
    })
  })
})
