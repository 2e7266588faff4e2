/** The issues of the repository, as GitHub's REST API shows and changes them. Shapes and limits: github/rest-api-description. */

import { type ApiAnswer, notFound, numberOf } from './api.ts'
import type { EmbeddedIssue, IssuesWorld } from './contract.ts'
import { commentShape, issueShape } from './issue-shapes.ts'
import { type Ask, forbidden, given, invalid, paged, refusal, timeOf } from './rest.ts'

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] }
type Stored = Writable<EmbeddedIssue> & {
  comments: { id: number; login: string; body: string; at: string; editedAt?: string }[]
  labels: string[]
}

export interface Issues extends IssuesWorld {
  /** Answers what is below `/repos/o/r/issues` and `/repos/o/r/labels`; undefined: it is neither. */
  answer(ask: Ask, rest: readonly string[]): ApiAnswer | undefined
}

/** Characters of a title and of a body or comment; GitHub refuses more with 422. */
const longest = { title: 256, body: 65_536 }
const documented = 'issues/issues'

/** Only what has changed since then; times of GitHub sort as texts. */
const since = (ask: Ask): string => {
  const ms = Date.parse(ask.query.get('since') ?? '')
  return Number.isFinite(ms) ? timeOf(ms) : ''
}

/** @param repository `owner/name` */
export function keepIssues(repository: string, nowMs: () => number): Issues {
  const all: Stored[] = []
  const labels = new Map<string, { name: string; color: string; description: string }>()
  let isEnabled = true
  let unseen = 0
  let commentsMade = 0
  const api = `https://api.github.com/repos/${repository}`

  const labelled = (name: string): string => {
    const known = labels.get(name.toLowerCase())
    if (known === undefined) labels.set(name.toLowerCase(), { name, color: 'ededed', description: '' })
    return known?.name ?? name
  }
  const labelOf = (name: string): unknown => {
    const label = labels.get(name.toLowerCase())
    return { id: numberOf(`label ${name}`), url: `${api}/labels/${encodeURIComponent(name)}`, default: false, ...label }
  }
  const shown = (issue: Stored): unknown => issueShape(repository, issue, issue.labels.map(labelOf))
  const commentOf = (issue: Stored, comment: Stored['comments'][number]): unknown =>
    commentShape(repository, issue.number, comment, issue.isPullRequest)
  const add = (issue: Partial<EmbeddedIssue> & { readonly title: string }): Stored => {
    const at = timeOf(nowMs())
    const stored: Stored = {
      number: all.length + 1,
      body: '',
      state: 'open',
      stateReason: null,
      login: 'github-actions[bot]',
      isLocked: false,
      isPullRequest: false,
      createdAt: at,
      updatedAt: at,
      ...issue,
      labels: (issue.labels ?? []).map(labelled),
      comments: (issue.comments ?? []).map((comment) => ({ ...comment })),
    }
    all.push(stored)
    return stored
  }
  const tooLong = (ask: Ask, resource: string): ApiAnswer | undefined => {
    for (const field of ['title', 'body'] as const) {
      const text = given(ask, field)
      if (typeof text === 'string' && text.length > longest[field])
        return invalid(resource, field, 'custom', `${field} is too long (maximum is ${longest[field]} characters)`)
    }
    return undefined
  }
  const labelsGiven = (ask: Ask): string[] | undefined => {
    const names = given(ask, 'labels')
    if (!Array.isArray(names)) return undefined
    return names.map((label: unknown) =>
      labelled(String(typeof label === 'object' && label !== null ? (label as { name?: unknown }).name : label)),
    )
  }

  const list = (ask: Ask): ApiAnswer => {
    const state = ask.query.get('state') ?? 'open'
    const wanted = (ask.query.get('labels') ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== '')
    const creator = ask.query.get('creator')
    const key = ask.query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt'
    const found = all
      .slice(0, all.length - unseen)
      .filter((issue) => state === 'all' || issue.state === state)
      .filter((issue) => wanted.every((name) => issue.labels.some((label) => label.toLowerCase() === name)))
      .filter((issue) => creator === null || issue.login === creator)
      .filter((issue) => issue.updatedAt >= since(ask))
      // The newest first; of those of the same second the one that came later.
      .toSorted((a, b) => b[key].localeCompare(a[key]) || b.number - a.number)
    const { items, headers } = paged(ask, ask.query.get('direction') === 'asc' ? found.toReversed() : found)
    return { code: 200, body: items.map(shown), headers }
  }
  const create = (ask: Ask): ApiAnswer => {
    const title = given(ask, 'title')
    if (typeof title !== 'string' || title.trim() === '') return invalid('Issue', 'title', 'missing_field')
    const refused = tooLong(ask, 'Issue')
    if (refused) return refused
    const issue = add({
      title,
      body: String(given(ask, 'body') ?? ''),
      labels: labelsGiven(ask) ?? [],
      login: ask.login,
    })
    return { code: 201, body: shown(issue), headers: { Location: `${api}/issues/${issue.number}` } }
  }
  const edit = (ask: Ask, issue: Stored): ApiAnswer => {
    const refused = tooLong(ask, 'Issue')
    if (refused) return refused
    const [title, body, state, reason] = ['title', 'body', 'state', 'state_reason'].map((name) => given(ask, name))
    if (state !== undefined && state !== 'open' && state !== 'closed') return invalid('Issue', 'state', 'invalid')
    if (typeof title === 'string') issue.title = title
    if (typeof body === 'string') issue.body = body
    issue.labels = labelsGiven(ask) ?? issue.labels
    if (state !== undefined && state !== issue.state) {
      issue.state = state
      issue.stateReason = state === 'open' ? 'reopened' : typeof reason === 'string' ? reason : 'completed'
    }
    issue.updatedAt = timeOf(nowMs())
    return { code: 200, body: shown(issue) }
  }
  const comments = (ask: Ask, issue: Stored): ApiAnswer => {
    if (ask.method === 'GET') {
      const { items, headers } = paged(
        ask,
        issue.comments.filter((comment) => comment.at >= since(ask)),
      )
      return { code: 200, body: items.map((comment) => commentOf(issue, comment)), headers }
    }
    if (ask.method !== 'POST') return notFound(documented)
    // As renovatebot/renovate#6215 and actions/stale#51 met it.
    if (issue.isLocked)
      return refusal(
        403,
        'Unable to create comment because issue is locked.',
        'issues/comments#create-an-issue-comment',
      )
    const body = given(ask, 'body')
    if (typeof body !== 'string' || body === '') return invalid('IssueComment', 'body', 'missing_field')
    const refused = tooLong(ask, 'IssueComment')
    if (refused) return refused
    const comment = {
      // GitHub's numbers only grow.
      id: 2_000_000 + ++commentsMade,
      login: ask.login,
      body,
      at: timeOf(nowMs()),
    }
    issue.comments.push(comment)
    issue.updatedAt = comment.at
    return { code: 201, body: commentOf(issue, comment) }
  }
  /** One comment by its number, wherever it stands. */
  const comment = (ask: Ask, id: string | undefined): ApiAnswer => {
    const issue = all.find((one) => one.comments.some((candidate) => String(candidate.id) === id))
    const index = issue?.comments.findIndex((candidate) => String(candidate.id) === id) ?? -1
    const found = issue?.comments[index]
    if (issue === undefined || found === undefined) return notFound('issues/comments#get-an-issue-comment')
    if (ask.method === 'GET') return { code: 200, body: commentOf(issue, found) }
    if (ask.method === 'DELETE') {
      issue.comments.splice(index, 1)
      return { code: 204, body: undefined }
    }
    if (ask.method !== 'PATCH') return notFound('issues/comments#update-an-issue-comment')
    const body = given(ask, 'body')
    if (typeof body !== 'string' || body === '') return invalid('IssueComment', 'body', 'missing_field')
    const refused = tooLong(ask, 'IssueComment')
    if (refused) return refused
    const edited = { ...found, body, editedAt: timeOf(nowMs()) }
    issue.comments[index] = edited
    return { code: 200, body: commentOf(issue, edited) }
  }
  const labelsOf = (ask: Ask, issue: Stored, name: string | undefined): ApiAnswer => {
    const isNamed = (label: string): boolean => label.toLowerCase() === name?.toLowerCase()
    if (ask.method === 'DELETE' && name !== undefined) {
      if (!issue.labels.some(isNamed)) return refusal(404, 'Label does not exist', documented)
      issue.labels = issue.labels.filter((label) => !isNamed(label))
    } else if (ask.method === 'POST') issue.labels = [...new Set([...issue.labels, ...(labelsGiven(ask) ?? [])])]
    else if (ask.method === 'PUT') issue.labels = labelsGiven(ask) ?? []
    else if (ask.method !== 'GET') return notFound(documented)
    return { code: 200, body: issue.labels.map(labelOf) }
  }

  /** What a comment belongs to, by the number of the issue or of the comment. */
  const commented = (number: string | undefined, comment: string | undefined): Stored | undefined =>
    all.find((one) =>
      number === undefined ? one.comments.some(({ id }) => String(id) === comment) : String(one.number) === number,
    )

  return {
    all,
    add,
    disable: () => {
      isEnabled = false
    },
    hideNewest: (count) => {
      unseen = count
    },
    answer(ask, rest) {
      const [kind, number, part, name] = rest
      if (kind !== 'issues' && kind !== 'labels') return undefined
      const level = ask.method === 'GET' ? 'read' : 'write'
      // Of a pull request either right will do: "Issues" or "Pull requests" (docs.github.com, REST API endpoints for issue comments).
      const isConversation = kind === 'issues' && (number === 'comments' || part === 'comments')
      const about = isConversation ? commented(number === 'comments' ? undefined : number, part) : undefined
      const refused = forbidden(ask, 'issues', level, documented)
      const isAllowed = about?.isPullRequest === true && !forbidden(ask, 'pull-requests', level, documented)
      if (refused && !isAllowed) return refused
      if (kind === 'labels') {
        const label = [...labels.values()].find((one) => one.name.toLowerCase() === number?.toLowerCase())
        return label && ask.method === 'GET' ? { code: 200, body: labelOf(label.name) } : notFound('issues/labels')
      }
      if (!isEnabled && about?.isPullRequest !== true)
        return refusal(410, 'Issues has been disabled in this repository.', documented)
      if (number === 'comments') return comment(ask, part)
      if (number === undefined)
        return ask.method === 'GET' ? list(ask) : ask.method === 'POST' ? create(ask) : notFound(documented)
      const issue = all.find((one) => String(one.number) === number)
      if (issue === undefined) return notFound(documented)
      if (part === 'comments') return comments(ask, issue)
      if (part === 'labels') return labelsOf(ask, issue, name)
      if (part === 'lock') {
        issue.isLocked = ask.method === 'PUT'
        return { code: 204, body: undefined }
      }
      if (part !== undefined) return notFound(documented)
      return ask.method === 'PATCH'
        ? edit(ask, issue)
        : ask.method === 'GET'
          ? { code: 200, body: shown(issue) }
          : notFound(documented)
    },
  }
}
