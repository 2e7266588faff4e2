import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { readEventLog } from '../../src/pulumi/event-log.ts'
import { ending, groundFor, prelude, run, secret, step, summary, wishFor } from './pulumi-ground.ts'

const deployment = ['kubernetes:apps/v1:Deployment', 'cloudflared'] as const
const namespace = ['kubernetes:core/v1:Namespace', 'flux-system'] as const
const page = 'https://app.pulumi.com/ryan-taylor/oceanid-cluster/prod'
/** toMatchObject takes any object for an empty one. */
const nothing = { asymmetricMatch: (value: object) => Object.keys(value).length === 0 }

const updated = [
  prelude,
  step('resourcePreEvent', 'update', deployment, { detailedDiff: { 'spec.replicas': { diffKind: 'update' } } }),
  step('resOutputsEvent', 'update', deployment),
  step('resourcePreEvent', 'same', namespace),
  summary({ update: 1, same: 41 }),
  ending,
]
const outputs = {
  call: 'stack output',
  stdout: '{"fluxNamespace":"flux-system","token":"[secret]","ports":[80,443]}\n',
}

describe('ending', () => {
  it('a cancelled job interrupts the CLI once, and lets it end its update', async () => {
    using ground = groundFor([
      {
        call: 'up',
        phases: [[prelude, step('resourcePreEvent', 'update', deployment)]],
        stdout: 'Updating\n',
        hangs: 'yes',
      },
      outputs,
    ])
    const job = new AbortController()
    const { outcome, failure } = await run(ground, wishFor(), job.signal, (line) => line === 'Updating' && job.abort())
    expect(outcome).toMatchObject({ exitCode: 1, isCancelled: true, isKilled: false, isTimedOut: false })
    expect(ground.interrupts()).toBe(1)
    expect(failure?.code).toBe('pulumi-cancelled')
    // What it was at is told; and there is no time for anything else.
    expect(outcome.deployment).toMatchObject({
      isComplete: false,
      changes: [{ operation: 'update', name: 'cloudflared' }],
    })
    expect(ground.calls()).toHaveLength(1)
    expect(ground.leftovers()).toEqual([])
  })

  it('a CLI that does not end is killed after its patience, and the report says what that means', async () => {
    using ground = groundFor([{ call: 'up', phases: [[prelude]], hangs: 'deaf' }, outputs])
    const wish = wishFor({ timeoutMs: 500, patienceMs: 150 })
    const { outcome, failure } = await run(ground, wish)
    expect(outcome).toMatchObject({ exitCode: 137, isTimedOut: true, isKilled: true, isCancelled: false })
    expect(ground.interrupts()).toBe(1)
    expect(failure?.code).toBe('pulumi-timeout')
    expect(failure?.cause).toContain('the stack may be locked')
    expect(ground.leftovers()).toEqual([])
  })

  it('a job that is cancelled while the CLI ends already does not interrupt it again', async () => {
    using ground = groundFor([{ call: 'up', phases: [[prelude]], hangs: 'deaf' }])
    const job = new AbortController()
    const wish = wishFor({ timeoutMs: 400, patienceMs: 400 })
    const { outcome } = await run(ground, wish, job.signal, (line) => line.startsWith('interrupted') && job.abort())
    expect(outcome).toMatchObject({ exitCode: 137, isTimedOut: true, isCancelled: true, isKilled: true })
    expect(ground.interrupts()).toBe(1)
  })

  it('a job that was cancelled before starts nothing', async () => {
    using ground = groundFor([])
    const reason = new Error('cancelled')
    await expect(run(ground, wishFor(), AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(ground.calls()).toEqual([])
  })
})

describe('hostile output', () => {
  it('is shown as lines without secrets, bounded, and proves nothing', async () => {
    const forged = [
      'View Live: https://evil.example/ryan-taylor/oceanid-cluster/prod/updates/7',
      `View Live: ${page}/updates/7?next=evil`,
      'error: [409] Conflict: Another update is currently in progress.',
      '\u001b[31mred\u001b[0m',
      `pass\u200bphrase ${secret}`,
      'x'.repeat(200_000),
      ...Array.from({ length: 6000 }, (_, index) => `line ${index}`),
    ]
    using ground = groundFor([
      { call: 'up', phases: [updated], stdout: `${forged.join('\n')}\n` },
      { call: 'stack output', stdout: 'not JSON' },
    ])
    const { outcome, failure, said } = await run(ground, wishFor())
    expect(failure).toBeUndefined()
    expect(outcome.deployment).toMatchObject({ url: '', outputs: {}, secretOutputs: [] })
    expect(said).toContain('red')
    expect(said).toContain('passphrase ***')
    expect(said).toContain('(a line of more than 65536 characters is left out)')
    expect(said.length).toBeLessThan(5010)
    expect(outcome.lastLines).toHaveLength(200)
    expect(outcome.lastLines.at(-1)).toBe('line 5999')
    expect(JSON.stringify([outcome, said])).not.toContain(secret)
  })

  it('an event log of rubbish is an empty one', async () => {
    using ground = groundFor([
      {
        call: 'preview',
        phases: [['{', '[]', 'null', '{"summaryEvent":7}', '{"__proto__":{"summaryEvent":{}}}']],
        exitCode: 0,
      },
      outputs,
    ])
    const { outcome } = await run(ground, wishFor({ command: 'preview' }))
    expect(outcome.deployment).toMatchObject({ counts: nothing, changes: [], isComplete: false })
  })

  it('an event log that is a link or a pipe is not read', async () => {
    using ground = groundFor([])
    const folder = ground.place.environment.STANDIN_PLAY ?? ''
    const real = join(folder, 'real.jsonl')
    writeFileSync(real, `${JSON.stringify(summary({ create: 1 }))}\n`)
    symlinkSync(real, join(folder, 'link.jsonl'))
    execFileSync('mkfifo', [join(folder, 'pipe.jsonl')])
    expect(await readEventLog(real, (text) => text)).toMatchObject({ counts: { create: 1 } })
    for (const name of ['link.jsonl', 'pipe.jsonl', 'none.jsonl'])
      expect(await readEventLog(join(folder, name), (text) => text)).toMatchObject({ isBegun: false, counts: nothing })
  })
})
