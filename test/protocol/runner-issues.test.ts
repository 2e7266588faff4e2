import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type IssueTracker, openIssueTracker, RunnerError } from '../../src/runner/index.ts'
import { keepIssue } from '../../src/verify/issue/index.ts'
import { reportOf, run } from '../unit/verify-runs.ts'
import {
  type Answer,
  type Asked,
  addIssue as add,
  answers,
  asked,
  comments,
  forgetAll,
  issues,
  port,
  server,
} from './issues-server.ts'

const said: string[] = []

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // @actions/github reads it once, when it is loaded; the tracker loads it at its first request.
  process.env.GITHUB_API_URL = `http://127.0.0.1:${port()}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

beforeEach(() => {
  forgetAll()
  said.length = 0
})

let trackers = 0
/** octokit paces the writes of one repository: each test has its own. */
function tracker(more: { deadlineMs?: number; signal?: AbortSignal } = {}): IssueTracker {
  trackers += 1
  const { signal } = new AbortController()
  return openIssueTracker({
    token: 'ghs_test',
    repository: `o/r${trackers}`,
    signal,
    pace: 0.001,
    say: (line) => said.push(line),
    ...more,
  })
}

const once1 = (answer: Answer, fits: (request: Asked) => boolean = () => true) => {
  let isDone = false
  answers.push((request) => {
    if (isDone || !fits(request)) return undefined
    isDone = true
    return answer
  })
}

const failing = reportOf(run(2, ['nodes.ready=fail']))
const options = { labels: ['nightly', 'cluster'], runUrl: '', nowMs: Date.parse('2026-11-02T04:00:00Z') }

async function reasonOf(work: Promise<unknown>): Promise<RunnerError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(RunnerError)
  return error as RunnerError
}

describe('the issues of a repository', () => {
  it('are listed over all pages, without pull requests and without what strangers wrote', async () => {
    for (let index = 0; index < 230; index += 1) add({ labels: ['nightly'], title: `t${index}` })
    const stranger = { user: { login: 'mallory', type: 'User' }, author_association: 'CONTRIBUTOR' }
    add({ labels: ['nightly'], ...stranger })
    add({ labels: ['nightly'], pull_request: {} })
    add({ labels: ['other'] })
    add({ labels: ['nightly'], user: { login: 'owner', type: 'User' }, author_association: 'OWNER' })
    add({ labels: ['nightly'], user: null, author_association: 'NONE' })
    add({ labels: ['nightly'], state: 'closed', closed_at: '2026-11-01T00:00:00Z', body: null })
    const found = await tracker().list('nightly', Date.parse('2026-10-20T00:00:00Z'))
    expect(found).toHaveLength(232)
    expect(found[0]).toEqual({
      number: 236,
      url: 'https://github.com/o/r/issues/236',
      isOpen: false,
      title: undefined,
      body: '',
      closedAtMs: Date.parse('2026-11-01T00:00:00Z'),
    })
    expect(
      asked.map((one) => `${one.query.get('state')} ${one.query.get('page') ?? 1} ${one.query.get('since')}`),
    ).toEqual(['open 1 null', 'open 2 null', 'open 3 null', 'closed 1 2026-10-20T00:00:00.000Z'])
    expect(new Set(asked.map((one) => one.authorization))).toEqual(new Set(['token ghs_test']))
  })

  it('get one that is opened, found again by its marker behind other pages, commented on and closed', async () => {
    const opened = await keepIssue(tracker(), failing, options)
    expect([opened.did, issues[0]?.labels]).toEqual(['opened', ['nightly', 'cluster']])
    for (let index = 0; index < 120; index += 1) add({ labels: ['nightly'], title: 'somebody else’s' })
    const closed = await keepIssue(tracker(), reportOf(run(3, ['nodes.ready=pass'])), options)
    expect([closed.did, closed.url, issues[0]?.state, issues[0]?.state_reason, comments.length]).toEqual([
      'closed',
      opened.url,
      'closed',
      'completed',
      1,
    ])
  })

  it('an issue of a stranger with our marker in it is not touched', async () => {
    await keepIssue(tracker(), failing, options)
    Object.assign(issues[0] as object, { user: { login: 'mallory', type: 'User' }, author_association: 'NONE' })
    const kept = await keepIssue(tracker(), reportOf(run(3, ['nodes.ready=pass'])), options)
    expect([kept.did, issues[0]?.state]).toEqual(['nothing', 'open'])
  })
})

describe('what GitHub says instead', () => {
  const limit = { 'x-ratelimit-remaining': '0' }
  const inSeconds = (seconds: number) => String(Math.round(Date.now() / 1000) + seconds)

  it.each<[string, Answer]>([
    [
      'a rate limit that ends soon',
      {
        status: 403,
        body: { message: 'API rate limit exceeded' },
        headers: { ...limit, 'x-ratelimit-reset': inSeconds(3) },
      },
    ],
    [
      '429',
      {
        status: 429,
        body: { message: 'API rate limit exceeded' },
        headers: { ...limit, 'x-ratelimit-reset': inSeconds(3) },
      },
    ],
    [
      'a secondary rate limit',
      {
        status: 403,
        body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' },
        headers: { 'retry-after': '2' },
      },
    ],
    ['502', { status: 502, body: {} }],
  ])('%s: it is asked again', async (what, answer) => {
    once1(answer)
    expect((await keepIssue(tracker(), failing, options)).did).toBe('opened')
    expect(issues).toHaveLength(1)
    if (what !== '502') expect(said.join()).toMatch(/asked again in \d s/)
  })

  it.each<[string, Answer, RunnerError['code'], RegExp]>([
    [
      'a rate limit of an hour',
      {
        status: 403,
        body: { message: 'API rate limit exceeded' },
        headers: { ...limit, 'x-ratelimit-reset': inSeconds(3000) },
      },
      'rate-limited',
      /next run/,
    ],
    [
      'a long secondary limit',
      { status: 403, body: { message: 'You have exceeded a secondary rate limit' }, headers: { 'retry-after': '600' } },
      'rate-limited',
      /next run/,
    ],
    [
      'a token without the right',
      { status: 403, body: { message: 'Resource not accessible by integration' } },
      'issues-forbidden',
      /issues: write/,
    ],
    ['a bad token', { status: 401, body: { message: 'Bad credentials' } }, 'issues-forbidden', /issues: write/],
    [
      'a repository without issues',
      { status: 410, body: { message: 'Issues are disabled for this repo' } },
      'issues-disabled',
      /issue: none/,
    ],
    ['503 for ever', { status: 503, body: { message: 'no server is available' } }, 'github-refused', /later/],
    ['422', { status: 422, body: { message: 'Validation Failed' } }, 'github-refused', /labels/],
    ['nothing', 'hang up', 'github-unreachable', /internet/],
  ])('%s: it says so, in time', async (_, answer, code, remedy) => {
    answers.push(() => answer)
    const error = await reasonOf(tracker().list('nightly', 0))
    expect(error.code).toBe(code)
    expect(error.remedy).toMatch(remedy)
    expect(`${error.message}${error.cause}${error.evidence.join()}`).not.toContain('ghs_test')
    expect(asked.length).toBeLessThanOrEqual(4)
    if (code === 'rate-limited')
      expect([asked.length, said.join()]).toEqual([1, expect.stringContaining('not waited for')])
  })

  it('silence ends at the deadline, and at once when the job is cancelled', async () => {
    answers.push(() => 'silence')
    expect((await reasonOf(tracker({ deadlineMs: 150 }).list('nightly', 0))).code).toBe('github-unreachable')
    const stop = new AbortController()
    const listing = tracker({ signal: stop.signal }).list('nightly', 0)
    setTimeout(() => stop.abort(new Error('cancelled')), 50)
    await expect(listing).rejects.toThrow('cancelled')
  })

  it('a locked conversation is no failure', async () => {
    answers.push(({ method, path }) =>
      method === 'POST' && path.endsWith('/comments')
        ? { status: 403, body: { message: 'Unable to create comment because issue is locked.' } }
        : undefined,
    )
    expect(await tracker().comment(1, 'x')).toBeUndefined()
  })

  it('502 after the issue was made: the repeated request made a second one, and one is left', async () => {
    once1({ status: 502, body: {} }, ({ method, body }) => method === 'POST' && add(body) !== undefined)
    const kept = await keepIssue(tracker(), failing, options)
    expect(kept.url).toBe('https://github.com/o/r/issues/1')
    expect(issues.map((one) => [one.state, one.state_reason])).toEqual([
      ['open', undefined],
      ['closed', 'duplicate'],
    ])
  })
})
