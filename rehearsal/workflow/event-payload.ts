/**
 * The webhook payloads of pushes and pull requests, as far as workflows and programs read them (`github.event`, GITHUB_EVENT_PATH).
 * Fields as in github/docs' list of webhook events; texts of people are kept as they are, however hostile.
 */
import { createHash } from 'node:crypto'
import type { Plain } from './expressions.ts'

/** A commit of a push. */
export interface PushedCommit {
  readonly message: string
  /** Login and name. */
  readonly author?: string
  readonly added?: readonly string[]
  readonly modified?: readonly string[]
  readonly removed?: readonly string[]
}

/** The button. */
export interface DispatchEvent {
  readonly name: 'workflow_dispatch'
  /** Inputs as a person types or ticks them. */
  readonly inputs?: Readonly<Record<string, string | boolean | number>>
  /** The branch that is chosen beside the button; default: main. */
  readonly branch?: string
}

/** A push of a branch. */
export interface PushEvent {
  readonly name: 'push'
  readonly branch?: string
  /** The changed files; default: those of the commits, where there are any. */
  readonly paths?: readonly string[]
  /** The newest last. */
  readonly commits?: readonly PushedCommit[]
}

/** A pull request, and what has happened to it. */
export interface PullRequestEvent {
  readonly name: 'pull_request'
  /** Default: opened. */
  readonly action?: string
  readonly number?: number
  readonly title?: string
  readonly body?: string
  /** Login of who opened it. */
  readonly author?: string
  /** The branch that it comes from. */
  readonly head?: string
  /** The branch that it is to be merged into; default: main. */
  readonly branch?: string
  readonly paths?: readonly string[]
  readonly isFromFork?: boolean
  /** The fork was deleted since: the payload names no repository it comes from. */
  readonly isForkGone?: boolean
}

/** The clock; `cron` is one of the workflow's own. */
export interface ScheduleEvent {
  readonly name: 'schedule'
  readonly cron: string
}

export type WorkflowEvent = DispatchEvent | PushEvent | PullRequestEvent | ScheduleEvent

/** Whom and what a payload is about. */
export interface PayloadFacts {
  readonly repositoryName: string
  /** The commit at the end of the branch. */
  readonly commit: string
  readonly actor: string
}

/** A commit id that belongs to the text and to nothing that exists. */
const commitFor = (text: string): string => createHash('sha1').update(text).digest('hex')

const userOf = (login: string): { readonly [key: string]: Plain } => ({
  login,
  id: 1,
  type: login.endsWith('[bot]') ? 'Bot' : 'User',
  html_url: `https://github.com/${encodeURIComponent(login)}`,
})

function repositoryOf(fullName: string, isFork: boolean): { readonly [key: string]: Plain } {
  const [owner = '', name = ''] = fullName.split('/')
  return {
    id: isFork ? 2 : 1,
    name,
    full_name: fullName,
    owner: userOf(owner),
    fork: isFork,
    private: false,
    default_branch: 'main',
    html_url: `https://github.com/${fullName}`,
  }
}

/** What every payload has. */
export function around(facts: PayloadFacts): { readonly [key: string]: Plain } {
  return { repository: repositoryOf(facts.repositoryName, false), sender: userOf(facts.actor) }
}

export function pushPayload(event: PushEvent, branch: string, facts: PayloadFacts): { readonly [key: string]: Plain } {
  const given = event.commits ?? []
  const commits = given.map((commit, index): { readonly [key: string]: Plain } => {
    const login = commit.author ?? facts.actor
    return {
      id: index === given.length - 1 ? facts.commit : commitFor(`${index} ${commit.message}`),
      message: commit.message,
      author: { name: login, email: `${login}@users.noreply.github.com`, username: login },
      added: [...(commit.added ?? [])],
      modified: [...(commit.modified ?? [])],
      removed: [...(commit.removed ?? [])],
      distinct: true,
    }
  })
  return {
    ref: `refs/heads/${branch}`,
    before: commitFor(`before ${facts.commit}`),
    after: facts.commit,
    base_ref: null,
    created: false,
    deleted: false,
    forced: false,
    commits,
    head_commit: commits.at(-1) ?? null,
    pusher: { name: facts.actor, email: `${facts.actor}@users.noreply.github.com` },
    ...around(facts),
  }
}

/** The files of a push; undefined when nothing tells them. */
export function pathsOf(event: PushEvent): readonly string[] | undefined {
  if (event.paths !== undefined || event.commits === undefined) return event.paths
  return event.commits.flatMap((commit) => [
    ...(commit.added ?? []),
    ...(commit.modified ?? []),
    ...(commit.removed ?? []),
  ])
}

/** A pull request with everything that has a default. */
export interface PullRequest {
  readonly number: number
  readonly head: string
  readonly base: string
  /** The commit that would merge it: what its runs are about. */
  readonly mergeCommit: string
  readonly payload: { readonly [key: string]: Plain }
}

export function pullRequestOf(event: PullRequestEvent, facts: PayloadFacts): PullRequest {
  const { number = 1, head = 'topic', branch: base = 'main', isForkGone = false, isFromFork = isForkGone } = event
  const [owner = '', name = ''] = facts.repositoryName.split('/')
  const from = isFromFork ? 'somebody-else' : owner
  const mergeCommit = commitFor(`merge ${number} into ${facts.commit}`)
  const side = (login: string, ref: string, sha: string, repo: Plain): { readonly [key: string]: Plain } => ({
    label: `${login}:${ref}`,
    ref,
    sha,
    user: userOf(login),
    repo,
  })
  const author = event.author ?? (isFromFork ? from : facts.actor)
  const request: { readonly [key: string]: Plain } = {
    number,
    state: 'open',
    draft: false,
    merged: false,
    title: event.title ?? 'A change',
    body: event.body ?? null,
    user: userOf(author),
    author_association: isFromFork ? 'NONE' : 'OWNER',
    head: side(
      from,
      head,
      commitFor(`head ${number} ${head}`),
      isForkGone ? null : repositoryOf(`${from}/${name}`, isFromFork),
    ),
    base: side(owner, base, facts.commit, repositoryOf(facts.repositoryName, false)),
    merge_commit_sha: mergeCommit,
    html_url: `https://github.com/${facts.repositoryName}/pull/${number}`,
  }
  return {
    number,
    head,
    base,
    mergeCommit,
    payload: { action: event.action ?? 'opened', number, pull_request: request, ...around(facts) },
  }
}
