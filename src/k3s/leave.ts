import type { HostFacts } from '../host/index.ts'
import { awaitMounts, type Leaving, mountsScript, readPresence, runs, uninstallBy } from '../leave/index.ts'
import { nodePasswordSecret } from './node-password.ts'
import { scripts } from './scripts.generated.ts'
import { surveyFragment, surveyInstallation } from './survey.ts'

/** What the official uninstaller unmounts by force, or deletes (k3s-io/k3s install.sh, create_killall and create_uninstall). */
const folders = [
  '/run/k3s',
  '/run/flannel',
  '/var/lib/kubelet',
  '/var/lib/rancher/k3s',
  '/etc/rancher/k3s',
  '/var/lib/cni',
]

/** The first systemd whose systemctl leaves the manager alone when SYSTEMD_OFFLINE is set (its NEWS, CHANGES WITH 237). */
const firstOfflineSystemd = 237

const script = { before: [scripts['agent-files']], script: scripts.leave, folders }

/** How k3s leaves a host. */
export function leavingK3s(): Leaving {
  return {
    name: 'k3s',
    unit: 'k3s-agent',
    surveyScript: [surveyFragment, mountsScript, scripts['leave-survey']].join('\n'),
    presence(lines) {
      const { binary, unit, hasServerUnit, environment } = surveyInstallation(lines)
      const known = readPresence(lines)
      const unitState = unit?.name === 'k3s-agent' ? unit.activeState : ''
      return {
        ...known,
        isThere: binary !== undefined || unit !== undefined || known.isHalfGone,
        isRunning: runs(unitState),
        isServer: hasServerUnit,
        version: binary?.version ?? '',
        unitState,
        server: environment?.url ?? '',
      }
    },
    disturbs({ systemdVersion, init }: HostFacts) {
      if (init !== 'systemd' || (systemdVersion !== undefined && systemdVersion >= firstOfflineSystemd))
        return undefined
      const which = systemdVersion === undefined ? 'of unknown version' : String(systemdVersion)
      return `makes systemd ${which} reload (SYSTEMD_OFFLINE is heard from ${firstOfflineSystemd} on): can take the GPU from running containers`
    },
    mounts: (host, _run, waitMs, signal) => awaitMounts(host, folders, waitMs, signal),
    uninstall: (host, request, onStep, signal) => uninstallBy(script, host, request, onStep, signal),
    nodePassword: nodePasswordSecret,
  }
}
