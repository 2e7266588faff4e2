/** A deployment that is cancelled or killed, and stacks that others hold, through the committed bundle. */
import { describe, expect, it } from '@jest/globals'
import { type Command, type DeployDoor, deployDoors, type Press, runId, stackReference } from './deploy-stack-door.ts'
import { until } from './gpu-runtime-door.ts'

const opened = deployDoors()
const limitMs = 240_000

type Signal = 'SIGINT' | 'SIGTERM'
/** GitHub's runner sends SIGTERM 7.5 s after SIGINT, and SIGKILL 2.5 s later (actions/runner: ProcessInvoker.cs). */
const cancelLimitMs = 7500

async function cancelled(door: DeployDoor, command: Command, at: RegExp, signal: Signal): Promise<Press> {
  const running = door.start({ command })
  await running.seen(at)
  const beganMs = performance.now()
  running.child.kill(signal)
  const press = await running.ended
  expect(performance.now() - beganMs).toBeLessThan(cancelLimitMs)
  return press
}

/** Its report is there, and says how to go on. */
function expectTold(press: Press): void {
  expect([press.exitCode, press.stderr, press.outputs['failure-code']]).toEqual([1, '', 'cancelled'])
  const { failure } = press.report ?? {}
  expect(failure).toMatchObject({ code: 'cancelled', remedy: expect.stringMatching(/run it again/) })
  expect(press.summary).toContain('cancelled')
  expect(press.outputs.report).not.toBe('')
}

/** The stack is free, nothing lies about, and the next update does all that is left. */
async function expectConverges(door: DeployDoor, press: Pick<Press, 'state'>, command: Command = 'up'): Promise<Press> {
  const ended = await door.post(press, command)
  expect([ended.exitCode, ended.stderr, door.holder(), door.leftovers()]).toEqual([0, '', '', []])
  door.set()
  const next = await door.press('up')
  expect([next.exitCode, next.outputs.result]).toEqual([0, 'deployed'])
  await door.post(next, 'up')
  return ended
}

const slowManager = `import { writeSync } from 'node:fs'
if (process.argv[2] === '--version') console.log('10.34.9')
else { writeSync(1, 'resolving\\n'); setInterval(() => undefined, 1000) }`

describe('cancelled', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(
      `by ${signal} in the middle of an update: Pulumi ends it itself, the report says so, the next one goes on`,
      async () => {
        const door = await opened()
        door.set('deploy-hangs')
        const press = await cancelled(door, 'up', /▸ Update of[\s\S]*Updating \(prod\)[\s\S]*updating \(0s\)/, signal)
        expectTold(press)
        expect(press.report?.failure?.evidence).toEqual(['Pulumi has ended its update by itself'])
        expect(press.report?.deployment).toMatchObject({ command: 'up', isComplete: false })
        expect(door.holder()).toBe('')
        const ended = await expectConverges(door, press)
        expect(ended.stdout).toContain('the stack is not locked')
      },
      limitMs,
    )
  }

  for (const [phase, command, at] of [
    ['while the guard looks', 'up', /▸ Deploy /],
    ['while Pulumi starts', 'up', /▸ Update of/],
    ['in the preview of an update', 'up', /Previewing update/],
    ['in a preview', 'preview', /▸ Preview of/],
    ['while drift is looked for', 'drift', /▸ Look for drift of/],
  ] as const)
    it(
      `${phase}, by either signal: nothing is changed, nothing is locked, nothing is left`,
      async () => {
        const door = await opened()
        const before = JSON.stringify(door.deploy.reality())
        for (const signal of ['SIGINT', 'SIGTERM'] as const) {
          door.set('deploy-hangs')
          const press = await cancelled(door, command, at, signal)
          expectTold(press)
          expect([JSON.stringify(door.deploy.reality()), door.holder()]).toEqual([before, ''])
          const ended = await door.post(press, command)
          expect([ended.exitCode, door.leftovers()]).toEqual([0, []])
        }
      },
      limitMs,
    )

  it(
    'while packages are installed, or a comment is written: it ends, and nothing of it runs on',
    async () => {
      const door = await opened()
      door.stand('pnpm', slowManager)
      const press = await cancelled(door, 'install', /resolving/, 'SIGINT')
      expectTold(press)
      await door.post(press, 'install')
      expect(door.leftovers()).toEqual([])
      const never = Promise.withResolvers<void>()
      let isAsked = false
      door.github.troubles.before(/comments/, () => {
        isAsked = true
        return never.promise
      })
      const running = door.start({ command: 'comment', inputs: { 'pull-request': '7' } })
      await until('GitHub is asked', () => isAsked)
      running.child.kill('SIGINT')
      const told = await running.ended
      never.resolve()
      expectTold(told)
    },
    limitMs,
  )

  it(
    'while the CLI does not listen: it is killed in time, and post frees exactly its lock',
    async () => {
      const door = await opened()
      door.set('deploy-hangs-on-cancel')
      const press = await cancelled(door, 'up', /▸ Update of[\s\S]*Updating \(prod\)[\s\S]*updating \(0s\)/, 'SIGINT')
      expectTold(press)
      expect(press.report?.failure?.evidence).toEqual(['Pulumi did not end in time and was killed'])
      expect(press.report?.failure?.state).toMatch(/freed at the end of the job/)
      const held = door.holder()
      expect(held).not.toBe('')
      const ended = await expectConverges(door, press)
      expect(ended.stdout).toContain(`was freed (update ${held})`)
    },
    limitMs,
  )
})

describe('killed', () => {
  it(
    'main leaves a lock, and post frees exactly that',
    async () => {
      const door = await opened()
      door.set('deploy-hangs')
      const running = door.start({ command: 'up' })
      await running.seen(/▸ Update of[\s\S]*Updating \(prod\)[\s\S]*updating \(0s\)/)
      running.child.kill('SIGKILL')
      const press = await running.ended
      expect([press.exitCode, press.outputs.result]).toEqual([null, undefined])
      const held = door.holder()
      expect(held).not.toBe('')
      // As the runner does when a job is over.
      for (const { pid, program } of door.deploy.calls) if (program === 'pulumi') process.kill(pid, 'SIGKILL')
      const ended = await expectConverges(door, press)
      expect(ended.stdout).toContain(`was freed (update ${held})`)
    },
    limitMs,
  )
})

/** Somebody takes the stack, and what is said of where from. */
const take = (door: DeployDoor, id: string, author = 'somebody') =>
  door.deploy.stacks.hold(stackReference, {
    author,
    environment: { 'ci.system': 'GitHub Actions', 'ci.build.id': id },
  })

describe('the lock of another', () => {
  const begun = { state: { begun: String(Date.now()) } }

  it(
    'is left alone: of another run, of a person, of another system, of an earlier attempt of this run',
    async () => {
      const door = await opened()
      const stack = door.deploy.stack
      if (stack === undefined) throw new Error('there is no stack')
      const others: readonly (readonly [Readonly<Record<string, string>>, olderBySeconds: number])[] = [
        [{ 'ci.system': 'GitHub Actions', 'ci.build.id': '7002' }, 0],
        [{ 'ci.system': 'GitHub Actions', 'ci.build.id': '' }, 0],
        [{}, 0],
        [{ 'ci.system': 'Jenkins', 'ci.build.id': runId }, 0],
        [{ 'ci.system': 'GitHub Actions', 'ci.build.id': runId }, 3600],
      ]
      for (const [environment, older] of others) {
        const held = door.deploy.stacks.hold(stackReference, { author: 'somebody', environment })
        const kept = stack.updates.find(({ id }) => id === held.id)
        if (kept === undefined) throw new Error('the update is gone')
        kept.startedAt -= older
        const ended = await door.post({ state: { begun: String(Date.now()) } }, 'up')
        expect([environment, ended.exitCode, door.holder()]).toEqual([environment, 0, held.id])
        expect(ended.stdout).toContain('held by another, which was not touched: somebody runs an update')
        const refused = await door.press('up')
        expect([refused.exitCode, refused.outputs['failure-code'], door.holder()]).toEqual([
          1,
          'pulumi-locked',
          held.id,
        ])
        expect((await door.post(refused, 'up')).exitCode).toBe(0)
        expect(door.holder()).toBe(held.id)
        door.deploy.stacks.end(kept, 'failed', true)
      }
    },
    limitMs,
  )

  it(
    'is left alone when it took the stack between our questions, whichever',
    async () => {
      for (const at of [/GET \S+\/updates\/latest$/, /POST \S+\/cancel$/]) {
        const door = await opened()
        const stack = door.deploy.stack
        const ours = take(door, runId)
        let theirs = ''
        door.before(at, () => {
          const held = stack?.updates.find(({ id }) => id === ours.id)
          if (held) door.deploy.stacks.end(held, 'succeeded')
          theirs = take(door, '7002').id
        })
        const ended = await door.post(begun, 'up')
        expect([ended.exitCode, door.holder()]).toEqual([0, theirs])
        expect(theirs).not.toBe('')
        expect(stack?.updates.find(({ id }) => id === theirs)).toMatchObject({ isCancelled: false })
      }
    },
    limitMs,
  )

  it(
    'is that of the first of two jobs at once: the second says so, and touches nothing',
    async () => {
      const door = await opened()
      door.set('deploy-hangs')
      const first = door.start({ command: 'up' })
      await first.seen(/▸ Update of[\s\S]*Updating \(prod\)[\s\S]*updating \(0s\)/)
      const held = door.holder()
      const temp = { RUNNER_TEMP: `${door.folder}/press-1/temp` }
      const second = await door.press('up', { machine: { GITHUB_RUN_ID: '7002', ...temp } })
      expect(second).toMatchObject({ exitCode: 1, outputs: { 'failure-code': 'pulumi-locked', changed: 'false' } })
      expect(second.report?.failure?.cause).toContain(`workflow run ${runId} (update ${held})`)
      await door.post(second, 'up', { machine: { GITHUB_RUN_ID: '7002', ...temp } })
      expect(door.holder()).toBe(held)
      first.child.kill('SIGINT')
      await expectConverges(door, await first.ended)
    },
    limitMs,
  )

  it(
    'and its own, when Pulumi Cloud does not answer: post warns, says how to free it by hand, and removes its files',
    async () => {
      const door = await opened()
      door.set('deploy-cloud-down')
      const ended = await door.post({ state: { begun: String(Date.now()) } }, 'up')
      expect([ended.exitCode, ended.stderr]).toEqual([0, ''])
      expect(ended.stdout).toMatch(/::warning title=The stack may still be locked::.*pulumi cancel --stack/)
    },
    limitMs,
  )
})
