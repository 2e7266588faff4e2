/** What a machine meets that is to be a storage node, at the site of seed 003. */
import type { StorageFault } from '../contract.ts'
import type { Fault } from './model.ts'

export const storageFaults: Readonly<Record<StorageFault, Fault>> = {
  'storage-disk-unmounted': {
    family: 'storage',
    scenario: 'k3s2',
    shows: 'the disk for Longhorn is not mounted: the folder is on the disk of the system',
    code: 'storage-disk',
    log: [/on the disk of the system/, /neither makes nor formats nor mounts/],
  },
  'storage-disk-read-only': {
    family: 'storage',
    scenario: 'k3s2',
    shows: 'the disk for Longhorn is mounted read-only',
    code: 'storage-disk',
    log: [/mounted read-only/],
  },
  'storage-package-unknown': {
    family: 'storage',
    scenario: 'k3s2',
    shows: 'apt knows no open-iscsi',
    code: 'packages-not-installed',
    log: [/Unable to locate package open-iscsi/],
  },
  'storage-apt-busy': {
    family: 'storage',
    scenario: 'k3s2',
    shows: 'unattended upgrades hold the lock of apt for two seconds, and are waited for',
  },
  'storage-module-missing': {
    family: 'storage',
    scenario: 'k3s2',
    shows: 'the running kernel has no iscsi_tcp',
    code: 'host-wanted-modules',
    log: [/linux-modules-extra/],
  },
  'storage-service-fails': {
    family: 'storage',
    scenario: 'k3s2',
    shows: 'iscsid does not start: everything is taken back',
    code: 'service-failed',
    log: [/packages removed again/],
  },
  'storage-switched-off': {
    family: 'storage',
    scenario: 'k3s2',
    shows: 'somebody has switched scheduling off in Longhorn’s object of the node',
    code: 'storage-longhorn',
    log: [/allowScheduling/],
  },
  'storage-no-longhorn': {
    family: 'storage',
    scenario: 'k3s2',
    shows:
      'Longhorn is not installed in the cluster: the node joins and is ready for it, and the proof finds no class for a volume',
    codeBefore: 'checks-failed',
    log: [/Longhorn is not installed/],
  },
}
