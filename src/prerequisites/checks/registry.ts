import type { CheckEntry } from '../../join/index.ts'

const preflight = (id: string, severity: CheckEntry['severity'], asks: string, remedy: string): CheckEntry => ({
  id,
  stage: 'preflight',
  severity,
  asks,
  remedy,
  isIgnorable: true,
})

/** Checks of what a machine needs besides the agent, in the order in which they are asked; each only where something is wanted. */
export const prerequisiteCheckRegistry: readonly CheckEntry[] = [
  preflight(
    'host.packages',
    'fail',
    'Are the packages there that the node needs, or can they be installed with apt, dnf or zypper?',
    'install them with the means of that system, or leave them out',
  ),
  preflight(
    'host.services',
    'fail',
    'Do the services run that the node needs, or can they be started? Not those that are masked or unknown',
    '`sudo systemctl unmask`, or correct `services` and `packages`',
  ),
  preflight(
    'host.wanted-modules',
    'fail',
    'Has the running kernel the modules that the node needs?',
    'reboot after a kernel update, or install the kernel’s extra modules',
  ),
  preflight(
    'host.sysctl',
    'fail',
    'Does the kernel know the settings that the node needs? A warning where a wanted module may bring them',
    'correct the name, or add the module',
  ),
  preflight(
    'storage.disk',
    'fail',
    'Is a disk of its own mounted where storage may write: not that of the system, not read-only, with a file system that fits? A warning when it is short of room, a folder on another disk, or gone after a boot',
    'mount a disk there, and keep it in /etc/fstab; none is ever made, mounted or formatted',
  ),
  preflight(
    'storage.multipath',
    'warn',
    'Does multipathd leave the devices of Longhorn volumes alone?',
    'disable multipathd, or keep it from sd devices',
  ),
  {
    id: 'storage.longhorn',
    stage: 'confirm',
    severity: 'fail',
    asks: 'Does Longhorn know the node, and may it place replicas on its disk?',
    remedy: 'see what the check shows; `kubectl -n longhorn-system describe nodes.longhorn.io`',
    isIgnorable: true,
  },
  {
    id: 'confirm.flux',
    stage: 'confirm',
    severity: 'warn',
    asks: 'Did what Flux had not brought about yet become ready with a storage node?',
    remedy: 'wait for the next reconciliation; `flux get all -A`',
    isIgnorable: true,
  },
]
