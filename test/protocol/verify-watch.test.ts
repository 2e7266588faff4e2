import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createAuthority } from '../../rehearsal/cluster/index.ts'
import type { GithubWorld } from '../../rehearsal/contract.ts'
import { githubNames, startGithub } from '../../rehearsal/github/index.ts'
import { repositoryRoot } from '../../rehearsal/workflow/index.ts'
import type { Check } from '../../src/report/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'watch-'))
const hour = 3_600_000
const nowMs = Date.parse('2026-02-03T04:27:00Z')
let world: GithubWorld
let token: string
let child: ChildProcessWithoutNullStreams
let answers: Interface

beforeAll(async () => {
  const authority = await createAuthority('rehearsal')
  world = await startGithub({
    certificate: await authority.issue(githubNames),
    releases: [],
    faults: new Set(),
    nowMs: () => nowMs,
  })
  token = world.tokens.admit({ actions: 'read' }).token
  const [endpoints, ca] = [join(folder, 'endpoints.json'), join(folder, 'ca.pem')]
  writeFileSync(endpoints, JSON.stringify(githubNames.map((host) => ({ host, port: 443, to: world.port }))))
  writeFileSync(ca, authority.certPem)
  const redirect = join(repositoryRoot, 'rehearsal', 'redirect.mjs')
  child = spawn(process.execPath, ['--import', redirect, join(import.meta.dirname, 'verify-watch-child.js')], {
    env: { PATH: process.env.PATH ?? '', REHEARSAL_ENDPOINTS: endpoints, NODE_EXTRA_CA_CERTS: ca },
  })
  answers = createInterface({ input: child.stdout })
})
afterAll(async () => {
  child.kill()
  await world.close()
  rmSync(folder, { recursive: true })
})

async function watch(more: Readonly<Record<string, unknown>> = {}): Promise<readonly Check[]> {
  const line = new Promise<string>((resolve) => answers.once('line', resolve))
  child.stdin.write(`${JSON.stringify({ token, file: 'nightly.yml', deadlineMs: 5000, ...more })}\n`)
  return JSON.parse(await line) as Check[]
}
const verdicts = (checks: readonly Check[]): string => checks.map((check) => check.verdict).join(' ')

describe('a workflow is watched over GitHub’s API', () => {
  it('from missing to well, by GitHub’s own clock', async () => {
    expect(verdicts(await watch())).toBe('fail skip skip')
    world.workflows.setState('nightly.yml', 'active')
    expect(verdicts(await watch())).toBe('pass fail skip')
    world.workflows.add({ workflow: 'nightly.yml', createdMs: nowMs - 25 * hour })
    expect((await watch())[1]?.found).toBe('nightly.yml did not start within 12 hours: the last time was 25 hours ago')
    world.workflows.add({ workflow: 'nightly.yml', createdMs: nowMs - hour })
    expect(verdicts(await watch())).toBe('pass pass pass')
    world.workflows.setState('nightly.yml', 'disabled_manually')
    expect(verdicts(await watch())).toBe('fail skip skip')
    world.workflows.setState('nightly.yml', 'active')
  })

  it('a queued run names the runner it waits for, and a failed one whether it has told', async () => {
    const queued = { name: 'Verify', status: 'queued', conclusion: null, labels: ['self-hosted', 'lan'] }
    world.workflows.add({ workflow: 'nightly.yml', status: 'queued', createdMs: nowMs - 0.9 * hour, jobs: [queued] })
    const checks = await watch()
    expect(checks[2]).toMatchObject({
      verdict: 'fail',
      cause: 'no runner with the labels self-hosted, lan is free and online',
      evidence: [expect.stringMatching(/^https:\/\/github\.com\/rehearsal\/k3s-gpu-actions\/actions\/runs\/\d+$/)],
    })
    const jobs = ['failure', 'success'].map((conclusion, index) => ({
      name: `Nightly / ${['Verify', 'Publish'][index]}`,
      status: 'completed',
      conclusion,
      labels: [],
    }))
    world.workflows.add({ workflow: 'nightly.yml', conclusion: 'failure', createdMs: nowMs - 0.8 * hour, jobs })
    expect((await watch())[2]).toMatchObject({
      verdict: 'pass',
      found: 'run 4 failed, and has published what it found',
    })
  })

  it.each([
    ['server-error', 3, /GitHub answered 502/, /later/],
    ['cut', 3, /gave no answer/, /githubstatus/],
    ['rate-limit', 1, /rate limit is used up/, /next run/],
    ['secondary-limit', 1, /rate limit is used up/, /next run/],
    ['forbidden', 1, /answered 403/, /actions: read/],
    ['bad-credentials', 1, /answered 401/, /actions: read/],
  ] as const)('is an error and never a failure of the cluster: %s', async (trouble, times, found, remedy) => {
    world.troubles.trouble(/actions\/workflows/, trouble, { times })
    const [first, ...others] = await watch()
    expect(first).toMatchObject({
      verdict: 'error',
      found: expect.stringMatching(found),
      remedy: expect.stringMatching(remedy),
    })
    expect(others.map((check) => check.verdict)).toEqual(['error', 'error'])
    expect(JSON.stringify([first, ...others])).not.toContain(token)
  })

  it('asks again after a fault that passes', async () => {
    world.troubles.trouble(/actions\/workflows/, 'server-error')
    expect(verdicts(await watch())).toBe('pass pass pass')
  })

  it('a page that is no answer is none, and a silent server ends at the deadline', async () => {
    world.troubles.trouble(/workflows\/nightly\.yml$/, 'not-json')
    expect((await watch())[0]).toMatchObject({ verdict: 'fail', found: 'nightly.yml is in no known state' })
    world.troubles.before(/workflows\/nightly\.yml$/, () => new Promise(() => {}))
    expect((await watch({ deadlineMs: 300 }))[0]).toMatchObject({
      verdict: 'error',
      found: expect.stringContaining('no answer'),
    })
  })
})
