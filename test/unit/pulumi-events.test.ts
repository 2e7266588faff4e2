import { describe, expect, it } from '@jest/globals'
import { collectEvents } from '../../src/pulumi/collect.ts'
import { readEvent } from '../../src/pulumi/engine-event.ts'
import { readLines } from '../../src/pulumi/output-lines.ts'
import { readOutputs } from '../../src/pulumi/outputs.ts'
import { permalinkIn } from '../../src/pulumi/permalink.ts'
import { readUrn } from '../../src/pulumi/urn.ts'
import { lineOf, logLineOf, paragraphOf } from '../../src/pulumi/words.ts'
import { complaint, prelude, stack, step, summary, urnOf } from '../protocol/pulumi-ground.ts'

const secret = 'a-passphrase-that-was-masked'
const redact = (text: string) => text.replaceAll(secret, '***')
/** toMatchObject takes any object for an empty one. */
const nothing = { asymmetricMatch: (value: object) => Object.keys(value).length === 0 }
const same = (text: string) => text
const deployment = ['kubernetes:apps/v1:Deployment', 'cloudflared'] as const

function collected(events: readonly unknown[]) {
  const collector = collectEvents(redact)
  for (const given of events) {
    const event = readEvent(typeof given === 'string' ? given : JSON.stringify(given))
    if (event) collector.add(event)
  }
  return collector.collected()
}

describe('the changes of a run', () => {
  it('are one line for each resource: the steps of a replacement are one', () => {
    const steps = ['create-replacement', 'replace', 'delete-replaced'].flatMap((op) => [
      step('resourcePreEvent', op, deployment, { diffs: ['spec'] }),
      step('resOutputsEvent', op, deployment),
    ])
    expect(collected([prelude, ...steps, summary({ replace: 1 })]).changes).toEqual([
      { operation: 'replace', type: deployment[0], name: deployment[1], differs: ['spec'], isFailed: false },
    ])
  })

  it('leave out what stays as it is, what is only read, and what the engine made for itself', () => {
    const ops = ['same', 'read', 'refresh', 'discard', 'read-replacement']
    const events = ops.map((op, index) => step('resourcePreEvent', op, [deployment[0], `n${index}`]))
    const own = step('resourcePreEvent', 'create', ['pulumi:providers:kubernetes', 'default_4_24_0'])
    expect(collected([prelude, ...events, own]).changes).toEqual([])
  })

  it('begin with what failed, so that it is never among those that are left out', () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      step('resourcePreEvent', 'create', [deployment[0], `n${index}`]),
    )
    const failed = step('resOpFailedEvent', 'create', [deployment[0], 'n299'])
    const { changes, moreChanges } = collected([prelude, ...many, failed])
    expect(changes).toHaveLength(200)
    expect(changes[0]).toMatchObject({ name: 'n299', isFailed: true })
    expect(moreChanges).toBe(100)
  })

  it('fail, too, by what a preview complains of', () => {
    const { changes } = collected([
      prelude,
      step('resourcePreEvent', 'create', deployment, { planning: true }),
      complaint('error', 'no', urnOf(...deployment)),
    ])
    expect(changes[0]?.isFailed).toBe(true)
  })

  it('are counted by what was done when there is no summary', () => {
    const run = collected([
      prelude,
      step('resourcePreEvent', 'create', deployment),
      step('resOutputsEvent', 'create', deployment),
      step('resourcePreEvent', 'delete', [deployment[0], 'old']),
    ])
    expect(run).toMatchObject({ isBegun: true, isPreview: false, result: '', counts: { create: 1 } })
    expect(run.changes.map((one) => one.operation)).toEqual(['create', 'delete'])
  })

  it('are those of the last phase', () => {
    const preview = [
      prelude,
      step('resourcePreEvent', 'create', deployment, { planning: true }),
      complaint('warning', 'of the preview'),
      summary({ create: 1 }, { isPreview: true }),
    ]
    expect(collected(preview)).toMatchObject({ isPreview: true, counts: { create: 1 } })
    expect(collected([...preview, prelude])).toMatchObject({
      isPreview: false,
      counts: nothing,
      changes: [],
      diagnostics: [],
    })
  })
})

describe('complaints', () => {
  it('name their resource, errors before warnings; what the program prints is none', () => {
    const { diagnostics } = collected([
      prelude,
      complaint('warning', 'deprecated', urnOf(...deployment)),
      complaint('info', 'console.log'),
      complaint('info#err', 'console.error'),
      complaint('error', '<{%fg 1%}>it <{%reset%}>threw\n  at index.ts\u001b[31m'),
    ])
    expect(diagnostics).toEqual([
      { severity: 'error', resource: '', message: 'it threw\n  at index.ts' },
      { severity: 'warning', resource: 'kubernetes:apps/v1:Deployment cloudflared', message: 'deprecated' },
    ])
  })

  it('tell of mandatory policies only', () => {
    const policy = (enforcementLevel: string) => ({
      policyEvent: {
        resourceUrn: urnOf(...deployment),
        message: 'no',
        policyName: 'no-host-path',
        policyPackName: 'house',
        enforcementLevel,
      },
    })
    expect(collected([prelude, policy('warning'), policy('advisory')]).brokenPolicies).toEqual([])
    expect(collected([prelude, policy('mandatory')])).toMatchObject({
      brokenPolicies: ['house: no-host-path'],
      diagnostics: [{ severity: 'error', message: 'policy house: no-host-path: no' }],
    })
  })
})

describe('hostile events', () => {
  it('fill no memory and bring no secret in', () => {
    const flood = Array.from({ length: 12_000 }, (_, index) =>
      step('resourcePreEvent', 'create', [deployment[0], `n${index} ${'x'.repeat(20)}`]),
    )
    const noise = Array.from({ length: 500 }, (_, index) =>
      complaint('error', `${index} ${secret} ${'y'.repeat(9000)}`),
    )
    const run = collected([prelude, ...flood, ...noise])
    expect(run.changes).toHaveLength(200)
    expect(run.moreChanges).toBe(11_800)
    expect(run.diagnostics).toHaveLength(50)
    expect(JSON.stringify(run).length).toBeLessThan(300_000)
    expect(JSON.stringify(run)).not.toContain(secret)
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '[1]'],
    ['counts that are none', JSON.stringify(summary({ create: -1, update: 1.5, __proto__: 3 } as never))],
    ['a URN that is none', JSON.stringify(step('resourcePreEvent', 'create', ['', '']))],
    ['an operation that is none', JSON.stringify(step('resourcePreEvent', '::error::x', deployment))],
    [
      'events of the wrong shape',
      '{"resourcePreEvent":{"metadata":[]},"diagnosticEvent":{"severity":"error","message":{}}}',
    ],
  ])('are ignored: %s', (_name, line) => {
    expect(collected([prelude, line])).toMatchObject({
      counts: nothing,
      changes: [],
      diagnostics: [],
      brokenPolicies: [],
    })
  })

  it('name properties that are cut and printable', () => {
    const detailedDiff = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`spec\n::error::${index}${'z'.repeat(500)}`, {}]),
    )
    const [change] = collected([prelude, step('resourcePreEvent', 'update', deployment, { detailedDiff })]).changes
    expect(change?.differs).toHaveLength(20)
    for (const path of change?.differs ?? []) expect(path).toMatch(/^[^\n]{1,200}$/)
  })
})

describe('texts', () => {
  it('lose their secrets before they are cut, also hidden ones', () => {
    expect(lineOf(`${'a'.repeat(290)}${secret}`, redact)).not.toContain('a-pass')
    expect(lineOf(`a-pass\u200bphrase-that-was-masked`, redact)).toBe('***')
    expect(logLineOf(`${'a'.repeat(1990)}${secret}`, redact)).not.toContain('a-pass')
    // The end of what is looked at cuts a secret in two.
    expect(paragraphOf(`${'\u200b'.repeat(65_530)}${secret}`, redact)).not.toContain('a-pas')
  })

  it('keep the indentation of a log, and 30 lines of a message', () => {
    expect(logLineOf('    + 1 to create\r', same)).toBe('    + 1 to create')
    expect(
      paragraphOf(Array.from({ length: 40 }, (_, index) => `l${index}`).join('\n'), same)
        .split('\n')
        .at(-1),
    ).toBe('… 10 more lines')
  })

  it('come in lines, however they are cut, and never longer than they may be', () => {
    const lines: string[] = []
    const reader = readLines(
      10,
      (line) => lines.push(line),
      () => lines.push('LONG'),
    )
    for (const byte of Buffer.from('für\r\n\nabc\n12345678901\nend')) reader.read(Buffer.of(byte))
    reader.end()
    expect(lines).toEqual(['für', 'abc', 'LONG', 'end'])
  })
})

describe('a page of an update', () => {
  const place = (environment: Record<string, string> = {}) => ({ program: '', workingDirectory: '', environment })
  const own = 'ryan-taylor/oceanid-cluster/prod'

  it.each([
    [`https://app.pulumi.com/${own}/updates/7`, {}],
    [`https://app.pulumi.com/${own}/previews/0a1b-2c`, {}],
    [`https://app.pulumi.example/${own}/updates/7`, { PULUMI_BACKEND_URL: 'https://api.pulumi.example' }],
    [
      `https://console.example/${own}/updates/7`,
      { PULUMI_BACKEND_URL: 'https://pulumi.example', PULUMI_CONSOLE_DOMAIN: 'console.example' },
    ],
  ])('is taken: %s', (address, environment) => {
    expect(permalinkIn(`View Live: ${address}`, place(environment), stack)).toBe(address)
  })

  it.each([
    `https://app.pulumi.com.evil.example/${own}/updates/7`,
    `http://app.pulumi.com/${own}/updates/7`,
    `https://user:x@app.pulumi.com/${own}/updates/7`,
    `https://app.pulumi.com/${own}/updates/7#x`,
    `https://app.pulumi.com/${own}/updates/../../../other/p/s/updates/7`,
    'https://app.pulumi.com/other/p/s/updates/7',
    `https://app.pulumi.com/${own}/settings`,
  ])('is not taken: %s', (address) => {
    expect(permalinkIn(`View Live: ${address}`, place(), stack)).toBe('')
  })
})

describe('outputs and names', () => {
  it('of a stack are texts; secrets are named only', () => {
    const given = `{"a":"x","b":[1],"c":"[secret]","d":{"inner":"[secret]"},"__proto__":"y","long":"${'l'.repeat(5000)}"}`
    const read = readOutputs(given, redact)
    expect(read).toMatchObject({ outputs: { a: 'x', b: '[1]', d: '{"inner":"[secret]"}' }, secretOutputs: ['c'] })
    expect(Object.keys(read?.outputs ?? {})).toEqual(['a', 'b', 'd', 'long'])
    expect(read?.outputs.long).toHaveLength(2000)
    expect(readOutputs(`{"a":"${secret}"}`, redact)?.outputs).toEqual({ a: '***' })
    for (const bad of ['', '[]', 'null', 'error: x']) expect(readOutputs(bad, same)).toBeUndefined()
  })

  it('of a resource may hold what separates its parts', () => {
    expect(readUrn('urn:pulumi:prod::p::a:b:C$kubernetes:core/v1:Namespace::flux::system')).toEqual({
      type: 'kubernetes:core/v1:Namespace',
      name: 'flux::system',
    })
    for (const bad of ['', 'urn:pulumi:prod', 'urn:pulumi:prod::p', 'urn:pulumi:prod::p::t', 'x::y::z::n'])
      expect(readUrn(bad)).toBeUndefined()
  })
})
