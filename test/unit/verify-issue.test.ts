import { describe, expect, it } from '@jest/globals'
import type { Report } from '../../src/report/index.ts'
import { keepIssue } from '../../src/verify/issue/index.ts'
import { nowMs, IssueRepository as Repository } from './issue-repository.ts'
import { failsOnFail, nights, reportOf, run } from './verify-runs.ts'

const options = { labels: ['nightly'], runUrl: 'https://github.com/o/r/actions/runs/41', nowMs }
const day = 86_400_000

const report = (at: number, checks: readonly string[]): Report => reportOf(run(at, checks))
const keep = (repository: Repository, one: Report, more: object = {}) =>
  keepIssue(repository, one, { ...options, ...more })

describe('the issue of a cluster', () => {
  it('opens once, changes with the difference only, closes on recovery, and comes back as the same issue', async () => {
    const repository = new Repository()
    const steps: [number, string[], string, string[]][] = [
      [1, ['nodes.ready=pass'], 'nothing', []],
      [2, ['nodes.ready=fail 2 of 3 nodes are Ready; not: calypso'], 'opened', ['create #1']],
      [3, ['nodes.ready=fail 2 of 3 nodes are Ready; not: calypso'], 'nothing', []],
      [4, ['nodes.ready=fail 1 of 3 nodes is Ready; not: calypso, styx'], 'updated', ['edit #1']],
      [
        5,
        ['nodes.ready=fail 1 of 3 nodes is Ready; not: calypso, styx', 'api.ready=fail'],
        'updated',
        ['edit #1', 'comment #1'],
      ],
      [6, ['nodes.ready=pass', 'api.ready=fail'], 'updated', ['edit #1', 'comment #1']],
      [7, ['nodes.ready=pass', 'api.ready=pass'], 'closed', ['edit #1 closed completed', 'comment #1']],
      [8, ['nodes.ready=pass', 'api.ready=pass'], 'nothing', []],
      [9, ['nodes.ready=fail', 'api.ready=pass'], 'reopened', ['edit #1 open', 'comment #1']],
    ]
    const stories = nights(steps.map(([at, checks]) => run(at, checks)))
    for (const [index, [at, , did, log]] of steps.entries()) {
      const kept = await keep(repository, stories[index] as Report)
      expect([at, kept.did, repository.said()]).toEqual([at, did, log])
      if (did !== 'nothing') expect(kept.url).toBe('https://github.com/o/r/issues/1')
    }
    expect(repository.of(1)).toMatchObject({ title: 'oceanid: nightly verification fails', labels: ['nightly'] })
    expect(
      repository
        .of(1)
        .comments.map((one) => one.body.split('\n').filter((line) => /^(Fails|No longer|- |✅|Seen)/.test(line))),
    ).toEqual([
      ['Fails now:', '- ❌ api.ready: api.ready is fail', `Seen by ${options.runUrl}`],
      ['No longer fails: nodes.ready.', `Seen by ${options.runUrl}`],
      [
        '✅ Nothing that this issue was about fails any more.',
        'No longer fails: api.ready.',
        `Seen by ${options.runUrl}`,
      ],
      ['Fails now:', '- ❌ nodes.ready: nodes.ready is fail', `Seen by ${options.runUrl}`],
    ])
  })

  it('is no recovery when the memory is lost, another night is wanted first, or the question was blocked', async () => {
    for (const later of [['gpu.node.a=fail'], ['api.ready=fail', 'gpu.node.a=skip blocked by api.ready']]) {
      const repository = new Repository()
      await keep(repository, report(1, ['gpu.node.a=fail']))
      const forgetful = reportOf(run(2, later), undefined, { after: 2, of: 3 })
      expect(forgetful.verification?.alarms).toEqual([])
      expect((await keep(repository, forgetful)).did).not.toBe('closed')
      expect(repository.of(1).isOpen).toBe(true)
      expect(repository.of(1).body).toContain('gpu.node.a')
    }
  })

  it('is not written anew for other words about the same', async () => {
    const repository = new Repository()
    const worded = (at: number, cause: string): Report => {
      const one = report(at, ['workloads.a=fail operator: ImagePullBackOff'])
      return { ...one, checks: one.checks.map((check) => ({ ...check, cause, evidence: [`pod-${at}: ${cause}`] })) }
    }
    const first = worded(1, 'Back-off pulling image "x"')
    await keep(repository, first)
    repository.said()
    const second = { ...worded(2, 'failed to pull and unpack image "x"'), verification: first.verification }
    expect((await keep(repository, second as Report)).did).toBe('nothing')
    expect(repository.said()).toEqual([])
  })

  it('is closed when nobody asks any more, and does not say that it passes', async () => {
    const repository = new Repository()
    await keep(repository, report(1, ['gpu.node.a=fail']))
    await keep(repository, report(2, ['nodes.ready=pass']))
    expect(repository.of(1)).toMatchObject({ isOpen: false, body: expect.stringContaining('nobody knows: gpu.node.a') })
    expect(repository.of(1).body).not.toContain('passes again')
  })

  it('stays closed when a person closed it while just this failed, until more does or it failed anew', async () => {
    const repository = new Repository()
    await keep(repository, report(1, ['nodes.ready=fail']))
    repository.change(1, { isOpen: false, closedAtMs: nowMs })
    expect((await keep(repository, report(2, ['nodes.ready=fail']))).said).toContain('somebody closed issue #1')
    expect((await keep(repository, report(3, ['nodes.ready=fail', 'api.ready=fail']))).did).toBe('reopened')
    repository.change(1, { isOpen: false, closedAtMs: nowMs })
    repository.said()
    await keep(repository, report(4, ['nodes.ready=pass', 'api.ready=pass']))
    expect([repository.said(), repository.of(1).isOpen]).toEqual([['edit #1'], false])
    expect((await keep(repository, report(5, ['nodes.ready=fail']))).did).toBe('reopened')
  })

  it('of a watchdog says that a workflow does not come, and is another one than the cluster’s', async () => {
    const repository = new Repository()
    await keep(repository, report(1, ['nodes.ready=fail']))
    const silent = reportOf(run(1, ['watch.recent=fail'], { suites: ['watch'] }))
    expect((await keep(repository, { ...silent, cluster: 'oceanid: nightly.yml' })).did).toBe('opened')
    expect(repository.issues.map((one) => one.title)).toEqual([
      'oceanid: nightly verification fails',
      'oceanid: nightly.yml does not run as it should',
    ])
  })

  it('opens a new one for a failure that comes back after weeks', async () => {
    const repository = new Repository()
    await keep(repository, report(1, ['nodes.ready=fail']))
    await keep(repository, report(2, ['nodes.ready=pass']))
    repository.change(1, { closedAtMs: nowMs - 15 * day })
    expect((await keep(repository, report(3, ['nodes.ready=fail']))).did).toBe('opened')
    expect(repository.issues).toHaveLength(2)
  })

  it('is not written by a run that is older than the one it tells of', async () => {
    const repository = new Repository()
    await keep(repository, report(5, ['nodes.ready=fail']))
    for (const checks of [['nodes.ready=pass'], ['api.ready=fail']])
      expect((await keep(repository, report(4, checks))).said).toBe('a newer run has written issue #1')
    expect(repository.said()).toEqual(['create #1'])
  })

  it('says what it would do under dry-run, and nothing about a report of another action', async () => {
    const repository = new Repository()
    expect((await keep(repository, report(1, ['nodes.ready=fail']), { dryRun: true })).said).toBe(
      'dry run: would open an issue',
    )
    const { verification: _, ...other } = report(1, ['nodes.ready=fail'])
    expect((await keep(repository, other)).did).toBe('nothing')
    expect(repository.said()).toEqual([])
  })

  it('is told in its body alone where the conversation is locked', async () => {
    const repository = new Repository()
    await keep(repository, report(1, ['nodes.ready=fail']))
    repository.isLocked = true
    expect((await keep(repository, report(2, ['nodes.ready=pass']))).said).toBe(
      'issue #1 is closed; its conversation is locked, so there is no comment',
    )
  })
})

describe('two runs at the same time', () => {
  it('come to one issue, whichever opens first and however far the list is behind', async () => {
    for (const lag of [0, 1]) {
      const repository = new Repository()
      let inner: Promise<unknown> | undefined
      repository.before = async (what) => {
        if (inner || what !== 'create') return
        inner = Promise.resolve()
        await keep(repository, report(1, ['nodes.ready=fail']))
        repository.lag = lag
      }
      const kept = await keep(repository, report(1, ['nodes.ready=fail']))
      repository.lag = 0
      if (lag === 0) expect(kept.url).toBe('https://github.com/o/r/issues/1')
      // What the list hid from both, the next night finds.
      await keep(repository, report(2, ['nodes.ready=fail']))
      expect(repository.issues.map((one) => one.isOpen)).toEqual([true, false])
      expect(repository.of(2).body).toContain('told in issue #1')
      await keep(repository, report(3, ['nodes.ready=pass']))
      await keep(repository, report(4, ['nodes.ready=fail']))
      expect(repository.issues.map((one) => one.isOpen)).toEqual([true, false])
    }
  })

  it('comment once on one change', async () => {
    const repository = new Repository()
    await keep(repository, report(1, ['nodes.ready=fail']))
    let isInner = false
    repository.before = async (what) => {
      if (isInner || what !== 'edit') return
      isInner = true
      await keep(repository, report(2, ['nodes.ready=fail', 'api.ready=fail']))
    }
    await keep(repository, report(2, ['nodes.ready=fail', 'api.ready=fail']))
    expect(repository.of(1).comments).toHaveLength(1)

    // Both found no comment, and both write one: the second sees that it was not the first.
    const other = new Repository()
    await keep(other, report(1, ['nodes.ready=fail']))
    other.hasTwin = true
    await keep(other, report(2, ['nodes.ready=pass']))
    expect(other.said()).toEqual(['create #1', 'edit #1 closed completed', 'comment #1', 'delete comment'])
    expect(other.of(1).comments).toHaveLength(1)
  })
})

describe('hostile texts', () => {
  it('a marker elsewhere, of another cluster or broken is none of ours', async () => {
    const repository = new Repository()
    await keep(repository, report(1, ['nodes.ready=fail']))
    const { body } = repository.of(1)
    for (const foreign of [
      `quoted:\n${body}`,
      body.replace('oceanid', 'oceanid2'),
      body.replace('<!--', '<!-- -->'),
      '',
    ]) {
      const other = new Repository()
      await other.create({ title: 'x', body: foreign, labels: ['nightly'] })
      expect((await keep(other, report(2, ['nodes.ready=pass']))).did).toBe('nothing')
      expect(other.of(1)).toMatchObject({ body: foreign, isOpen: true })
    }
  })

  it('a body that somebody edited, with other line ends or a broken state, is written anew', async () => {
    for (const edit of [
      (body: string) => body.replaceAll('\n', '\r\n'),
      (body: string) => body.replace(/<!-- state .* -->/, '<!-- state {"alarms":[{"x":1}],"at":"never"} -->'),
      (body: string) => body.replace(/<!-- state .* -->/, `<!-- state {"alarms":${'['.repeat(50_000)} -->`),
    ]) {
      const repository = new Repository()
      await keep(repository, report(1, ['nodes.ready=fail']))
      repository.change(1, { body: edit(repository.of(1).body) })
      expect((await keep(repository, report(2, ['nodes.ready=pass']))).did).toBe('closed')
    }
  })

  it('nothing that a cluster says mentions, links, ends a comment or a table, or makes the issue too long', async () => {
    const evil = 'x @owner #12 o/r#13 GH-14 --> | </details> <img src=x> [a](https://evil.example) ::error::y \u202e'
    const repository = new Repository()
    const checks = Array.from({ length: 300 }, (_, index) => ({
      id: `workloads.n${index}`,
      verdict: 'fail' as const,
      question: 'q',
      found: `${evil}${'y'.repeat(5000)}`,
      cause: evil,
      remedy: evil,
      evidence: [evil, `${evil}\n## heading`],
    }))
    const now = { ...run(1, []), checks }
    await keep(repository, {
      ...reportOf(now, undefined, { after: 1, of: 1 }, failsOnFail),
      cluster: `o--> @all ${evil}`,
    })
    const { body, title } = repository.of(1)
    expect(body.length).toBeLessThan(65_536)
    expect(title.length).toBeLessThan(120)
    const visible = body.split('\n').slice(2).join('\n')
    // Shown by itself when it fails: the text is long.
    expect(
      visible.match(/@owner|@all|(?<!&)#\d|GH-\d|-->|<img|<\/details>|^\s*::|https:\/\/evil|\u202e|^## /m),
    ).toBeNull()
    expect(body.split('\n')[0]).toMatch(/^<!-- [\w./ =%-]+ -->$/)
    expect(body.split('\n')[1]).toMatch(/^<!-- state \{[^>]*\} -->$/)
    const rows = visible.split('\n').filter((line) => line.startsWith('| '))
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6)
    expect(rows.length).toBeGreaterThan(10)
    await keep(repository, {
      ...reportOf({ ...run(2, []), checks: checks.slice(0, 299).map((one) => ({ ...one, verdict: 'pass' as const })) }),
      cluster: `o--> @all ${evil}`,
    })
    expect(repository.of(1).comments[0]?.body.length).toBeLessThan(10_000)
  })
})
