/** Reads and checks everything that a run can reach before any of it starts, as GitHub and its runner do. */
import { join } from 'node:path'
import { type ActionFile, readAction } from './action-file.ts'
import type { TemplateToken } from './parser.ts'
import { defaultPermissions, type Permissions, permissionsOf, refuseMore } from './permissions.ts'
import { referenceOf } from './references.ts'
import type { StandIn } from './stand-ins/index.ts'
import { entriesOf, errorAt, find, literalOf, type Source } from './tokens.ts'
import { type JobDefinition, readWorkflow, type WorkflowFile } from './workflow-file.ts'

/** Everything that a run can reach. */
export interface Reachable {
  readonly entry: WorkflowFile
  /** Path → called workflow. */
  readonly workflows: ReadonlyMap<string, WorkflowFile>
  /** Path of `$/path` → action. */
  readonly actions: ReadonlyMap<string, ActionFile>
}

// GitHub: ten levels of workflows.
const deepest = 10

/** The repository path of a called workflow. */
export function calledPath(source: Source, uses: TemplateToken): string {
  const reference = referenceOf(source, uses)
  if (reference.kind !== 'third-party') return reference.path
  throw errorAt(source, uses, `'${literalOf(uses)}': the rehearsal has no workflows of other repositories`)
}

function checkCall(caller: WorkflowFile, job: JobDefinition, called: WorkflowFile): void {
  if (!called.triggers.has('workflow_call'))
    throw errorAt(caller, job.uses, `${called.path} has no 'workflow_call' trigger`)
  const trigger = called.triggers.get('workflow_call')
  const check = (
    what: 'input' | 'secret',
    given: TemplateToken | undefined,
    declared: [string, TemplateToken][],
  ): void => {
    const names = entriesOf(given).map(([name]) => name)
    for (const name of names) {
      if (!declared.some(([key]) => key.toLowerCase() === name.toLowerCase())) {
        throw errorAt(
          caller,
          find(given, name) ?? given,
          `${called.path} declares no ${what} '${name}' (it declares ${declared.map(([key]) => key).join(', ') || 'none'})`,
        )
      }
    }
    for (const [name, token] of declared) {
      const isRequired = literalOf(find(token, 'required')) === 'true' && find(token, 'default') === undefined
      if (isRequired && !names.some((key) => key.toLowerCase() === name.toLowerCase())) {
        throw errorAt(caller, job.uses, `${what} '${name}' is required by ${called.path} and not given`)
      }
    }
  }
  check('input', find(job.token, 'with'), entriesOf(find(trigger, 'inputs')))
  const secrets = find(job.token, 'secrets')
  if (secrets === undefined || !secrets.isScalar) check('secret', secrets, entriesOf(find(trigger, 'secrets')))
}

/**
 * Reads a workflow and all that it reaches.
 * @throws WorkflowError for the first thing that would keep GitHub or the rehearsal from running it
 */
export async function prepare(
  repository: string,
  path: string,
  standIns: Readonly<Record<string, StandIn>>,
): Promise<Reachable> {
  const workflows = new Map<string, WorkflowFile>()
  const actions = new Map<string, ActionFile>()

  const readOnce = async (file: string): Promise<WorkflowFile> => {
    const read = workflows.get(file) ?? (await readWorkflow(repository, file))
    workflows.set(file, read)
    return read
  }

  const checkSteps = async (file: WorkflowFile, job: JobDefinition): Promise<void> => {
    for (const step of job.steps) {
      const uses = find(step, 'uses')
      if (uses === undefined) continue
      const reference = referenceOf(file, uses)
      if (reference.kind === 'third-party' && standIns[reference.name] === undefined) {
        throw errorAt(
          file,
          uses,
          `'${literalOf(uses)}': the rehearsal has no stand-in for '${reference.name}' (it has ${Object.keys(standIns).sort().join(', ')})`,
        )
      }
      if (reference.kind !== 'self' || actions.has(reference.path)) continue
      actions.set(reference.path, await readAction(join(repository, reference.path), reference.path))
    }
  }

  const walk = async (file: WorkflowFile, granted: Permissions, level: number): Promise<void> => {
    const ofFile = permissionsOf(find(file.root, 'permissions'))
    for (const job of file.jobs) {
      const ofJob = permissionsOf(find(job.token, 'permissions'))
      const asked = ofJob ?? ofFile ?? granted
      // The run itself may declare what it likes; only what it calls is bound.
      if (level > 1)
        refuseMore(file, find(job.token, 'permissions') ?? find(file.root, 'permissions'), job.id, asked, granted)
      if (job.uses === undefined) {
        await checkSteps(file, job)
        continue
      }
      if (level === deepest)
        throw errorAt(file, job.uses, `workflows are called ${deepest} levels deep; GitHub allows no more`)
      const called = await readOnce(calledPath(file, job.uses))
      checkCall(file, job, called)
      await walk(called, asked, level + 1)
    }
  }

  const entry = await readOnce(path)
  await walk(entry, defaultPermissions, 1)
  return { entry, workflows, actions }
}
