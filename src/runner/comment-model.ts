/** A comment of the conversation of a pull request. Its body is remote text. */
export interface CommentSeen {
  readonly id: number
  /** For people. */
  readonly url: string
  readonly body: string
  /** Login of its author, e.g. `github-actions[bot]`; empty: a ghost. */
  readonly author: string
}

/**
 * The conversation of one pull request of the workflow's repository. Rejects with RunnerError `comment-forbidden`, `rate-limited`,
 * `github-refused` or `github-unreachable`, or with the signal's reason once that is aborted.
 */
export interface Conversation {
  /** All comments that begin with this text, oldest first, whoever wrote them. */
  list(beginning: string): Promise<readonly CommentSeen[]>
  create(body: string): Promise<CommentSeen>
  /** Undefined: it is gone. */
  edit(id: number, body: string): Promise<CommentSeen | undefined>
  /** Also when it is gone already. */
  remove(id: number): Promise<void>
}
