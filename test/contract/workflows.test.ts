/** What a security engineer would look for in the workflows: who may do what, where code of others runs, what waits for what. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { calledBy, examples, type Job, namesIn, places, root, type WorkflowFile, workflows } from './workflow-files.ts'

const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([job, value]) => ({ name, where: `${name}, job ${job}`, job: value })),
)
const find = (name: string): WorkflowFile => {
  const found = workflows.find((one) => one.name === name)
  if (found === undefined) throw new Error(`${name} is missing`)
  return found
}
const stepsOf = (job: Job) => job.steps ?? []
/** What a job starts on, also where a called workflow is told. */
const machineOf = (job: Job): string => JSON.stringify([job['runs-on'], job.with?.runner])

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
      ['deploy-cluster.yml, job comment', '{"pull-requests":"write"}'],
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

describe('code of others', () => {
  it('is named by full commit SHA with the version beside it; own code by the commit of the file', () => {
    const wrong = workflows.flatMap(({ name, text }) =>
      [...text.matchAll(/^\s*(?:- )?uses: (\S+)(.*)$/gm)]
        .filter(
          ([, target, rest]) =>
            !target?.startsWith('$/') && !(/@[0-9a-f]{40}$/.test(target ?? '') && /# v\d+\.\d+\.\d+/.test(rest ?? '')),
        )
        .map(([line]) => `${name}: ${line.trim()}`),
    )
    expect(wrong).toEqual([])
  })

  it('has one version each, whichever workflow names it', () => {
    const versions = new Map<string, Set<string>>()
    for (const { text } of workflows)
      for (const [, action = '', version = ''] of text.matchAll(/uses: ([\w.-]+\/[\w.-]+)@(\S+ # \S+)/g))
        versions.set(action, (versions.get(action) ?? new Set()).add(version))
    expect([...versions].filter(([, set]) => set.size > 1)).toEqual([])
    expect(versions.has('actions/checkout')).toBe(true)
  })

  it('is never interpolated into a script', () => {
    expect(places.filter(({ step }) => step.run?.includes('${{')).map(({ where }) => where)).toEqual([])
  })

  it('of pull requests runs on hosted machines only', () => {
    for (const { name, workflow } of workflows) {
      if (!('pull_request' in workflow.on)) continue
      for (const job of Object.values(workflow.jobs)) {
        if (!machineOf(job).includes('self-hosted')) continue
        expect([name, job.if]).toEqual([name, "${{ github.event_name != 'pull_request' }}"])
      }
    }
  })

  it('of a fork reaches no job with a secret or an ID token', () => {
    for (const { name, workflow } of workflows) {
      if (!('pull_request' in workflow.on)) continue
      for (const job of Object.values(workflow.jobs)) {
        const isTrusted = job.secrets !== undefined || job.permissions?.['id-token'] !== undefined
        if (!isTrusted || job.if === "${{ github.event_name != 'pull_request' }}") continue
        const own = 'github.event.pull_request.head.repo.full_name == github.repository'
        expect([name, job.if]).toEqual([name, expect.stringContaining(own)])
        expect([name, job.if]).toEqual([name, expect.not.stringContaining('||')])
      }
    }
  })

  it('starts nothing by events that run with the rights of main whoever sent them', () => {
    const dangerous = [
      'pull_request_target',
      'workflow_run',
      'issue_comment',
      'issues',
      'discussion',
      'repository_dispatch',
    ]
    for (const { name, workflow } of workflows)
      expect([name, Object.keys(workflow.on).filter((event) => dangerous.includes(event))]).toEqual([name, []])
  })

  it('finds no token in a checkout', () => {
    const kept = places.filter(
      ({ step }) => step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false,
    )
    expect(kept.map(({ where }) => where)).toEqual([])
  })

  it('of a package reaches neither what signs nor what publishes a release', () => {
    const { check, pack, publish } = find('release.yml').workflow.jobs
    for (const job of [pack, publish])
      expect(JSON.stringify(job)).not.toMatch(/npm (?:ci|install|test|run)|\.ci\/run|bootstrap/)
    expect(check?.outputs).toBeUndefined()
    expect(stepsOf(check ?? {}).some(({ uses = '' }) => uses.includes('upload-artifact'))).toBe(false)
    const files = ['scripts/release.ts', 'scripts/dist-status.ts', ...globSync('scripts/release/*.ts', { cwd: root })]
    const imports = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/ from '([^']+)'/g)].map(([, target]) => target ?? ''),
    )
    expect(imports.filter((target) => !/^(?:node:|\.\/(?:release\/)?[\w-]+\.ts$)/.test(target))).toEqual([])
    expect(new Set(imports)).toContain('./dist-status.ts')
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
    const groups = ['join-calypso.yml', 'deploy.yml'].map((name) => find(name).workflow.concurrency?.group ?? '')
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

describe('own actions and workflows', () => {
  it('are there', () => {
    for (const { where, step } of places) {
      if (!step.uses?.startsWith('$/')) continue
      const target = step.uses.slice(2)
      const file = /\.ya?ml$/.test(target) ? target : `${target}/action.yml`
      expect([where, file, existsSync(join(root, file))]).toEqual([where, file, true])
    }
  })
})

describe('updates of packages and actions', () => {
  interface Dependabot {
    readonly updates: readonly { 'package-ecosystem': string; cooldown?: Record<string, number> }[]
  }
  const { updates } = parse(readFileSync(join(root, '.github/dependabot.yml'), 'utf8')) as Dependabot

  it('come for both, a week after they were published', () => {
    expect(updates.map((one) => one['package-ecosystem']).sort()).toEqual(['github-actions', 'npm'])
    for (const { cooldown } of updates) expect(cooldown?.['default-days']).toBeGreaterThanOrEqual(7)
    // For actions GitHub knows no other key, and refuses the whole file.
    const actions = updates.find((one) => one['package-ecosystem'] === 'github-actions')
    expect(Object.keys(actions?.cooldown ?? {})).toEqual(['default-days'])
  })
})
