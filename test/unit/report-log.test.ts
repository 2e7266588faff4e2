import { describe, expect, it } from '@jest/globals'
import {
  type Change,
  type Check,
  formatBytes,
  formatDuration,
  ignoreChecks,
  planHeading,
  renderChecks,
  renderFailure,
  renderMilestones,
  renderPlan,
  reportVerdict,
  stageHeading,
  startRecorder,
} from '../../src/report/index.ts'

const change = (more: Partial<Change>): Change => ({
  id: 'x',
  kind: 'write',
  target: 'a file',
  reason: 'missing',
  undo: 'restore',
  ...more,
})
const check = (id: string, verdict: Check['verdict'], found = 'found'): Check => ({
  id,
  verdict,
  question: `${id}?`,
  found,
})

describe('units', () => {
  it.each([
    [0, '0.0 s'],
    [300, '0.3 s'],
    [11_400, '11.4 s'],
    [59_949, '59.9 s'],
    [59_990, '1 min'],
    [125_000, '2 min 05 s'],
    [600_000, '10 min'],
    [3_599_900, '1 h'],
    [3_900_000, '1 h 05 min'],
    [9 * 86_400_000, '9 days'],
    [-5, '0.0 s'],
    [Number.NaN, '0.0 s'],
  ])('formats %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

  it.each([
    [0, '0 B'],
    [812, '812 B'],
    [4200, '4.2 kB'],
    [69_206_016, '69 MB'],
    [999_950, '1.0 MB'],
    [64e9, '64 GB'],
  ])('formats %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
})

describe('stage headings', () => {
  it('put the elapsed time at column 88', () => {
    const line = stageHeading('Read the cluster', '0.2 s')
    expect(line).toMatch(/^▸ Read the cluster {2,}0\.2 s$/)
    expect(Array.from(line)).toHaveLength(88)
  })

  it('keep two blanks when both sides are long', () => {
    expect(stageHeading('t'.repeat(80), 'right side')).toBe(`▸ ${'t'.repeat(80)}  right side`)
  })
})

describe('checks in the log', () => {
  it('count all and show only what a person should look at', () => {
    const checks = [
      check('host.clock', 'pass'),
      { ...check('host.gpu', 'warn', 'busy'), remedy: 'wait' },
      check('host.disk', 'fail'),
      check('x.y', 'skip'),
    ]
    const lines = renderChecks(checks)
    expect(lines[0]).toBe('  4 checks: 1 pass, 1 warn, 1 fail, 1 skip')
    expect(lines).toContain('  ! host.gpu   busy')
    expect(lines).toContain('               → wait')
    expect(lines.join('\n')).not.toContain('host.clock')
    expect(renderChecks([])).toEqual([])
  })

  it('keep hostile text on its own line: no forged verdict, no command, no colour, no reversed text', () => {
    const hostile = 'x\n✅ calypso joined\r::set-output name=result::joined\u001B[2J\u202Egnorw'
    const lines = renderChecks([{ ...check('a.b', 'fail', hostile), cause: hostile, remedy: hostile }])
    expect(lines).toHaveLength(4)
    for (const line of lines) expect(line).not.toMatch(/[\n\r\u001B\u202E]/)
    expect(lines.filter((line) => /^\s*(::|✅)/.test(line))).toEqual([])
  })
})

describe('the plan', () => {
  const install = change({ id: 'a', kind: 'upload', target: 'k3s v1.33.4+k3s1 amd64, 69 MB', reason: 'not installed' })
  const restart = change({
    id: 'r',
    kind: 'restart',
    target: 'k3s-agent',
    disrupts: 'restarts the agent; containers keep running',
  })

  it('sums itself up', () => {
    expect(planHeading({ changes: [], blockers: [] })).toBe('nothing to do')
    expect(planHeading({ changes: [install, change({})], blockers: [] })).toBe('2 changes, no disruption')
    expect(planHeading({ changes: [install, restart], blockers: [] })).toBe('2 changes (1 restart of k3s-agent)')
    const waiting = [change({ waitsFor: 'adopt: apply' }), { ...restart, waitsFor: 'adopt: apply' }]
    expect(planHeading({ changes: waiting, blockers: [] })).toBe(
      '2 changes wait for adopt: apply (1 restart of k3s-agent)',
    )
    expect(planHeading({ changes: [install, ...waiting], blockers: [] })).toBe(
      '1 change, no disruption; 2 wait for adopt: apply (1 restart of k3s-agent)',
    )
    expect(planHeading({ changes: [install], blockers: [check('host.sudo', 'fail')] })).toBe('blocked: 1 reason')
  })

  it('aligns targets and reasons, and says below what a change disrupts and waits for', () => {
    const lines = renderPlan({ changes: [install, { ...restart, waitsFor: 'adopt: apply' }], blockers: [] })
    expect(lines).toEqual([
      '  1 upload    k3s v1.33.4+k3s1 amd64, 69 MB  not installed',
      '  2 restart   k3s-agent                      missing',
      '              ! restarts the agent; containers keep running',
      '              … waits for adopt: apply',
    ])
  })

  it('gives a long target a line of its own instead of pushing every reason to the right', () => {
    const long = change({ kind: 'label', target: 'x'.repeat(80), reason: 'wanted' })
    expect(renderPlan({ changes: [install, long], blockers: [] }).slice(1)).toEqual([
      `  2 label     ${'x'.repeat(80)}`,
      '                wanted',
    ])
  })
})

it('renders a failure as an aligned block', () => {
  const lines = renderFailure({
    code: 'node-password-rejected',
    title: 'calypso did not join',
    cause: 'another password',
    remedy: 'replace-node = calypso',
    evidence: ['first\nsecond', 'third'],
    state: 'undone',
    provenance: 'reported',
  })
  expect(lines).toEqual([
    '✗ calypso did not join',
    '  cause     another password',
    '  remedy    replace-node = calypso',
    '  evidence  first',
    '            second',
    '            third',
    '  state     undone',
    '  basis     reported by others; not reproduced by us',
  ])
})

it('shows at most forty lines of evidence and counts the rest', () => {
  const evidence = Array.from({ length: 50 }, (_, index) => `line ${index}`)
  const lines = renderFailure({ code: 'x', title: 't', cause: 'c', remedy: 'r', evidence, state: 's' })
  expect(lines).toContain('            (10 more in the report)')
})

it('puts milestones beside each other, as many as fit', () => {
  const texts = ['agent authenticated', 'containerd up', 'node registered', 'Ready']
  const milestones = texts.map((text, index) => ({ stage: 's', atMs: 1200 * (index + 1), text }))
  expect(renderMilestones(milestones)).toEqual([
    '   1.2 s  agent authenticated        2.4 s  containerd up        3.6 s  node registered        4.8 s  Ready',
  ])
  const many = renderMilestones([...milestones, ...milestones])
  expect(many).toHaveLength(2)
  for (const line of many) expect(line.length).toBeLessThanOrEqual(116)
  expect(renderMilestones([])).toEqual([])
})

describe('the verdict policy', () => {
  const checks = [check('a', 'pass'), check('b', 'warn'), check('c', 'skip')]
  it('fails for what the policy names, and never under `never`', () => {
    expect(reportVerdict(checks, 'fail')).toMatchObject({ worst: 'warn', fails: false })
    expect(reportVerdict(checks, 'warn')).toMatchObject({ fails: true, failing: [checks[1]] })
    expect(reportVerdict([...checks, check('d', 'fail')], 'fail').fails).toBe(true)
    expect(reportVerdict([check('d', 'fail')], 'never')).toMatchObject({ worst: 'fail', fails: false })
    expect(reportVerdict([], 'warn')).toMatchObject({ worst: 'skip', fails: false })
  })

  it('does not let a question that could not be asked pass', () => {
    expect(reportVerdict([check('a', 'error')], 'fail')).toMatchObject({ worst: 'error', fails: true })
  })
})

describe('ignore-checks', () => {
  it('skips what it names, says what was found, and leaves passing checks alone', () => {
    const { checks, unknown } = ignoreChecks(
      [check('host.clock', 'fail', '4 min behind'), check('host.gpu', 'pass')],
      ['host.clock', 'host.gpu'],
    )
    expect(checks[0]).toMatchObject({ verdict: 'skip', found: 'ignored by ignore-checks (was fail): 4 min behind' })
    expect(checks[1]?.verdict).toBe('pass')
    expect(unknown).toEqual([])
  })

  it('offers the nearest id for one that does not exist', () => {
    const { unknown } = ignoreChecks(
      [check('host.clock', 'fail'), check('host.ports', 'pass')],
      ['host.clok', 'ports', 'nonsense'],
      ['handshake.token'],
    )
    expect(unknown).toEqual([
      { id: 'host.clok', nearest: 'host.clock' },
      { id: 'ports', nearest: 'host.ports' },
      { id: 'nonsense' },
    ])
  })
})

describe('the recorder', () => {
  const clock = () => {
    let ms = 1000
    return {
      now: () => ms,
      startedAt: new Date('2026-11-21T08:00:00Z'),
      advance: (by: number) => {
        ms += by
      },
    }
  }

  it('times stages and milestones since the run began, also when a stage fails', async () => {
    const time = clock()
    const record = startRecorder(time)
    await record.stage('Read', async () => time.advance(200))
    await expect(
      record.stage('Start', async () => {
        time.advance(50)
        record.milestone('containerd up')
        record.milestone('containerd up')
        time.advance(50)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    record.milestone('outside: nowhere to put it')
    expect(record.parts()).toMatchObject({
      startedAt: '2026-11-21T08:00:00.000Z',
      durationMs: 300,
      stages: [
        { title: 'Read', startedMs: 0, endedMs: 200 },
        { title: 'Start', startedMs: 200, endedMs: 300 },
      ],
      milestones: [{ stage: 'Start', atMs: 50, text: 'containerd up' }],
    })
  })

  it('keeps the latest answer to each question', () => {
    const record = startRecorder(clock())
    record.check(check('a', 'fail'), check('b', 'pass'))
    record.check(check('a', 'pass'))
    expect(record.parts().checks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['a', 'pass'],
      ['b', 'pass'],
    ])
  })
})
