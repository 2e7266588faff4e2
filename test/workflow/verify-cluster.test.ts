/** The committed workflows of verification, with stand-ins for the two actions: what goes from job to job, and who may do what. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { JobTokens } from '../../rehearsal/contract.ts'
import { type RecordedRun, repositoryRoot, runWorkflow, type WorkflowOptions } from '../../rehearsal/workflow/index.ts'
import { repositoryWith, temporaryFolder } from './runner-fixture.ts'

/** The inputs and outputs of the real action, and a program of the test behind them. */
const actionFile = (name: string): string =>
  readFileSync(join(repositoryRoot, 'actions', name, 'action.yml'), 'utf8').replace(
    /\nruns:[\s\S]*/,
    '\nruns:\n  using: node24\n  main: main.mjs\n',
  )

const kubeconfigEsc = `
import { appendFileSync } from 'node:fs'
const input = (name) => process.env['INPUT_' + name.toUpperCase()]
console.log('kubeconfig for', input('purpose'), 'of', input('cluster-file'), 'token request', process.env.ACTIONS_ID_TOKEN_REQUEST_URL !== undefined)
appendFileSync(process.env.GITHUB_OUTPUT, 'kubeconfig=/the/kubeconfig\\n')
`
const verifyCluster = `
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const input = (name) => process.env['INPUT_' + name.toUpperCase()]
const given = Object.entries(process.env).filter(([name, value]) => /^INPUT_/.test(name) && value !== '').map(([name, value]) => name.slice(6).toLowerCase() + '=' + value)
console.log('asked:', given.sort().join(' '))
if (input('from-report')) {
  console.log('published:', readFileSync(input('from-report'), 'utf8'), existsSync('clusters') ? 'checked out' : 'nothing else')
  appendFileSync(process.env.GITHUB_OUTPUT, 'issue-url=https://github.com/o/r/issues/1\\n')
} else if (input('watch-workflow')) console.log('watched')
else {
  const previous = input('previous-report')
  console.log('before:', existsSync(previous) ? readFileSync(previous, 'utf8') : 'nothing')
  const ending = process.env.ENDING ?? ''
  if (ending === 'no-report') process.exit(1)
  mkdirSync(input('report-directory'), { recursive: true })
  const report = input('report-directory') + '/report.json'
  writeFileSync(report, 'report of run ' + process.env.GITHUB_RUN_NUMBER)
  writeFileSync(input('report-directory') + '/junit.xml', '<testsuites/>')
  appendFileSync(process.env.GITHUB_OUTPUT, 'report=' + report + '\\nverdict=' + (ending || 'pass') + '\\nfailure-code=' + ending + '\\n')
  process.exitCode = ending === '' ? 0 : 1
}
`

const committed = (name: string): Record<string, string> => ({
  [`.github/workflows/${name}`]: readFileSync(join(repositoryRoot, '.github', 'workflows', name), 'utf8'),
})
const files: Record<string, string> = {
  ...committed('verify-cluster.yml'),
  ...committed('nightly.yml'),
  ...committed('watchdog.yml'),
  // The night can look for drift, too: off here, but GitHub reads all that it could call.
  ...committed('deploy-cluster.yml'),
  'actions/deploy-stack/action.yml': actionFile('deploy-stack'),
  'actions/deploy-stack/main.mjs': '',
  'actions/verify-cluster/action.yml': actionFile('verify-cluster'),
  'actions/verify-cluster/main.mjs': verifyCluster,
  'actions/kubeconfig-esc/action.yml': actionFile('kubeconfig-esc'),
  'actions/kubeconfig-esc/main.mjs': kubeconfigEsc,
}

/** One repository, runner and cache for several nights. */
function place(): { night(options?: Partial<WorkflowOptions>): Promise<RecordedRun>; readonly tokens: unknown[] } {
  const repository = repositoryWith(files)
  mkdirSync(join(repository, 'clusters'))
  copyFileSync(join(repositoryRoot, 'clusters', 'oceanid.yaml'), join(repository, 'clusters', 'oceanid.yaml'))
  const folder = temporaryFolder()
  const given: unknown[] = []
  const tokens: JobTokens = {
    admit(permissions) {
      given.push(permissions)
      return { token: `ghs_of-${given.length}`, end: () => undefined }
    },
  }
  let number = 40
  return {
    tokens: given,
    night: (options = {}) =>
      runWorkflow({
        workflow: '.github/workflows/nightly.yml',
        event: { name: 'schedule', cron: '17 3 * * *' },
        repository,
        directory: join(folder, `run-${++number}`),
        runner: join(folder, 'runner'),
        caches: join(folder, 'caches'),
        runNumber: number,
        secrets: { ACCESS_CLIENT_ID: 'the-client-id', ACCESS_CLIENT_SECRET: 'the-client-secret' },
        tokens,
        idTokens: {
          admit: () => ({ requestUrl: 'https://tokens', requestToken: 'the-request-token', end: () => undefined }),
        },
        ...options,
      }),
  }
}
const jobs = (run: RecordedRun) => run.jobs.map((job) => `${job.id} ${job.conclusion}`)

describe('a night', () => {
  it('verifies where the cluster is, publishes on another machine, and remembers for the next night', async () => {
    const { night, tokens } = place()
    const first = await night()
    expect(first.annotations).toEqual([])
    expect(jobs(first)).toEqual([
      'nightly/verify success',
      'nightly/publish success',
      'nightly success',
      'drift skipped',
    ])
    expect(first.log).toContain('kubeconfig for verify of clusters/oceanid.yaml token request true')
    expect(first.log).toContain('\nbefore: nothing\n')
    expect(first.log).toContain('published: report of run 41 nothing else')
    expect(first.log).toMatch(
      /asked: access-client-id=\*\*\* access-client-secret=\*\*\* cluster-file=clusters\/oceanid\.yaml .*mode=probe/,
    )
    expect(first.jobs.map((job) => job.runsOn)).toEqual([['self-hosted', 'lan'], ['ubuntu-24.04'], [], []])
    expect(Object.keys(first.artifacts)).toEqual(['verify-report'])
    expect((await night()).log).toContain('\nbefore: report of run 41\n')
    expect((await night()).log).toContain('\nbefore: report of run 42\n')
    // Only the job that reaches no cluster may write, and it may nothing else.
    expect(tokens.slice(0, 2)).toEqual([{ contents: 'read', 'id-token': 'write' }, { issues: 'write' }])
  })

  it('a cluster that fails is published and remembered, and the run is red', async () => {
    const { night } = place()
    const run = await night({ machine: { ENDING: 'checks-failed' } })
    expect(run.conclusion).toBe('failure')
    expect(jobs(run)).toEqual(['nightly/verify failure', 'nightly/publish success', 'nightly failure', 'drift skipped'])
    expect(run.log).toContain('published: report of run 41')
    expect((await night()).log).toContain('\nbefore: report of run 41\n')
  })

  it('a run that could ask nothing is published, and the next night remembers the one before it', async () => {
    const { night } = place()
    await night()
    const run = await night({ machine: { ENDING: 'kubeconfig-invalid' } })
    expect(jobs(run)).toEqual(['nightly/verify failure', 'nightly/publish success', 'nightly failure', 'drift skipped'])
    expect((await night()).log).toContain('\nbefore: report of run 41\n')
  })

  it('without a report nothing is published, neither of this night nor of the last', async () => {
    const { night } = place()
    await night()
    const run = await night({ machine: { ENDING: 'no-report' } })
    expect(jobs(run)).toEqual(['nightly/verify failure', 'nightly/publish skipped', 'nightly failure', 'drift skipped'])
    expect(run.artifacts).toEqual({})
  })

  it('what somebody asks by hand in parts is neither remembered nor told to everybody', async () => {
    const { night } = place()
    const event = { name: 'workflow_dispatch', inputs: { suites: 'triton', mode: 'observe' } } as const
    const run = await night({ event })
    expect(run.runName).toBe('Verify oceanid by owner (observe)')
    expect(run.log).toMatch(/asked: .*mode=observe .*suites=triton/)
    expect(jobs(run)).toEqual(['nightly/verify success', 'nightly/publish skipped', 'nightly success', 'drift skipped'])
    expect((await night()).log).toContain('\nbefore: nothing\n')
  })

  it('the watchdog has no way to the cluster, and may read runs and keep an issue', async () => {
    const { night, tokens } = place()
    const workflow = '.github/workflows/watchdog.yml'
    const run = await night({ workflow, event: { name: 'schedule', cron: '37 4 * * *' } })
    expect(run.conclusion).toBe('success')
    expect(run.annotations).toEqual([])
    const asked = [...run.log.matchAll(/^asked: .*$/gm)].map(([line]) => line)
    expect(asked).toHaveLength(2)
    for (const line of asked) expect(line).toMatch(/ cluster-file=\S+ dry-run=false .*github-token=\*\*\* issue=keep /)
    expect(asked[0]).toMatch(/ watch-age=12h .*watch-workflow=nightly\.yml/)
    expect(asked[1]).toMatch(/ watch-schedule=false watch-workflow=deploy\.yml/)
    expect(tokens).toEqual([{ actions: 'read', contents: 'read', issues: 'write' }])
    expect(run.jobs[0]?.runsOn).toEqual(['ubuntu-24.04'])
  })
})
