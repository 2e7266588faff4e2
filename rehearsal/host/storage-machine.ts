/**
 * What makes a machine one for storage: a second disk that is mounted, what apt can get for it, and iscsid once it is installed.
 * Versions of packages are for the look; the packages that bring what are those of Ubuntu 22.04.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FaultName } from '../contract.ts'
import { layPackages } from './packages.ts'
import type { Launch, Program } from './systemd.ts'

export interface StorageDisk {
  /** Where it is mounted. */
  readonly disk: string
  /** Its partition. */
  readonly device: string
}

const versions: Readonly<Record<string, string>> = {
  'open-iscsi': '2.1.5-1ubuntu1',
  'nfs-common': '1:2.6.1-1ubuntu1',
  cryptsetup: '2:2.4.3-1ubuntu1',
  jq: '1.6-2.1ubuntu3',
}
/** Every Ubuntu server has these. */
const present: Readonly<Record<string, string>> = {
  dmsetup: '2:1.02.175-2.1ubuntu4',
  curl: '7.81.0-1ubuntu1',
  wget: '1.21.2-2ubuntu1',
}
const daemon = '/usr/sbin/iscsid'

const size = { total: 480_588_496, used: 28_672, free: 456_073_600 }

/** Lays out disk, package lists and modules; the faults are those of the machine. */
export function layStorageMachine(
  place: { readonly root: string; readonly state: string; readonly kernel: string },
  storage: StorageDisk,
  faults: ReadonlySet<FaultName>,
): void {
  const lay = (path: string, text: string): void => {
    const file = join(place.root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const isMounted = !faults.has('storage-disk-unmounted')
  mkdirSync(join(place.root, storage.disk), { recursive: true })
  const mounts = readFileSync(join(place.root, 'proc/mounts'), 'utf8')
  const options = faults.has('storage-disk-read-only') ? 'ro,relatime' : 'rw,relatime'
  if (isMounted) {
    lay('proc/mounts', `${mounts.trimEnd()}\n${storage.device} ${storage.disk} ext4 ${options} 0 0\n`)
    writeFileSync(
      join(place.state, 'disk'),
      `${storage.disk} ${storage.device} ${size.total} ${size.used} ${size.free}\n`,
    )
  }
  lay('etc/fstab', `/dev/nvme0n1p2 / ext4 defaults 0 1\n${storage.device} ${storage.disk} ext4 defaults,nofail 0 2\n`)
  layPackages(
    place.root,
    Object.entries(present).map(([name, version]) => ({ name, version, isHeld: false, files: [] })),
  )
  const known = Object.entries(versions).filter(
    ([name]) => !(name === 'open-iscsi' && faults.has('storage-package-unknown')),
  )
  lay(
    'var/lib/apt/lists/archive.ubuntu.com_ubuntu_dists_jammy_main_binary-amd64_Packages',
    known.map(([name, version]) => `Package: ${name}\nVersion: ${version}\n\n`).join(''),
  )
  const modules = ['drivers/scsi/iscsi_tcp', 'drivers/md/dm-crypt', 'fs/overlayfs/overlay', 'net/bridge/br_netfilter']
  const there = modules.filter((name) => !(name.endsWith('iscsi_tcp') && faults.has('storage-module-missing')))
  lay(`lib/modules/${place.kernel}/modules.dep`, there.map((name) => `kernel/${name}.ko: \n`).join(''))
  if (faults.has('storage-apt-busy')) {
    mkdirSync(join(place.state, 'apt'), { recursive: true })
    writeFileSync(join(place.state, 'apt/lock'), '2 4711 unattended-upgr\n')
  }
}

/** Whether a unit runs this machine's storage daemon. */
export const isStorageDaemon = ({ command }: Launch): boolean => command[0] === daemon

/** iscsid: there once it runs, until it is asked to end. */
export function startStorageDaemon(launch: Launch, faults: ReadonlySet<FaultName>): Program {
  if (faults.has('storage-service-fails')) {
    setImmediate(() => launch.exited(1))
    return { ended: Promise.resolve(), stop: () => undefined }
  }
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  setImmediate(() => launch.ready())
  return {
    ended,
    stop() {
      launch.exited(0)
      resolve()
    },
  }
}
