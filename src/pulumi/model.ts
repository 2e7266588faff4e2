/** What is said to Pulumi's CLI and API, and what they say. Texts of both, and of the program, are remote text. */
import type { Deployment } from '../report/index.ts'

export type PulumiCommand = Deployment['command']

/** `organization/project/stack`, in parts. */
export interface StackReference {
  readonly organization: string
  readonly project: string
  readonly stack: string
}

/** How the CLI is run: everything that its child processes see, and nothing else. */
export interface PulumiPlace {
  /** Path of the `pulumi` program. */
  readonly program: string
  /** Folder of Pulumi.yaml, absolute. */
  readonly workingDirectory: string
  /** The whole environment of the CLI, with PULUMI_ACCESS_TOKEN and PULUMI_CONFIG_PASSPHRASE in it; PULUMI_HOME is of this job alone. */
  readonly environment: Readonly<Record<string, string>>
}

export interface PulumiWish {
  readonly command: PulumiCommand
  readonly stack: StackReference
  /** Makes a plan by a preview, and lets the update do nothing that is not in it. */
  readonly isPlanBound: boolean
  /** Reads what the resources really are before it compares. A drift run always does. */
  readonly isRefreshed: boolean
  /** Title of the update at Pulumi, in place of the commit message: whose text it is, is not for strangers to say. */
  readonly message: string
  /** After this the CLI is asked to end (SIGINT), and after patienceMs killed. */
  readonly timeoutMs: number
  readonly patienceMs: number
}

/** What one run of the CLI came to. */
export interface PulumiOutcome {
  /** Exit code of the CLI: 0 well, 7 no changes, 8 cancelled … (pulumi/pulumi: sdk/go/common/util/cmdutil/exit.go). */
  readonly exitCode: number
  readonly isTimedOut: boolean
  readonly deployment: Deployment
  /** The last lines that it printed, without colours; at most 200. */
  readonly lastLines: readonly string[]
}

/** Why it did not end well; pure judgement of an outcome. */
export type PulumiFailureCode =
  | 'pulumi-locked'
  | 'pulumi-cancelled'
  | 'pulumi-timeout'
  | 'pulumi-unauthorized'
  | 'pulumi-stack-missing'
  | 'pulumi-passphrase'
  | 'pulumi-configuration'
  | 'pulumi-policy'
  | 'pulumi-plan-exceeded'
  | 'pulumi-program'
  | 'pulumi-resources'
  | 'pulumi-unreachable'
  | 'pulumi-drift'
  | 'pulumi-failed'

/** Who holds a stack: Pulumi Cloud lets one update of a stack run at a time. */
export interface StackLock {
  /** Id of the active update; empty: nobody holds it. */
  readonly updateId: string
  readonly kind: string
  readonly author: string
  /** Seconds since 1970; 0: not known. */
  readonly startedAt: number
  /** `ci.build.id` of the update as its CLI recorded it: GITHUB_RUN_ID of the job; empty: none, or not known. */
  readonly runId: string
}

/** Pulumi Cloud's API about one stack; everything is bounded in time, no redirect is followed. */
export interface StackApi {
  /** @throws EscError-like failure with code when it could not be asked */
  lock(stack: StackReference, signal: AbortSignal): Promise<StackLock>
  /** Ends exactly this update, never whichever runs by then. */
  cancel(stack: StackReference, lock: StackLock, signal: AbortSignal): Promise<void>
}
