/** Runs the committed workflow files of this repository as GitHub and its runner do, on this machine. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import type { Endpoint, IdTokenIssuer, JobTokens, WorkflowRun } from '../contract.ts'
import { runnerDelays, type SignalDelays } from './child.ts'
import { ConcurrencyGroups } from './concurrency.ts'
import { concurrencyOf, holding } from './concurrency-setting.ts'
import { machineEnvironment } from './environment.ts'
import { emptied } from './environments.ts'
import { startedBy, type WorkflowEvent } from './event.ts'
import type { Plain } from './expressions.ts'
import { commitOf, githubContext } from './github-context.ts'
import { runJobs } from './jobs.ts'
import { JobLog, RunLog } from './log.ts'
import { foldersOf } from './machine.ts'
import { Masks } from './masks.ts'
import { checkRepositories, type Repositories } from './origin.ts'
import { defaultPermissions, readOnly } from './permissions.ts'
import { prepare } from './prepare.ts'
import { repositoryRoot } from './repository-root.ts'
import type { JobRecord, RunState } from './run-state.ts'
import { type StandIn, standIns } from './stand-ins/index.ts'
import type { Annotation } from './step-output.ts'
import { find, textAt } from './tokens.ts'

export { ConcurrencyGroups } from './concurrency.ts'
export { WorkflowError } from './errors.ts'
export type { WorkflowEvent } from './event.ts'
export { repositoryRoot } from './repository-root.ts'
export { type StandIn, type StandInRun, standIns } from './stand-ins/index.ts'

export interface WorkflowOptions {
  /** Path of the workflow file relative to the repository, e.g. `.github/workflows/join-calypso.yml`. */
  readonly workflow: string
  readonly event: WorkflowEvent
  /** Folder for log, summary and artifacts; emptied first. */
  readonly directory: string
  /** Folder of the repository; this one unless a test brings its own. */
  readonly repository?: string
  /** `owner/name` of the repository. */
  readonly repositoryName?: string
  /**
   * `owner/name@<40 hexadecimal digits>` → folder: repositories whose workflows and actions are called by commit. With them the
   * repository of the run may be anybody's.
   */
  readonly repositories?: Repositories
  /** Concurrency groups of the repository; runs that are given the same ones wait for each other. */
  readonly groups?: ConcurrencyGroups
  /** Folder of the machine that plays the runner; give the same one to two runs and they share its tool cache, and wait for it. */
  readonly runner?: string
  /** Secrets of the repository. All of them are masked everywhere. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Configuration variables. */
  readonly vars?: Readonly<Record<string, string>>
  /** Environments of the repository: their secrets, variables, and branches that may enter. */
  readonly environments?: RunState['environments']
  /** What the runner's machine has in its environment, e.g. KUBECONFIG. */
  readonly machine?: Readonly<Record<string, string>>
  /** What GitHub's machines have in theirs besides. */
  readonly hosted?: Readonly<Record<string, string>>
  /** Folder whose files a checkout has besides those of the repository, and over them, e.g. somebody's `cluster/`. */
  readonly overlay?: string
  /** Where the embedded world answers. Given, every connection of an action to another address fails. */
  readonly endpoints?: readonly Endpoint[]
  /** GitHub's OIDC issuer of the world, for jobs with `id-token: write`. */
  readonly idTokens?: IdTokenIssuer
  /** Whoever gives jobs their GITHUB_TOKEN; without one it is a token that opens nothing. */
  readonly tokens?: JobTokens
  /** Folder of GitHub's cache; give the same one to two runs and the second finds what the first has saved. */
  readonly caches?: string
  /** PEM file of the world's certificate authority. */
  readonly caFile?: string
  /** The log is written here as it comes. */
  readonly log?: Writable
  /** Step debug logging (`ACTIONS_STEP_DEBUG`). */
  readonly debug?: boolean
  readonly actor?: string
  readonly runNumber?: number
  readonly signal?: AbortSignal
  /** Presses Cancel when a line of the log matches. */
  readonly cancelAfterLine?: RegExp
  /** Waits between the signals of a cancelled step; the runner's own unless a test is in a hurry. */
  readonly delays?: SignalDelays
  /** More stand-ins for third-party actions. */
  readonly standIns?: Readonly<Record<string, StandIn>>
}

/** A run as it went. */
export interface RecordedRun extends WorkflowRun {
  readonly runName: string
  readonly concurrency?: Plain
  readonly jobs: readonly JobRecord[]
}

/**
 * Runs one workflow to its end.
 * @returns what happened; a failed job is a conclusion, not an exception
 * @throws WorkflowError where GitHub would start nothing or the rehearsal cannot carry something out, before anything has run;
 * and for a value that only turns out wrong between two jobs
 */
export async function runWorkflow(options: WorkflowOptions): Promise<RecordedRun> {
  const repository = resolve(options.repository ?? repositoryRoot)
  const repositoryName = options.repositoryName ?? 'rehearsal/k3s-gpu-actions'
  const directory = resolve(options.directory)
  const known = { ...standIns, ...options.standIns }
  const { repositories = {} } = options
  checkRepositories(repositories)
  const own = { name: repositoryName, folder: repository }
  const reachable = await prepare({ own, path: options.workflow, standIns: known, repositories })
  const { entry } = reachable
  const author = options.event.name === 'pull_request' ? options.event.author : undefined
  const actor = options.actor ?? author ?? 'owner'
  const started = startedBy(entry, options.event, { repositoryName, commit: commitOf(repository), actor })

  // Looks like GitHub's and opens nothing; it is masked like every secret.
  const token = 'ghs_rehearsalOnlyThisTokenOpensNothing00'
  const all = { ...options.secrets, GITHUB_TOKEN: token }
  // A stranger's pull request is given neither (github/docs content/actions/reference/workflows-and-actions/events-that-trigger-workflows.md;
  // for variables: observed in FreeRADIUS/freeradius-server pull request 5925).
  const secrets = started.isFromFork ? { GITHUB_TOKEN: token } : all
  const vars = started.isFromFork ? {} : (options.vars ?? {})
  const github = githubContext({
    started,
    eventName: options.event.name,
    repositoryName,
    workflow: { name: entry.name, path: options.workflow },
    actor,
    runNumber: options.runNumber ?? 1,
    token,
  })
  const scope = { contexts: { github, inputs: started.inputs, vars } }
  const runName = textAt(entry, find(entry.root, 'run-name'), scope) || entry.name
  const concurrency = concurrencyOf(entry, entry.root, scope, [])

  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  const folders = foldersOf(resolve(options.runner ?? join(directory, 'runner')), repositoryName)
  mkdirSync(folders.work, { recursive: true })
  const cancel = new AbortController()
  const onSignal = (): void => cancel.abort()
  options.signal?.addEventListener('abort', onSignal, { once: true })
  if (options.signal?.aborted) cancel.abort()
  const log = new RunLog(options.log, (line) => {
    if (options.cancelAfterLine?.test(line)) cancel.abort()
  })
  const annotations: Annotation[] = []
  const environmentSecrets = Object.values(options.environments ?? {}).flatMap((environment) =>
    Object.values(environment.secrets ?? {}),
  )
  const run: RunState = {
    repository,
    repositoryName,
    folders,
    hostedFolder: join(directory, 'hosted'),
    artifactsFolder: join(directory, 'artifacts'),
    cachesFolder: resolve(options.caches ?? join(directory, 'caches')),
    endpoints: options.endpoints,
    hosted: options.hosted ?? {},
    overlay: options.overlay,
    machine: machineEnvironment(folders.home, {
      ...(options.caFile ? { NODE_EXTRA_CA_CERTS: options.caFile } : {}),
      ...options.machine,
    }),
    idTokens: options.idTokens,
    tokens: options.tokens,
    isDebug: options.debug ?? false,
    delays: options.delays ?? runnerDelays,
    standIns: known,
    vars,
    environments: started.isFromFork ? emptied(options.environments ?? {}) : (options.environments ?? {}),
    isFromFork: started.isFromFork,
    groups: options.groups ?? new ConcurrencyGroups(),
    allSecrets: [...Object.values(all), ...environmentSecrets],
    github,
    log,
    cancel: cancel.signal,
    annotations,
    summaries: [],
    artifacts: {},
    jobs: [],
  }
  const header = new JobLog(log, new Masks(run.allSecrets))
  header.line(`${entry.name} #${github.run_number} · ${runName} · ${options.event.name} by ${github.actor}`)
  try {
    const waiting = { groups: run.groups, cancel: cancel.signal, say: (line: string) => header.line(line) }
    const outcome = await holding(concurrency.concurrency, waiting, async (signal) => {
      const { conclusion } = await runJobs({ ...run, cancel: signal }, reachable, {
        file: entry,
        inputs: started.inputs,
        secrets: { values: secrets, isOpen: true },
        permissions: started.isFromFork ? readOnly(defaultPermissions) : defaultPermissions,
        callers: [],
        idPrefix: '',
        groups: concurrency.groups,
      })
      return signal.aborted ? 'cancelled' : conclusion === 'skipped' ? 'success' : conclusion
    })
    if ('reason' in outcome) annotations.push({ level: 'error', title: '', message: outcome.reason })
    const conclusion = 'done' in outcome ? outcome.done : 'cancelled'
    header.heading(`${runName}: ${conclusion}`, '═')
    return {
      conclusion,
      log: log.text,
      jobs: run.jobs,
      summary: run.summaries.join('\n\n'),
      annotations,
      artifacts: run.artifacts,
      directory,
      runName,
      ...(concurrency.value === undefined ? {} : { concurrency: concurrency.value }),
    }
  } finally {
    writeFileSync(join(directory, 'log.txt'), log.text)
    writeFileSync(join(directory, 'summary.md'), run.summaries.join('\n\n'))
    options.signal?.removeEventListener('abort', onSignal)
  }
}
