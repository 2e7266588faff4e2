/** What the guides tell people to write is what the action, GitHub and Pulumi know. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { specification } from '../../actions/kubeconfig-esc/specification.ts'
import { kubeconfigCheckRegistry } from '../../src/kubeconfig/index.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const page = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8')
const pages = ['esc.md', 'deploy-guard.md']
const blocks = (name: string): unknown[] =>
  [...page(name).matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => parse(match[1] ?? ''))

interface Step {
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Workflow {
  readonly jobs?: Readonly<Record<string, { readonly permissions?: object; readonly steps: readonly Step[] }>>
}
interface Program {
  readonly resources?: Readonly<
    Record<
      string,
      { readonly type: string; readonly properties: { readonly policies: readonly Record<string, unknown>[] } }
    >
  >
}

describe.each(pages)('docs/%s', (name) => {
  it('gives the action inputs and reads outputs that it has', () => {
    const outputs = Object.keys(
      (parse(readFileSync(join(root, 'actions/kubeconfig-esc/action.yml'), 'utf8')) as { outputs: object }).outputs,
    )
    const jobs = blocks(name).flatMap((block) => Object.values((block as Workflow).jobs ?? {}))
    expect(jobs.length).toBeGreaterThan(0)
    for (const job of jobs) {
      expect(job.permissions).toEqual({ contents: 'read', 'id-token': 'write' })
      const steps = job.steps.filter((step) => step.uses?.includes('/kubeconfig-esc@'))
      expect(steps).toHaveLength(1)
      for (const key of Object.keys(steps[0]?.with ?? {})) expect(Object.keys(specification)).toContain(key)
    }
    for (const [, output] of page(name).matchAll(/steps\.kubeconfig\.outputs\.([a-z0-9-]+)/g))
      expect(outputs).toContain(output)
  })

  it('pins actions to full commits, and names checks that there are', () => {
    for (const [, reference] of page(name).matchAll(/uses: \S+@(.*)$/gm))
      expect(reference).toMatch(/^<full commit SHA>/)
    const ids = kubeconfigCheckRegistry.map(({ id }) => id)
    for (const [, id] of page(name).matchAll(/`((?:esc|server|cluster|tunnel)\.[a-z]+|kubeconfig\.(?!yaml)[a-z]+)`/g))
      expect(ids).toContain(id)
  })

  it('leads to pages that are there', () => {
    for (const [, target] of page(name)
      .replace(/^```ts$.*?^```$/gms, '')
      .matchAll(/\]\((?!https?:|#)([^)#]+)/g))
      expect(() => readFileSync(join(root, 'docs', target ?? ''))).not.toThrow()
  })
})

describe('the trust policy', () => {
  const text = page('esc.md')
  const programs = blocks('esc.md').filter((block) => (block as Program).resources !== undefined) as Program[]
  const [policy = {}] = programs
    .flatMap((one) => Object.values(one.resources ?? {}))
    .flatMap((one) => one.properties.policies)

  // AuthPolicyDefinition of Pulumi Cloud's REST API, and the claims that GitHub documents.
  const fields = [
    'decision',
    'tokenType',
    'teamName',
    'userLogin',
    'runnerID',
    'roleID',
    'authorizedPermissions',
    'rules',
  ]
  const claims = [
    ...['aud', 'sub', 'environment', 'job_workflow_ref', 'repository_id', 'repository_owner_id', 'runner_environment'],
    ...['ref', 'repository', 'workflow_ref', 'event_name'],
  ]

  it('has the fields of Pulumi and the claims of GitHub, and no others', () => {
    expect(programs).toHaveLength(1)
    for (const field of Object.keys(policy)) expect(fields).toContain(field)
    for (const claim of Object.keys(policy.rules as object)) expect(claims).toContain(claim)
    expect(policy).toMatchObject({ decision: 'allow', tokenType: 'personal', userLogin: 'ryan-taylor' })
  })

  it('trusts one repository, environment and workflow, on our own runners', () => {
    expect(Object.keys(policy.rules as object)).toEqual(
      expect.arrayContaining(['aud', 'sub', 'environment', 'job_workflow_ref', 'runner_environment']),
    )
    for (const value of Object.values(policy.rules as Record<string, string>)) expect(value).not.toMatch(/\*/)
  })

  it('says the same in the table and as code', () => {
    for (const [claim, value] of Object.entries(policy.rules as Record<string, string>))
      if (!value.includes('<')) expect(text).toContain(`| rule \`${claim}\` | \`${value}\``)
  })

  it('shows the immutable form of the subject, with an @ before each number', () => {
    expect(text).toContain('repo:ry4n-s@<owner id>/oceanid@<repository id>:environment:oceanid')
  })
})

describe('what is stored', () => {
  it('is stored as a string from a file, by the full name of the environment', () => {
    const commands = pages.flatMap((name) => page(name).match(/^\+?esc env set [^\\\n]*(?:\\\n[^\\\n]*)*/gm) ?? [])
    expect(commands.length).toBeGreaterThan(4)
    for (const command of commands) {
      expect(command).toMatch(/esc env set \S+\/\S+\/\S+/)
      expect(command).toMatch(/--secret --string --file \S+$/)
    }
  })
})
