import type { PodOutcome, PodPorts, PodSpec } from './model.ts'

/**
 * Runs one pod to its end, as a Job that Pod Security `restricted` accepts, and takes it away again whatever happens. Settles as soon
 * as the outcome is certain; rejects with a ClusterError when the cluster cannot be asked, or with the signal's reason.
 * `deadlineMs`: from its creation to its end.
 */
export async function runPod(_ports: PodPorts, _spec: PodSpec, _deadlineMs: number): Promise<PodOutcome> {
  throw new Error('not there yet')
}
