/** Inputs, secrets and outputs from the button to the action: everything that is declared is used, and everything used is declared. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
import { describe, expect, it } from '@jest/globals'
import { type InputSpecification, readInputValues } from '../../actions/input-specification.ts'
import {
  actionOf,
  actions,
  calledBy,
  callers,
  examples,
  type Job,
  namesIn,
  reusable,
  root,
  type Step,
  type WorkflowFile,
  workflows,
} from './workflow-files.ts'

const specifications = new Map<string, InputSpecification>()
for (const name of actions.keys()) {
  const module = (await import(`../../actions/${name}/specification.ts`)) as { specification: InputSpecification }
  specifications.set(name, module.specification)
}

const all = [...workflows, ...examples]
const named = (files: readonly WorkflowFile[]) => files.map((file) => ({ ...file, title: file.path }))
const jobsOf = ({ workflow }: WorkflowFile): [string, Job][] => Object.entries(workflow.jobs)
const keysOf = (value: object | null | undefined): string[] => Object.keys(value ?? {}).sort()
const isLiteral = (value: unknown): boolean => !String(value).includes('${{')

function githubErrors(name: string, content: string): string[] {
  const { context } = parseWorkflow({ name, content }, new NoOperationTraceWriter())
  return context.errors.getErrors().map((error) => error.message)
}

describe.each(named(all))('$title', (file) => {
  const { name, text, workflow } = file
  const call = workflow.on.workflow_call
  const dispatch = workflow.on.workflow_dispatch
  const inputs = { ...call?.inputs, ...dispatch?.inputs }

  it("is a workflow for GitHub's own parser, which would see a wrong key", () => {
    expect(githubErrors(name, text)).toEqual([])
    expect(githubErrors(name, text.replace(/^jobs:$/m, 'job:'))).not.toEqual([])
  })

  it('reads exactly the inputs that it declares', () => {
    expect(namesIn(text, '(?:github\\.event\\.)?inputs')).toEqual(keysOf(inputs))
  })

  it('says of every input, secret and output what it is', () => {
    const entries = [inputs, call?.secrets, call?.outputs].flatMap((one) => Object.entries(one ?? {}))
    const silent = entries.filter(([, { description }]) => !description || description.endsWith('.'))
    expect(silent.map(([entry]) => entry)).toEqual([])
  })

  it('passes on only what jobs and steps before have', () => {
    const unknown = jobsOf(file).flatMap(([job, value]) => {
      const steps = new Map((value.steps ?? []).flatMap((step) => (step.id ? [[step.id, step] as const] : [])))
      const json = JSON.stringify(value)
      const outputs = [...json.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)].filter(([, id = '', output = '']) => {
        const step = steps.get(id)
        const action = step && actionOf(step)
        if (action === undefined) return step === undefined
        return actions.get(action)?.outputs[output] === undefined
      })
      const outcomes = [...json.matchAll(/steps\.([\w-]+)\.(?:outcome|conclusion)/g)].filter(
        ([, id = '']) => !steps.has(id),
      )
      const needs = [...json.matchAll(/needs\.([\w-]+)\.outputs\.([\w-]+)/g)].filter(
        ([, other = '', output = '']) =>
          ![value.needs].flat().includes(other) || workflow.jobs[other]?.outputs?.[output] === undefined,
      )
      return [...outputs, ...outcomes, ...needs].map(([expression]) => `${job}: ${expression}`)
    })
    expect(unknown).toEqual([])
  })

  it('gives own actions and workflows what they take: every required input, no other, and values that they know', () => {
    const wrong = jobsOf(file).flatMap(([job, value]) =>
      [value, ...(value.steps ?? [])].flatMap((step) => {
        const where = `${job}: ${step.uses}`
        const called = calledBy(step)?.workflow.on.workflow_call
        const action = actionOf(step)
        const taken = called?.inputs ?? (action === undefined ? undefined : actions.get(action)?.inputs)
        if (taken === undefined) return []
        const given = step.with ?? {}
        return [
          ...keysOf(given)
            .filter((input) => taken[input] === undefined)
            .map((input) => `${where} takes no ${input}`),
          ...keysOf(taken)
            .filter((input) => taken[input]?.required && given[input] === undefined)
            .map((input) => `${where} needs ${input}`),
          ...keysOf(given).flatMap((input) => complaints(step, input, given[input]).map((one) => `${where}: ${one}`)),
        ]
      }),
    )
    expect(wrong).toEqual([])
  })

  it('passes secrets that the called workflow declares, and grants what its jobs take', () => {
    const levels = ['none', 'read', 'write']
    for (const [job, value] of jobsOf(file)) {
      const called = calledBy(value)
      if (called === undefined) continue
      const declared = keysOf(called.workflow.on.workflow_call?.secrets)
      expect([job, keysOf(value.secrets as object).filter((secret) => !declared.includes(secret))]).toEqual([job, []])
      const missing = Object.values(called.workflow.jobs).flatMap(({ permissions = {} }) =>
        Object.entries(permissions)
          .filter(([scope, level]) => levels.indexOf(value.permissions?.[scope] ?? 'none') < levels.indexOf(level))
          .map(([scope, level]) => `${scope}: ${level}`),
      )
      expect([job, missing]).toEqual([job, []])
      // More than that would be for nobody.
      const wanted = Object.values(called.workflow.jobs).flatMap(({ permissions = {} }) => Object.keys(permissions))
      expect([job, keysOf(value.permissions).filter((scope) => !wanted.includes(scope))]).toEqual([job, []])
    }
  })
})

/** What an action that is reached by this input in the end would say about a literal value. */
function complaints(step: Step, input: string, value: unknown): string[] {
  if (!isLiteral(value)) return []
  return reached(step, input).flatMap(({ specification, name }) => {
    const { problems } = readInputValues({ [name]: specification[name] ?? { type: 'string', description: '' } }, () =>
      String(value),
    )
    return problems.map(({ problem }) => `${name} = ${JSON.stringify(value)} ${problem}`)
  })
}

/** Inputs of actions to which a job or a step hands this one, through any workflow between. */
function reached(step: Step, input: string): { readonly specification: InputSpecification; readonly name: string }[] {
  const specification = specifications.get(actionOf(step) ?? '')
  if (specification !== undefined) return [{ specification, name: input }]
  return Object.values(calledBy(step)?.workflow.jobs ?? {}).flatMap((job) =>
    [job, ...(job.steps ?? [])].flatMap((inner) =>
      Object.entries(inner.with ?? {})
        .filter(([, value]) => String(value).trim() === `\${{ inputs.${input} }}`)
        .flatMap(([name]) => reached(inner, name)),
    ),
  )
}

describe.each(named(reusable))('$title, for those who call it', (file) => {
  const { text, workflow } = file
  const { inputs = {}, secrets = {}, outputs = {} } = workflow.on.workflow_call ?? {}

  it('reads exactly the secrets that it declares, none of which it demands', () => {
    expect(namesIn(text, 'secrets')).toEqual(keysOf(secrets))
    expect(keysOf(secrets).filter((name) => secrets[name]?.required !== false)).toEqual([])
  })

  it('has outputs that its jobs have, and jobs whose outputs somebody reads', () => {
    const values = Object.values(outputs).map(({ value }) => value)
    const read = values.flatMap((value) => [...value.matchAll(/jobs\.([\w-]+)\.outputs\.([\w-]+)/g)])
    expect(read).toHaveLength(values.length)
    for (const [expression, job = '', output = ''] of read)
      expect([expression, workflow.jobs[job]?.outputs?.[output]]).toEqual([expression, expect.any(String)])
    const unread = jobsOf(file).flatMap(([job, value]) =>
      keysOf(value.outputs)
        .filter((output) => !text.includes(`jobs.${job}.outputs.${output} `))
        .filter((output) => !text.includes(`needs.${job}.outputs.${output} `))
        .map((output) => `${job}.${output}`),
    )
    expect(unread).toEqual([])
  })

  it('leaves to the cluster file what the cluster file can say, and to an action its own default', () => {
    const wrong = Object.entries(inputs).flatMap(([input, { default: fallback, required }]) =>
      required
        ? []
        : Object.values(workflow.jobs)
            .flatMap((job) => job.steps ?? [])
            .flatMap((step) =>
              Object.entries(step.with ?? {})
                .filter(([, value]) => String(value).trim() === `\${{ inputs.${input} }}`)
                .map(([name]) => ({ name, definition: specifications.get(actionOf(step) ?? '')?.[name] })),
            )
            .filter(({ definition }) => definition !== undefined)
            .filter(({ definition }) => {
              const own = String(fallback ?? '')
              if (definition?.required) return false
              return definition?.twin ? own !== '' : own !== '' && own !== (definition?.default ?? '')
            })
            .map(
              ({ name, definition }) =>
                `${input} = ${String(fallback)}: ${name} has ${definition?.twin ?? definition?.default}`,
            ),
    )
    expect(wrong).toEqual(knownDefaults.get(file.name) ?? [])
  })

  it('has an example that calls it', () => {
    const used = examples.filter((example) => jobsOf(example).some(([, job]) => calledBy(job)?.name === file.name))
    expect(used.length).toBeGreaterThan(0)
  })
})

/** Defaults of a workflow that are not those of the action behind them, each with why. */
const knownDefaults = new Map([
  [
    'deploy-cluster.yml',
    [
      // What the cluster file wants verified at night is more than a deployment may wait for: it must be able to repair the rest.
      'verify-before = api, nodes: suites has verify.suites',
      'verify-after = api, nodes, workloads, flux: suites has verify.suites',
      // The report is kept under the name that is its folder's.
    ],
  ],
])

describe.each(named(callers))('$title, for the one who presses it', ({ workflow }) => {
  const chosen = Object.entries(workflow.on.workflow_dispatch?.inputs ?? {}).filter(([, { type }]) => type === 'choice')

  it('offers only what the action at the end knows', () => {
    for (const [input, { options = [], default: preset }] of chosen) {
      expect([input, options]).toEqual([input, expect.arrayContaining([preset])])
      for (const job of Object.values(workflow.jobs))
        for (const [name, value] of Object.entries(job.with ?? {})) {
          if (!namesIn(String(value), 'inputs').includes(input)) continue
          for (const option of options)
            expect([input, option, complaints(job, name, option)]).toEqual([input, option, []])
        }
    }
  })
})

describe('the documentation', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: root })]
  const text = pages.map((page) => readFileSync(join(root, page), 'utf8')).join('\n')

  it('names every variable and every secret that a caller reads', () => {
    const names = callers.flatMap((file) => [...namesIn(file.text, 'vars'), ...namesIn(file.text, 'secrets')])
    expect([...new Set(names)].filter((name) => name !== 'GITHUB_TOKEN' && !text.includes(name))).toEqual([])
  })

  it('names every environment', () => {
    const names = callers.flatMap(({ workflow }) =>
      Object.values(workflow.jobs).flatMap((job) => [
        job.with?.environment ?? (job.environment as { name?: string })?.name,
      ]),
    )
    const used = [...new Set(names.filter((name) => name !== undefined && isLiteral(name)))]
    expect(used.filter((name) => !text.includes(`\`${String(name)}\``))).toEqual([])
  })
})
