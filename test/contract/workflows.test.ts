import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '..', '..', '..')
const folder = join(root, '.github', 'workflows')

interface Step {
  uses?: string
  if?: string
  run?: string
  with?: Record<string, unknown>
}
interface Job extends Step {
  permissions?: unknown
  steps?: Step[]
  secrets?: unknown
  concurrency?: unknown
  'runs-on'?: unknown
}
interface Workflow {
  on: Record<string, { inputs?: Record<string, unknown>; secrets?: Record<string, unknown> } | null> & {
    schedule?: { cron: string; timezone?: string }[]
  }
  permissions?: unknown
  concurrency?: { group: string; queue?: string; 'cancel-in-progress'?: unknown }
  jobs: Record<string, Job>
}

const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
const parsed = workflows.map(({ name, text }) => ({ name, text, workflow: parse(text) as Workflow }))
const steps = parsed.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).flatMap(([job, value]) =>
    [value, ...(value.steps ?? [])].map((step) => ({ where: `${name}, job ${job}`, step })),
  ),
)
const declared = (path: string): string[] =>
  Object.keys((parse(readFileSync(join(root, path), 'utf8')) as { inputs?: Record<string, unknown> }).inputs ?? {})

describe('workflows', () => {
  it('start from no permissions at all', () => {
    for (const { name, workflow } of parsed) expect([name, workflow.permissions]).toEqual([name, {}])
  })

  it('name third-party actions by full commit SHA with the version beside it', () => {
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

  it('refer to own actions and workflows that exist, and give them only inputs that they declare', () => {
    for (const { where, step } of steps) {
      if (!step.uses?.startsWith('$/')) continue
      const target = step.uses.slice(2)
      const file = /\.ya?ml$/.test(target) ? target : `${target}/action.yml`
      expect([where, file, existsSync(join(root, file))]).toEqual([where, file, true])
      const inputs = file.endsWith('action.yml')
        ? declared(file)
        : Object.keys(parsed.find((one) => file.endsWith(`/${one.name}`))?.workflow.on.workflow_call?.inputs ?? {})
      expect(Object.keys(step.with ?? {}).filter((input) => !inputs.includes(input))).toEqual([])
    }
  })

  it('with a dry run touch no cluster: every step is told, or left out', () => {
    const deaf = parsed.flatMap(({ name, workflow }) => {
      if (workflow.on.workflow_call?.inputs?.['dry-run'] === undefined) return []
      return Object.values(workflow.jobs).flatMap((job) =>
        (job.steps ?? [])
          // What it loads is what a dry run reads with.
          .filter(({ uses = '' }) => uses.startsWith('$/actions/') && !uses.endsWith('/kubeconfig-esc'))
          .filter((step) => !String(step.with?.['dry-run']).includes('inputs.dry-run'))
          .filter((step) => ![job.if, step.if].some((condition) => condition?.includes('!inputs.dry-run')))
          .map(({ uses }) => `${name}: ${uses}`),
      )
    })
    expect(deaf).toEqual([])
  })

  it('interpolate nothing into scripts', () => {
    expect(steps.filter(({ step }) => step.run?.includes('${{')).map(({ where }) => where)).toEqual([])
  })

  it('queue changes of one cluster in the callers only, and never cancel one', () => {
    for (const { name, workflow } of parsed) {
      const isReusable = 'workflow_call' in workflow.on
      if (isReusable) expect([name, workflow.concurrency]).toEqual([name, undefined])
      else if (workflow.concurrency?.group.startsWith('cluster-'))
        expect([name, workflow.concurrency]).toEqual([name, { group: workflow.concurrency.group, queue: 'max' }])
    }
  })

  it('pass secrets one by one', () => {
    expect(steps.filter(({ step }) => (step as Job).secrets === 'inherit').map(({ where }) => where)).toEqual([])
  })

  it('keep no long-lived secret in GitHub for Join Calypso and Nightly but the one for the model: they prove who they are', () => {
    const find = (name: string) => parsed.find((one) => one.name === name)
    const button = find('join-calypso.yml')
    // What opens the model behind Cloudflare Access opens nothing else: no kubeconfig, no machine, no Pulumi token.
    const access = ['ACCESS_CLIENT_ID', 'ACCESS_CLIENT_SECRET']
    for (const text of [button?.text, find('nightly.yml')?.text])
      expect([...(text ?? '').matchAll(/\bsecrets\.(\w+)/g)].map(([, name]) => name)).toEqual(access)
    expect(Object.keys(button?.workflow.jobs.join?.secrets ?? {})).toEqual(['access-client-id', 'access-client-secret'])
    const granted = { contents: 'read', 'id-token': 'write' }
    for (const one of [button, find('join-node.yml')]) expect(one?.workflow.jobs.join?.permissions).toEqual(granted)
    const required = Object.values(find('join-node.yml')?.workflow.on.workflow_call?.secrets ?? {})
    expect(required.filter((secret) => (secret as { required?: boolean }).required !== false)).toEqual([])
  })

  it('may ask for an ID token only where an action needs one', () => {
    const holders = parsed.flatMap(({ name, workflow }) =>
      Object.values(workflow.jobs)
        .filter(({ permissions }) => (permissions as Record<string, string> | undefined)?.['id-token'] !== undefined)
        .filter(({ uses, steps: own }) => !uses && !own?.some((step) => step.uses === '$/actions/kubeconfig-esc'))
        .map(() => name),
    )
    expect(holders).toEqual([])
  })

  it('may write issues only where nothing leads to a cluster: on a machine of GitHub’s, without an ID token or a kubeconfig', () => {
    const writers = parsed.flatMap(({ name, workflow }) =>
      Object.entries(workflow.jobs)
        .filter(([, { uses, permissions }]) => !uses && (permissions as Record<string, string>)?.issues === 'write')
        .map(([job, value]) => ({ where: `${name}, job ${job}`, value, text: JSON.stringify(value) })),
    )
    expect(writers.map(({ where }) => where)).toEqual(['verify-cluster.yml, job publish', 'watchdog.yml, job watch'])
    for (const { where, value, text } of writers) {
      expect([where, Object.keys(value.permissions as object)]).toEqual([
        where,
        expect.not.arrayContaining(['id-token']),
      ])
      expect([where, text]).toEqual([where, expect.not.stringMatching(/kubeconfig|secrets\.|self-hosted/)])
    }
    const inputs = parsed.find(({ name }) => name === 'verify-cluster.yml')?.workflow.on.workflow_call?.inputs
    expect(inputs?.['publish-runner']).toMatchObject({ default: '["ubuntu-24.04"]' })
  })

  it('start at night by a clock with a zone, off the hour, and the watchdog an hour or two after what it watches', () => {
    const minutesOf = (name: string): { minute: number; minutes: number; zone: string } => {
      const [schedule] = parsed.find((one) => one.name === name)?.workflow.on.schedule ?? []
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
    const age = /watch-age: (\d+)h/.exec(parsed.find((one) => one.name === 'watchdog.yml')?.text ?? '')?.[1]
    expect(Number(age) * 60).toBeLessThan(23 * 60 - later)
  })

  it('run code of pull requests on hosted machines only', () => {
    for (const { name, workflow } of parsed) {
      if (!('pull_request' in workflow.on)) continue
      for (const job of Object.values(workflow.jobs))
        expect([name, JSON.stringify(job['runs-on'])]).toEqual([name, expect.not.stringContaining('self-hosted')])
    }
  })
})
