/** The committed deploy.yml with the committed bundles, in front of the embedded world with its Pulumi. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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

const outputsOf = (run: RecordedRun, job = 'deploy'): Readonly<Record<string, string>> =>
  run.jobs.find(({ id }) => id === job)?.outputs ?? {}

describe('Deploy Cluster', () => {
  it('deploys a push one after the other in the order of the pushes, the second finds nothing to do', async () => {
    const { world: own, press } = await oceanid()
    const groups = new ConcurrencyGroups()
    const [first, second] = await Promise.all([press(merged, { groups }), press(merged, { groups })])
    expect([first.conclusion, second.conclusion]).toEqual(['success', 'success'])
    expect(outputsOf(first)).toMatchObject({ result: 'deployed', changed: 'true', 'verdict-after': 'pass' })
    expect(outputsOf(second)).toMatchObject({ result: 'unchanged', changed: 'false' })
    expect(second.log).toContain("Waiting for the concurrency group 'cluster-oceanid'")
    for (const secret of own.deploy.secrets) expect(first.log + first.summary).not.toContain(secret)
    expect(Object.keys(first.artifacts)).toEqual(['deploy-report'])
  })

  it('cancelled in the middle of an update leaves no lock, and the next one deploys', async () => {
    const { world: own, press } = await oceanid('deploy-hangs')
    const cancelled = await press(merged, { cancelAfterLine: /Updating|updating|creating/i })
    expect(cancelled.conclusion).toBe('cancelled')
    expect(own.deploy.stack?.updates.at(-1)).toMatchObject({ kind: 'update' })
    own.deploy.set(new Set())
    const next = await press(merged)
    expect([next.conclusion, outputsOf(next).result]).toEqual(['success', 'deployed'])
  })

  it('previews a pull request without changing anything, and keeps one comment that its author cannot forge', async () => {
    const { world: own, press } = await oceanid()
    const before = structuredClone(own.deploy.reality())
    const named = { ...request, title: '</details> @octocat ::error::x', head: '$(id)' }
    const run = await press(named)
    expect([run.conclusion, outputsOf(run, 'preview').result]).toEqual(['success', 'previewed'])
    expect(own.deploy.reality()).toEqual(before)
    expect(outputsOf(run, 'preview')['comment-url']).toMatch(/^https:\/\/github\.com\//)
    const report = readFileSync(join(run.artifacts['deploy-report'] ?? '', 'report.json'), 'utf8')
    expect(report).not.toContain('octocat')
  })
})
