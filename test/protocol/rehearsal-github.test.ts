import { request } from 'node:https'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import type { GithubWorld } from '../../rehearsal/contract.ts'
import { githubNames, startGithub } from '../../rehearsal/github/index.ts'

const authority = await createAuthority('rehearsal')
const repository = '/repos/rehearsal/k3s-gpu-actions'
let world: GithubWorld
let writer: string
let reader: string
let nowMs = Date.parse('2026-02-03T03:17:00Z')

beforeAll(async () => {
  world = await startGithub({
    certificate: await authority.issue(githubNames),
    releases: [],
    faults: new Set(),
    nowMs: () => nowMs,
  })
  writer = world.tokens.admit({ issues: 'write', actions: 'read' }).token
  reader = world.tokens.admit({ contents: 'read' }).token
})
afterAll(() => world.close())

interface Answer {
  readonly code: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly json: never
}

/** One question to api.github.com as a job asks it; certificates are verified. */
function ask(method: string, path: string, token = writer, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      method,
      host: '127.0.0.1',
      port: world.port,
      servername: 'api.github.com',
      ca: authority.certPem,
      path: repository + path,
      headers: { Host: 'api.github.com', ...(token === '' ? {} : { Authorization: `token ${token}` }) },
      agent: false as const,
    }
    request(options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        const isJson = String(response.headers['content-type']).includes('json')
        resolve({
          code: response.statusCode ?? 0,
          headers: response.headers,
          json: (isJson ? JSON.parse(text) : text) as never,
        })
      })
    })
      .on('error', reject)
      .end(body === undefined ? undefined : JSON.stringify(body))
  })
}

const numbers = ({ json }: Answer): number[] => (json as { number: number }[]).map((issue) => issue.number)

describe('issues of the embedded GitHub', () => {
  it('are opened, found by label, edited, told of, closed and opened again', async () => {
    const opened = await ask('POST', '/issues', writer, { title: 'it fails', body: 'body', labels: ['Nightly'] })
    expect(opened.code).toBe(201)
    expect(opened.json).toMatchObject({ number: 1, state: 'open', user: { login: 'github-actions[bot]', type: 'Bot' } })
    nowMs += 60_000
    expect((await ask('POST', '/issues/1/comments', writer, { body: 'news' })).code).toBe(201)
    const closed = await ask('PATCH', '/issues/1', writer, { state: 'closed', state_reason: 'completed', body: 'gone' })
    expect(closed.json).toMatchObject({ state: 'closed', state_reason: 'completed', body: 'gone', comments: 1 })
    expect(numbers(await ask('GET', '/issues?labels=nightly'))).toEqual([])
    expect(numbers(await ask('GET', '/issues?labels=nightly&state=all'))).toEqual([1])
    expect((await ask('PATCH', '/issues/1', writer, { state: 'open' })).json).toMatchObject({
      state_reason: 'reopened',
    })
    expect((await ask('GET', '/issues/1/comments')).json).toMatchObject([{ body: 'news' }])
    const later = new Date(nowMs + 1000).toISOString()
    expect((await ask('GET', `/issues/1/comments?since=${later}`)).json).toEqual([])
    expect(numbers(await ask('GET', `/issues?since=${later}`))).toEqual([])
    const { id } = ((await ask('GET', '/issues/1/comments')).json as { id: number }[])[0] ?? { id: 0 }
    expect((await ask('DELETE', `/issues/comments/${id}`)).code).toBe(204)
    expect((await ask('GET', '/issues/1/comments')).json).toEqual([])
    expect((await ask('DELETE', '/issues/1/labels/NIGHTLY')).json).toEqual([])
    expect(world.issues.all[0]).toMatchObject({ number: 1, labels: [], state: 'open' })
  })

  it('come in pages with links, the newest first, pull requests among them, and the newest of all a moment late', async () => {
    for (let count = 2; count <= 32; count++) world.issues.add({ title: `issue ${count}`, isPullRequest: count === 5 })
    const first = await ask('GET', '/issues')
    expect(numbers(first).slice(0, 2)).toEqual([32, 31])
    expect(numbers(first)).toHaveLength(30)
    expect(first.headers.link).toBe(
      `<https://api.github.com${repository}/issues?page=2>; rel="next", <https://api.github.com${repository}/issues?page=2>; rel="last"`,
    )
    expect(numbers(await ask('GET', '/issues?page=2&per_page=30'))).toEqual([2, 1])
    expect((await ask('GET', '/issues/5')).json).toHaveProperty('pull_request')
    world.issues.hideNewest(1)
    expect(numbers(await ask('GET', '/issues?per_page=1'))).toEqual([31])
    world.issues.hideNewest(0)
  })

  it.each([
    ['a job without issues: write', 'POST', '/issues', 'reader', { title: 't' }, 403, 'Resource not accessible'],
    ['a token that was never given', 'GET', '/issues', 'unknown', undefined, 401, 'Bad credentials'],
    ['nobody', 'POST', '/issues', 'none', { title: 't' }, 401, 'Requires authentication'],
    ['a title that is none', 'POST', '/issues', 'writer', { title: ' ' }, 422, 'Validation Failed'],
    ['a body that is too long', 'PATCH', '/issues/1', 'writer', { body: 'x'.repeat(65_537) }, 422, 'Validation Failed'],
    ['an issue that is none', 'GET', '/issues/99', 'writer', undefined, 404, 'Not Found'],
  ] as const)('refuse %s', async (_, method, path, who, body, code, message) => {
    const token = { writer, reader, none: '', unknown: 'ghs_made-up' }[who]
    const answer = await ask(method, path, token, body)
    expect([answer.code, (answer.json as { message: string }).message]).toEqual([
      code,
      expect.stringContaining(message),
    ])
  })

  it('refuse a comment on a locked one', async () => {
    expect((await ask('PUT', '/issues/2/lock')).code).toBe(204)
    const refused = await ask('POST', '/issues/2/comments', writer, { body: 'news' })
    expect([refused.code, refused.json]).toEqual([
      403,
      expect.objectContaining({ message: 'Unable to create comment because issue is locked.' }),
    ])
  })

  it('meet limits, faults, and what another run does at the same time, each as often as it is said', async () => {
    const { troubles } = world
    troubles.trouble(/^POST .*issues$/, 'secondary-limit', { retryAfterSeconds: 1 })
    const limited = await ask('POST', '/issues', writer, { title: 't' })
    expect([limited.code, limited.headers['retry-after']]).toEqual([403, '1'])
    expect((limited.json as { message: string }).message).toContain('secondary rate limit')
    troubles.trouble(/./, 'rate-limit', { retryAfterSeconds: 5 })
    const used = await ask('GET', '/issues')
    expect([used.code, used.headers['x-ratelimit-remaining']]).toEqual([403, '0'])
    expect(used.headers['x-ratelimit-reset']).toBe(String(Math.floor(nowMs / 1000) + 5))
    troubles.trouble(/./, 'server-error')
    expect((await ask('GET', '/issues')).code).toBe(502)
    troubles.trouble(/./, 'cut')
    await expect(ask('GET', '/issues')).rejects.toThrow(/hang up|reset/)
    troubles.before(/^POST .*issues$/, () => void world.issues.add({ title: 'the other run’s' }))
    expect((await ask('POST', '/issues', writer, { title: 'mine' })).json).toMatchObject({ number: 34 })
    expect(world.issues.all[32]?.title).toBe('the other run’s')
  })

  it('end with the token of their job', async () => {
    const job = world.tokens.admit({ issues: 'write' })
    expect((await ask('GET', '/issues', job.token)).code).toBe(200)
    job.end()
    expect((await ask('GET', '/issues', job.token)).code).toBe(401)
  })
})

describe('workflows of the embedded GitHub', () => {
  it('are told with their runs, the newest first, by file name or number', async () => {
    world.workflows.add({ workflow: 'nightly.yml', createdMs: nowMs - 86_400_000 })
    world.workflows.add({
      workflow: 'nightly.yml',
      status: 'queued',
      jobs: [{ name: 'Verify', status: 'queued', conclusion: null, labels: ['lan'] }],
    })
    const workflow = (await ask('GET', '/actions/workflows/nightly.yml')).json as { id: number; state: string }
    expect(workflow.state).toBe('active')
    const { json } = await ask('GET', `/actions/workflows/${workflow.id}/runs?per_page=5`)
    expect(json).toMatchObject({
      total_count: 2,
      workflow_runs: [
        {
          run_number: 2,
          status: 'queued',
          conclusion: null,
          html_url: 'https://github.com/rehearsal/k3s-gpu-actions/actions/runs/10002',
        },
        { run_number: 1, status: 'completed', conclusion: 'success' },
      ],
    })
    expect((await ask('GET', '/actions/runs/10002/jobs')).json).toMatchObject({
      jobs: [{ status: 'queued', labels: ['lan'] }],
    })
  })

  it('are switched off, missing, or not to be seen', async () => {
    world.workflows.setState('nightly.yml', 'disabled_inactivity')
    expect((await ask('GET', '/actions/workflows/nightly.yml')).json).toMatchObject({ state: 'disabled_inactivity' })
    expect((await ask('GET', '/actions/workflows/nightlies.yml')).code).toBe(404)
    expect((await ask('GET', '/actions/workflows/nightly.yml', reader)).code).toBe(403)
  })
})

it('a repository has no issues when they are switched off', async () => {
  world.issues.disable()
  expect((await ask('GET', '/issues')).code).toBe(410)
})
