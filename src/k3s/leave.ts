import type { HostFacts, ScriptLine } from '../host/index.ts'
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

const script = { before: [scripts['agent-files'], scripts['leave-others']], script: scripts.leave, folders }

/** Value of an argument, as `--name value` or `--name=value`; empty: it is not given. */
function argumentOf(words: readonly string[], name: string): string {
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}=`))
  const word = words[at] ?? ''
  return word === name ? (words[at + 1] ?? '') : word.slice(name.length + 1)
}

const serverOf = (lines: readonly ScriptLine[]): string => {
  const url = lines.find((line) => line.fact === 'leave.server')?.url
  return typeof url === 'string' ? url.slice(0, 4096) : ''
}

/** How k3s leaves a host. */
export function leavingK3s(): Leaving {
  return {
    name: 'k3s',
    unit: 'k3s-agent',
    surveyScript: [surveyFragment, mountsScript, scripts['leave-others'], scripts['leave-survey']].join('\n'),
    presence(lines) {
      const { binary, unit, hasServerUnit, environment } = surveyInstallation(lines)
      const known = readPresence(lines)
      const unitState = unit?.name === 'k3s-agent' ? unit.activeState : ''
      return {
        ...known,
        isThere: binary !== undefined || unit !== undefined || known.isHalfGone,
        isRunning: runs(unitState),
        isServer: hasServerUnit || lines.some((line) => line.fact === 'leave.server-traces' && line.present === true),
        version: binary?.version ?? '',
        unitState,
        server: environment?.url || argumentOf(unit?.arguments ?? [], '--server') || serverOf(lines),
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
