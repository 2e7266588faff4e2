import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import {
  commentMarker,
  commentTime,
  type Deployment,
  type Report,
  readReport,
  renderComment,
  renderJson,
  renderMissing,
  renderSummary,
} from '../../src/report/index.ts'

const schema = JSON.parse(readFileSync(new URL('../../../schemas/report.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema)

const stack = 'ryan-taylor/oceanid-cluster/prod'
const deployment: Deployment = {
  command: 'up',
  stack,
  url: 'https://app.pulumi.com/ryan-taylor/oceanid-cluster/prod/updates/12',
  counts: { same: 40, update: 1, create: 1 },
  changes: [
    { operation: 'create', type: 'kubernetes:core/v1:ConfigMap', name: 'adapter', differs: [], isFailed: false },
    {
      operation: 'update',
      type: 'kubernetes:apps/v1:Deployment',
      name: 'cloudflared',
      differs: ['spec.replicas'],
      isFailed: true,
    },
  ],
  moreChanges: 0,
  diagnostics: [
    { severity: 'error', resource: 'kubernetes:apps/v1:Deployment cloudflared', message: 'timed out\nwaiting' },
  ],
  outputs: { fluxNamespace: 'flux-system' },
  secretOutputs: ['tunnelToken'],
  isPlanBound: false,
  isComplete: true,
}

function reportOf(more: Partial<Report> = {}, changed: Partial<Deployment> = {}): Report {
  return {
    schema: 'k3s-gpu-actions/report/v1',
    action: 'deploy-stack',
    cluster: 'oceanid',
    node: '',
    result: 'failed',
    dryRun: false,
    headline: 'a resource failed: cloudflared',
    next: 'look at it',
    startedAt: '2026-11-22T06:00:00.000Z',
    durationMs: 61_000,
    checks: [{ id: 'deploy.runner', verdict: 'pass', question: 'q', found: 'self-hosted' }],
    plan: { changes: [], blockers: [] },
    applied: ['update'],
    undone: [],
    changed: true,
    restarted: false,
    stages: [],
    milestones: [],
    provenance: [],
    facts: { stack },
    outputs: {},
    failure: {
      code: 'pulumi-resources',
      title: 'a resource failed: cloudflared',
      cause: 'the deployment did not become ready',
      remedy: 'kubectl -n cloudflared describe deployment cloudflared',
      evidence: ['timed out'],
      state: 'changed before it failed: 1 created',
    },
    deployment: { ...deployment, ...changed },
    ...more,
  }
}

const origin = {
  runUrl: 'https://github.com/o/r/actions/runs/41',
  commit: 'a'.repeat(40),
  commitUrl: `https://github.com/o/r/commit/${'a'.repeat(40)}`,
}
const comment = (report: Report) => renderComment(report, stack, origin)

describe('the report of a deployment', () => {
  it('keeps its schema, and is read back', () => {
    const report = reportOf()
    const text = renderJson(report)
    validate(JSON.parse(text))
    expect(validate.errors).toBeNull()
    expect(readReport(text)).toEqual({ report })
    for (const result of ['installed', 'allowed', 'deployed', 'previewed', 'commented'] as const) {
      const { failure: _, ...well } = reportOf({ result })
      expect('report' in readReport(renderJson(well))).toBe(true)
    }
  })

  it('is refused where it breaks the schema', () => {
    for (const changed of [
      { changes: Array.from({ length: 201 }, () => deployment.changes[0]) },
      { command: 'destroy' },
      { counts: { create: -1 } },
      { outputs: { a: 1 } },
      { extra: 1 },
    ])
      expect(readReport(JSON.stringify(reportOf({}, changed as never)))).toMatchObject({
        problem: expect.stringContaining('breaks the schema of reports at /deployment'),
      })
  })
})

describe('the summary of a deployment', () => {
  it('gives the verdict first, then what failed and what was changed, outputs folded', () => {
    const [above = '', ...folded] = renderSummary(reportOf()).split('<details>')
    expect(
      above
        .split('\n')
        .filter((line) => line !== '')
        .slice(0, 9),
    ).toEqual([
      '## ❌ a resource failed: cloudflared',
      'Stack ryan-taylor/oceanid-cluster/prod of cluster oceanid: update · 1 created, 1 updated, 40 unchanged · 1 min 01 s in all.',
      '|  | failure |',
      '| --- | --- |',
      '| what | a resource failed: cloudflared |',
      '| cause | the deployment did not become ready |',
      '| remedy | kubectl -n cloudflared describe deployment cloudflared |',
      '| state | changed before it failed: 1 created |',
      '| code | pulumi-resources |',
    ])
    expect(above).toContain('**At Pulumi:** <https://app.pulumi.com/ryan-taylor/oceanid-cluster/prod/updates/12>')
    expect(above).toContain(
      '| ❌ | update | kubernetes:apps/v1:Deployment | cloudflared | spec.replicas |\n| ➕ | create |',
    )
    expect(above).toContain('❌ **kubernetes:apps/v1:Deployment cloudflared**\n\n```text\ntimed out\nwaiting\n```')
    expect(folded.join()).toContain('| fluxNamespace | flux-system |\n| tunnelToken | *secret* |')
  })

  it.each([
    ['previewed', 'preview', '📋', 'preview · 1 to create, 1 to update, 40 unchanged'],
    ['deployed', 'up', '✅', 'update · 1 created, 1 updated, 40 unchanged'],
    ['unchanged', 'up', '✅', ''],
  ] as const)('of a run that is %s', (result, command, icon, words) => {
    const { failure: _, ...well } = reportOf({ result }, { command })
    const summary = renderSummary(well)
    expect(summary.startsWith(`## ${icon} `)).toBe(true)
    expect(summary).toContain(words)
  })

  it('shows a drift as what it is', () => {
    const report = reportOf({ result: 'drifted' }, { command: 'drift', counts: { update: 2 } })
    expect(renderSummary(report)).toMatch(/^## 🔀 [\s\S]*2 differ \(update\)/)
  })

  it('shows 50 changes, folds the others and counts what is not listed', () => {
    const changes = Array.from({ length: 60 }, (_, i) => ({
      operation: 'create',
      type: 't',
      name: `n${i}`,
      differs: [],
      isFailed: false,
    }))
    const [above = '', folded = ''] = renderSummary(reportOf({}, { changes, moreChanges: 7 })).split('<details>')
    expect(above.match(/^\| ➕ /gm)).toHaveLength(50)
    expect(folded).toContain('10 more resources')
    expect(renderSummary(reportOf({}, { changes, moreChanges: 7 }))).toContain(
      '7 more resources: see the page of the update.',
    )
  })
})

const evil = [
  '</details><script>alert(1)</script>',
  '![x](https://evil.example/a.png) [b](https://evil.example)',
  '<img src=x onerror=alert(1)>',
  '@octocat @o/team somebody@evil.example',
  'fixes #1, GH-12, o/r#7',
  '```\n## ✅ deployed\n```',
  '--> <!-- k3s-gpu-actions/deploy-stack',
  'a | b\n| c |',
  '::error::x',
  'https://evil.example www.evil.example',
  '\u202Egnp.exe\u0000',
].join(' ')

/** Everywhere where somebody else's words can stand. */
function hostile(): Report {
  const change = { operation: evil, type: evil, name: evil, differs: [evil], isFailed: true }
  return reportOf(
    {
      cluster: evil,
      headline: evil,
      next: evil,
      facts: { stack: evil, [evil]: evil },
      failure: { code: 'pulumi-program', title: evil, cause: evil, remedy: evil, evidence: [evil], state: evil },
    },
    {
      stack: evil,
      url: 'https://evil.example/updates/1',
      counts: { [evil]: 1 },
      changes: [change],
      diagnostics: [{ severity: 'error', resource: evil, message: evil }],
      outputs: { [evil]: evil },
      secretOutputs: [evil],
    },
  )
}

/** Markdown without its fenced blocks and code, where everything is text. */
function outsideOfFences(markdown: string): string {
  const kept: string[] = []
  let fence = ''
  for (const line of markdown.split('\n')) {
    const ticks = /^`{3,}/.exec(line)?.[0] ?? ''
    if (fence === '' && ticks === '') kept.push(line)
    else if (fence === '') fence = ticks
    else if (line === fence) fence = ''
  }
  return kept.join('\n')
}

describe.each([
  ['summary', (report: Report) => renderSummary(report)],
  ['comment', (report: Report) => renderComment(report, evil, origin)],
])('hostile words in a %s', (name, render) => {
  const markdown = render(hostile())
  const text = outsideOfFences(markdown)

  it('open no HTML, no image, no link and no mention', () => {
    const tags = [...text.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
    expect(
      tags.filter((tag) => !/^<(\/?details|\/?summary|br|!-- (k3s-gpu-actions\/deploy-stack|at) [^<>]*--)>$/.test(tag)),
    ).toEqual([])
    expect(text).not.toMatch(/(?<!\\)!\[|(?<!\\)\]\((?!https:\/\/github\.com\/o\/r\/)/)
    expect(text).not.toMatch(/(^|[^\p{L}\p{N}_])@[\p{L}\p{N}]/mu)
    expect(text.replaceAll('https://github.com/o/r/', '')).not.toMatch(/https?:\/\/|www\.\w/)
    if (name === 'comment') expect(text).not.toMatch(/\w@\w/)
  })

  it.each([
    'https://app.pulumi.com/evil/oceanid-cluster/prod/updates/12',
    `https://app.pulumi.com/${stack}/../../../evil`,
    `https://app.pulumi.com/${stack}/updates/12/../../x`,
    `https://app.pulumi.com/${stack}`,
  ])('link no page but that of an update of the stack: %s', (url) => {
    expect(render(reportOf({}, { url }))).not.toMatch(/<https:\/\/app|\]\(https:\/\/app/)
    const page = `https://app.pulumi.com/${stack}/previews/0a1b-2c`
    expect(render(reportOf({}, { url: page }))).toMatch(/<https:\/\/app|\]\(https:\/\/app/)
  })

  it('make no row, no heading and no verdict of their own', () => {
    const headings = [...text.matchAll(/^#+ .*$/gm)].map(([line]) => line)
    expect(headings).toHaveLength(1)
    expect(headings[0]).toMatch(/^#{2,3} ❌ /)
    expect(text).not.toMatch(/^\s*\| c \|/m)
    expect(markdown).not.toMatch(/[\u202E\u0000]/)
  })

  it('leave every fence and fold closed', () => {
    expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0)
    if (name === 'comment') expect(text).not.toMatch(/(?<!&)#\d|GH-\d/)
  })
})

describe('the comment on a pull request', () => {
  it('begins with its marker, gives the verdict, and links commit and run', () => {
    const lines = comment(reportOf()).split('\n')
    expect(lines.slice(0, 8)).toEqual([
      '<!-- k3s-gpu-actions/deploy-stack cluster=oceanid stack=ryan%2dtaylor%2Foceanid%2dcluster%2Fprod -->',
      '<!-- at 2026-11-22T06:00:00.000Z -->',
      '',
      '### ❌ a resource failed: cloudflared',
      '',
      `Commit [aaaaaaaaaa](${origin.commitUrl}) · [the run](${origin.runUrl}) has log, summary and report`,
      '',
      'Stack ryan-taylor/oceanid-cluster/prod: 1 created, 1 updated, 40 unchanged · [at Pulumi](https://app.pulumi.com/ryan-taylor/oceanid-cluster/prod/updates/12)',
    ])
    expect(commentTime(lines.join('\n'))).toBe(Date.parse('2026-11-22T06:00:00Z'))
  })

  it('holds no output of the stack', () => {
    expect(comment(reportOf())).not.toMatch(/flux-system|tunnelToken/)
  })

  it('stays below what GitHub takes, is cut at the end of a line, and says so', () => {
    const long = 'x'.repeat(900)
    const changes = Array.from({ length: 200 }, (_, i) => ({
      operation: 'update',
      type: long,
      name: `${i} ${long}`,
      differs: [long, long],
      isFailed: false,
    }))
    const diagnostics = Array.from({ length: 50 }, () => ({
      severity: 'error' as const,
      resource: long,
      message: `${long}\n`.repeat(5),
    }))
    const text = comment(reportOf({}, { changes, diagnostics }))
    expect(Buffer.byteLength(text)).toBeLessThan(65_536)
    expect(text).toMatch(/_Cut here to fit: about \d+ more lines\. The JSON report has everything\._\n$/)
    expect(text).toContain(origin.runUrl)
    expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0)
  })

  it('has a marker that no name can end, and that tells names apart', () => {
    const marker = commentMarker('a --> <script>', 'x/y/z" onload=')
    expect(marker).toMatch(/^<!-- [^<>]* -->$/)
    expect(commentMarker('a', 'b/c/d')).not.toBe(commentMarker('a', 'b/c/e'))
    expect(commentMarker('\uD800', 'x')).toContain('cluster=%EF%BF%BD')
  })

  it('says that there is no report where there is none', () => {
    const text = renderMissing('oceanid', stack, '2026-11-22T06:00:00Z', evil, origin)
    expect(text.startsWith(`${commentMarker('oceanid', stack)}\n<!-- at 2026-11-22T06:00:00.000Z -->\n`)).toBe(true)
    expect(text).toContain('### ❌ No preview of this commit')
    expect(text).not.toMatch(/<script|<img|@octocat|https:\/\/evil/)
  })
})
