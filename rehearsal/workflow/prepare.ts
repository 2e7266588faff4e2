/** Reads and checks everything that a run can reach before any of it starts, as GitHub and its runner do. */
import { join } from 'node:path'
import { type ActionFile, readAction } from './action-file.ts'
import { identityOf, type Origin, otherRepository, ownerOf, type Repositories, shownPath } from './origin.ts'
import type { TemplateToken } from './parser.ts'
import { defaultPermissions, type Permissions, permissionsOf, refuseMore } from './permissions.ts'
import { referenceOf } from './references.ts'
import type { StandIn } from './stand-ins/index.ts'
import { entriesOf, errorAt, find, literalOf } from './tokens.ts'
import { type JobDefinition, readWorkflow, type WorkflowFile } from './workflow-file.ts'

/** Everything that a run can reach. */
export interface Reachable {
  readonly entry: WorkflowFile
  /** `uses:` of a job → the workflow that it calls. */
  readonly workflows: ReadonlyMap<TemplateToken, WorkflowFile>
  /** `uses:` of a step → the action, where it is neither one of the workspace nor played by a stand-in. */
  readonly actions: ReadonlyMap<TemplateToken, ActionFile>
}

export interface Preparation {
  /** The repository that the run is of. */
  readonly own: Origin
  /** Path of the workflow that is started. */
  readonly path: string
  readonly standIns: Readonly<Record<string, StandIn>>
  readonly repositories: Repositories
}

// github/docs content/actions/reference/workflows-and-actions/reusing-workflow-configurations.md: ten levels, fifty workflows.
const deepest = 10
const mostWorkflows = 50

function checkCall(caller: WorkflowFile, job: JobDefinition, called: WorkflowFile): void {
  const name = shownPath(called.origin, called.path)
  if (!called.triggers.has('workflow_call')) throw errorAt(caller, job.uses, `${name} has no 'workflow_call' trigger`)
  const trigger = called.triggers.get('workflow_call')
  const check = (
    what: 'input' | 'secret',
    given: TemplateToken | undefined,
    declared: [string, TemplateToken][],
  ): void => {
    const names = entriesOf(given).map(([key]) => key)
    for (const key of names) {
      if (!declared.some(([other]) => other.toLowerCase() === key.toLowerCase())) {
        throw errorAt(
          caller,
          find(given, key) ?? given,
          `${name} declares no ${what} '${key}' (it declares ${declared.map(([other]) => other).join(', ') || 'none'})`,
        )
      }
    }
    for (const [key, token] of declared) {
      const isRequired = literalOf(find(token, 'required')) === 'true' && find(token, 'default') === undefined
      if (isRequired && !names.some((other) => other.toLowerCase() === key.toLowerCase())) {
        throw errorAt(caller, job.uses, `${what} '${key}' is required by ${name} and not given`)
      }
    }
  }
  check('input', find(job.token, 'with'), entriesOf(find(trigger, 'inputs')))
  const secrets = find(job.token, 'secrets')
  if (secrets === undefined || !secrets.isScalar) check('secret', secrets, entriesOf(find(trigger, 'secrets')))
  else if (ownerOf(caller.origin) !== ownerOf(called.origin)) {
    // Workflow syntax, `jobs.<job_id>.secrets.inherit`: within one organization or enterprise.
    throw errorAt(
      caller,
      secrets,
      `secrets are inherited within one owner only, and ${name} is somebody else's: pass them by name`,
    )
  }
}

/**
 * Reads a workflow and all that it reaches.
 * @throws WorkflowError for the first thing that would keep GitHub or the rehearsal from running it
 */
export async function prepare({ own, path, standIns, repositories }: Preparation): Promise<Reachable> {
  const files = new Map<string, WorkflowFile>()
  const workflows = new Map<TemplateToken, WorkflowFile>()
  const actions = new Map<TemplateToken, ActionFile>()

  const readOnce = async (origin: Origin, file: string): Promise<WorkflowFile> => {
    const identity = identityOf(origin, file)
    const read = files.get(identity) ?? (await readWorkflow(origin, file))
    files.set(identity, read)
    return read
  }

  /** `./` and `$/` mean the repository and the commit of the file that says so. */
  const calledBy = async (caller: WorkflowFile, uses: TemplateToken): Promise<WorkflowFile> => {
    const reference = referenceOf(caller, uses)
    const origin =
      reference.kind === 'third-party'
        ? otherRepository(repositories, reference.repository, reference.commit)
        : caller.origin
    if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(reference.path))
      throw errorAt(
        caller,
        uses,
        `'${literalOf(uses)}': a called workflow lies in .github/workflows, and in no folder of it`,
      )
    if (origin === undefined)
      throw errorAt(
        caller,
        uses,
        `'${literalOf(uses)}': workflow was not found; the rehearsal has no such repository at that commit`,
      )
    return await readOnce(origin, reference.path)
  }

  const checkSteps = async (file: WorkflowFile, job: JobDefinition): Promise<void> => {
    for (const step of job.steps) {
      const uses = find(step, 'uses')
      if (uses === undefined || actions.has(uses)) continue
      const reference = referenceOf(file, uses)
      if (reference.kind === 'workspace') continue
      const origin =
        reference.kind === 'self' ? file.origin : otherRepository(repositories, reference.repository, reference.commit)
      if (origin !== undefined) {
        const action = await readAction(join(origin.folder, reference.path), shownPath(origin, reference.path))
        actions.set(uses, { ...action, origin })
      } else if (reference.kind === 'third-party' && standIns[reference.name] === undefined) {
        throw errorAt(
          file,
          uses,
          `'${literalOf(uses)}': the rehearsal has no stand-in for '${reference.name}' (it has ${Object.keys(standIns).sort().join(', ')})`,
        )
      }
    }
  }

  const walk = async (file: WorkflowFile, granted: Permissions, chain: readonly WorkflowFile[]): Promise<void> => {
    const ofFile = permissionsOf(find(file.root, 'permissions'))
    for (const job of file.jobs) {
      const ofJob = permissionsOf(find(job.token, 'permissions'))
      const asked = ofJob ?? ofFile ?? granted
      // The run itself may declare what it likes; only what it calls is bound.
      if (chain.length > 0)
        refuseMore(file, find(job.token, 'permissions') ?? find(file.root, 'permissions'), job.id, asked, granted)
      if (job.uses === undefined) {
        await checkSteps(file, job)
        continue
      }
      if (chain.length + 1 === deepest)
        throw errorAt(file, job.uses, `workflows are called ${deepest} levels deep; GitHub allows no more`)
      const called = await calledBy(file, job.uses)
      if (called === file || chain.includes(called))
        throw errorAt(file, job.uses, `${shownPath(called.origin, called.path)} calls itself by this`)
      workflows.set(job.uses, called)
      if (files.size - 1 > mostWorkflows)
        throw errorAt(file, job.uses, `more than ${mostWorkflows} workflows are called; GitHub allows no more`)
      checkCall(file, job, called)
      await walk(called, asked, [...chain, file])
    }
  }

  const entry = await readOnce(own, path)
  await walk(entry, defaultPermissions, [])
  return { entry, workflows, actions }
}
