import { quoteRemote } from '../../kubernetes/index.ts'
import type { Check } from '../../report/index.ts'
import type { JobSeen, WorkflowRunSeen, WorkflowSeen } from '../../runner/index.ts'
import { watchEntries } from './entries.ts'

/** What is watched, and what is known of it. */
export interface WatchFacts {
  /** File name of the workflow. */
  readonly file: string
  /** Milliseconds within which it must have started. */
  readonly withinMs: number
  /** It starts by itself, so that silence is a fault. Otherwise people start it, and only a run that waits or hangs is one. */
  readonly isScheduled: boolean
  /** undefined: the repository has no such workflow. */
  readonly seen: WorkflowSeen | undefined
  /** Jobs of the run that `runToExplain` names; undefined: they could not be read. */
  readonly jobs?: readonly JobSeen[]
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** A run that no runner has taken for so long waits for one that is not there. */
const longestQueuedMs = 30 * minuteMs
/** A nightly verification takes minutes; its jobs have time limits below this. */
const longestRunningMs = 2 * hourMs

const question = (id: string): string => watchEntries.find((entry) => entry.id === id)?.asks ?? id

/** Hours up to two days, days from then on: nothing that changes from minute to minute. */
function ageOf(ms: number): string {
  const hours = Math.floor(ms / hourMs)
  if (hours < 1) return 'less than an hour'
  if (hours < 48) return `${hours} hour${hours === 1 ? '' : 's'}`
  return `${Math.floor(hours / 24)} days`
}

const nameOf = (run: WorkflowRunSeen): string => `run ${run.number}`
const ageAt = (run: WorkflowRunSeen, seen: WorkflowSeen): number => Math.max(0, seen.askedAtMs - run.createdAtMs)
const hasEnded = (run: WorkflowRunSeen): boolean => run.status === 'completed'
const isLate = (run: WorkflowRunSeen, seen: WorkflowSeen): boolean =>
  ageAt(run, seen) > (run.status === 'in_progress' ? longestRunningMs : longestQueuedMs)

/** The run that answers for tonight: one that should have ended and has not, or else the newest that has ended. */
function answering({ seen, withinMs, isScheduled }: WatchFacts): WorkflowRunSeen | undefined {
  if (seen === undefined) return undefined
  // What ended badly its person has been told of by GitHub; what waits for a runner nobody tells of.
  if (!isScheduled) return seen.runs.find((run) => !hasEnded(run) && isLate(run, seen))
  const recent = seen.runs.filter((run) => ageAt(run, seen) <= withinMs)
  const ended = recent.findIndex(hasEnded)
  const open = ended < 0 ? recent : recent.slice(0, ended)
  return open.find((run) => isLate(run, seen)) ?? recent[ended] ?? recent[0]
}

/** The run whose jobs say more than it does itself; undefined: none does. */
export function runToExplain(facts: WatchFacts): WorkflowRunSeen | undefined {
  const run = answering(facts)
  return run && (run.conclusion === 'failure' || !hasEnded(run)) ? run : undefined
}

const disabled: Readonly<Record<string, string>> = {
  disabled_manually: 'somebody switched it off',
  // Documented for public repositories: 60 days without activity end schedules.
  disabled_inactivity: 'GitHub switched it off, because nothing happened in the repository for 60 days',
  disabled_fork: 'the repository is a fork, where schedules are off until somebody switches them on',
  deleted: 'its file was deleted',
}

function enabled({ file, seen }: WatchFacts): Check {
  const common = { id: 'watch.enabled', question: question('watch.enabled') }
  if (seen === undefined)
    return {
      ...common,
      verdict: 'fail',
      found: `the repository has no workflow ${quoteRemote(file)}`,
      cause: 'its file was renamed or deleted, is not on the default branch, or GitHub could not read it',
      remedy: `look for .github/workflows/${file} on the default branch, and give its name as watch-workflow`,
    }
  if (seen.state === 'active') return { ...common, verdict: 'pass', found: `${file} is active` }
  return {
    ...common,
    verdict: 'fail',
    found: `${file} is ${quoteRemote(seen.state) || 'in no known state'}`,
    cause: disabled[seen.state] ?? 'GitHub says so',
    remedy: `gh workflow enable ${file}, then gh workflow run ${file}`,
  }
}

function recent({ file, seen, withinMs, isScheduled }: WatchFacts): Check {
  const common = { id: 'watch.recent', question: question('watch.recent') }
  if (!isScheduled) return { ...common, verdict: 'skip', found: `${file} starts when somebody starts it` }
  const [newest] = seen?.runs ?? []
  const remedy = `gh workflow run ${file}; if it starts, wait for the next night`
  if (seen === undefined || newest === undefined)
    return {
      ...common,
      verdict: 'fail',
      found: `${file} has never run`,
      cause: 'a schedule counts from the default branch alone, and not before its file is there',
      remedy,
    }
  const age = ageAt(newest, seen)
  if (age <= withinMs) return { ...common, verdict: 'pass', found: `${file} started within ${ageOf(withinMs)}` }
  return {
    ...common,
    verdict: 'fail',
    found: `${file} did not start within ${ageOf(withinMs)}: the last time was ${ageOf(age)} ago`,
    cause: hasEnded(newest)
      ? 'GitHub starts schedules late or not at all when it is busy, or Actions are switched off for the repository'
      : `${nameOf(newest)} has not ended (${quoteRemote(newest.status)}), and its successors may wait for it`,
    remedy: hasEnded(newest) ? remedy : `gh run cancel ${newest.id}, then ${remedy}`,
    evidence: [newest.url || nameOf(newest)],
  }
}

/** How a run ended that is no verdict about the cluster: conclusion → what that means, and what to do. */
const endings: Readonly<Record<string, readonly [cause: string, remedy: (id: number) => string]>> = {
  cancelled: [
    'somebody cancelled it, or no runner took its job within a day and GitHub gave up',
    () => 'see whether the self-hosted runner is online (Settings, Actions, Runners), then press it again',
  ],
  timed_out: ['a job took longer than its time limit', (id) => `gh run view ${id} --log-failed`],
  startup_failure: [
    'GitHub refuses the workflow file, or one that it calls',
    (id) => `gh run view ${id}, and look at the workflow file`,
  ],
  action_required: ['it waits for somebody’s approval', (id) => `gh run view ${id} --web, and approve it`],
  stale: ['GitHub has lost sight of it', (id) => `gh run rerun ${id}`],
  skipped: ['the condition of its first job did not hold', (id) => `gh run view ${id}`],
}

/** Whether a job by this name keeps the issue: then a failed run has been told of already. */
const isPublishing = (job: JobSeen): boolean => /(^|\/ )publish\b[^/]*$/i.test(job.name)

function failed(run: WorkflowRunSeen, { jobs }: WatchFacts): Pick<Check, 'verdict' | 'found' | 'cause' | 'remedy'> {
  const remedy = `gh run view ${run.id} --log-failed`
  if (jobs === undefined)
    return { verdict: 'warn', found: `${nameOf(run)} failed, and its jobs cannot be read`, remedy }
  if (jobs.some((job) => isPublishing(job) && job.conclusion === 'success'))
    return { verdict: 'pass', found: `${nameOf(run)} failed, and has published what it found` }
  const culprits = jobs.filter((job) => job.conclusion !== 'success' && job.conclusion !== 'skipped')
  const names = culprits.slice(0, 3).map((job) => quoteRemote(job.name))
  return {
    verdict: 'fail',
    found: `${nameOf(run)} failed before anything was published`,
    cause: names.length === 0 ? 'no job says why' : `not successful: ${names.join(', ')}`,
    remedy,
  }
}

function unended(run: WorkflowRunSeen, facts: WatchFacts): Pick<Check, 'verdict' | 'found' | 'cause' | 'remedy'> {
  const { seen, jobs = [] } = facts
  const isRunning = run.status === 'in_progress'
  if (seen === undefined || !isLate(run, seen))
    return { verdict: 'skip', found: `${nameOf(run)} is under way (${quoteRemote(run.status)})` }
  const since = ageOf(ageAt(run, seen))
  if (isRunning)
    return {
      verdict: 'fail',
      found: `${nameOf(run)} has been running for ${since}`,
      cause: 'a job hangs, or waits for a runner',
      remedy: `gh run cancel ${run.id}, and look at its log`,
    }
  if (run.status === 'waiting')
    return {
      verdict: 'fail',
      found: `${nameOf(run)} has been waiting for ${since}`,
      cause: 'a rule of its environment asks for a reviewer or a pause',
      remedy: 'take the rule away for what runs at night (Settings, Environments), or approve it',
    }
  const waiting = jobs.find((job) => job.status === 'queued')
  const labels = waiting?.labels.map((label) => quoteRemote(label)).join(', ')
  return {
    verdict: 'fail',
    found: `${nameOf(run)} has been ${quoteRemote(run.status) || 'without a state'} for ${since}`,
    cause: labels
      ? `no runner with the labels ${labels} is free and online`
      : 'no runner is free and online, or an earlier run holds its concurrency group',
    remedy:
      'on the runner’s machine: sudo ./svc.sh status, then sudo ./svc.sh start (Settings, Actions, Runners shows it)',
  }
}

function finished(facts: WatchFacts): Check {
  const common = { id: 'watch.finished', question: question('watch.finished') }
  const run = answering(facts)
  if (run === undefined && !facts.isScheduled)
    return { ...common, verdict: 'pass', found: `no run of ${facts.file} waits or hangs` }
  if (run === undefined) return { ...common, verdict: 'skip', found: 'blocked by watch.recent' }
  const evidence = [run.url || nameOf(run)]
  if (!hasEnded(run)) return { ...common, ...unended(run, facts), evidence }
  if (run.conclusion === 'success' || run.conclusion === 'neutral')
    return { ...common, verdict: 'pass', found: `the last run of ${facts.file} came to its end` }
  if (run.conclusion === 'failure') return { ...common, ...failed(run, facts), evidence }
  const [cause, remedy] = endings[run.conclusion] ?? ['GitHub says so', (id: number) => `gh run view ${id}`]
  const found = `${nameOf(run)} ended as ${quoteRemote(run.conclusion) || 'nothing known'}`
  return { ...common, verdict: 'fail', found, cause, remedy: remedy(run.id), evidence }
}

/** Whether a workflow is there, starts and comes to its end. Pure. */
export function judgeWatch(facts: WatchFacts): readonly Check[] {
  const first = enabled(facts)
  if (first.verdict === 'pass') return [first, recent(facts), finished(facts)]
  const blocked = (id: string): Check => ({
    id,
    verdict: 'skip',
    question: question(id),
    found: 'blocked by watch.enabled',
  })
  return [first, blocked('watch.recent'), blocked('watch.finished')]
}
