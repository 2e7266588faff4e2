/** Runs and jobs of one concurrency group: who runs, who waits, who gives way. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { ConcurrencyGroups, type RecordedRun } from '../../rehearsal/workflow/index.ts'
import { type RunOptions, run, temporaryFolder } from './runner-fixture.ts'

/** Says when it begins, and ends when the file is there (or after ten seconds, should a test go wrong). */
const holdsUntil = (file: string): string =>
  `echo "begin $GITHUB_RUN_NUMBER" >> ${file}.log; n=0; while [ ! -e ${file} ] && [ $n -lt 500 ]; do sleep 0.02; n=$((n+1)); done; echo "end $GITHUB_RUN_NUMBER" >> ${file}.log`

interface Started {
  readonly ended: Promise<RecordedRun>
}

/** A workflow whose runs end when they are let, and the groups that they share. */
function line(concurrency: string, where: 'workflow' | 'job' = 'workflow') {
  const file = join(temporaryFolder(), 'gate')
  const groups = new ConcurrencyGroups()
  const setting = (place: typeof where): string => (where === place ? `concurrency: ${concurrency}` : '')
  const text = `on: workflow_dispatch\n${setting('workflow')}\njobs:\n  a:\n    runs-on: x\n    ${setting('job')}\n    steps: [{ run: '${holdsUntil(file)}' }]\n`
  const diary = (): string => (existsSync(`${file}.log`) ? readFileSync(`${file}.log`, 'utf8') : '')
  return {
    groups,
    /** What the jobs of all runs have written. */
    diary,
    open: (): void => writeFileSync(file, ''),
    /** Starts a run; when this resolves it runs, waits or has ended. */
    async start(number: number, options: RunOptions = {}): Promise<Started> {
      const placed = Promise.withResolvers<void>()
      let isRunning = false
      const log = new Writable({
        write(chunk, _, done) {
          isRunning ||= /Run echo/.test(String(chunk))
          if (isRunning || /Waiting for|Error: /.test(String(chunk))) placed.resolve()
          done()
        },
      })
      let hasEnded = false
      const ended = run(text, { groups, runNumber: number, log, ...options }).finally(() => {
        hasEnded = true
      })
      await Promise.race([placed.promise, ended])
      // Between the line of the log and the first word of the script lies the start of a shell.
      while (isRunning && !hasEnded && !diary().includes(`begin ${number}`)) await setTimeout(10)
      return { ended }
    },
  }
}

const endings = async (runs: readonly Started[]): Promise<string[]> =>
  (await Promise.all(runs.map(({ ended }) => ended))).map(({ conclusion }) => conclusion)

const inTurn = (...numbers: readonly number[]): string =>
  numbers.map((number) => `begin ${number}\nend ${number}\n`).join('')

describe('runs of one concurrency group', () => {
  it.each(['workflow', 'job'] as const)(
    'run one after the other as they came with queue: max of a %s, and none is cancelled',
    async (where) => {
      const { start, groups, open, diary } = line('{ group: cluster, queue: max }', where)
      const runs = [await start(1), await start(2), await start(3), await start(4)]
      // GitHub does not tell the case of groups apart.
      expect(groups.pending('CLUSTER')).toBe(3)
      open()
      expect(await endings(runs)).toEqual(['success', 'success', 'success', 'success'])
      expect(diary()).toBe(inTurn(1, 2, 3, 4))
      expect(groups.isHeld('cluster')).toBe(false)
    },
  )

  it.each(['workflow', 'job'] as const)(
    'without a queue in a %s: the newest that waits replaces the one before',
    async (where) => {
      const { start, open, diary } = line('cluster', where)
      const runs = [await start(1), await start(2), await start(3)]
      const [, replaced] = runs
      expect((await replaced?.ended)?.annotations).toEqual([
        {
          level: 'error',
          title: '',
          message: "Canceling since a higher priority waiting request for 'cluster' exists",
        },
      ])
      open()
      expect(await endings(runs)).toEqual(['success', 'cancelled', 'success'])
      expect(diary()).toBe(inTurn(1, 3))
    },
  )

  it.each(['workflow', 'job'] as const)(
    'with cancel-in-progress of a %s whoever runs ends, and whoever waits is replaced',
    async (where) => {
      const { start, open, diary } = line('{ group: cluster, cancel-in-progress: true }', where)
      const first = await start(1, { delays: { interruptMs: 50, terminateMs: 50 } })
      const second = await start(2)
      expect((await first.ended).conclusion).toBe('cancelled')
      open()
      expect((await second.ended).conclusion).toBe('success')
      expect(diary()).toBe('begin 1\nbegin 2\nend 2\n')
    },
  )

  it('are pending until somebody cancels them, and leave the line then', async () => {
    const { start, groups, open, diary } = line('{ group: cluster, queue: max }')
    const button = new AbortController()
    const runs = [await start(1), await start(2, { signal: button.signal }), await start(3)]
    button.abort()
    const cancelled = await runs[1]?.ended
    expect(cancelled?.conclusion).toBe('cancelled')
    expect(cancelled?.jobs).toEqual([])
    expect(groups.pending('cluster')).toBe(1)
    open()
    expect(await endings(runs)).toEqual(['success', 'cancelled', 'success'])
    expect(diary()).toBe(inTurn(1, 3))
  })

  it('of which one fails let the next run all the same', async () => {
    const groups = new ConcurrencyGroups()
    const text = (step: string): string =>
      `on: workflow_dispatch\nconcurrency: { group: g, queue: max }\njobs: { a: { runs-on: x, steps: [{ run: "${step}" }] } }\n`
    const runs = [run(text('exit 1'), { groups }), run(text('exit 0'), { groups })]
    expect((await Promise.all(runs)).map(({ conclusion }) => conclusion).sort()).toEqual(['failure', 'success'])
  })

  it('do not see each other without common groups', async () => {
    const { start, open, diary } = line('{ group: cluster, queue: max }')
    const runs = [
      await start(1, { groups: new ConcurrencyGroups() }),
      await start(2, { groups: new ConcurrencyGroups() }),
    ]
    open()
    expect(await endings(runs)).toEqual(['success', 'success'])
    expect(diary().split('\n').slice(0, 2)).toEqual(['begin 1', 'begin 2'])
  })

  it('may not be queued and cancelled at once', async () => {
    const text =
      'on: workflow_dispatch\nconcurrency: { group: g, queue: max, cancel-in-progress: true }\njobs: { a: { runs-on: x, steps: [{ run: x }] } }\n'
    await expect(run(text)).rejects.toThrow(
      /test\.yml:2:\d+: 'queue: max' and 'cancel-in-progress: true' exclude each other/,
    )
  })
})

describe('the line of a group', () => {
  const wanted = { group: 'g', cancelsRunning: false, queue: 'max' } as const
  const never = new AbortController().signal

  it('is a hundred long at most; one more does not wait', async () => {
    const groups = new ConcurrencyGroups()
    const first = await groups.enter(wanted, never)
    const waiting = Array.from({ length: 100 }, () => groups.enter(wanted, never))
    await expect(groups.enter(wanted, never)).resolves.toEqual({
      reason: "'g' has 100 waiting already, and no more may wait",
    })
    if ('leave' in first) first.leave()
    const second = await waiting[0]
    expect(second).toHaveProperty('leave')
    expect(groups.pending('g')).toBe(99)
  })

  it('is left once: leaving again takes nobody else’s turn', async () => {
    const groups = new ConcurrencyGroups()
    const first = await groups.enter(wanted, never)
    const [second, third] = [groups.enter(wanted, never), groups.enter(wanted, never)]
    if ('leave' in first) {
      first.leave()
      await second
      first.leave()
    }
    expect(groups.pending('g')).toBe(1)
    const turn = await second
    if ('leave' in turn) turn.leave()
    expect(await third).toHaveProperty('leave')
  })
})

describe('a self-hosted runner', () => {
  it('takes one job at a time, also of different runs that wait for nobody', async () => {
    const runner = join(temporaryFolder(), 'machine')
    const { start, open, diary } = line('{ group: "${{ github.run_number }}" }')
    const runs = [await start(1, { runner }), await start(2, { runner })]
    expect(diary()).toBe('begin 1\n')
    open()
    const [, second] = await Promise.all(runs.map(({ ended }) => ended))
    expect(second?.log).toContain('Waiting for a runner to pick up this job (x)')
    expect(diary()).toBe(inTurn(1, 2))
  })
})
