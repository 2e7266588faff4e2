import type { CommentSeen, Conversation } from './comment-model.ts'
import { RunnerError } from './errors.ts'
import { type GitHubOptions, openGitHub } from './github-requests.ts'
import { explainIssues } from './issue-errors.ts'

/** The token needs `pull-requests: write`. */
export interface ConversationOptions extends GitHubOptions {
  readonly pullRequest: number
}

/** Of 100 comments each. */
const mostPages = 30

interface RawComment {
  readonly id: number
  readonly html_url: string
  readonly body?: string | null
  readonly user?: { readonly login?: string } | null
}

function seenOf(raw: RawComment): CommentSeen {
  return { id: raw.id, url: raw.html_url, body: raw.body ?? '', author: raw.user?.login ?? '' }
}

const statusOf = (error: unknown): number | undefined => (error as { readonly status?: number }).status

/** GitHub hides what a token may not see, and calls it 404, too. */
function explainComments(error: unknown, what: string, repository: string): RunnerError {
  const known = explainIssues(error, what, repository)
  const { evidence } = known
  if (statusOf(error ?? {}) === 403 && /\blocked\b/i.test((error as Error).message))
    return new RunnerError('comment-forbidden', `${repository}: ${what}: the conversation is locked`, {
      cause: 'somebody has locked the conversation of the pull request',
      remedy: 'unlock it, or read what was found in the summary of the run',
      evidence,
    })
  if (known.code !== 'issues-forbidden' && known.code !== 'issues-disabled') return known
  return new RunnerError(
    'comment-forbidden',
    `${repository}: ${what}: the token may not, or there is no such pull request`,
    {
      cause:
        statusOf(error) === 401
          ? 'the github-token is not valid'
          : 'the job’s token has no write permission for pull requests (those of forks never have), or the number is none of this repository',
      remedy: 'add to the job: permissions: { pull-requests: write }',
      evidence,
    },
  )
}

/**
 * The conversation of a pull request. Comments on it are comments of its issue, and `pull-requests: write` allows them (GitHub's REST
 * reference, "Issue comments").
 */
export function openConversation(options: ConversationOptions): Conversation {
  const [owner = '', repo = ''] = options.repository.split('/')
  const where = { owner, repo }
  const { pullRequest } = options
  const ask = openGitHub(options, explainComments)

  return {
    list: (beginning) =>
      ask(`the comments of pull request #${pullRequest} could not be read`, async (github, signal) => {
        const found: CommentSeen[] = []
        const pages = github.paginate.iterator(github.rest.issues.listComments, {
          ...where,
          issue_number: pullRequest,
          per_page: 100,
          request: { signal },
        })
        let page = 0
        for await (const { data } of pages) {
          // GitHub keeps the line ends that a browser sent.
          for (const raw of data as readonly RawComment[])
            if ((raw.body ?? '').replaceAll('\r', '').startsWith(beginning)) found.push(seenOf(raw))
          page += 1
          if (page >= mostPages) break
        }
        return found.toSorted((a, b) => a.id - b.id)
      }),
    create: (body) =>
      ask(`pull request #${pullRequest} could not be commented on`, async (github, signal) => {
        const request = { ...where, issue_number: pullRequest, body, request: { signal } }
        const { data } = await github.rest.issues.createComment(request)
        return seenOf(data as RawComment)
      }),
    edit: (id, body) =>
      ask(`the comment on pull request #${pullRequest} could not be changed`, async (github, signal) => {
        try {
          const { data } = await github.rest.issues.updateComment({
            ...where,
            comment_id: id,
            body,
            request: { signal },
          })
          return seenOf(data as RawComment)
        } catch (error) {
          if (statusOf(error) === 404) return undefined
          throw error
        }
      }),
    remove: (id) =>
      ask(`a second comment on pull request #${pullRequest} could not be taken back`, async (github, signal) => {
        try {
          await github.rest.issues.deleteComment({ ...where, comment_id: id, request: { signal } })
        } catch (error) {
          if (statusOf(error) !== 404) throw error
        }
      }),
  }
}
