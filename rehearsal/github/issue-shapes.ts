/** How GitHub's REST API shows an issue and a comment. Shapes: github/rest-api-description. Pure. */
import { numberOf } from './api.ts'
import type { EmbeddedIssue } from './contract.ts'

function userOf(login: string): unknown {
  return {
    login,
    id: numberOf(login),
    type: login.endsWith('[bot]') ? 'Bot' : 'User',
    html_url: `https://github.com/${login.endsWith('[bot]') ? 'apps/github-actions' : login}`,
    site_admin: false,
  }
}

/** Only the owner of the rehearsal's repository is more than a visitor; for apps GitHub says NONE as well. */
const associationOf = (login: string): string => (login === 'owner' ? 'OWNER' : 'NONE')

/** @param labels as GitHub shows them */
export const issueShape = (repository: string, issue: EmbeddedIssue, labels: readonly unknown[]): unknown => ({
  id: numberOf(`${repository}#${issue.number}`),
  node_id: `I_${issue.number}`,
  url: `https://api.github.com/repos/${repository}/issues/${issue.number}`,
  repository_url: `https://api.github.com/repos/${repository}`,
  labels_url: `https://api.github.com/repos/${repository}/issues/${issue.number}/labels{/name}`,
  comments_url: `https://api.github.com/repos/${repository}/issues/${issue.number}/comments`,
  html_url: `https://github.com/${repository}/${issue.isPullRequest ? 'pull' : 'issues'}/${issue.number}`,
  number: issue.number,
  state: issue.state,
  state_reason: issue.stateReason,
  title: issue.title,
  body: issue.body,
  user: userOf(issue.login),
  labels: labels,
  assignee: null,
  assignees: [],
  milestone: null,
  locked: issue.isLocked,
  active_lock_reason: null,
  comments: issue.comments.length,
  ...(issue.isPullRequest
    ? {
        pull_request: {
          url: `https://api.github.com/repos/${repository}/pulls/${issue.number}`,
          html_url: '',
          diff_url: '',
          patch_url: '',
        },
      }
    : {}),
  closed_at: issue.state === 'closed' ? issue.updatedAt : null,
  created_at: issue.createdAt,
  updated_at: issue.updatedAt,
  author_association: associationOf(issue.login),
})

export const commentShape = (
  repository: string,
  issue: number,
  comment: EmbeddedIssue['comments'][number],
  isPullRequest: boolean,
): unknown => ({
  id: comment.id,
  url: `https://api.github.com/repos/${repository}/issues/comments/${comment.id}`,
  html_url: `https://github.com/${repository}/${isPullRequest ? 'pull' : 'issues'}/${issue}#issuecomment-${comment.id}`,
  issue_url: `https://api.github.com/repos/${repository}/issues/${issue}`,
  user: userOf(comment.login),
  author_association: associationOf(comment.login),
  created_at: comment.at,
  updated_at: comment.editedAt ?? comment.at,
  body: comment.body,
})
