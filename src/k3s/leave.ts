import * as host from '../host/index.ts'
import { changeLogScript, checkRunId, type Host, type HostFacts, holderLine, type Remedies } from '../host/index.ts'
import { awaitMounts, type LeaveStep, type Leaving, mountsScript, type Presence, readMounts } from '../leave/index.ts'
import { nodePasswordSecret } from './node-password.ts'
import { scripts } from './scripts.generated.ts'
import { surveyInstallation } from './survey.ts'

/** What the official uninstaller unmounts by force, or deletes (k3s-io/k3s install.sh, create_killall and create_uninstall). */
const folders = [
  '/run/k3s',
  '/run/flannel',
  '/var/lib/kubelet',
  '/var/lib/rancher/k3s',
  '/etc/rancher/k3s',
  '/var/lib/cni',
] as const

/** The first systemd whose systemctl leaves the manager alone when SYSTEMD_OFFLINE is set (its NEWS, CHANGES WITH 237). */
const firstOfflineSystemd = 237
/** The uninstaller kills, unmounts and deletes; seconds on a healthy host, minutes on a slow disk. */
const uninstallerMs = 180_000

const remedies: Remedies = {
  'foreign-mounts': 'unmount it, or mount it elsewhere, then press the button again; it is never unmounted here',
  'mounts-unknown': 'look at the host as root: cat /proc/mounts',
  'server-present': 'take a server out by hand; no action here does it',
  'stop-failed': 'look at the host on its console: systemctl status k3s-agent; then press the button again',
  'uninstaller-missing': 'remove k3s by the means it was installed with; then press the button again, for the cluster',
  'uninstall-timeout':
    'look for what hangs (a dead NFS server, a volume that is still mounted), then press the button again: it goes on from there',
  'uninstall-failed': 'read what the uninstaller said below, correct it on the host, and press the button again',
}

/** How k3s leaves a host. */
export function leavingK3s(): Leaving {
  return {
    name: 'k3s',
    unit: 'k3s-agent',
    surveyScript: [
      scripts['unit-file'],
      scripts['survey-settings'],
      scripts.survey,
      mountsScript,
      scripts['leave-survey'],
    ].join('\n'),
    presence(lines): Presence {
      const found = surveyInstallation(lines)
      const { mounts, areKnown } = readMounts(lines)
      const texts = (fact: string): readonly string[] =>
        lines.flatMap((line) => (line.fact === fact && typeof line.path === 'string' ? [line.path] : []))
      const state = found.unit?.name === 'k3s-agent' ? found.unit.activeState : ''
      const uninstaller = texts('leave.uninstaller')[0]
      const isHalfGone = lines.some((line) => line.fact === 'leave.half' && line.present === true)
      return {
        isThere:
          found.binary !== undefined || found.unit !== undefined || texts('leave.trace').length > 0 || isHalfGone,
        isRunning: ['active', 'activating', 'reloading', 'deactivating'].includes(state),
        isServer: found.hasServerUnit,
        version: found.binary?.version ?? '',
        unitState: state,
        server: found.environment?.url ?? '',
        ...(uninstaller === undefined ? {} : { uninstaller }),
        traces: texts('leave.trace'),
        isHalfGone,
        mounts,
        areMountsKnown: areKnown,
      }
    },
    disturbs({ systemdVersion, init }: HostFacts) {
      if (init !== 'systemd' || (systemdVersion !== undefined && systemdVersion >= firstOfflineSystemd))
        return undefined
      const which = systemdVersion === undefined ? 'of unknown version' : String(systemdVersion)
      return `makes systemd ${which} reload (SYSTEMD_OFFLINE is heard from ${firstOfflineSystemd} on): can take the GPU from running containers`
    },
    mounts: (on, _run, waitMs, signal) => awaitMounts(on, folders, waitMs, signal),
    async uninstall(on: Host, { run, steps, timeoutMs }, onStep, signal) {
      const seen = new Set<LeaveStep>()
      const result = await on.run({
        name: 'leave',
        script: [scripts['agent-files'], changeLogScript, mountsScript, scripts.leave].join('\n'),
        env: {
          RUN_ID: checkRunId(run.runId),
          HOLDER: holderLine(run.label),
          LOCK_WAIT: '60',
          STEPS: steps.join(' '),
          FOLDERS: folders.join(' '),
          LIMIT: String(Math.ceil(Math.min(timeoutMs, uninstallerMs) / 1000)),
        },
        privilege: 'root',
        // Beyond the uninstaller's own limit: the lock, the stop, and what is deleted afterwards.
        timeoutMs: timeoutMs + 240_000,
        signal,
        onLine: ({ step, state }) => {
          if (state !== 'done' || (step !== 'stop' && step !== 'uninstall') || seen.has(step)) return
          seen.add(step)
          onStep(step)
        },
      })
      const error = host.errorOfScript(on.label, 'leaving', result, remedies)
      if (error) throw error
      return { stays: result.lines.flatMap((line) => (typeof line.stays === 'string' ? [line.stays] : [])) }
    },
    nodePassword: nodePasswordSecret,
  }
}
