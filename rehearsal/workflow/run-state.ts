/** What all jobs of one run share, and what one job carries from step to step. */
import type { Endpoint, IdTokenIssuer, JobTokens, WorkflowRun } from '../contract.ts'
import type { SignalDelays } from './child.ts'
import type { ConcurrencyGroups } from './concurrency.ts'
import type { Contexts, Plain } from './expressions.ts'
import type { IdTokenRequest } from './id-token.ts'
import type { JobLog, RunLog } from './log.ts'
import type { Masks } from './masks.ts'
import type { StandIn } from './stand-ins/model.ts'
import type { Annotation } from './step-output.ts'
import type { WorkflowFile } from './workflow-file.ts'

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped'
export type StepRecord = WorkflowRun['jobs'][number]['steps'][number]

/** A job as it ran, with what the rehearsal notes but does not enforce. */
export interface JobRecord {
  readonly id: string
  readonly name: string
  readonly conclusion: Conclusion
  readonly outputs: Readonly<Record<string, string>>
  readonly steps: readonly StepRecord[]
  readonly runsOn: readonly string[]
  readonly permissions: Plain
  readonly environment?: Plain
  readonly concurrency?: Plain
}

/** The folders of the machine that plays the runner. */
export interface RunnerFolders {
  readonly home: string
  /** Parent of the workspace. */
  readonly work: string
  readonly workspace: string
  /** Emptied before and after every job. */
  readonly temporary: string
  /** Survives jobs, as on a self-hosted runner. */
  readonly tools: string
}

/** An environment of the repository. */
export interface EnvironmentSettings {
  /** Only jobs in it get them; in a called workflow only those that the caller passes. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly vars?: Readonly<Record<string, string>>
  /** Patterns of branches whose runs may enter it; default: every run may. */
  readonly branches?: readonly string[]
}

export interface RunState {
  /** Folder of the repository whose workflows and actions run. */
  readonly repository: string
  /** `owner/name`. */
  readonly repositoryName: string
  readonly folders: RunnerFolders
  /** Below it every hosted job has a machine of its own. */
  readonly hostedFolder: string
  readonly artifactsFolder: string
  /** GitHub's cache of the repository: it outlives runs, and all machines see it. */
  readonly cachesFolder: string
  readonly endpoints: readonly Endpoint[] | undefined
  /** What the machine brings of its own: PATH, KUBECONFIG, … */
  readonly machine: Readonly<Record<string, string>>
  /** The same of GitHub's machines, besides what all of them have. */
  readonly hosted: Readonly<Record<string, string>>
  /** Folder whose files a checkout has over those of the repository. */
  readonly overlay: string | undefined
  /** Undefined: no job gets an ID token, whatever its permissions are. */
  readonly idTokens: IdTokenIssuer | undefined
  /** Undefined: every job gets the same token, which opens nothing. */
  readonly tokens: JobTokens | undefined
  readonly isDebug: boolean
  readonly delays: SignalDelays
  readonly standIns: Readonly<Record<string, StandIn>>
  readonly vars: Readonly<Record<string, string>>
  readonly environments: Readonly<Record<string, EnvironmentSettings>>
  /** A stranger's pull request. */
  readonly isFromFork: boolean
  readonly groups: ConcurrencyGroups
  /** Everything secret: masked in every job, whether the job is given it or not. */
  readonly allSecrets: readonly string[]
  /** The `github` context as far as it is the same for all jobs. */
  readonly github: Readonly<Record<string, Plain>>
  readonly log: RunLog
  readonly cancel: AbortSignal
  readonly annotations: Annotation[]
  readonly summaries: string[]
  readonly artifacts: Record<string, string>
  readonly jobs: JobRecord[]
}

export interface JobState {
  readonly run: RunState
  readonly file: WorkflowFile
  readonly id: string
  readonly masks: Masks
  readonly log: JobLog
  /** Aborted when the run is cancelled or the job's time is over. */
  readonly cancel: AbortSignal
  status: 'success' | 'failure' | 'cancelled'
  /** `env` of workflow and job, and what steps added by GITHUB_ENV. */
  readonly env: Record<string, string>
  /** Folders that steps put before PATH, latest last. */
  readonly path: string[]
  /** The `steps` context. */
  readonly steps: Record<string, Plain>
  /** `github`, `inputs`, `vars`, `secrets`, `needs`, `strategy`, `matrix`, `runner`. */
  readonly contexts: Contexts
  readonly defaults: { readonly shell?: string; readonly workingDirectory?: string }
  readonly records: StepRecord[]
  /** Undefined: the job lacks `id-token: write`. */
  readonly idToken: IdTokenRequest | undefined
  /** GitHub's token of this job ends with it. */
  readonly endToken: () => void
  /** The mark in the environment of every process of this job. */
  readonly trackingId: string
}
