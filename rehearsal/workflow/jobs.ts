/** The jobs of one workflow file: needs, conditions, matrix, and calls of further workflows. They run one after the other. */

import { callInputs, callSecrets, concurrencyOf, type Handed, secretsOfJob } from './call.ts'
import { type Contexts, type Plain, textOf } from './expressions.ts'
import { jobFunctions } from './functions.ts'
import { runJob } from './job.ts'
import { JobLog } from './log.ts'
import { seenBy } from './machine.ts'
import { Masks } from './masks.ts'
import { combinationsOf } from './matrix.ts'
import { type Permissions, permissionsOf } from './permissions.ts'
import { calledPath, type Reachable } from './prepare.ts'
import type { Conclusion, JobRecord, RunState } from './run-state.ts'
import { conditionOf, entriesOf, errorAt, find, holds, literalOf, type Scope, textAt, valueAt } from './tokens.ts'
import type { JobDefinition, WorkflowFile } from './workflow-file.ts'

/** Where a file stands in the chain of calls. */
export interface Level {
  readonly file: WorkflowFile
  readonly inputs: Readonly<Record<string, Plain>>
  readonly secrets: Handed
  readonly permissions: Permissions
  /** Names of the calling jobs, outermost first. */
  readonly callers: readonly string[]
  /** Ids of the calling jobs, each with `/` after it. */
  readonly idPrefix: string
  /** Concurrency groups that this chain already holds. */
  readonly groups: readonly string[]
}

interface JobResult {
  readonly result: Conclusion
  readonly outputs: Readonly<Record<string, string>>
}

export interface LevelOutcome {
  readonly conclusion: Conclusion
  readonly jobs: Readonly<Record<string, JobResult>>
}

/** The worst of several. */
function worst(results: readonly Conclusion[]): Conclusion {
  for (const candidate of ['cancelled', 'failure', 'success'] as const)
    if (results.includes(candidate)) return candidate
  return 'skipped'
}

function ancestorsOf(jobs: readonly JobDefinition[], job: JobDefinition): string[] {
  const found = new Set<string>()
  const add = (id: string): void => {
    if (found.has(id)) return
    found.add(id)
    for (const need of jobs.find((candidate) => candidate.id === id)?.needs ?? []) add(need)
  }
  for (const need of job.needs) add(need)
  return [...found]
}

function labelsOf(runsOn: Plain): string[] {
  if (Array.isArray(runsOn)) return runsOn.map(textOf)
  if (runsOn !== null && typeof runsOn === 'object') {
    const { group, labels } = runsOn as Record<string, Plain>
    return [...(group ? [`group ${textOf(group)}`] : []), ...(labels === undefined ? [] : labelsOf(labels))]
  }
  return [textOf(runsOn)]
}

/** Runs all jobs of a file and, below them, those of the workflows they call. */
export async function runJobs(run: RunState, reachable: Reachable, level: Level): Promise<LevelOutcome> {
  const { file } = level
  const results: Record<string, JobResult> = {}

  const runOne = async (definition: JobDefinition): Promise<void> => {
    const needs = Object.fromEntries(
      definition.needs.map((id) => [
        id,
        { result: results[id]?.result ?? 'skipped', outputs: results[id]?.outputs ?? {} },
      ]),
    )
    const base: Contexts = { github: run.github, inputs: level.inputs, vars: run.vars, needs }
    const ancestors = ancestorsOf(file.jobs, definition).map((id) => results[id]?.result ?? 'skipped')
    const condition = conditionOf(file, find(definition.token, 'if'))
    const record = (entry: Omit<JobRecord, 'id'>): void => {
      run.jobs.push({ id: level.idPrefix + definition.id, ...entry })
    }
    const permissions =
      permissionsOf(find(definition.token, 'permissions')) ??
      permissionsOf(find(file.root, 'permissions')) ??
      level.permissions
    const plainName = [...level.callers, literalNameOf(definition)].join(' / ')
    const scope: Scope = { contexts: base, functions: jobFunctions(ancestors, run.cancel.aborted) }
    if (!holds(file, condition, scope, find(definition.token, 'if'))) {
      const conclusion = run.cancel.aborted ? 'cancelled' : 'skipped'
      new JobLog(run.log, new Masks(run.allSecrets)).heading(`${plainName}   ${conclusion}`, '═')
      record({ name: plainName, conclusion, outputs: {}, steps: [], runsOn: [], permissions })
      results[definition.id] = { result: conclusion, outputs: {} }
      return
    }
    const strategy = find(definition.token, 'strategy')
    const matrixToken = find(strategy, 'matrix')
    const combinations = combinationsOf(matrixToken ? valueAt(file, matrixToken, { contexts: base }) : undefined)
    const failFastToken = find(strategy, 'fail-fast')
    const failsFast = failFastToken === undefined || valueAt(file, failFastToken, { contexts: base }) !== false
    const conclusions: Conclusion[] = []
    const outputs: Record<string, string> = {}
    for (const [index, matrix] of combinations.entries()) {
      const contexts: Contexts = {
        ...base,
        matrix,
        strategy: { 'fail-fast': failsFast, 'job-index': index, 'job-total': combinations.length, 'max-parallel': 1 },
      }
      const name = [...level.callers, nameOf(file, definition, matrix, { contexts })].join(' / ')
      if (failsFast && conclusions.includes('failure')) {
        record({ name, conclusion: 'cancelled', outputs: {}, steps: [], runsOn: [], permissions })
        conclusions.push('cancelled')
        continue
      }
      const outcome = definition.uses
        ? await call(definition, contexts, name, permissions, record)
        : await job(definition, contexts, name, permissions, record)
      conclusions.push(outcome.result)
      Object.assign(outputs, outcome.outputs)
      const allowed = find(definition.token, 'continue-on-error')
      if (outcome.result === 'failure' && allowed && valueAt(file, allowed, { contexts }) === true)
        conclusions[conclusions.length - 1] = 'success'
    }
    const result = worst(failsFast && conclusions.includes('failure') ? ['failure'] : conclusions)
    results[definition.id] = { result, outputs }
  }

  const job = async (
    definition: JobDefinition,
    contexts: Contexts,
    name: string,
    permissions: Permissions,
    record: (entry: Omit<JobRecord, 'id'>) => void,
  ): Promise<JobResult> => {
    const environmentToken = find(definition.token, 'environment')
    const environment = environmentToken ? valueAt(file, environmentToken, { contexts }) : undefined
    const environmentName = textOf(
      typeof environment === 'object' && environment !== null
        ? ((environment as Record<string, Plain>).name ?? '')
        : environment,
    )
    const own = run.environments[environmentName]
    const { value: concurrency } = concurrencyOf(file, definition.token, { contexts }, level.groups)
    const runsOnToken = find(definition.token, 'runs-on')
    const runsOn = labelsOf(runsOnToken ? valueAt(file, runsOnToken, { contexts }) : '')
    const outcome = await runJob({
      run: seenBy(run, level.idPrefix + definition.id, runsOn),
      file,
      definition,
      name,
      runsOn,
      permissions,
      environment: environmentName,
      actions: reachable.actions,
      contexts: {
        ...contexts,
        secrets: secretsOfJob(level.secrets, own?.secrets),
        vars: { ...run.vars, ...own?.vars },
      },
    })
    record({
      name,
      runsOn,
      permissions,
      ...outcome,
      ...(environment === undefined ? {} : { environment }),
      ...(concurrency === undefined ? {} : { concurrency }),
    })
    return { result: outcome.conclusion, outputs: outcome.outputs }
  }

  const call = async (
    definition: JobDefinition,
    contexts: Contexts,
    name: string,
    permissions: Permissions,
    record: (entry: Omit<JobRecord, 'id'>) => void,
  ): Promise<JobResult> => {
    const uses = definition.uses
    const called = uses && reachable.workflows.get(calledPath(file, uses))
    if (!called) throw errorAt(file, uses, 'the called workflow was not read')
    const scope: Scope = { contexts: { ...contexts, secrets: { ...level.secrets.values } } }
    const inputs = callInputs(file, definition, called, scope)
    const { value: concurrency, groups } = concurrencyOf(file, definition.token, { contexts }, level.groups)
    const own = concurrencyOf(called, called.root, { contexts: { ...contexts, inputs } }, groups)
    const outcome = await runJobs(run, reachable, {
      file: called,
      inputs,
      secrets: callSecrets(file, level.secrets, definition, scope),
      permissions,
      callers: [...level.callers, name.split(' / ').at(-1) ?? definition.id],
      idPrefix: `${level.idPrefix}${definition.id}/`,
      groups: own.groups,
    })
    const outputScope: Scope = {
      contexts: { github: run.github, inputs, vars: run.vars, jobs: outcome.jobs as unknown as Plain },
    }
    const outputs: Record<string, string> = {}
    for (const [key, token] of entriesOf(find(called.triggers.get('workflow_call'), 'outputs'))) {
      const value = textAt(called, find(token, 'value'), outputScope)
      if (value) outputs[key] = value
    }
    record({
      name,
      conclusion: outcome.conclusion,
      outputs,
      steps: [],
      runsOn: [],
      permissions,
      ...(concurrency === undefined ? {} : { concurrency }),
    })
    return { result: outcome.conclusion, outputs }
  }

  for (const definition of file.jobs) await runOne(definition)
  return { conclusion: worst(Object.values(results).map((entry) => entry.result)), jobs: results }
}

function literalNameOf(definition: JobDefinition): string {
  const token = find(definition.token, 'name')
  return (token?.isLiteral ? literalOf(token) : undefined) ?? definition.id
}

function nameOf(
  file: WorkflowFile,
  definition: JobDefinition,
  matrix: Readonly<Record<string, Plain>>,
  scope: Scope,
): string {
  const token = find(definition.token, 'name')
  const name = textAt(file, token, scope) || definition.id
  const values = Object.values(matrix).filter((value) => value === null || typeof value !== 'object')
  return token?.isExpression || values.length === 0 ? name : `${name} (${values.map(textOf).join(', ')})`
}
