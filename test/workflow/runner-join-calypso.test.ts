/** The committed workflow Join Calypso with the committed bundle, in front of the embedded world. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { WorldOptions } from '../../rehearsal/contract.ts'
import { type RecordedRun, runWorkflow, type WorkflowOptions } from '../../rehearsal/workflow/index.ts'
import { startWorld, type World } from '../../rehearsal/world.ts'
import { temporaryFolder } from './runner-fixture.ts'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

async function prepared(
  calypso: WorldOptions['calypso'],
): Promise<{ readonly world: World; press(options?: Partial<WorkflowOptions>): Promise<RecordedRun> }> {
  const folder = temporaryFolder()
  const started = await startWorld({ directory: join(folder, 'world'), faults: new Set(), calypso, pace: 0.2 })
  world = started
  let presses = 0
  return {
    world: started,
    press: (options) => {
      presses++
      return runWorkflow({
        workflow: '.github/workflows/join-calypso.yml',
        event: { name: 'workflow_dispatch' },
        directory: join(folder, `run-${presses}`),
        runner: join(folder, 'runner'),
        secrets: started.secrets,
        vars: started.vars,
        machine: started.machine,
        idTokens: started.idTokens,
        endpoints: started.endpoints,
        caFile: started.caFile,
        runNumber: presses,
        ...options,
      })
    },
  }
}

const resultOf = (run: RecordedRun): string | undefined => run.jobs.find((job) => job.id === 'join')?.outputs.result
const gpuOf = (run: RecordedRun): string | undefined => run.jobs.find((job) => job.id === 'join')?.outputs['gpu-result']
const mintedTokens = (started: World): string[] =>
  started.cluster.objects
    .list('secrets/kube-system/')
    .map((secret) => secret.metadata.name)
    .filter((name) => name.startsWith('bootstrap-token-'))

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile())
}

describe('Join Calypso', () => {
  it('joins calypso and makes its GPU usable, and pressed again changes nothing and looks at the machine once', async () => {
    const { world, press } = await prepared('fresh')
    const first = await press()
    expect(first.log).toContain('calypso joined oceanid')
    expect([first.conclusion, resultOf(first), gpuOf(first)]).toEqual(['success', 'joined', 'prepared'])
    expect(world.cluster.objects.get('nodes/calypso')?.metadata.labels).toMatchObject({
      'oceanid.node/name': 'calypso',
    })
    expect(mintedTokens(world)).toEqual([])
    // The exchange, and one request each to open, for the kubeconfig and for calypso's key.
    expect(world.pulumi.requests.map((line) => line.replace(/\/open\/.* /, '/open/ID '))).toEqual([
      'POST /api/oauth/token 200',
      'POST /api/esc/environments/ryan-taylor/default/oceanid-cluster/open 200',
      'GET /api/esc/environments/ryan-taylor/default/oceanid-cluster/open/ID 200',
      'GET /api/esc/environments/ryan-taylor/default/oceanid-cluster/open/ID 200',
    ])

    const connections = world.calypso.counts.connections
    const second = await press()
    expect([second.conclusion, resultOf(second), gpuOf(second)]).toEqual(['success', 'unchanged', 'unchanged'])
    expect(world.calypso.counts.connections).toBe(connections + 1)
    expect(second.log).toContain('Nothing was changed; 1 SSH channel, 4 API calls')

    // Whole texts and their lines; those of a kubeconfig that everybody may see are no secrets.
    const open = new Set(
      world.cluster
        .jobKubeconfig('https://157.173.210.123:6443')
        .split('\n')
        .filter((line) => !line.includes('token:')),
    )
    const lines = [...world.pulumi.secrets, ...world.idTokens.secrets].flatMap((secret) =>
      secret.split('\n').filter((line) => line.length > 8 && !line.startsWith('---') && !open.has(line)),
    )
    for (const run of [first, second]) {
      for (const path of [
        join(run.directory, 'log.txt'),
        join(run.directory, 'summary.md'),
        ...Object.values(run.artifacts).flatMap(filesBelow),
      ]) {
        const text = readFileSync(path, 'utf8')
        for (const secret of [...lines, ...world.cluster.secrets])
          expect({ path, holds: text.includes(secret) }).toEqual({ path, holds: false })
      }
    }
  })

  it('shows the plan under dry-run, mints nothing and leaves the host as it was', async () => {
    const { world, press } = await prepared('fresh')
    const etc = join(world.calypso.root, 'etc')
    const before = filesBelow(etc).map((path) => [path, readFileSync(path, 'utf8')])
    const run = await press({ event: { name: 'workflow_dispatch', inputs: { 'dry-run': true } } })
    expect([run.conclusion, resultOf(run)]).toEqual(['success', 'planned'])
    expect(filesBelow(etc).map((path) => [path, readFileSync(path, 'utf8')])).toEqual(before)
    expect(
      world.cluster.requests.filter((request) => /^(POST|PUT|PATCH|DELETE) .*\/(secrets|nodes)/.test(request)),
    ).toEqual([])
    expect(world.calypso.unit('k3s-agent.service')).toBeUndefined()
  })

  it('cancelled while the agent starts, leaves no token behind, and the next press joins', async () => {
    const { world, press } = await prepared('fresh')
    const cancelled = await press({ cancelAfterLine: /^▸ Start k3s-agent/ })
    expect(cancelled.conclusion).toBe('cancelled')
    expect(mintedTokens(world)).toEqual([])
    const next = await press()
    expect(next.conclusion).toBe('success')
    expect(['joined', 'unchanged']).toContain(resultOf(next))
    expect(gpuOf(next)).toBe('prepared')
  })
})
