import {
  changeLogScript,
  checkRunId,
  errorOfScript,
  type Host,
  holderLine,
  type Remedies,
  type ScriptLine,
} from '../host/index.ts'
import type { LeaveStep, Presence, Removed, UninstallRequest } from './model.ts'
import { mountsScript, readMounts } from './mounts.ts'
import { scripts } from './scripts.generated.ts'

/** What a person does about each way in which leaving gives up; a distribution adds its own. */
const remedies: Remedies = {
  'foreign-mounts': 'unmount it, or mount it elsewhere, then press the button again; it is never unmounted here',
  'mounts-unknown': 'look at the host as root: cat /proc/mounts',
  'server-present': 'take a server out by hand; no action here does it',
  'other-units': 'take that unit away first, or rename it; then press the button again',
  'stop-failed': 'look at the unit on the host’s console with systemctl status; then press the button again',
  'uninstaller-missing': 'remove it by the means it was installed with; then press the button again, for the cluster',
  'uninstall-timeout':
    'look for what hangs (a dead NFS server, a volume that is still mounted), then press the button again: it goes on from there',
  'uninstall-failed': 'read what the uninstaller said below, correct it on the host, and press the button again',
}

/** Beyond the limit of what takes the agent away: the lock, the stop, and what is deleted afterwards. */
const besidesMs = 240_000

/**
 * Runs the steps of a removal in one session. `own`: the distribution's script, with what it needs before it; see
 * scripts/leave-steps.sh for what it defines. Rejects with HostStepError or HostError.
 */
export async function uninstallBy(
  own: { readonly before: readonly string[]; readonly script: string; readonly folders: readonly string[] },
  host: Host,
  { run, steps, timeoutMs }: UninstallRequest,
  onStep: (step: LeaveStep) => void,
  signal: AbortSignal,
): Promise<Removed> {
  const seen = new Set<unknown>()
  const result = await host.run({
    name: 'leave',
    script: [...own.before, changeLogScript, mountsScript, own.script, scripts['leave-steps']].join('\n'),
    env: {
      RUN_ID: checkRunId(run.runId),
      HOLDER: holderLine(run.label),
      LOCK_WAIT: '60',
      STEPS: steps.join(' '),
      FOLDERS: own.folders.join(' '),
      LIMIT: String(Math.ceil(timeoutMs / 1000)),
    },
    privilege: 'root',
    timeoutMs: timeoutMs + besidesMs,
    signal,
    onLine: ({ step, state }) => {
      if (state !== 'done' || (step !== 'stop' && step !== 'uninstall') || seen.has(step)) return
      seen.add(step)
      onStep(step)
    },
  })
  const error = errorOfScript(host.label, 'leaving', result, remedies)
  if (error) throw error
  return { stays: texts(result.lines, 'stays') }
}

const texts = (lines: readonly ScriptLine[], key: string): readonly string[] =>
  lines.flatMap((line) => {
    const value = line[key]
    return typeof value === 'string' ? [value.slice(0, 4096)] : []
  })

/** What the lines `leave.…` of a survey say for any distribution. Pure; never throws. */
export function readPresence(lines: readonly ScriptLine[]): Pick<
  Presence,
  'traces' | 'isHalfGone' | 'mounts' | 'areMountsKnown' | 'data'
> & {
  readonly uninstaller?: string
  readonly obstacle?: string
} {
  const of = (fact: string): readonly ScriptLine[] => lines.filter((line) => line.fact === fact).slice(0, 64)
  const { mounts, areKnown } = readMounts(lines)
  const [uninstaller] = texts(of('leave.uninstaller'), 'path')
  const [obstacle] = texts(of('leave.obstacle'), 'words')
  return {
    traces: texts(of('leave.trace'), 'path'),
    isHalfGone: of('leave.half').some((line) => line.present === true),
    ...(uninstaller === undefined ? {} : { uninstaller }),
    mounts,
    areMountsKnown: areKnown,
    data: texts(of('leave.data'), 'path'),
    ...(obstacle === undefined ? {} : { obstacle }),
  }
}

/** ActiveState of a unit that runs, or that systemd is about to start again. */
export function runs(activeState: string): boolean {
  return ['active', 'activating', 'reloading', 'refreshing', 'deactivating'].includes(activeState)
}
