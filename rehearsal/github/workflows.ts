/** The workflows of the repository and their runs, as GitHub's REST API tells of them. Shapes: github/rest-api-description. */

import { type ApiAnswer, notFound, numberOf } from './api.ts'
import type { EmbeddedRun, WorkflowsWorld } from './contract.ts'
import { type Ask, forbidden, paged, timeOf } from './rest.ts'

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] }

export interface Workflows extends WorkflowsWorld {
  /** Answers what is below `/repos/o/r/actions`; undefined: it is not. */
  answer(ask: Ask, rest: readonly string[]): ApiAnswer | undefined
}

const documented = 'actions/workflows'

/** @param repository `owner/name` */
export function keepWorkflows(repository: string, nowMs: () => number): Workflows {
  const states = new Map<string, string>()
  const runs: Writable<EmbeddedRun>[] = []
  const api = `https://api.github.com/repos/${repository}`
  const pages = `https://github.com/${repository}`

  const workflowOf = (file: string, state: string): unknown => ({
    id: numberOf(`${repository}/${file}`),
    node_id: `W_${numberOf(file)}`,
    name: file,
    path: `.github/workflows/${file}`,
    state,
    created_at: '2025-09-01T08:00:00.000Z',
    updated_at: '2025-09-01T08:00:00.000Z',
    url: `${api}/actions/workflows/${numberOf(`${repository}/${file}`)}`,
    html_url: `${pages}/blob/main/.github/workflows/${file}`,
    badge_url: `${pages}/actions/workflows/${file}/badge.svg`,
  })
  const runOf = (run: EmbeddedRun): unknown => ({
    id: run.id,
    name: run.workflow,
    node_id: `WFR_${run.id}`,
    head_branch: run.branch,
    head_sha: '0'.repeat(40),
    path: `.github/workflows/${run.workflow}`,
    display_title: run.workflow,
    run_number: run.number,
    run_attempt: 1,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: numberOf(`${repository}/${run.workflow}`),
    url: `${api}/actions/runs/${run.id}`,
    html_url: `${pages}/actions/runs/${run.id}`,
    created_at: timeOf(run.createdMs),
    updated_at: timeOf(run.updatedMs),
    run_started_at: timeOf(run.createdMs),
    jobs_url: `${api}/actions/runs/${run.id}/jobs`,
    workflow_url: `${api}/actions/workflows/${numberOf(`${repository}/${run.workflow}`)}`,
  })
  const runsOf = (ask: Ask, file: string): ApiAnswer => {
    const [status, branch, event] = ['status', 'branch', 'event'].map((name) => ask.query.get(name))
    const found = runs
      .filter((run) => run.workflow === file)
      .filter((run) => !status || run.status === status || run.conclusion === status)
      .filter((run) => (!branch || run.branch === branch) && (!event || run.event === event))
      .toSorted((a, b) => b.createdMs - a.createdMs || b.id - a.id)
    const { items, headers } = paged(ask, found)
    return { code: 200, body: { total_count: found.length, workflow_runs: items.map(runOf) }, headers }
  }
  const jobsOf = (ask: Ask, run: EmbeddedRun): ApiAnswer => {
    const { items, headers } = paged(ask, run.jobs)
    const jobs = items.map((job, index) => ({
      id: run.id * 100 + index,
      run_id: run.id,
      name: job.name,
      status: job.status,
      conclusion: job.conclusion,
      html_url: `${pages}/actions/runs/${run.id}/job/${run.id * 100 + index}`,
      labels: job.labels,
      runner_name: job.status === 'queued' ? null : 'runner',
      steps: [],
    }))
    return { code: 200, body: { total_count: run.jobs.length, jobs }, headers }
  }

  return {
    runs,
    setState(file, state) {
      if (state === undefined) states.delete(file)
      else states.set(file, state)
    },
    add(run) {
      if (!states.has(run.workflow)) states.set(run.workflow, 'active')
      const createdMs = run.createdMs ?? nowMs()
      const number = runs.filter((one) => one.workflow === run.workflow).length + 1
      const stored: Writable<EmbeddedRun> = {
        id: 10_000 + runs.length + 1,
        number,
        event: 'schedule',
        branch: 'main',
        status: 'completed',
        conclusion: run.status === undefined || run.status === 'completed' ? 'success' : null,
        createdMs,
        updatedMs: createdMs,
        jobs: [],
        ...run,
      }
      runs.push(stored)
      return stored
    },
    answer(ask, rest) {
      const [kind, part, id, below] = rest
      if (kind !== 'actions') return undefined
      const refused = forbidden(ask, 'actions', 'read', documented)
      if (refused) return refused
      if (ask.method !== 'GET') return notFound(documented)
      if (part === 'runs') {
        const run = runs.find((one) => String(one.id) === id)
        if (run === undefined) return notFound('actions/workflow-runs')
        return below === 'jobs'
          ? jobsOf(ask, run)
          : below === undefined
            ? { code: 200, body: runOf(run) }
            : notFound('')
      }
      if (part !== 'workflows') return notFound(documented)
      if (id === undefined) {
        const { items, headers } = paged(ask, [...states])
        return {
          code: 200,
          body: { total_count: states.size, workflows: items.map(([file, state]) => workflowOf(file, state)) },
          headers,
        }
      }
      // By file name or by number.
      const known = [...states].find(([file]) => file === id || String(numberOf(`${repository}/${file}`)) === id)
      if (known === undefined) return notFound(`${documented}#get-a-workflow`)
      const [file, state] = known
      return below === 'runs'
        ? runsOf(ask, file)
        : below === undefined
          ? { code: 200, body: workflowOf(file, state) }
          : notFound('')
    },
  }
}
