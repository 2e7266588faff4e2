import { type GitHubOptions, openGitHub } from './github-requests.ts'
import { explainIssues } from './issue-errors.ts'
import type { IssueComment, IssueSeen, IssueTracker } from './issue-model.ts'

/** The token needs `issues: write`. */
export type IssueTrackerOptions = GitHubOptions

/** Of 100 issues each. A repository with more of one label has other worries. */
const mostPages = 20

/** The part of GitHub's answers that is read; whatever is missing reads as empty. */
interface RawIssue {
  readonly number: number
  readonly html_url: string
  readonly state: string
  readonly title: string
  readonly body?: string | null
  readonly closed_at?: string | null
  readonly pull_request?: unknown
  readonly author_association?: string
  readonly user?: { readonly type?: string; readonly login?: string } | null
}

/**
 * Whether somebody wrote it whom this repository trusts: its people, or an app that was installed (the workflow's token is one).
 * A stranger may open issues in a public repository, with our marker in it.
 */
function isTrusted(one: Pick<RawIssue, 'author_association' | 'user'>): boolean {
  return one.user?.type === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(one.author_association ?? '')
}

function seenOf(raw: RawIssue): IssueSeen {
  const closed = Date.parse(raw.closed_at ?? '')
  return {
    number: raw.number,
    url: raw.html_url,
    isOpen: raw.state === 'open',
    title: raw.title,
    body: raw.body ?? '',
    ...(raw.state !== 'open' && Number.isFinite(closed) ? { closedAtMs: closed } : {}),
  }
}

/** The issues of a repository with @actions/github; requests are repeated and paced by octokit's plugins, within the deadline. */
export function openIssueTracker(options: IssueTrackerOptions): IssueTracker {
  const [owner = '', repo = ''] = options.repository.split('/')
  const where = { owner, repo }
  const ask = openGitHub(options, explainIssues)

  return {
    list: (label, closedSinceMs) =>
      ask('its issues could not be listed', async (github, signal) => {
        const found = new Map<number, IssueSeen>()
        for (const state of ['open', 'closed'] as const) {
          const pages = github.paginate.iterator(github.rest.issues.listForRepo, {
            ...where,
            state,
            labels: label,
            per_page: 100,
            ...(state === 'closed' ? { since: new Date(closedSinceMs).toISOString() } : {}),
            request: { signal },
          })
          let page = 0
          for await (const { data } of pages) {
            for (const raw of data as readonly RawIssue[])
              if (raw.pull_request === undefined && isTrusted(raw)) found.set(raw.number, seenOf(raw))
            page += 1
            if (page >= mostPages) break
          }
        }
        return [...found.values()].toSorted((a, b) => b.number - a.number)
      }),
    create: (issue) =>
      ask('an issue could not be opened', async (github, signal) => {
        const { data } = await github.rest.issues.create({
          ...where,
          title: issue.title,
          body: issue.body,
          labels: [...issue.labels],
          request: { signal },
        })
        return seenOf(data as RawIssue)
      }),
    edit: (number, edit) =>
      ask(`issue #${number} could not be changed`, async (github, signal) => {
        await github.rest.issues.update({
          ...where,
          issue_number: number,
          ...(edit.title === undefined ? {} : { title: edit.title }),
          ...(edit.body === undefined ? {} : { body: edit.body }),
          ...(edit.state === undefined ? {} : { state: edit.state }),
          ...(edit.reason === undefined ? {} : { state_reason: edit.reason }),
          request: { signal },
        })
      }),
    comment: (number, body) =>
      ask(`issue #${number} could not be commented on`, async (github, signal) => {
        try {
          const { data } = await github.rest.issues.createComment({
            ...where,
            issue_number: number,
            body,
            request: { signal },
          })
          return { id: data.id, body: data.body ?? body } satisfies IssueComment
        } catch (error) {
          const { status, message = '' } = error as { readonly status?: number; readonly message?: string }
          if (status === 403 && /\blocked\b/i.test(message)) return undefined
          throw error
        }
      }),
    comments: (number, sinceMs) =>
      ask(`the comments of issue #${number} could not be read`, async (github, signal) => {
        const { data } = await github.rest.issues.listComments({
          ...where,
          issue_number: number,
          since: new Date(sinceMs).toISOString(),
          per_page: 100,
          request: { signal },
        })
        return data
          .filter((one) => isTrusted(one as Pick<RawIssue, 'author_association' | 'user'>))
          .map((one) => ({ id: one.id, body: one.body ?? '' }))
          .toSorted((a, b) => a.id - b.id)
      }),
    deleteComment: (id) =>
      ask('a comment could not be taken back', async (github, signal) => {
        await github.rest.issues.deleteComment({ ...where, comment_id: id, request: { signal } })
      }),
  }
}
