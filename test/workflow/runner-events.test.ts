/** What a run sees of the event that started it, as GitHub gives it; and what strangers wrote in it stays text. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { JobTokens } from '../../rehearsal/contract.ts'
import type { RecordedRun, WorkflowEvent } from '../../rehearsal/workflow/index.ts'
import { type RunOptions, run, temporaryFolder } from './runner-fixture.ts'

const text = `
on:
  workflow_dispatch:
  schedule: [{ cron: '17 3 * * *' }]
  push: { branches: [main, 'release/**'], paths: ['cluster/**'] }
  pull_request: { branches: [main], paths: ['cluster/**'] }
permissions: { contents: read, pull-requests: write, id-token: write }
jobs:
  see:
    runs-on: x
    environment: preview
    steps:
      - env:
          TITLE: '\${{ github.event.pull_request.title }}'
          KEY: '\${{ secrets.KEY }}\${{ secrets.INNER }}'
          BRANCH: '\${{ github.head_ref }}'
          MESSAGE: '\${{ github.event.head_commit.message }}'
        run: |
          echo "refs [$GITHUB_REF] [$GITHUB_REF_NAME] [$GITHUB_HEAD_REF] [$GITHUB_BASE_REF] [$GITHUB_EVENT_NAME]"
          echo "secret \${#KEY} var [\${{ vars.ON }}] [\${{ vars.INNER }}] url [\${ACTIONS_ID_TOKEN_REQUEST_URL:-}] by $GITHUB_ACTOR"
          printf 'title [%s]\\n' "$TITLE"
          printf 'branch [%s]\\n' "$BRANCH"
          printf 'message [%s]\\n' "$MESSAGE"
          cp "$GITHUB_EVENT_PATH" kept.json
          node -e 'const e = JSON.parse(require("fs").readFileSync(process.env.GITHUB_EVENT_PATH, "utf8")); console.log("event", JSON.stringify({ n: e.number, from: e.pull_request?.head?.repo?.full_name ?? null, head: e.pull_request?.head?.ref, base: e.pull_request?.base?.ref, who: e.pull_request?.user?.login, after: e.after, commits: e.commits?.length, schedule: e.schedule, ref: e.ref, sender: e.sender.login, repository: e.repository.full_name }))'
          echo "own \${{ github.event.pull_request.head.repo.full_name == github.repository }} sha \${{ github.sha == github.event.pull_request.head.sha }} merge \${{ github.sha == github.event.pull_request.merge_commit_sha }}"
`
const environments = { preview: { secrets: { INNER: 'inner' }, vars: { INNER: 'here' } } }
const idTokens = {
  admit: () => ({ requestUrl: 'https://issuer', requestToken: 'request-token', end: () => undefined }),
}

async function start(event: WorkflowEvent, options: RunOptions = {}): Promise<RecordedRun> {
  return await run(text, { event, secrets: { KEY: 'key' }, vars: { ON: 'true' }, environments, idTokens, ...options })
}

/** The line that begins so. */
const said = (result: RecordedRun, beginning: string): string =>
  result.log.split('\n').find((line) => line.startsWith(beginning)) ?? ''
const event = (result: RecordedRun): unknown => JSON.parse(said(result, 'event ').slice('event '.length))

describe('a run', () => {
  it('of a push is about the branch and its newest commit, and knows the commits', async () => {
    const result = await start({
      name: 'push',
      branch: 'release/1',
      commits: [
        { message: 'one', modified: ['README.md'] },
        { message: 'two', added: ['cluster/index.ts'] },
      ],
    })
    expect(said(result, 'refs')).toBe('refs [refs/heads/release/1] [release/1] [] [] [push]')
    expect(said(result, 'secret')).toBe('secret 8 var [true] [here] url [https://issuer] by owner')
    expect(said(result, 'message')).toBe('message [two]')
    expect(event(result)).toMatchObject({ commits: 2, after: '0'.repeat(40), ref: 'refs/heads/release/1' })
  })

  it('of a push is started by the files of its commits', async () => {
    const elsewhere = { name: 'push', commits: [{ message: 'x', modified: ['README.md'] }] } as const
    await expect(start(elsewhere)).rejects.toThrow(/no changed file is among paths/)
  })

  it('of the button is about the branch that was chosen', async () => {
    const result = await start({ name: 'workflow_dispatch', branch: 'topic' })
    expect(said(result, 'refs')).toBe('refs [refs/heads/topic] [topic] [] [] [workflow_dispatch]')
    expect(event(result)).toMatchObject({ ref: 'refs/heads/topic', repository: 'rehearsal/k3s-gpu-actions' })
  })

  it('of the clock is about main', async () => {
    const result = await start({ name: 'schedule', cron: '17 3 * * *' })
    expect(said(result, 'refs')).toBe('refs [refs/heads/main] [main] [] [] [schedule]')
    expect(event(result)).toMatchObject({ schedule: '17 3 * * *' })
  })

  it('of a pull request of the same repository is about its merge, and has what a push has', async () => {
    const result = await start({ name: 'pull_request', number: 7, head: 'topic', title: 'Better', author: 'me' })
    expect(said(result, 'refs')).toBe('refs [refs/pull/7/merge] [7/merge] [topic] [main] [pull_request]')
    expect(said(result, 'secret')).toBe('secret 8 var [true] [here] url [https://issuer] by me')
    expect(event(result)).toEqual({
      n: 7,
      from: 'rehearsal/k3s-gpu-actions',
      head: 'topic',
      base: 'main',
      who: 'me',
      sender: 'me',
      repository: 'rehearsal/k3s-gpu-actions',
    })
    expect(said(result, 'own')).toBe('own true sha false merge true')
    expect(result.jobs[0]?.permissions).toEqual({ contents: 'read', 'pull-requests': 'write', 'id-token': 'write' })
  })

  it.each([
    ['a fork', { isFromFork: true }, 'somebody-else/k3s-gpu-actions'],
    ['a fork that is gone', { isForkGone: true }, null],
  ])(
    'of a pull request of %s has no secret, no variable, no ID token and a token that writes nothing',
    async (_, from, name) => {
      const given: unknown[] = []
      const tokens: JobTokens = {
        admit: (permissions) => {
          given.push(permissions)
          return { token: 'ghs_of-a-stranger', end: () => undefined }
        },
      }
      const result = await start({ name: 'pull_request', ...from }, { tokens })
      expect(result.conclusion).toBe('success')
      expect(said(result, 'secret')).toBe('secret 0 var [] [] url [] by owner')
      expect(event(result)).toMatchObject({ from: name })
      expect(said(result, 'own')).toMatch(/^own false /)
      expect(given).toEqual([{ contents: 'read', 'pull-requests': 'read', 'id-token': 'none' }])
    },
  )

  it('of a pull request is started for its own types, branches and files alone', async () => {
    const opened = { name: 'pull_request' } as const
    await expect(start({ ...opened, action: 'labeled' })).rejects.toThrow(/'labeled' is not among types/)
    await expect(start({ ...opened, branch: 'topic' })).rejects.toThrow(/branch 'topic' is not among branches/)
    await expect(start({ ...opened, paths: ['README.md'] })).rejects.toThrow(/no changed file is among paths/)
    expect((await start({ ...opened, action: 'synchronize', paths: ['cluster/x'] })).conclusion).toBe('success')
  })
})

describe('what strangers name', () => {
  const hostile = "\"; touch pwned; echo ${{ secrets.KEY }} `touch pwned` $(touch pwned) {0} ''${IFS}"

  it('a title, a message, a branch: it reaches scripts as text, by variables and by the event file', async () => {
    const request = await start({ name: 'pull_request', title: hostile, head: '$(touch${IFS}pwned);`id`"' })
    expect(request.log).toContain(`\ntitle [${hostile}]\n`)
    expect(request.log).toContain('\nbranch [$(touch${IFS}pwned);`id`"]\n')
    const push = await start({ name: 'push', commits: [{ message: hostile, added: ['cluster/x'] }] })
    expect(push.log).toContain(`\nmessage [${hostile}]\n`)
    for (const { directory } of [request, push]) {
      const workspace = join(directory, 'runner', '_work', 'k3s-gpu-actions', 'k3s-gpu-actions')
      expect(existsSync(join(workspace, 'kept.json'))).toBe(true)
      expect(existsSync(join(workspace, 'pwned'))).toBe(false)
    }
    // The expression in the text was not evaluated.
    expect(push.log).toContain('${{ secrets.KEY }}')
  })

  it('is a command where a script prints it as it is: the rehearsal shows that mistake, too', async () => {
    const message = 'fix\n::error::forged\nand ##[warning]forged'
    const push = await start({ name: 'push', commits: [{ message, added: ['cluster/x'] }] })
    expect(push.annotations.map(({ level, message: text }) => [level, text])).toEqual([
      ['error', 'forged'],
      ['warning', 'forged]'],
    ])
  })

  it('is run where a workflow writes it into a script: the rehearsal shows that mistake', async () => {
    const careless = `on: pull_request\njobs: { a: { runs-on: x, steps: [{ run: 'echo "\${{ github.event.pull_request.title }}"' }] } }\n`
    const { directory } = await run(careless, { event: { name: 'pull_request', title: '$(touch pwned)' } })
    expect(existsSync(join(directory, 'runner', '_work', 'k3s-gpu-actions', 'k3s-gpu-actions', 'pwned'))).toBe(true)
  })

  it.each(['a b', 'a..b', '', 'x\u001b[31m', 'a\nb'])('a branch %j is refused, as git does', async (branch) => {
    await expect(start({ name: 'pull_request', head: branch })).rejects.toThrow(/no name that git allows/)
    await expect(start({ name: 'workflow_dispatch', branch })).rejects.toThrow(/no name that git allows/)
  })
})

describe('an environment with a rule of branches', () => {
  const ruled = (branches: readonly string[]): RunOptions => ({ environments: { Preview: { branches } } })

  it('takes runs of these, and fails the others before their first step', async () => {
    const options = ruled(['main'])
    expect((await start({ name: 'workflow_dispatch' }, options)).conclusion).toBe('success')
    const directory = join(temporaryFolder(), 'run')
    const refused = await start({ name: 'workflow_dispatch', branch: 'topic' }, { ...options, directory })
    expect(refused.conclusion).toBe('failure')
    expect(refused.jobs.map(({ conclusion, steps }) => [conclusion, steps])).toEqual([['failure', []]])
    expect(refused.annotations[0]?.message).toBe(
      'Branch "topic" is not allowed to deploy to preview due to environment protection rules.',
    )
  })

  it('is asked about the merge of a pull request, not about its branch', async () => {
    const request = { name: 'pull_request', head: 'main' } as const
    expect((await start(request, ruled(['main']))).conclusion).toBe('failure')
    expect((await start(request, ruled(['refs/pull/*/merge']))).conclusion).toBe('success')
    // A stranger’s too: the rule is there for him, only what is in the environment is not.
    expect((await start({ ...request, isFromFork: true }, ruled(['main']))).conclusion).toBe('failure')
  })
})
