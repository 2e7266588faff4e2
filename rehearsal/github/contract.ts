/** What the rest of the embedded world, the workflow runner and tests see of the embedded GitHub. */

/** github.com, api.github.com and raw.githubusercontent.com as far as an action asks them. */
export interface GithubWorld {
  readonly port: number
  readonly requests: readonly string[]
  /** Issues of the repository that the workflows run in. */
  readonly issues: IssuesWorld
  /** Its workflows and their runs. */
  readonly workflows: WorkflowsWorld
  readonly tokens: JobTokens
  readonly troubles: TroubledRequests
  close(): Promise<void>
}

/** An issue, or a pull request, which GitHub lists among them. */
export interface EmbeddedIssue {
  readonly number: number
  readonly title: string
  readonly body: string
  readonly state: 'open' | 'closed'
  readonly stateReason: string | null
  /** Who opened it, e.g. `github-actions[bot]`. */
  readonly login: string
  readonly labels: readonly string[]
  readonly comments: readonly {
    readonly id: number
    readonly login: string
    readonly body: string
    readonly at: string
    /** Undefined: never. */
    readonly editedAt?: string
  }[]
  readonly isLocked: boolean
  readonly isPullRequest: boolean
  readonly createdAt: string
  readonly updatedAt: string
}

export interface IssuesWorld {
  /** In the order of their numbers. */
  readonly all: readonly EmbeddedIssue[]
  /** What somebody else opens; default: by github-actions, open, without labels. */
  add(issue: Partial<EmbeddedIssue> & { readonly title: string }): EmbeddedIssue
  /** Issues are switched off in the repository's settings. */
  disable(): void
  /** The newest are there and not in any list yet, as for a moment after they were opened. */
  hideNewest(count: number): void
}

/** One run of a workflow. */
export interface EmbeddedRun {
  readonly id: number
  /** File name, e.g. `nightly.yml`. */
  readonly workflow: string
  readonly number: number
  readonly event: string
  readonly branch: string
  readonly status: string
  readonly conclusion: string | null
  readonly createdMs: number
  readonly updatedMs: number
  readonly jobs: readonly {
    readonly name: string
    readonly status: string
    readonly conclusion: string | null
    readonly labels: readonly string[]
  }[]
}

export interface WorkflowsWorld {
  readonly runs: readonly EmbeddedRun[]
  /** A workflow is there with its first run, and active; undefined takes it away. */
  setState(workflow: string, state: string | undefined): void
  /** Default: started by the clock on main now, and ended well. */
  add(run: Partial<EmbeddedRun> & { readonly workflow: string }): EmbeddedRun
}

/** The tokens that GitHub gives to jobs. */
export interface JobTokens {
  /** @param permissions scope → `read` or `write`; `*` stands for all that are not named */
  admit(permissions: Readonly<Record<string, string>>): { readonly token: string; end(): void }
}

/** What api.github.com says instead of an answer; `cut` is a connection that ends without one, `not-json` a page of somebody's proxy. */
export type GithubTrouble =
  | 'rate-limit'
  | 'secondary-limit'
  | 'secondary-limit-429'
  | 'bad-credentials'
  | 'forbidden'
  | 'not-found'
  | 'server-error'
  | 'not-json'
  | 'cut'

export interface TroubledRequests {
  /** Meets the next requests `METHOD /path` that match; once unless said otherwise. */
  trouble(
    requests: RegExp,
    trouble: GithubTrouble,
    more?: { readonly times?: number; readonly retryAfterSeconds?: number },
  ): void
  /** Once: before the next request that matches is answered, e.g. for what a second run does at the same time. */
  before(requests: RegExp, act: () => void | Promise<void>): void
}
