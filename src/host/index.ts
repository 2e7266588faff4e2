import type { HostAccess } from '../cluster-file/index.ts'
import type { Exec } from '../runner/index.ts'
import { abortedError, HostError } from './error.ts'
import { LocalHost } from './local.ts'
import type { Host } from './model.ts'
import { scripts } from './scripts.generated.ts'

export { HostError, type HostErrorCode, isConnectionLost } from './error.ts'
export { parseFacts } from './facts.ts'
export { type FollowOptions, followUnit } from './follow-unit.ts'
export { checkRunId, type HeldHost, type HoldOptions, holderLine, holdHost, lockWaitSeconds } from './hold.ts'
export type * from './model.ts'
export { errorOfScript, HostStepError, type Remedies } from './step-error.ts'

/** The generic survey as a script for `Host.run`; a distribution appends its `survey_distribution` function. */
export const surveyScript: string = [
  scripts['survey-machine'],
  scripts['survey-network'],
  scripts['survey-containers'],
  scripts.survey,
].join('\n')

/** Reads what may explain a failure, for `Host.run`; a distribution appends its `evidence_distribution` function. */
export const evidenceScript: string = scripts.evidence
/** One HTTPS request from the host's own position, for `Host.run`; see scripts/https.sh. */
export const httpsScript: string = scripts.https
/** The locks of runs on a host, and the log by which changes are taken back; stands before the scripts of a room that change a host. */
export const changeLogScript: string = scripts['change-log']
/** Follows that log backwards; stands after it, before the undo script of a room. */
export const undoLogScript: string = scripts['undo-log']

/** The package manager, for scripts of a room that install packages; stands after the change log. */
export const packagesScript: string = scripts.packages
/** Takes packages back; stands after the undo log. */
export const undoPackagesScript: string = scripts['undo-packages']
/** Which package manager a host has, for the surveys of rooms. */
export const packageManagerScript: string = scripts['package-manager']

/** The GPU's part of the survey alone; `parseFacts` reads its lines. */
export const gpuProcessesScript: string = [surveyScript, scripts['gpu-processes']].join('\n')

/**
 * Connects to a host as `access` says: over SSH, or the runner itself. Rejects with HostError (host key, log-in,
 * network, cancelled). ssh2 is loaded only for SSH.
 */
export async function connectHost(
  access: HostAccess,
  ports: { readonly exec: Exec },
  signal: AbortSignal,
): Promise<Host> {
  const label = access.transport === 'local' ? 'local' : `${access.user}@${access.address}`
  if (signal.aborted) throw abortedError(label, 'connecting', signal)
  if (/[\n\0]/.test(access.sudoPassword ?? '')) {
    throw new HostError('access-invalid', label, {
      title: 'the sudo password cannot be used',
      cause: 'it holds a line break',
      remedy: 'save the secret again as one line',
    })
  }
  if (access.transport === 'local') return LocalHost.open(access, ports.exec)
  const { connectSsh } = await import('./ssh.ts')
  return connectSsh(access, signal)
}
