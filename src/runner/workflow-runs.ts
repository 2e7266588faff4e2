import { within } from './deadline.ts'
import { RunnerError } from './errors.ts'
import type { JobSeen, WorkflowRunSeen, WorkflowRuns } from './workflow-runs-model.ts'

export interface WorkflowRunsOptions {
  /** Needs `actions: read`. */
  readonly token: string
  /** `owner/name`, as in GITHUB_REPOSITORY. */
  readonly repository: string
  readonly signal: AbortSignal
  /** For one question with all its repetitions. Default: 60 s. */
  readonly deadlineMs?: number
  /** Factor on the waits between repetitions; tests make them shorter. Default: 1. */
  readonly pace?: number
}

/** More than a week of nights, and of buttons pressed in between. */
const mostRuns = 30
const mostJobs = 100
const longestText = 200

/** What GitHub says, as far as it is read: whatever is missing or something else reads as empty. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, longestText) : '')
const numberOf = (value: unknown): number => (Number.isSafeInteger(value) ? (value as number) : 0)
const listOf = (value: unknown, most: number): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value)
    ? value.slice(0, most).filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
    : []

/** An address that may be shown as a link: of GitHub, with nothing in it that could end the link. */
const addressOf = (value: unknown): string => {
  const text = textOf(value)
  return /^https:\/\/[\w.:-]+\/[\w./#?=&-]*$/.test(text) ? text : ''
}

function runOf(raw: Readonly<Record<string, unknown>>): WorkflowRunSeen | undefined {
  const createdAtMs = Date.parse(textOf(raw.created_at))
  if (!Number.isFinite(createdAtMs)) return undefined
  return {
    id: numberOf(raw.id),
    number: numberOf(raw.run_number),
    url: addressOf(raw.html_url),
    event: textOf(raw.event),
    status: textOf(raw.status),
    conclusion: textOf(raw.conclusion),
    createdAtMs,
  }
}

function jobOf(raw: Readonly<Record<string, unknown>>): JobSeen {
  const labels = Array.isArray(raw.labels) ? raw.labels.slice(0, 10).map(textOf) : []
  return { name: textOf(raw.name), status: textOf(raw.status), conclusion: textOf(raw.conclusion), labels }
}

async function connect(options: WorkflowRunsOptions) {
  const [{ getOctokit }, { retry }] = await Promise.all([import('@actions/github'), import('@octokit/plugin-retry')])
  const retries = { retries: 2, retryAfterBaseValue: 1000 * (options.pace ?? 1) }
  // Without a log of our own octokit prints warnings.
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore }
  return getOctokit(options.token, { retry: retries, log }, retry)
}

function ignore(): void {}

interface HttpFailure {
  readonly status?: number
  readonly message?: string
  readonly response?: { readonly headers?: Readonly<Record<string, string | number | undefined>> }
}

/** @param error undefined: there was no answer in time */
function explain(error: unknown, what: string): RunnerError {
  const { status, message = String(error), response } = (error ?? {}) as HttpFailure
  const evidence = error === undefined ? [] : [`GitHub: ${status === undefined ? '' : `${status} `}${message}`]
  // octokit's request makes 500 of a connection that failed.
  if (error === undefined || status === undefined || (status === 500 && response === undefined))
    return new RunnerError('github-unreachable', `${what}: GitHub gave no answer`, {
      cause: error === undefined ? 'GitHub or the way to it is slow' : message,
      remedy: 'nothing, if it does not come again; see www.githubstatus.com',
      evidence,
    })
  const isLimited =
    status === 429 ||
    (status === 403 &&
      (/\brate limit\b/i.test(message) || String(response?.headers?.['x-ratelimit-remaining']) === '0'))
  if (isLimited)
    return new RunnerError('rate-limited', `${what}: GitHub’s rate limit is used up`, {
      cause: 'this token has asked too much in the last hour',
      remedy: 'nothing: the next run asks again',
      evidence,
    })
  const isForbidden = status === 401 || status === 403 || status === 404
  return new RunnerError('github-refused', `${what}: GitHub answered ${status}`, {
    cause:
      status === 401
        ? 'the github-token is not valid'
        : isForbidden
          ? 'the job’s token may not read workflow runs, or the repository is not this one'
          : message,
    remedy: isForbidden
      ? 'add to the job: permissions: { contents: read, actions: read }'
      : 'run it again later; see www.githubstatus.com',
    evidence,
  })
}

/** Runs of a repository's workflows with @actions/github: a few questions, repeated by octokit's plugin, each with a deadline. */
export function openWorkflowRuns(options: WorkflowRunsOptions): WorkflowRuns {
  const [owner = '', repo = ''] = options.repository.split('/')
  const where = { owner, repo }
  let connection: ReturnType<typeof connect> | undefined

  type GitHub = Awaited<ReturnType<typeof connect>>
  async function ask<Answer>(what: string, work: (github: GitHub, signal: AbortSignal) => Promise<Answer>) {
    connection ??= connect(options)
    const github = await connection
    try {
      const outcome = await within(options.deadlineMs ?? 60_000, options.signal, (signal) => work(github, signal))
      if (!outcome.isLate) return outcome.value
    } catch (error) {
      if (options.signal.aborted) throw options.signal.reason
      throw explain(error, what)
    }
    throw explain(undefined, what)
  }

  return {
    workflow: (file) =>
      ask(`${options.repository}: the runs of ${file} could not be read`, async (github, signal) => {
        const named = { ...where, workflow_id: file, request: { signal } }
        let workflow: Awaited<ReturnType<typeof github.rest.actions.getWorkflow>>
        try {
          workflow = await github.rest.actions.getWorkflow(named)
        } catch (error) {
          if ((error as HttpFailure).status === 404) return undefined
          throw error
        }
        const { data } = await github.rest.actions.listWorkflowRuns({
          ...named,
          per_page: mostRuns,
          exclude_pull_requests: true,
        })
        const date = Date.parse(String(workflow.headers.date))
        const raw: unknown = workflow.data
        const { state, html_url } = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>
        return {
          state: textOf(state),
          url: addressOf(html_url),
          runs: listOf((data as { workflow_runs?: unknown } | undefined)?.workflow_runs, mostRuns)
            .map(runOf)
            .filter((run) => run !== undefined)
            .toSorted((a, b) => b.createdAtMs - a.createdAtMs),
          askedAtMs: Number.isFinite(date) ? date : Date.now(),
        }
      }),
    jobs: (run) =>
      ask(`${options.repository}: the jobs of run ${run.number} could not be read`, async (github, signal) => {
        const { data } = await github.rest.actions.listJobsForWorkflowRun({
          ...where,
          run_id: run.id,
          per_page: mostJobs,
          request: { signal },
        })
        return listOf((data as { jobs?: unknown } | undefined)?.jobs, mostJobs).map(jobOf)
      }),
  }
}
