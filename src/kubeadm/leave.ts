import type { ScriptLine } from '../host/index.ts'
import { awaitMounts, type Leaving, mountsScript, readPresence, runs, uninstallBy } from '../leave/index.ts'
import { scripts } from './scripts.generated.ts'

/** What `kubeadm reset` unmounts, or deletes (recorded with kubeadm 1.33.13). */
const folders = ['/var/lib/kubelet', '/etc/kubernetes']

const script = { before: [], script: scripts.leave, folders }

/** How a node that kubeadm made leaves its host. */
export function leavingKubeadm(): Leaving {
  return {
    name: 'kubeadm',
    unit: 'kubelet',
    surveyScript: [mountsScript, scripts['leave-survey']].join('\n'),
    presence(lines) {
      const text = (fact: string, key: string): string => {
        const value = lines.find((line: ScriptLine) => line.fact === fact)?.[key]
        return typeof value === 'string' ? value.slice(0, 4096) : ''
      }
      const known = readPresence(lines)
      const isThere = known.traces.length > 0 || known.isHalfGone
      const unitState = text('leave.unit', 'state')
      return {
        ...known,
        isThere,
        // Before a join the unit of the package is started again and again, for want of a configuration.
        isRunning: isThere && runs(unitState),
        isServer: lines.some((line) => line.fact === 'leave.control-plane' && line.present === true),
        version: text('leave.version', 'version'),
        unitState,
        server: text('leave.server', 'url'),
      }
    },
    // It stops the kubelet, and reloads nothing (kubernetes: cmd/kubeadm/app/util/initsystem/initsystem_unix.go, ServiceStop).
    disturbs: () => undefined,
    mounts: (host, _run, waitMs, signal) => awaitMounts(host, folders, waitMs, signal),
    uninstall: (host, request, onStep, signal) => uninstallBy(script, host, request, onStep, signal),
    // A kubelet proves itself by a certificate, and the server keeps nothing for its name.
    nodePassword: () => undefined,
  }
}
