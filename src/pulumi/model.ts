/** What is said to Pulumi's CLI and API, and what they say. Texts of both, and of the program, are remote text. */
import type { Deployment } from '../report/index.ts'
import type { Exec, Http } from '../runner/index.ts'

export type { Exec, Http }

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

/** What running the CLI needs of its surroundings. */
export interface PulumiPorts {
  readonly exec: Exec
  /** One line of what the CLI prints, while it runs; printable, not yet safe from workflow commands. */
  readonly say: (line: string) => void
  /** Takes masked values out of a text. All texts of an outcome have been through it, before they were cut. */
  readonly redact: (text: string) => string
}

/** What one run of the CLI came to. All texts are remote text: printable, redacted, bounded. */
export interface PulumiOutcome {
  /** Exit code of the CLI: 0 well, 7 changes where none were expected, 8 cancelled … (pulumi/pulumi: sdk/go/common/util/cmdutil/exit.go). */
  readonly exitCode: number
  readonly isTimedOut: boolean
  /** The job was cancelled while it ran. */
  readonly isCancelled: boolean
  /** It did not end itself when it was asked to: the stack may still be locked, and operations may be pending. */
  readonly isKilled: boolean
  readonly deployment: Deployment
  /** What the CLI itself said on standard error, its last 50 lines: neither the program nor a provider can write there. */
  readonly errors: readonly string[]
  /** Mandatory policies that were broken, by name; at most 20. */
  readonly brokenPolicies: readonly string[]
  /** The last lines that it printed, without colours; at most 200. */
  readonly lastLines: readonly string[]
}

/** Cause and remedy of an ending that is not well. */
export interface PulumiFailure {
  readonly code: PulumiFailureCode
  /** One sentence without a full stop. */
  readonly title: string
  readonly cause: string
  readonly remedy: string
  readonly evidence: readonly string[]
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
  /** Rejects with PulumiApiError when it could not be asked, or with the signal's reason. */
  lock(stack: StackReference, signal: AbortSignal): Promise<StackLock>
  /** Ends exactly this update, never whichever runs by then. One that is over already is no error. Rejects as `lock` does. */
  cancel(stack: StackReference, lock: StackLock, signal: AbortSignal): Promise<void>
}
