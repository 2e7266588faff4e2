/** What a security engineer would look for in the workflows: who may do what, which secrets go where, what waits for what. */
import { describe, expect, it } from '@jest/globals'
import { calledBy, examples, type Job, namesIn, places, type WorkflowFile, workflows } from './workflow-files.ts'

const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([job, value]) => ({ name, where: `${name}, job ${job}`, job: value })),
)
const find = (name: string): WorkflowFile => {
  const found = workflows.find((one) => one.name === name)
  if (found === undefined) throw new Error(`${name} is missing`)
  return found
}
const stepsOf = (job: Job) => job.steps ?? []

describe('permissions', () => {
  it('start from none at all, and are granted job by job', () => {
    for (const { name, workflow } of [...workflows, ...examples])
      expect([name, workflow.permissions]).toEqual([name, {}])
    for (const { where, job } of jobs) expect([where, job.permissions]).toEqual([where, expect.any(Object)])
  })

  it('may ask for an ID token only where an action needs one', () => {
    const needing = ['$/actions/kubeconfig-esc', '$/actions/deploy-stack', 'actions/attest@']
    const holders = jobs
      .filter(({ job }) => job.permissions?.['id-token'] !== undefined && !job.uses)
      .filter(({ job }) => !stepsOf(job).some(({ uses = '' }) => needing.some((one) => uses.startsWith(one))))
    expect(holders.map(({ where }) => where)).toEqual([])
  })

  it('to write are held by few jobs, on machines of GitHub’s, that reach no cluster and hold none of its secrets', () => {
    const writers = jobs.filter(
      ({ job }) =>
        !job.uses &&
        Object.entries(job.permissions ?? {}).some(([scope, level]) => level === 'write' && scope !== 'id-token'),
    )
    expect(writers.map(({ where, job }) => [where, JSON.stringify(job.permissions)])).toEqual([
      ['deploy-cluster.yml, job comment', '{"contents":"read","pull-requests":"write"}'],
      // It signs; what it signs is made from the commit, without a package.
      ['release.yml, job pack', '{"contents":"read","id-token":"write","attestations":"write"}'],
      ['release.yml, job publish', '{"contents":"write"}'],
      ['verify-cluster.yml, job publish', '{"issues":"write"}'],
      ['watchdog.yml, job watch', '{"actions":"read","contents":"read","issues":"write"}'],
    ])
    for (const { where, job } of writers)
      expect([where, JSON.stringify(job)]).toEqual([
        where,
        expect.not.stringMatching(/kubeconfig|secrets\.|self-hosted/),
      ])
    const hosted = '["ubuntu-24.04"]'
    expect(find('verify-cluster.yml').workflow.on.workflow_call?.inputs?.['publish-runner']?.default).toBe(hosted)
    expect(find('deploy-cluster.yml').workflow.on.workflow_call?.inputs?.['comment-runner']?.default).toBe(hosted)
  })
})

describe('secrets', () => {
  it('are passed one by one', () => {
    expect(places.filter(({ step }) => (step as Job).secrets === 'inherit').map(({ where }) => where)).toEqual([])
  })

  it('are few: no kubeconfig, no machine’s key, nothing that is not asked for by name', () => {
    const read = workflows
      .filter(({ workflow }) => !('workflow_call' in workflow.on))
      .map(({ name, text }) => [name, namesIn(text, 'secrets')] as const)
      .filter(([, names]) => names.length > 0)
    // What opens the model behind Cloudflare Access opens nothing else; Pulumi's token is not needed where Pulumi trusts the ID token.
    const access = ['ACCESS_CLIENT_ID', 'ACCESS_CLIENT_SECRET']
    const pulumi = ['PULUMI_ACCESS_TOKEN', 'PULUMI_CONFIG_PASSPHRASE']
    expect(read).toEqual([
      ['deploy.yml', pulumi],
      ['join-calypso.yml', access],
      ['nightly.yml', [...access, ...pulumi]],
    ])
    expect(Object.keys(find('nightly.yml').workflow.jobs.nightly?.secrets ?? {})).toEqual(access)
  })

  it('are read only in jobs with an environment, and leave no job', () => {
    for (const { where, job } of jobs) {
      const { outputs, ...rest } = job
      expect([where, JSON.stringify(outputs ?? {})]).toEqual([where, expect.not.stringContaining('secrets.')])
      if (!job.uses && JSON.stringify(rest).includes('secrets.'))
        expect([where, job.environment]).toEqual([where, { name: expect.any(String), deployment: false }])
    }
  })

  it('of the environment for changes are out of reach at night and for previews: each kind of job has its own', () => {
    const environments = jobs.flatMap(({ where, job }) =>
      calledBy(job) ? [[where, job.with?.environment, String(job.with?.command ?? '')]] : [],
    )
    expect(environments).toEqual([
      ['deploy.yml, job deploy', 'oceanid', 'up'],
      ['deploy.yml, job preview', 'oceanid-preview', 'preview'],
      ['join-calypso.yml, job join', 'oceanid', ''],
      ['nightly.yml, job nightly', 'oceanid-verify', ''],
      ['nightly.yml, job drift', 'oceanid-verify', 'drift'],
      ['remove-calypso.yml, job remove', 'oceanid', ''],
    ])
  })
})

describe('order', () => {
  it('changes of one cluster wait in line in the callers only, and none is cancelled', () => {
    for (const { name, workflow } of workflows) {
      if ('workflow_call' in workflow.on) expect([name, workflow.concurrency]).toEqual([name, undefined])
      else if (workflow.concurrency?.group.includes('cluster-'))
        expect([name, workflow.concurrency]).toEqual([name, { group: expect.any(String), queue: 'max' }])
    }
    const groups = ['join-calypso.yml', 'remove-calypso.yml', 'deploy.yml'].map(
      (name) => find(name).workflow.concurrency?.group ?? '',
    )
    for (const group of groups) expect(group).toContain('cluster-oceanid')
  })

  it('cancels only what a newer push to a pull request has made worthless', () => {
    const cancelling = workflows.filter(({ workflow }) => workflow.concurrency?.['cancel-in-progress'] !== undefined)
    expect(cancelling.map(({ name, workflow }) => [name, workflow.concurrency?.['cancel-in-progress']])).toEqual([
      ['ci.yml', "${{ github.event_name == 'pull_request' }}"],
    ])
  })

  it('ends: every job has a limit of its own', () => {
    const endless = jobs.filter(({ job }) => !job.uses && !((job['timeout-minutes'] ?? 0) > 0))
    expect(endless.map(({ where }) => where)).toEqual([])
  })

  it('at night starts by a clock with a zone, off the hour, and the watchdog an hour or two after what it watches', () => {
    const minutesOf = (name: string): { minute: number; minutes: number; zone: string } => {
      const [schedule] = find(name).workflow.on.schedule ?? []
      const [minute = NaN, hour = NaN] = (schedule?.cron ?? '').split(' ').map(Number)
      return { minute, minutes: hour * 60 + minute, zone: schedule?.timezone ?? '' }
    }
    const [nightly, watchdog] = ['nightly.yml', 'watchdog.yml'].map(minutesOf)
    for (const one of [nightly, watchdog]) expect(one?.minute).toBeGreaterThan(5)
    expect(watchdog?.zone).toBe(nightly?.zone)
    expect(nightly?.zone).toMatch(/^[A-Z]\w+\/\w+$/)
    const later = (watchdog?.minutes ?? 0) - (nightly?.minutes ?? 0)
    expect(later).toBeGreaterThanOrEqual(60)
    expect(later).toBeLessThanOrEqual(120)
    // Between two and three o'clock a night in spring has nothing.
    expect(Math.floor((nightly?.minutes ?? 0) / 60)).not.toBe(2)
    const age = /watch-age: (\d+)h/.exec(find('watchdog.yml').text)?.[1]
    expect(Number(age) * 60).toBeLessThan(23 * 60 - later)
  })
})

describe('a removal', () => {
  it('is started by nobody’s clock or push, and by nothing but the name that somebody typed', () => {
    const { on, jobs: called } = find('remove-calypso.yml').workflow
    expect(Object.keys(on)).toEqual(['workflow_dispatch'])
    expect(on.workflow_dispatch?.inputs?.node?.default).toBe('')
    expect(called.remove?.with).toMatchObject({ node: 'calypso', confirm: '${{ inputs.node }}' })
    const [step] = stepsOf(find('remove-node.yml').workflow.jobs.remove ?? {}).filter(({ id }) => id === 'remove')
    expect(step?.with).toMatchObject({ state: 'absent', 'remove-node': '${{ inputs.confirm }}' })
    for (const { name, text } of [...workflows, ...examples])
      if (name !== 'remove-node.yml') expect([name, text]).toEqual([name, expect.not.stringMatching(/state: absent/)])
  })

  it('asks for everything that may be lost, and presets none of it', () => {
    const inputs = find('remove-node.yml').workflow.on.workflow_call?.inputs ?? {}
    const preset = ['delete-emptydir-data', 'delete-unmanaged-pods', 'host-gone', 'dry-run'].map(
      (name) => inputs[name]?.default,
    )
    expect([...preset, inputs.confirm?.default]).toEqual([false, false, false, false, ''])
  })
})

describe('a dry run', () => {
  it('touches no cluster: every step is told, or left out', () => {
    const deaf = workflows.flatMap(({ name, workflow }) => {
      if (workflow.on.workflow_call?.inputs?.['dry-run'] === undefined) return []
      return Object.values(workflow.jobs).flatMap((job) =>
        stepsOf(job)
          // What it loads is what a dry run reads with.
          .filter(({ uses = '' }) => uses.startsWith('$/actions/') && !uses.endsWith('/kubeconfig-esc'))
          .filter((step) => !String(step.with?.['dry-run']).includes('inputs.dry-run'))
          .filter((step) => ![job.if, step.if].some((condition) => condition?.includes('!inputs.dry-run')))
          .map(({ uses }) => `${name}: ${uses}`),
      )
    })
    expect(deaf).toEqual([])
  })
})
