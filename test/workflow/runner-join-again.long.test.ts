/** Join Calypso where calypso is as wanted: a dry run proves nothing, and changes nothing on the way. */
import { join } from 'node:path'
import { afterEach, expect, it } from '@jest/globals'
import { runWorkflow } from '../../rehearsal/workflow/index.ts'
import { startWorld, type World } from '../../rehearsal/world.ts'
import { temporaryFolder } from './runner-fixture.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
})

it('runs no pod under dry-run on a node that is as wanted, and says what would be asked', async () => {
  const folder = temporaryFolder()
  world = await startWorld({ directory: join(folder, 'world'), faults: new Set(), calypso: 'fresh', pace: 0.2 })
  const { secrets, vars, machine, idTokens, endpoints, caFile, cluster } = world
  const press = (runNumber: number, inputs: Record<string, boolean>) =>
    runWorkflow({
      workflow: '.github/workflows/join-calypso.yml',
      event: { name: 'workflow_dispatch', inputs },
      directory: join(folder, `run-${runNumber}`),
      runner: join(folder, 'runner'),
      ...{ secrets, vars, machine, idTokens, endpoints, caFile, runNumber },
    })
  expect((await press(1, {})).conclusion).toBe('success')
  const before = cluster.requests.length
  const run = await press(2, { 'dry-run': true })
  const outputs = run.jobs.find((job) => job.id === 'join')?.outputs
  expect([run.conclusion, outputs?.result, outputs?.verdict ?? '']).toEqual(['success', 'unchanged', ''])
  expect(run.log).toContain('Verify calypso in oceanid (dry run)')
  const made = cluster.requests
    .slice(before)
    .filter((request) => /^(POST|DELETE) \S*\/(jobs|namespaces)\b/.test(request))
  expect(made).toEqual([])
})
