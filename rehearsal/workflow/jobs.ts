/** The jobs of one workflow file: needs, conditions, matrix, and calls of further workflows. They run one after the other. */

import { callInputs, callSecrets, type Handed, secretsOfJob } from './call.ts'
import { type ConcurrencySetting, concurrencyOf, holding } from './concurrency-setting.ts'
import { environmentOf } from './environments.ts'
import type { Contexts, Plain } from './expressions.ts'
import { jobFunctions } from './functions.ts'
import { runJob } from './job.ts'
import { ancestorsOf, labelsOf, literalNameOf, nameOf, worst } from './job-naming.ts'
import { JobLog } from './log.ts'
import { onMachine, seenBy } from './machine.ts'
import { Masks } from './masks.ts'
import { combinationsOf } from './matrix.ts'
import { type Permissions, permissionsOf, readOnly } from './permissions.ts'
import type { Reachable } from './prepare.ts'
import type { Conclusion, JobRecord, RunState } from './run-state.ts'
import { conditionOf, entriesOf, errorAt, find, holds, type Scope, textAt, valueAt } from './tokens.ts'
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

/** One job of a matrix, or the only one. */
interface Planned {
  readonly definition: JobDefinition
  readonly contexts: Contexts
  readonly name: string
  readonly permissions: Permissions
}

/** Runs all jobs of a file and, below them, those of the workflows they call. */
export async function runJobs(run: RunState, reachable: Reachable, level: Level): Promise<LevelOutcome> {
  const { file } = level
  const results: Record<string, JobResult> = {}
  const log = new JobLog(run.log, new Masks(run.allSecrets))

  const record = ({ definition, name, permissions }: Planned, entry: Partial<JobRecord>): JobResult => {
    const whole = { conclusion: 'cancelled' as Conclusion, outputs: {}, steps: [], runsOn: [], ...entry }
    run.jobs.push({ id: level.idPrefix + definition.id, name, permissions, ...whole })
    return { result: whole.conclusion, outputs: whole.outputs }
  }

  /** Holds the group of a setting meanwhile; without a turn the job is cancelled. */
  const inTurn = async (
    planned: Planned,
    setting: ConcurrencySetting,
    act: (cancel: AbortSignal) => Promise<JobResult>,
  ): Promise<JobResult> => {
    const waiting = { groups: run.groups, cancel: run.cancel, say: (line: string) => log.line(line) }
    const outcome = await holding(setting.concurrency, waiting, act)
    if ('done' in outcome) return outcome.done
    run.annotations.push({ level: 'error', title: '', message: outcome.reason })
    return record(planned, setting.value === undefined ? {} : { concurrency: setting.value })
  }

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
    const asked =
      permissionsOf(find(definition.token, 'permissions')) ??
      permissionsOf(find(file.root, 'permissions')) ??
      level.permissions
    const permissions = run.isFromFork ? readOnly(asked) : asked
    const plainName = [...level.callers, literalNameOf(definition)].join(' / ')
    const scope: Scope = { contexts: base, functions: jobFunctions(ancestors, run.cancel.aborted) }
    if (!holds(file, condition, scope, find(definition.token, 'if'))) {
      const conclusion = run.cancel.aborted ? 'cancelled' : 'skipped'
      log.heading(`${plainName}   ${conclusion}`, '═')
      results[definition.id] = record({ definition, contexts: base, name: plainName, permissions }, { conclusion })
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
      const planned: Planned = { definition, contexts, name, permissions }
      if (failsFast && conclusions.includes('failure')) {
        conclusions.push(record(planned, {}).result)
        continue
      }
      const outcome = definition.uses ? await call(planned) : await job(planned)
      conclusions.push(outcome.result)
      Object.assign(outputs, outcome.outputs)
      const allowed = find(definition.token, 'continue-on-error')
      if (outcome.result === 'failure' && allowed && valueAt(file, allowed, { contexts }) === true)
        conclusions[conclusions.length - 1] = 'success'
    }
    const result = worst(failsFast && conclusions.includes('failure') ? ['failure'] : conclusions)
    results[definition.id] = { result, outputs }
  }

  const job = async (planned: Planned): Promise<JobResult> => {
    const { definition, contexts, name, permissions } = planned
    const environmentToken = find(definition.token, 'environment')
    const environment = environmentToken ? valueAt(file, environmentToken, { contexts }) : undefined
    const entered = environmentOf(run, environment)
    const setting = concurrencyOf(file, definition.token, { contexts }, level.groups)
    const runsOnToken = find(definition.token, 'runs-on')
    const runsOn = labelsOf(runsOnToken ? valueAt(file, runsOnToken, { contexts }) : '')
    const noted = {
      ...(environment === undefined ? {} : { environment }),
      ...(setting.value === undefined ? {} : { concurrency: setting.value }),
    }
    if (entered.refusal) {
      log.heading(`${name}   failure`, '═')
      for (const message of entered.refusal) {
        log.line(`Error: ${message}`)
        run.annotations.push({ level: 'error', title: '', message })
      }
      return record(planned, { conclusion: 'failure', ...noted })
    }
    return await inTurn(planned, setting, async (cancel) => {
      const outcome = await onMachine(run, runsOn, cancel, () =>
        runJob({
          run: { ...seenBy(run, level.idPrefix + definition.id, runsOn), cancel },
          file,
          definition,
          name,
          runsOn,
          permissions,
          environment: entered.name,
          actions: reachable.actions,
          contexts: {
            ...contexts,
            secrets: secretsOfJob(level.secrets, entered.settings?.secrets),
            vars: { ...run.vars, ...entered.settings?.vars },
          },
        }),
      )
      return record(planned, { runsOn, ...outcome, ...noted })
    })
  }

  const call = async (planned: Planned): Promise<JobResult> => {
    const { definition, contexts, name, permissions } = planned
    const { uses } = definition
    const called = uses && reachable.workflows.get(uses)
    if (!called) throw errorAt(file, uses, 'the called workflow was not read')
    const scope: Scope = { contexts: { ...contexts, secrets: { ...level.secrets.values } } }
    const inputs = callInputs(file, definition, called, scope)
    const setting = concurrencyOf(file, definition.token, { contexts }, level.groups)
    const own = concurrencyOf(called, called.root, { contexts: { ...contexts, inputs } }, setting.groups)
    const below = async (cancel: AbortSignal): Promise<JobResult> => {
      const outcome = await runJobs({ ...run, cancel }, reachable, {
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
      const { conclusion } = outcome
      return record(planned, {
        conclusion,
        outputs,
        ...(setting.value === undefined ? {} : { concurrency: setting.value }),
      })
    }
    return await inTurn(planned, setting, () => inTurn(planned, own, below))
  }

  for (const definition of file.jobs) await runOne(definition)
  return { conclusion: worst(Object.values(results).map((entry) => entry.result)), jobs: results }
}
