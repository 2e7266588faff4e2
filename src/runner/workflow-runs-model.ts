/** One run of a workflow. Remote text, all that is text. */
export interface WorkflowRunSeen {
  readonly id: number
  readonly number: number
  /** For people. */
  readonly url: string
  /** What started it, e.g. `schedule`. */
  readonly event: string
  /** e.g. `queued`, `in_progress`, `completed`. */
  readonly status: string
  /** e.g. `success`, `failure`; empty: it has not ended. */
  readonly conclusion: string
  /** Epoch milliseconds. */
  readonly createdAtMs: number
}

/** One job of a run. Remote text. */
export interface JobSeen {
  /** `caller / job`, as GitHub shows it. */
  readonly name: string
  readonly status: string
  readonly conclusion: string
  /** Labels that its runner must have. */
  readonly labels: readonly string[]
}

/** A workflow, and its newest runs. Remote text. */
export interface WorkflowSeen {
  /** e.g. `active`, `disabled_manually`, `disabled_inactivity`. */
  readonly state: string
  readonly url: string
  /** Newest first; at most 30. */
  readonly runs: readonly WorkflowRunSeen[]
  /** GitHub's own clock when it answered, epoch milliseconds. */
  readonly askedAtMs: number
}

/**
 * Runs of the workflows of a repository. Rejects with RunnerError `rate-limited`, `github-refused` or `github-unreachable`, or with the
 * signal's reason once that is aborted.
 */
export interface WorkflowRuns {
  /** By its file name, e.g. `nightly.yml`; undefined: the repository has no such workflow. */
  workflow(file: string): Promise<WorkflowSeen | undefined>
  jobs(run: WorkflowRunSeen): Promise<readonly JobSeen[]>
}
