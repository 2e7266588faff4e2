import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Report, renderFailure, renderJson, renderSummary } from '../../src/report/index.ts'
import { cutMarkdown } from '../../src/report/markdown.ts'
import { renderTimeline } from '../../src/report/timeline.ts'

const schema = JSON.parse(readFileSync(new URL('../../../schemas/report.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema)

const joined: Report = {
  schema: 'k3s-gpu-actions/report/v1',
  action: 'k3s-join',
  cluster: 'oceanid',
  node: 'calypso',
  host: 'oceanid@192.168.2.80',
  result: 'joined',
  dryRun: false,
  headline: 'calypso joined oceanid',
  next: 'gpu-runtime (next step of this job)',
  startedAt: '2026-11-21T08:00:00.000Z',
  durationMs: 11_400,
  checks: [
    { id: 'host.clock', verdict: 'pass', question: 'Is the clock right?', found: '0.1 s ahead' },
    {
      id: 'host.gpu',
      verdict: 'warn',
      question: 'Is the GPU free?',
      found: 'tritonserver uses it',
      remedy: 'nothing to do',
    },
  ],
  plan: {
    changes: [
      {
        id: 'mint-token',
        kind: 'mint',
        target: 'bootstrap token, 10 min',
        reason: 'a node needs one to join',
        undo: 'deleted in every ending',
      },
      { id: 'start', kind: 'start', target: 'k3s-agent', reason: 'not running', undo: 'stop it' },
    ],
    blockers: [],
  },
  applied: ['mint-token', 'start'],
  undone: [],
  changed: true,
  restarted: false,
  stages: [
    { title: 'Read the cluster', startedMs: 0, endedMs: 200 },
    { title: 'Start and wait for Ready', startedMs: 200, endedMs: 7000 },
  ],
  milestones: [{ stage: 'Start and wait for Ready', atMs: 4400, text: 'node registered' }],
  provenance: [{ name: 'version', value: 'v1.33.4+k3s1', source: 'clusters/oceanid.yaml' }],
  facts: { os: 'Ubuntu 22.04' },
  outputs: { result: 'joined' },
}

const failed: Report = {
  ...joined,
  result: 'failed',
  headline: 'calypso did not join oceanid',
  failure: {
    code: 'token-refused',
    title: 'calypso did not join: the server refused its token',
    cause: 'expired',
    remedy: 'press the button again',
    evidence: ['level=warning msg="not authorized"'],
    state: 'undone',
    link: 'https://docs.k3s.io/cli/token',
    provenance: 'reported',
  },
}

/** GitHub’s own line structure, as far as a summary needs it: which lines are inside a fence, and whether it is closed. */
function outsideFences(markdown: string): string[] {
  const outside: string[] = []
  let fence = ''
  for (const line of markdown.split('\n')) {
    const ticks = /^ {0,3}(`{3,})/.exec(line)?.[1]
    if (fence === '' && ticks) fence = ticks
    else if (fence !== '' && new RegExp(`^ {0,3}\`{${fence.length},}\\s*$`).test(line)) fence = ''
    else if (fence === '') outside.push(line)
  }
  expect(fence).toBe('')
  return outside
}

describe('the summary', () => {
  it('gives the verdict first, then one sentence, then what happens next', () => {
    const lines = renderSummary(joined)
      .split('\n')
      .filter((line) => line !== '')
    expect(lines[0]).toBe('## ✅ calypso joined oceanid')
    expect(lines[1]).toBe(
      'Node calypso of cluster oceanid, host oceanid@192.168.2.80: 2 of 2 planned changes carried out · 2 checks: 1 pass, 1 warn · 11.4 s in all.',
    )
    expect(lines[2]).toBe('**Next:** gpu-runtime (next step of this job)')
  })

  it('shows above the fold only the checks that did not plainly pass, and all of them below', () => {
    const [above = '', ...below] = renderSummary(joined).split('<details>')
    expect(above).toContain('| ⚠️ | host.gpu | tritonserver uses it | → nothing to do |')
    expect(above).not.toContain('host.clock')
    expect(below.join('')).toContain('| ✅ | host.clock |')
    expect(below.join('')).toContain('| version | v1.33.4+k3s1 | clusters/oceanid.yaml |')
  })

  it('draws a timeline with durations and milestones', () => {
    const gantt = /```mermaid\n([\s\S]*?)\n```/.exec(renderSummary(joined))?.[1]
    expect(gantt?.split('\n')).toEqual([
      'gantt',
      '  dateFormat x',
      '  axisFormat %M:%S',
      '  1 Read the cluster :0, 200ms',
      '  2 Start and wait for Ready :200, 6800ms',
      '  3 node registered :milestone, 4600, 0ms',
    ])
  })

  it('of a failure shows cause, remedy, state, evidence, and how sure the diagnosis is', () => {
    const text = renderSummary(failed)
    expect(text).toMatch(/^## ❌ calypso did not join oceanid/)
    for (const wanted of [
      '| cause | expired |',
      '| remedy | press the button again |',
      '| state | undone |',
      'not reproduced by us',
      '<https://docs.k3s.io/cli/token>',
    ])
      expect(text).toContain(wanted)
    expect(text).toContain('```text\nlevel=warning msg="not authorized"\n```')
  })

  it('of a dry run says that nothing was changed', () => {
    const text = renderSummary({ ...joined, result: 'planned', dryRun: true, applied: [] })
    expect(text).toMatch(/^## 📋 /)
    expect(text).toContain('dry run, nothing was changed')
    expect(text).toContain('| not done |')
  })
})

describe('the summary of a run that failed', () => {
  const text = renderSummary(
    {
      ...failed,
      stages: [
        { title: 'Apply', startedMs: 0, endedMs: 200 },
        { title: 'Start', startedMs: 200, endedMs: 900, failed: true },
        { title: 'Undo', startedMs: 900, endedMs: 1000 },
      ],
      milestones: [{ stage: 'Undo', atMs: 90, text: 'undone: start' }],
      evidence: [
        { name: 'journal.txt', bytes: 2300 },
        { name: 'sockets.txt', bytes: 512 },
      ],
    },
    [{ name: 'journal.txt', lines: ['```', '::error::<img>', 'x'.repeat(5000)] }],
  )

  it('marks the stage that failed, and shows what was undone', () => {
    expect(text).toContain('  2 Start :crit, 200, 700ms\n  3 Undo :900, 100ms\n  4 undone start :milestone, 990, 0ms')
    expect(text).toContain('| Start | 0.2 s | 0.7 s ❌ |')
  })

  it('lists the evidence folded, with some lines of it that stay in their block', () => {
    const [, folded = ''] = text.split('<details><summary>Evidence: 2 files</summary>')
    expect(folded.split('</details>')[0]).toContain('journal.txt (2.3 kB), sockets.txt (512 B)')
    expect(outsideFences(text).join('\n')).not.toContain('::error::')
    expect(text).toContain(`${'x'.repeat(399)}…`)
  })

  it.each(['observed', 'reported', 'invented'] as const)('says that its diagnosis is %s', (provenance) => {
    const shown = renderSummary({ ...failed, failure: { ...failed.failure!, provenance } })
    expect(shown).toMatch(new RegExp(`\\| basis \\| ${provenance} `))
    expect(renderFailure({ ...failed.failure!, provenance }).join('\n')).toMatch(
      new RegExp(`\n  basis     ${provenance} `),
    )
  })
})

describe('a timeline with more than a picture can show', () => {
  const many = (count: number, more: Partial<Report['stages'][number]> = {}): Report['stages'] =>
    Array.from({ length: count }, (_, index) => ({
      title: `stage ${index}`,
      startedMs: index,
      endedMs: index + 1,
      ...more,
    }))

  it('keeps stages before milestones, and always the one that failed', () => {
    const milestones = Array.from({ length: 60 }, (_, index) => ({
      stage: 'stage 3',
      atMs: index,
      text: `step ${index}`,
    }))
    const text = renderTimeline(many(10), milestones)
    for (let index = 0; index < 10; index += 1) expect(text).toContain(`stage ${index} :`)
    expect(text.match(/:milestone/g)).toHaveLength(30)
    expect(text).toContain('step 59 :')
    expect(text).toMatch(/\n_30 more in the JSON report\._$/)
    const crowded = renderTimeline([{ title: 'failing', startedMs: 0, endedMs: 1, failed: true }, ...many(80)], [])
    expect(crowded).toContain('  1 failing :crit, 0, 1ms')
    expect(crowded.match(/ms$/gm)).toHaveLength(40)
  })
})

describe('a hostile host', () => {
  const attacks = [
    'x\n## ✅ calypso joined oceanid',
    'a | b | c',
    'a \\| b \\\\| c',
    '</summary></details><script>alert(1)</script>',
    '<!-- ',
    '![pixel](https://evil.example/p.png) [click](https://evil.example)',
    '<img src=x>',
    'https://evil.example www.evil.example',
    '@ryan-taylor and (@octocat)',
    '```\n# out of the fence',
    '`code` **bold** __bold__ ~~gone~~ $x^2$ $$y$$',
    '| --- | --- |',
    '&lt;b&gt; &#x7c;',
    '\u001B[31mred\u001B[0m \u202Egnorw\u202C \u200Bhidden \u0000',
    '::set-output name=x::y ##[error]forged',
    'title x :crit, 0, 1ms\n  click 1 href "https://evil.example"\n%%{init: {}}%% ; #35;',
    '[ref]: https://evil.example',
    '# heading',
    '- [ ] task',
  ]
  const everywhere = (text: string): Report => ({
    ...failed,
    cluster: text,
    node: text,
    host: text,
    headline: text,
    next: text,
    checks: [{ id: text, verdict: 'fail', question: text, found: text, cause: text, remedy: text, evidence: [text] }],
    plan: {
      changes: [{ id: text, kind: 'write', target: text, reason: text, disrupts: text, undo: text, waitsFor: text }],
      blockers: [{ id: text, verdict: 'fail', question: text, found: text }],
    },
    stages: [{ title: text, startedMs: 0, endedMs: 10 }],
    milestones: [{ stage: text, atMs: 5, text }],
    provenance: [{ name: text, value: text, source: text }],
    facts: { [text]: text, ['__proto__']: text },
    failure: { code: text, title: text, cause: text, remedy: text, evidence: [text, text], state: text, link: text },
  })
  const tame = outsideFences(renderSummary(everywhere('tame')))

  it.each(attacks)('cannot change the structure: %j', (text) => {
    const outside = outsideFences(renderSummary(everywhere(text)))
    // Same number of lines and of cells in each as with a harmless text.
    // Two readings of a backslash before a pipe are about: pairs from the left, and the last one alone.
    for (const escaped of [/\\[\s\S]/g, /\\\|/g]) {
      const cells = (line: string) => line.replace(escaped, '').split('|').length
      expect(outside.map(cells)).toEqual(tame.map(cells))
    }
    const all = outside.join('\n')
    // No tag of its own, no image, link, mention, bare address, code, formula; nothing invisible but our own joiner.
    expect(all.replace(/<\/?(details|summary)>|<br>/g, '')).not.toMatch(/[<>]/)
    expect(all).not.toMatch(/(?<!\\)[[\]`~$*](?!\*Next:|\*Plan:|\*Evidence|\*)(?<!\*\*)/)
    expect(all).not.toMatch(/:\/\/|www\./i)
    expect(all).not.toMatch(/(^|[^\p{L}\p{N}_])@[\p{L}\p{N}]/mu)
    expect(all).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200B\u202A-\u202E]/)
    expect(all).not.toContain('[31m')
    expect(outside.filter((line) => /^#/.test(line))).toHaveLength(1)
  })

  it.each(attacks)('cannot leave or confuse the Mermaid block: %j', (text) => {
    const gantt = /```mermaid\n([\s\S]*?)\n```/.exec(renderSummary(everywhere(text)))?.[1]?.split('\n') ?? []
    expect(gantt).toHaveLength(5)
    expect(gantt[3]).toMatch(/^ {2}1 [\p{L}\p{N} .+/…-]+ :0, 10ms$/u)
    expect(gantt[4]).toMatch(/^ {2}2 [\p{L}\p{N} .+/…-]+ :milestone, 5, 0ms$/u)
  })

  it('cannot close the block that quotes it', () => {
    const text = renderSummary({
      ...failed,
      failure: { ...failed.failure!, evidence: ['````', '```\n## forged', '`````text'] },
    })
    expect(outsideFences(text).join('\n')).not.toContain('forged')
  })

  it('cannot make it long: it is cut at a line end, closed, and says so', () => {
    const checks = Array.from({ length: 20_000 }, (_, index) => ({
      id: `host.c${index}`,
      verdict: 'fail' as const,
      question: 'q',
      found: 'x'.repeat(5000),
    }))
    const text = renderSummary({ ...joined, checks })
    expect(Buffer.byteLength(text)).toBeLessThan(300 * 1024)
    expect(text).toMatch(/_Cut here to fit: about \d+ more lines\. The JSON report has everything\._\n$/)
    expect(text.split('<details>')).toHaveLength(text.split('</details>').length)
  })

  it('is cut at any length without an open fence, an open fold, or half a line', () => {
    const whole = renderSummary(failed)
    for (let limit = 600; limit < Buffer.byteLength(whole); limit += 7) {
      const part = cutMarkdown(whole, limit)
      expect(Buffer.byteLength(part)).toBeLessThanOrEqual(limit)
      const outside = outsideFences(part)
      const opened = outside.filter((line) => line.startsWith('<details>')).length
      expect(outside.filter((line) => line === '</details>')).toHaveLength(opened)
      const kept = part.split('\n').filter((line) => !/^_Cut here|^`{3,}$|^<\/details>$/.test(line))
      expect(kept.filter((line) => !whole.split('\n').includes(line))).toEqual([])
    }
    expect(cutMarkdown(whole)).toBe(whole)
  })
})

describe('the JSON report', () => {
  it.each([
    ['joined', joined],
    ['failed', failed],
    [
      'failed and left evidence',
      {
        ...failed,
        stages: [{ ...failed.stages[0]!, failed: true }],
        evidence: [{ name: 'journal.txt', bytes: 7 }],
      } as Report,
    ],
    ['blocked', { ...joined, result: 'planned', plan: { changes: [], blockers: joined.checks } } as Report],
  ] as const)('of a run that %s fits the schema', (_name, report) => {
    validate(JSON.parse(renderJson(report)))
    expect(validate.errors ?? []).toEqual([])
  })

  it('has one order of keys, whatever order they were set in', () => {
    const shuffled = Object.fromEntries(
      Object.entries({ ...failed, facts: { b: '1', a: '2' } }).reverse(),
    ) as unknown as Report
    expect(renderJson(shuffled)).toBe(renderJson({ ...failed, facts: { a: '2', b: '1' } }))
    expect(renderJson(failed).startsWith('{\n  "schema": "k3s-gpu-actions/report/v1",\n  "action"')).toBe(true)
    expect(renderJson(failed).endsWith('}\n')).toBe(true)
  })

  it('keeps a fact named __proto__ as data', () => {
    const facts = JSON.parse('{"__proto__":"x"}')
    expect(renderJson({ ...joined, facts })).toContain('"__proto__": "x"')
  })

  it('of the first edition of version 1 still fits: later editions only add keys that may be absent', () => {
    const first = JSON.parse(
      readFileSync(new URL('../../../test/fixtures/report/v1-first.json', import.meta.url), 'utf8'),
    )
    validate(first)
    expect(validate.errors ?? []).toEqual([])
    expect(schema.$id).toBe('urn:k3s-gpu-actions:report:v1')
    expect(schema.properties.schema.const).toBe('k3s-gpu-actions/report/v1')
  })

  it('requires in version 1 what its first edition required, no more and no less: anything else is version 2', () => {
    type Part = { required: readonly string[]; additionalProperties: boolean }
    const isObject = (part: unknown): part is Part => (part as { properties?: object }).properties !== undefined
    const parts = Object.fromEntries(
      Object.entries({ report: schema, plan: schema.properties.plan, ...schema.$defs }).filter(
        (entry): entry is [string, Part] => isObject(entry[1]),
      ),
    )
    expect(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.required.join(' ')]))).toEqual({
      report:
        'schema action cluster node result dryRun headline next startedAt durationMs plan applied undone changed restarted checks stages milestones provenance facts outputs',
      plan: 'changes blockers',
      check: 'id verdict question found',
      change: 'id kind target reason undo',
      failure: 'code title cause remedy evidence state',
      deployment:
        'command stack url counts changes moreChanges diagnostics outputs secretOutputs isPlanBound isComplete',
      evidence: 'name bytes',
      stage: 'title startedMs endedMs',
      milestone: 'stage atMs text',
      provenance: 'name value source',
      // Optional in a report, and so no part of the first edition; what it holds itself is as strict.
      verification:
        'mode suites nodes verdict failing newFailures fixed flapping alarms since metrics apiRequests topology history',
    })
    for (const part of Object.values(parts)) expect(part.additionalProperties).toBe(false)
  })

  it.each([
    ['an unknown key', { ...joined, surprise: 1 }],
    ['an unknown verdict', { ...joined, checks: [{ ...joined.checks[0], verdict: 'ok' }] }],
    ['a failed run without a failure', { ...joined, result: 'failed' }],
    ['a missing next step', { ...joined, next: '' }],
    ['evidence that is a path', { ...failed, evidence: [{ name: '../../etc/passwd', bytes: 1 }] }],
    ['a negative duration', { ...joined, durationMs: -1 }],
  ])('is refused by the schema with %s', (_name, report) => {
    expect(validate(report)).toBe(false)
  })
})
