/** join-node.yml with the cluster asked before the join, in a repository of somebody else, in front of the embedded world. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from '@jest/globals'
import { type RecordedRun, repositoryRoot, runWorkflow } from '../../rehearsal/workflow/index.ts'
import { startWorld, type World } from '../../rehearsal/world.ts'
import { temporaryFolder } from './runner-fixture.ts'

const commit = 'c'.repeat(40)
const known = 'rehearsal/k3s-gpu-actions/.github/workflows/join-node.yml@refs/heads/main'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

/** A repository with the example, filled in, and with a cluster file that names another node besides. */
function homelab(): string {
  const folder = temporaryFolder()
  const workflows = join(folder, '.github', 'workflows')
  mkdirSync(workflows, { recursive: true })
  cpSync(join(repositoryRoot, 'clusters'), join(folder, 'clusters'), { recursive: true })
  const example = readFileSync(join(repositoryRoot, 'examples', 'join-node.yml'), 'utf8')
  const asked =
    '      before-suites: api, nodes\n      require-healthy: true\n      verify-suites: api, nodes, spread, monitoring\n'
  const filled = example
    .replace(/OWNER\/(\S+)@COMMIT/, `ry4n-s/$1@${commit}`)
    .replace(/( +)node: calypso\n/, `$&${asked}`)
  writeFileSync(join(workflows, 'join-node.yml'), filled)
  const oceanid = readFileSync(join(folder, 'clusters', 'oceanid.yaml'), 'utf8')
  writeFileSync(join(folder, 'clusters', 'ill.yaml'), oceanid.replace(/\nnodes:\n/, '\nnodes:\n  ghost: {}\n'))
  writeFileSync(join(workflows, 'join-ill.yml'), filled.replaceAll('oceanid.yaml', 'ill.yaml'))
  return folder
}

it('says how the cluster is before the join, is silent about the node, and joins nothing to a cluster that is ill', async () => {
  const folder = temporaryFolder()
  const started = await startWorld({ directory: join(folder, 'world'), faults: new Set(), calypso: 'fresh', pace: 0.2 })
  world = started
  const repository = homelab()
  const press = async (name: string, dryRun = false): Promise<RecordedRun> =>
    await runWorkflow({
      workflow: `.github/workflows/${name}.yml`,
      event: { name: 'workflow_dispatch', inputs: { 'dry-run': dryRun } },
      repository,
      repositoryName: 'rehearsal/homelab',
      repositories: { [`ry4n-s/k3s-gpu-actions@${commit}`]: repositoryRoot },
      directory: join(folder, `${name}-${dryRun}`),
      runner: join(folder, 'runner'),
      secrets: started.secrets,
      vars: started.vars,
      machine: started.machine,
      endpoints: started.endpoints,
      caFile: started.caFile,
      idTokens: { admit: (claims) => started.idTokens.admit({ ...claims, job_workflow_ref: known }) },
    })
  const outputsOf = (run: RecordedRun) => run.jobs.find(({ id }) => id === 'join')?.outputs

  const ill = await press('join-ill')
  expect([ill.conclusion, outputsOf(ill)]).toMatchObject(['failure', { result: 'failed', 'before-verdict': 'fail' }])
  expect(ill.log).toMatch(/ghost: is no node of this cluster/)
  expect(started.cluster.objects.get('nodes/calypso')).toBeUndefined()

  const planned = await press('join-node', true)
  expect([planned.conclusion, outputsOf(planned)]).toMatchObject(['success', { result: 'planned' }])

  const joined = await press('join-node')
  expect([joined.conclusion, outputsOf(joined)]).toMatchObject([
    'success',
    { result: 'joined', 'before-verdict': 'pass' },
  ])
  expect(joined.log).toMatch(/Spread of pods +1 check: 1 skip/)
}, 60_000)
