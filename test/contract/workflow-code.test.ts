/** Whose code the workflows run, where, and at which commit. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { type Job, places, root, workflows } from './workflow-files.ts'

/** What a job starts on, also where a called workflow is told. */
const machineOf = (job: Job): string => JSON.stringify([job['runs-on'], job.with?.runner])

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
    const { check, pack, publish } = workflows.find(({ name }) => name === 'release.yml')?.workflow.jobs ?? {}
    for (const job of [pack, publish])
      expect(JSON.stringify(job)).not.toMatch(/npm (?:ci|install|test|run)|\.ci\/run|bootstrap/)
    expect(check?.outputs).toBeUndefined()
    expect((check?.steps ?? []).some(({ uses = '' }) => uses.includes('upload-artifact'))).toBe(false)
    const files = ['scripts/release.ts', 'scripts/dist-status.ts', ...globSync('scripts/release/*.ts', { cwd: root })]
    const imports = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/ from '([^']+)'/g)].map(([, target]) => target ?? ''),
    )
    expect(imports.filter((target) => !/^(?:node:|\.\/(?:release\/)?[\w-]+\.ts$)/.test(target))).toEqual([])
    expect(new Set(imports)).toContain('./dist-status.ts')
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

describe('a report', () => {
  it('is never a file of the repository: what a branch has committed could be taken for it, or lead out by a link', () => {
    const deploy = workflows.find(({ name }) => name === 'deploy-cluster.yml')
    const steps = Object.values(deploy?.workflow.jobs ?? {}).flatMap((job) => job.steps ?? [])
    const paths = steps.flatMap(({ with: given = {} }) => [given['report-directory'], given['from-report'], given.path])
    const named = paths.filter((path) => path !== undefined)
    expect(named.length).toBeGreaterThan(3)
    expect(named.filter((path) => !String(path).startsWith('${{ runner.temp }}/'))).toEqual([])
  })
})
