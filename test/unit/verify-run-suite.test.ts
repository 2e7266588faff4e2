import { describe, expect, it } from '@jest/globals'
import { HttpFault } from '../../src/http/index.ts'
import { ClusterError } from '../../src/kubernetes/index.ts'
import type { Check } from '../../src/report/index.ts'
import {
  blockedSuite,
  type Patience,
  portsAfter,
  runSuite,
  type Suite,
  type SuiteName,
  type SuiteOutcome,
  type VerifyEntry,
  type VerifyPorts,
  type VerifyWish,
} from '../../src/verify/index.ts'
import { BlockedError } from '../../src/verify/without-api.ts'

const entry = (id: string, mode: VerifyEntry['mode'] = 'observe'): VerifyEntry => ({
  id,
  suite: 'nodes',
  asks: `Is ${id} well?`,
  severity: 'fail',
  mode,
  remedy: 'mend it',
})
const passed: Check = { id: 'nodes.ready', verdict: 'pass', question: '', found: '' }
const gone = new ClusterError('api-unreachable', { title: 'the server is gone', cause: 'refused', remedy: 'start it' })

/** Answers one after the other; the last one for ever. */
function suiteOf(name: SuiteName, ...answers: readonly (Error | SuiteOutcome)[]) {
  let asked = 0
  const suite: Suite = {
    name,
    entries: [entry('nodes.ready'), entry('nodes.labels'), entry('nodes.x.<node>'), entry('nodes.deep', 'probe')],
    access: () => [],
    verify: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)]
      if (answer instanceof Error) throw answer
      return answer ?? { checks: [] }
    },
  }
  return { suite, asked: () => asked }
}

function run({ suite }: { readonly suite: Suite }, retries = 2, signal = new AbortController().signal) {
  const waits: number[] = []
  const patience: Patience = { retries, wait: async (milliseconds) => void waits.push(milliseconds) }
  const ports = { say: () => undefined, signal } as unknown as VerifyPorts
  return { waits, outcome: runSuite(suite, ports, { mode: 'observe' } as VerifyWish, patience) }
}

const verdicts = (outcome: SuiteOutcome) => outcome.checks.map(({ id, verdict }) => `${id} ${verdict}`)

describe('a suite', () => {
  it('that could not ask is asked again, after a pause, and its answer counts then', async () => {
    const one = suiteOf('nodes', gone, gone, { checks: [passed] })
    const { outcome, waits } = run(one)
    expect(verdicts(await outcome)).toEqual(['nodes.ready pass'])
    expect([one.asked(), waits]).toEqual([3, [1_000, 3_000]])
  })

  it('that never could ask is an error in each of its checks of this mode, and no failure', async () => {
    const outcome = await run(suiteOf('nodes', gone), 1).outcome
    expect(verdicts(outcome)).toEqual(['nodes.ready error', 'nodes.labels error'])
    expect(outcome.checks[0]).toMatchObject({
      found: 'could not be asked: the server is gone',
      cause: 'refused',
      remedy: 'start it',
    })
  })

  it('that is refused is skipped at once, with what is missing', async () => {
    const refusal = new ClusterError('forbidden', { title: 'may not list nodes', cause: 'a rule', remedy: 'apply it' })
    const one = suiteOf('nodes', refusal)
    expect(verdicts(await run(one).outcome)).toEqual(['nodes.ready skip', 'nodes.labels skip'])
    expect(one.asked()).toBe(1)
  })

  it('with an answer that nobody could give is asked again as well', async () => {
    const unsure: SuiteOutcome = { checks: [{ ...passed, verdict: 'error' }] }
    const one = suiteOf('nodes', unsure, { checks: [passed] })
    expect(verdicts(await run(one).outcome)).toEqual(['nodes.ready pass'])
    const never = suiteOf('nodes', unsure)
    expect(verdicts(await run(never, 1).outcome)).toEqual(['nodes.ready error'])
    expect(never.asked()).toBe(2)
  })

  it('with a failing check is not asked again: it has answered', async () => {
    const one = suiteOf('nodes', { checks: [{ ...passed, verdict: 'fail' }] })
    expect(verdicts(await run(one).outcome)).toEqual(['nodes.ready fail'])
    expect(one.asked()).toBe(1)
  })

  it('whose endpoint is gone is an error, our own mistakes are none of it, and a cancelled run asks nothing more', async () => {
    const fault = new HttpFault({ code: 'refused', title: 'no Triton', cause: 'nobody listens', remedy: 'start it' })
    expect(verdicts(await run(suiteOf('triton', fault), 0).outcome)).toContain('nodes.ready error')
    await expect(run(suiteOf('nodes', new TypeError('bug'))).outcome).rejects.toThrow('bug')
    const one = suiteOf('nodes', gone)
    await expect(run(one, 9, AbortSignal.abort(new Error('cancelled'))).outcome).rejects.toThrow('cancelled')
    expect(one.asked()).toBe(1)
  })
})

describe('an API server that is gone', () => {
  const broken: readonly Check[] = [{ id: 'api.reachable', verdict: 'error', question: '', found: '' }]
  const wish = { mode: 'observe' } as VerifyWish

  it('blocks what goes through it, and nothing else', () => {
    const { suite } = suiteOf('nodes')
    expect(blockedSuite(suite, wish, broken)).toMatchObject([
      { id: 'nodes.ready', verdict: 'skip', found: 'blocked by api.reachable' },
      { id: 'nodes.labels', verdict: 'skip' },
    ])
    expect(blockedSuite(suite, wish, [{ ...broken[0], verdict: 'pass' } as Check])).toBeUndefined()
    expect(blockedSuite(suiteOf('triton').suite, wish, broken)).toBeUndefined()
  })

  it('is not waited for again by what asks others as well, and its handshake is still looked at', async () => {
    const { suite, asked } = suiteOf('certificates', new BlockedError('api.reachable'))
    const patience = { retries: 5, wait: () => Promise.reject(new Error('nobody waits')) }
    const { checks } = await runSuite(suite, { signal: new AbortController().signal } as VerifyPorts, wish, patience)
    expect(checks.map(({ verdict, found }) => [verdict, found])).toEqual([
      ['skip', 'blocked by api.reachable'],
      ['skip', 'blocked by api.reachable'],
    ])
    expect(asked()).toBe(1)
    const dates = { server: [], authority: [] }
    let answer = (): Promise<typeof dates> => Promise.resolve(dates)
    const { signal } = new AbortController()
    const ports = { signal, certificates: () => answer(), lists: { serverTimeMs: () => 7 } } as unknown as VerifyPorts
    expect(portsAfter(ports, [])).toBe(ports)
    const own = portsAfter(ports, broken)
    await expect(own.lists.nodes()).rejects.toThrow(BlockedError)
    expect([await own.certificates(), own.lists.serverTimeMs()]).toEqual([dates, 7])
    answer = () => Promise.reject(gone)
    await expect(own.certificates()).rejects.toThrow('blocked by api.reachable')
  })
})
