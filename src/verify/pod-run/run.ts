import { type Intervals, type PodWatch, watchJob } from './await-ending.ts'
import { type CreatedJob, createJob, findJobs } from './create.ts'
import type { Ending } from './ending.ts'
import type { PodOutcome, PodPorts, PodSpec } from './model.ts'
import { type JobIdentity, jobKind } from './render.ts'

const usualIntervals: Intervals = { judgeMs: 250, askMs: 1_000, goneMs: 15_000 }
/** For what has to be done although the run is cancelled or broken. */
const cleanUpMs = 10_000
const usualLogLines = 40
const longestLog = 64 * 1024

let pods = 0

/** Names what this run makes, each thing by a number of its own. */
export function nextIdentity(ports: Pick<PodPorts, 'runId' | 'label'>): JobIdentity {
  pods += 1
  return { key: `${ports.runId}-${pods}`, runId: ports.runId, label: ports.label }
}

/** Deletes the Job and sees its pod go. Never rejects: what stays is said, and ends by itself. */
async function remove(
  ports: PodPorts,
  namespace: string,
  job: CreatedJob,
  watch: PodWatch,
  goneMs: number,
): Promise<boolean> {
  try {
    await ports.cluster.deleteObject(jobKind, namespace, job.name, job.uid, AbortSignal.timeout(cleanUpMs))
    return await watch.gone(goneMs)
  } catch {
    return false
  }
}

/** A creation whose answer was lost may have made a Job all the same. */
export async function removeLost(ports: PodPorts, namespace: string, key: string): Promise<void> {
  try {
    const signal = AbortSignal.timeout(cleanUpMs)
    for (const { name, uid } of await findJobs(ports, namespace, key, signal))
      await ports.cluster.deleteObject(jobKind, namespace, name, uid, signal)
  } catch {
    // Its own end and the next run's sweep are left.
  }
}

/**
 * Runs one pod to its end, as a Job that Pod Security `restricted` accepts, and takes it away again whatever happens. Settles as soon
 * as the outcome is certain; rejects with a ClusterError when the cluster cannot be asked, or with the signal's reason.
 * `deadlineMs`: from its creation to its end.
 */
export async function runPod(
  ports: PodPorts,
  spec: PodSpec,
  deadlineMs: number,
  intervals: Intervals = usualIntervals,
): Promise<PodOutcome> {
  ports.signal.throwIfAborted()
  const startedMs = ports.now()
  const identity = nextIdentity(ports)
  const outcomeOf = (ending: Ending, log: string, leftover: string): PodOutcome => ({
    ...ending,
    log,
    elapsedMs: ports.now() - startedMs,
    isRemoved: leftover === '',
    leftover,
  })

  let job: CreatedJob | Ending
  try {
    job = await createJob(ports, spec, identity, deadlineMs)
  } catch (error) {
    await removeLost(ports, spec.namespace, identity.key)
    throw error
  }
  if ('code' in job) return outcomeOf(job, '', '')

  const watch = watchJob(ports, spec, { ...job, key: identity.key }, deadlineMs, intervals)
  try {
    let ending: Ending
    let log: string
    try {
      ending = await watch.ending
      log = ending.isAdmitted ? await logOf(ports, spec, watch) : ''
    } catch (error) {
      // Somebody waits for the end of a cancelled run: it is deleted, and not waited for until it is gone.
      await remove(ports, spec.namespace, job, watch, Math.min(intervals.goneMs, 2_000))
      throw error
    }
    const isRemoved = await remove(ports, spec.namespace, job, watch, intervals.goneMs)
    return outcomeOf(ending, log, isRemoved ? '' : `${spec.namespace}/${job.name}`)
  } finally {
    await watch.close()
  }
}

/** Empty where it may not be read: whoever needs it says so. */
async function logOf({ cluster, signal }: PodPorts, spec: PodSpec, watch: PodWatch): Promise<string> {
  const pod = watch.pod()
  if (pod === undefined) return ''
  const log = await cluster.podLog(spec.namespace, pod.name, spec.logLines ?? usualLogLines, signal)
  return log.slice(-longestLog)
}
