/** An issue as whoever keeps one needs it. Title and body are remote text. */
export interface IssueSeen {
  readonly number: number
  /** For people. */
  readonly url: string
  readonly isOpen: boolean
  readonly title: string
  readonly body: string
  /** Epoch milliseconds; undefined: it is open. */
  readonly closedAtMs?: number
}

/** A comment of somebody who may be believed. */
export interface IssueComment {
  readonly id: number
  readonly body: string
}

/** What becomes of an issue. What is not named stays as it is. */
export interface IssueEdit {
  readonly title?: string
  readonly body?: string
  readonly state?: 'open' | 'closed'
  /** Why it is closed. */
  readonly reason?: 'completed' | 'duplicate'
}

/**
 * The issues of the workflow's repository. Rejects with RunnerError `issues-forbidden`, `issues-disabled`, `rate-limited`,
 * `github-refused` or `github-unreachable`, or with the signal's reason once that is aborted.
 */
export interface IssueTracker {
  /**
   * Issues with this label, newest first: no pull requests, and none that a stranger wrote (anybody may open an issue in a public
   * repository, with any text). Closed ones as far back as `closedSinceMs`, by their last change.
   */
  list(label: string, closedSinceMs: number): Promise<readonly IssueSeen[]>
  create(issue: {
    readonly title: string
    readonly body: string
    readonly labels: readonly string[]
  }): Promise<IssueSeen>
  edit(number: number, edit: IssueEdit): Promise<void>
  /** Resolves with the comment; undefined: the conversation is locked. */
  comment(number: number, body: string): Promise<IssueComment | undefined>
  /** Comments since then, oldest first, none of a stranger. */
  comments(number: number, sinceMs: number): Promise<readonly IssueComment[]>
  deleteComment(id: number): Promise<void>
}
