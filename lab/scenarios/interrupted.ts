/** Runs that are cancelled or killed on real parts: nothing stays behind, and the next press converges. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Boundary, boundaries } from '../../rehearsal/interruptions.ts'
import type { Running } from '../../rehearsal/press.ts'
import type { Lab, LabScenario } from '../inside/model.ts'
import type { Situation } from '../situation.ts'
import { expectPress, inSituation, scenario } from './expect.ts'

/** Boundaries that are seen in the log of the run, or in the change log on the host: those of a first join. */
const ofMain = boundaries.filter(
  ({ calypso, logs, begins }) => calypso === 'fresh' && (logs !== undefined || begins !== undefined),
)

/** By its change log, which the lab sees from outside: whether a run has begun this step on the host. */
function hasBegun({ calypso }: Situation, step: string): boolean {
  const runs = join(calypso.root, 'var/lib/k3s-gpu-actions/runs')
  try {
    return readdirSync(runs).some((run) =>
      readFileSync(join(runs, run, 'log'), 'utf8')
        .split('\n')
        .includes(`step ${step}`),
    )
  } catch {
    return false
  }
}

/** Resolves at the boundary, with false when the run ended without coming to it. */
async function reached(situation: Situation, { logs, begins }: Boundary, run: Running): Promise<boolean> {
  if (logs)
    return await run.seen(logs).then(
      () => true,
      () => false,
    )
  let isOver = false
  void run.ended.then(() => {
    isOver = true
  })
  while (begins !== undefined && !hasBegun(situation, begins)) {
    if (isOver) return false
    await sleep(2)
  }
  return true
}

async function expectConverged(situation: Situation): Promise<void> {
  expectPress(await situation.press(), { exitCode: 0, outputs: { 'failure-code': '' } })
  expectPress(await situation.press(), { exitCode: 0, outputs: { result: 'unchanged' } })
  assert.deepEqual(await situation.tokens(), [], 'a token is left')
  assert.equal((await situation.calypso.unit('k3s-agent')).activeState, 'active')
}

/** First cancelled there, then, pressed again, killed there; post runs in every other story. */
async function interruptTwice(situation: Situation, boundary: Boundary, hasPost: boolean): Promise<string> {
  const cancelled = situation.start()
  let how = 'not reached'
  if (await reached(situation, boundary, cancelled)) {
    const startedAt = performance.now()
    cancelled.child.kill('SIGINT')
    const press = await cancelled.ended
    const seconds = (performance.now() - startedAt) / 1000
    how = `cancelled in ${seconds.toFixed(1)} s`
    assert.ok(seconds < 7.5, `${boundary.name}: the cancelled run needed ${seconds.toFixed(1)} s to end`)
    assert.deepEqual(await situation.tokens(), [], `${boundary.name}: the token outlived the cancelled run`)
    if (press.exitCode !== 0) expectPress(press, { exitCode: 1, outputs: { 'failure-code': 'cancelled' } })
  }
  const killed = situation.start()
  if (await reached(situation, boundary, killed)) killed.child.kill('SIGKILL')
  const { state } = await killed.ended
  if (hasPost) {
    expectPress(await situation.post(state), { exitCode: 0 })
    assert.deepEqual(await situation.tokens(), [], `${boundary.name}: post left a token`)
  }
  await expectConverged(situation)
  return `${boundary.name} ${how}`
}

/** Each in a situation of its own: a machine that has just booted, and a cluster at its beginning. */
async function inTurns<T>(
  lab: Lab,
  all: readonly T[],
  story: (situation: Situation, one: T, index: number) => Promise<string>,
) {
  const told: string[] = []
  for (const [index, one] of all.entries()) {
    const situation = await lab.situation({})
    try {
      told.push(await story(situation, one, index))
    } finally {
      await situation.close()
    }
  }
  return told.join('; ')
}

/** What is killed on the machine, by the command lines of its processes as pkill matches them. */
const ofHost = [
  { what: 'the sshd that serves the connection', step: 'run-installer', pattern: '^sshd: oceanid' },
  { what: 'the scripts of the run', step: 'write-config', pattern: 'k3s-gpu-actions-begin' },
  { what: 'the sshd that serves the connection', step: 'enable', pattern: '^sshd: oceanid' },
] as const

/** The run ends by itself, takes back what it did if it can, and says so. */
async function killOnHost(situation: Situation, { what, step, pattern }: (typeof ofHost)[number]): Promise<string> {
  const { calypso } = situation
  const before = calypso.trees()
  const run = situation.start()
  assert.ok(await reached(situation, { name: step, calypso: 'fresh', means: [], begins: step }, run))
  const { code, stderr } = await calypso.run(['pkill', '-KILL', '-f', pattern])
  assert.equal(code, 0, `${what}: nothing was killed: ${stderr}`)
  const press = await run.ended
  assert.deepEqual(await situation.tokens(), [], `${what}: the token outlived the run`)
  const state = press.report?.failure?.state ?? ''
  // The kill may come after the script's last word; then the run goes on as if nothing had been.
  if (press.exitCode !== 0) {
    assert.match(state, /^undone|^nothing was changed/)
    assert.deepEqual(calypso.trees(), before, `${what}: the machine is not as before`)
  }
  await expectConverged(situation)
  return `${what} in ${step}: ${press.exitCode === 0 ? 'too late' : state}`
}

export const interruptedScenarios: readonly LabScenario[] = [
  inSituation('cancelled', 'the run is cancelled while the agent starts', {}, async (situation) => {
    const run = situation.start()
    await run.seen(/▸ Start k3s-agent/)
    const startedAt = performance.now()
    run.child.kill('SIGINT')
    const cancelled = await run.ended
    const seconds = (performance.now() - startedAt) / 1000
    assert.notEqual(cancelled.exitCode, 0)
    assert.deepEqual(await situation.tokens(), [], 'the token outlived the cancelled run')
    // A runner sends SIGTERM 7.5 s after SIGINT, and kills 2.5 s later.
    assert.ok(seconds < 7.5, `the run needed ${seconds.toFixed(1)} s to end`)
    expectPress(await situation.press(), { exitCode: 0, outputs: { 'failure-code': '' } })
    return `ended in ${seconds.toFixed(1)} s without its token; the next press ended well`
  }),

  inSituation('killed', 'the runner is killed while the agent starts', {}, async (situation) => {
    const run = situation.start()
    await run.seen(/▸ Start k3s-agent/)
    run.child.kill('SIGKILL')
    const killed = await run.ended
    assert.equal((await situation.tokens()).length, 1)
    expectPress(await situation.post(killed.state), { exitCode: 0 })
    assert.deepEqual(await situation.tokens(), [])
    expectPress(await situation.press(), { exitCode: 0, outputs: { 'failure-code': '' } })
    expectPress(await situation.press(), { exitCode: 0, outputs: { result: 'unchanged' } })
    return 'post deletes the token; the next press joins, the one after that has nothing to do'
  }),

  scenario('interrupted', 'the run is cancelled, then killed, at every stage boundary', (lab) =>
    inTurns(lab, ofMain, (situation, boundary, index) => interruptTwice(situation, boundary, index % 2 === 0)),
  ),

  scenario('interrupted-host', 'sshd, or the scripts of the run, are killed in the middle of the installation', (lab) =>
    inTurns(lab, ofHost, killOnHost),
  ),

  inSituation('two-runs', 'two runs for one machine at the same time', {}, async (situation) => {
    const first = situation.start()
    await first.seen(/▸ Fetch/)
    const second = situation.start()
    await second.seen(/waits for another run on this host: k3s-join calypso, .*since \d{4}-/)
    expectPress(await first.ended, { exitCode: 0, outputs: { result: 'joined' } })
    expectPress(await second.ended, { exitCode: 0, outputs: { result: 'unchanged' } })
    assert.deepEqual(await situation.tokens(), [])
    return 'the second waited, and then had nothing to do'
  }),
]
