/** The button of examples/join-node.yml in a repository of somebody else, with the committed workflow and bundles, in front of the embedded world. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from '@jest/globals'
import type { IdTokenIssuer } from '../../rehearsal/contract.ts'
import { type RecordedRun, repositoryRoot, runWorkflow } from '../../rehearsal/workflow/index.ts'
import { startWorld, type World } from '../../rehearsal/world.ts'
import { temporaryFolder } from './runner-fixture.ts'

const commit = 'c'.repeat(40)
const called = `ry4n-s/k3s-gpu-actions/.github/workflows/join-node.yml@${commit}`

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

/** A repository with a cluster file and the example, filled in. */
function homelab(): string {
  const folder = temporaryFolder()
  const workflows = join(folder, '.github', 'workflows')
  mkdirSync(workflows, { recursive: true })
  cpSync(join(repositoryRoot, 'clusters'), join(folder, 'clusters'), { recursive: true })
  const example = readFileSync(join(repositoryRoot, 'examples', 'join-node.yml'), 'utf8')
  writeFileSync(join(workflows, 'join-node.yml'), example.replace(/OWNER\/(\S+)@COMMIT/, `ry4n-s/$1@${commit}`))
  return folder
}

it('joins where Pulumi trusts the workflow at that commit, and gets no kubeconfig where it trusts another', async () => {
  const folder = temporaryFolder()
  const started = await startWorld({ directory: join(folder, 'world'), faults: new Set(), calypso: 'fresh', pace: 0.2 })
  world = started
  const repository = homelab()
  const press = async (name: string, idTokens: IdTokenIssuer): Promise<RecordedRun> =>
    await runWorkflow({
      workflow: '.github/workflows/join-node.yml',
      event: { name: 'workflow_dispatch', inputs: { 'dry-run': false } },
      repository,
      repositoryName: 'rehearsal/homelab',
      repositories: { [`ry4n-s/k3s-gpu-actions@${commit}`]: repositoryRoot },
      directory: join(folder, name),
      runner: join(folder, 'runner'),
      secrets: started.secrets,
      vars: started.vars,
      machine: started.machine,
      endpoints: started.endpoints,
      caFile: started.caFile,
      idTokens,
    })
  const outputsOf = (run: RecordedRun): unknown => run.jobs.find(({ id }) => id === 'join')?.outputs

  // The trust policy of this world names the workflow of the repository that the rehearsal is otherwise about, on main.
  const refused = await press('refused', started.idTokens)
  expect([refused.conclusion, outputsOf(refused)]).toEqual([
    'failure',
    { result: 'failed', 'failure-code': 'oidc-rejected' },
  ])

  // As if it named this one: what the job says of itself is what it may say.
  const said: string[] = []
  const trusting: IdTokenIssuer = {
    admit(claims) {
      said.push(`${claims.repository} ${claims.environment} ${claims.job_workflow_ref} ${claims.job_workflow_sha}`)
      const known = 'rehearsal/k3s-gpu-actions/.github/workflows/join-node.yml@refs/heads/main'
      return started.idTokens.admit({ ...claims, job_workflow_ref: claims.job_workflow_ref === called ? known : '' })
    },
  }
  const joined = await press('joined', trusting)
  expect(said).toEqual([`rehearsal/homelab oceanid ${called} ${commit}`])
  // A warning: this caller passes no service token for a Triton behind Cloudflare Access.
  expect([joined.conclusion, outputsOf(joined)]).toMatchObject(['success', { result: 'joined', verdict: 'warn' }])
  expect(joined.log).toContain('calypso joined oceanid')
  expect(Object.keys(joined.artifacts)).toEqual(['join-calypso-report'])
})
