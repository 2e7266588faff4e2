import type { KubeadmInstallation, ProgramName } from './model.ts'
import { shortHash, spkiHashes } from './spki.ts'

const names: readonly ProgramName[] = ['kubeadm', 'kubelet', 'containerd', 'crictl']

/** What is installed, for the report's facts: name → value. Never a secret: the survey does not bring any. */
export function describeInstallation(found: KubeadmInstallation): Readonly<Record<string, string>> {
  const { unit, containerd, kubeconfigs } = found
  const programs = names.map((name) => {
    const program = found.programs[name]
    return `${name} ${program ? program.version || 'of unknown version' : 'not there'}`
  })
  const drivers = Object.entries(containerd.config?.systemdCgroup ?? {}).map(
    ([name, isSystemd]) => `${name}: ${isSystemd ? 'systemd' : 'cgroupfs'}`,
  )
  return {
    'kubernetes packages': programs.join(', '),
    'kubelet unit': unit
      ? `${unit.activeState} (${unit.subState}), ${unit.isMasked ? 'masked' : unit.isEnabled ? 'enabled' : 'not enabled'}, ${unit.dropIns.length > 0 ? `drop-ins: ${unit.dropIns.join(', ')}` : 'no drop-in'}`
      : 'not installed',
    containerd: `${containerd.activeState || 'no unit'}${containerd.config ? `, ${containerd.config.path}: ${[containerd.config.isCriDisabled ? 'CRI disabled' : '', ...drivers].filter(Boolean).join(', ') || 'no cgroup driver named'}` : ''}`,
    'CRI sockets': found.criSockets.join(', ') || 'none',
    ...(kubeconfigs.length > 0
      ? {
          'joined to': kubeconfigs
            .map((one) => {
              const [hash] = spkiHashes(one.caPem)
              return `${one.server || 'unknown'} (${one.path}${hash ? `, CA ${shortHash(hash)}` : ''})`
            })
            .join('; '),
        }
      : {}),
  }
}
