/** The committed deploy.yml with the committed bundles, in front of the embedded world with its Pulumi. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { DeployFault } from '../../rehearsal/pulumi/index.ts'
import {
  ConcurrencyGroups,
  type RecordedRun,
  runWorkflow,
  type WorkflowEvent,
  type WorkflowOptions,
} from '../../rehearsal/workflow/index.ts'
import { startWorld, type World } from '../../rehearsal/world.ts'
import { merged, request } from './deploy-fixture.ts'
import { temporaryFolder } from './runner-fixture.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

interface Oceanid {
  readonly world: World
  press(event: WorkflowEvent, options?: Partial<WorkflowOptions>): Promise<RecordedRun>
}

async function oceanid(...faults: readonly DeployFault[]): Promise<Oceanid> {
  const folder = temporaryFolder()
  const started = await startWorld({
    directory: join(folder, 'world'),
    faults: new Set(),
    calypso: 'in-service',
    kubeconfig: 'admin',
  })
  world = started
  started.deploy.set(new Set(faults))
  let presses = 40
  return {
    world: started,
    press: (event, options = {}) => {
      const runNumber = ++presses
      return runWorkflow({
        workflow: '.github/workflows/deploy.yml',
        event,
        directory: join(folder, `run-${runNumber}`),
        runner: join(folder, 'runner'),
        caches: join(folder, 'caches'),
        secrets: started.secrets,
        machine: started.machine,
        hosted: started.hosted,
        overlay: started.deploy.overlay,
        vars: { ...started.vars, PULUMI_PREVIEW: 'true' },
        endpoints: started.endpoints,
        caFile: started.caFile,
        idTokens: started.idTokens,
        tokens: started.github.tokens,
        runNumber,
        ...options,
      })
    },
  }
}

/** The run that was pressed first is in the group: a second one waits. */
async function held(groups: ConcurrencyGroups): Promise<void> {
  for (let n = 0; n < 2000 && !groups.isHeld('cluster-oceanid'); n++) await setTimeout(5)
}

const outputsOf = (run: RecordedRun, job = 'deploy'): Readonly<Record<string, string>> =>
  run.jobs.find(({ id }) => id === job)?.outputs ?? {}

describe('Deploy Cluster', () => {
  it('deploys a push one after the other in the order of the pushes, the second finds nothing to do', async () => {
    const { world: own, press } = await oceanid()
    const groups = new ConcurrencyGroups()
    const pressed = press(merged, { groups })
    await held(groups)
    const [first, second] = await Promise.all([pressed, press(merged, { groups })])
    expect([first.conclusion, second.conclusion]).toEqual(['success', 'success'])
    expect(outputsOf(first)).toMatchObject({ result: 'deployed', changed: 'true', 'verdict-after': 'warn' })
    expect(outputsOf(second)).toMatchObject({ result: 'unchanged', changed: 'false' })
    expect(second.log).toContain("Waiting for the concurrency group 'cluster-oceanid'")
    for (const secret of own.deploy.secrets) expect(first.log + first.summary).not.toContain(secret)
    expect(Object.keys(first.artifacts)).toEqual(['deploy-report'])
  })

  it.each([
    ['ends its update itself', 'deploy-hangs'],
    ['does not end and is killed', 'deploy-hangs-on-cancel'],
  ] as const)(
    'cancelled in the middle of an update, when Pulumi %s, leaves no lock, and the next one deploys',
    async (_, fault) => {
      const { world: own, press } = await oceanid(fault)
      const groups = new ConcurrencyGroups()
      const pressed = press(merged, { groups, cancelAfterLine: /\/updates\/\d/ })
      await held(groups)
      const waiting = press(merged, { groups })
      const cancelled = await pressed
      expect(cancelled.conclusion).toBe('cancelled')
      const update = own.deploy.stack?.updates.find(({ kind }) => kind === 'update')
      expect(update?.environment['ci.build.id']).toBe('100041')
      expect(update?.result).toBe('failed')
      // Nobody waits for what was cancelled, and what waits comes to its turn with nothing in its way but what hangs.
      own.deploy.set(new Set())
      const next = await waiting
      expect([next.conclusion, outputsOf(next).result]).toEqual(['success', 'deployed'])
      for (const secret of own.deploy.secrets) expect(cancelled.log + cancelled.summary).not.toContain(secret)
    },
  )

  it('leaves the lock of somebody else alone', async () => {
    const { world: own, press } = await oceanid('deploy-locked')
    const refused = await press(merged)
    expect([refused.conclusion, outputsOf(refused)['failure-code']]).toEqual(['failure', 'pulumi-locked'])
    expect(own.deploy.stack?.updates.some(({ result, isCancelled }) => result === 'in-progress' && !isCancelled)).toBe(
      true,
    )
  })

  it('previews a pull request without changing anything, and keeps one comment that its author cannot forge', async () => {
    const { world: own, press } = await oceanid()
    const title = '</details> @octocat ::error::x'
    const { number } = own.github.issues.add({ title, isPullRequest: true })
    const before = structuredClone(own.deploy.reality())
    const event = { ...request, number, title, body: title, head: '$(id)', author: 'octocat' }
    const runs = [await press(event), await press({ ...event, action: 'synchronize' })]
    for (const run of runs) {
      expect([run.conclusion, outputsOf(run, 'preview').result]).toEqual(['success', 'previewed'])
      expect(outputsOf(run, 'preview')['comment-url']).toMatch(
        new RegExp(`^https://github.com/rehearsal/k3s-gpu-actions/pull/${number}#`),
      )
      const report = readFileSync(join(run.artifacts['deploy-report'] ?? '', 'report.json'), 'utf8')
      expect(report).not.toMatch(/octocat|\$\(id\)/)
    }
    expect(own.deploy.reality()).toEqual(before)
    const { comments } = own.github.issues.all.find((issue) => issue.number === number) ?? {}
    expect(comments?.map(({ login }) => login)).toEqual(['github-actions[bot]'])
    expect(comments?.[0]?.body).not.toMatch(/@octocat|<\/details> @|::error/)
  })

  it('says nothing that a program, Pulumi or a stranger could have forged', async () => {
    const { world: own, press } = await oceanid('deploy-hostile')
    const run = await press({
      name: 'push',
      commits: [{ message: '::error::forged', author: 'x', modified: ['cluster/x'] }],
    })
    expect([run.conclusion, outputsOf(run).result]).toEqual(['failure', 'failed'])
    expect(run.annotations.map(({ title, message }) => `${title} ${message}`).join()).not.toMatch(/forged|pwned/)
    // In a fence nothing is markup.
    const markup = run.summary.replaceAll(/^(`{3,})\w*\n[\s\S]*?^\1$/gm, '')
    expect(markup).not.toBe(run.summary)
    expect(markup).not.toMatch(/<script|<img|@octocat|\]\(https:\/\/evil/)
    for (const secret of own.deploy.secrets) expect(run.log + run.summary).not.toContain(secret)
  })
})
