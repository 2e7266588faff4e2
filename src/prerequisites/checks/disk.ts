import type { Prerequisites } from '../../cluster-file/index.ts'
import { answered, passed } from '../../join/index.ts'
import { type Check, formatBytes } from '../../report/index.ts'
import type { Mount, PrerequisiteFacts } from '../model.ts'

const id = 'storage.disk'

/** What Longhorn can keep replicas on (longhorn.io/docs, Installation Requirements): file systems with extents. */
const fitFileSystems: readonly string[] = ['ext4', 'xfs']
/** Longhorn's setting storage-minimal-available-percentage, by default: with less free it places no replica on a disk. */
const leastFreePercent = 25

/** Network and memory file systems are nobody's disk. */
const noDisks = /^(nfs4?|cifs|smb3|fuse\.sshfs|tmpfs|ramfs|overlay|squashfs|iso9660)$/

interface Complaint {
  readonly verdict?: 'warn'
  readonly found: string
  readonly cause: string
  readonly remedy: string
}

const ofMount = (mount: Mount): string => `${mount.path} (${mount.device}, ${mount.type})`

/** What is wrong with the place itself; undefined: nothing. */
function placeComplaint(path: string, disk: NonNullable<PrerequisiteFacts['disk']>): Complaint | undefined {
  const { mount, root } = disk
  const mountIt = `mount the disk there, and keep it in /etc/fstab; this action neither makes nor formats nor mounts one`
  if (!disk.isThere) {
    return {
      found: 'there is no such folder',
      cause: 'the disk is not mounted, or is mounted elsewhere',
      remedy: mountIt,
    }
  }
  if (mount === undefined) {
    return {
      found: 'which mount holds it could not be read',
      cause: '/proc/mounts of the host did not say',
      remedy: 'look on the host: findmnt -T',
    }
  }
  const isOfRoot = mount.path === '/' || mount.device === root?.device
  if (isOfRoot) {
    return {
      found: `it is on the disk of the system: ${ofMount(mount)}`,
      cause: 'volumes would fill the disk that the system and the kubelet need, and replicas would go with it',
      remedy: mountIt,
    }
  }
  if (mount.path !== path) {
    return {
      verdict: 'warn',
      found: `it is a folder on ${ofMount(mount)}, not a mount of its own`,
      cause: 'what else is on that disk shares its room, and is not counted',
      remedy: `name ${mount.path} itself, or give storage a disk of its own`,
    }
  }
  return undefined
}

/** What is wrong with the file system that is mounted there; undefined: nothing. */
function fileSystemComplaint(
  wish: Prerequisites,
  path: string,
  disk: NonNullable<PrerequisiteFacts['disk']>,
  mount: Mount,
): Complaint | undefined {
  if (mount.options.includes('ro')) {
    return {
      found: `${ofMount(mount)} is mounted read-only`,
      cause: 'it is mounted so, or the kernel found errors on it (dmesg)',
      remedy: 'look at dmesg and fstab; after fsck: sudo mount -o remount,rw on it',
    }
  }
  if (noDisks.test(mount.type)) {
    return {
      found: `${ofMount(mount)} is no disk of this machine`,
      cause: 'what is stored there is not on this machine, or not kept at all',
      remedy: 'mount a disk there',
    }
  }
  if (wish.profile === 'longhorn' && !fitFileSystems.includes(mount.type)) {
    return {
      found: `its file system is ${mount.type}`,
      cause: 'Longhorn keeps replicas in sparse files with extents, on ext4 and xfs only',
      remedy: 'give Longhorn a disk with ext4 or xfs; this action formats none',
    }
  }
  const percent = disk.totalBytes > 0 ? (disk.freeBytes / disk.totalBytes) * 100 : 100
  if (wish.profile === 'longhorn' && percent < leastFreePercent) {
    return {
      verdict: 'warn',
      found: `${percent.toFixed(0)} % of it are free (${formatBytes(disk.freeBytes)})`,
      cause: `with less than ${leastFreePercent} % Longhorn places no replica there (storage-minimal-available-percentage)`,
      remedy: 'free space on it, or set another limit in Longhorn',
    }
  }
  if (!disk.comesBack) {
    return {
      verdict: 'warn',
      found: `${ofMount(mount)} is in neither /etc/fstab nor a mount unit`,
      cause: 'after the next boot the folder is empty and on the disk of the system, and storage would fill that',
      remedy: `add it to /etc/fstab: UUID=… ${path} ${mount.type} defaults,nofail 0 2`,
    }
  }
  return undefined
}

/** Is there a disk that storage of the cluster may use? Only asked where one is named; nothing of it is ever changed. Pure. */
export function diskCheck(wish: Prerequisites, found: PrerequisiteFacts): Check | undefined {
  const path = wish.disk
  if (path === undefined) return undefined
  const question = `Is a disk mounted on ${path} that the cluster's storage may use?`
  const { disk } = found
  if (disk === undefined) {
    return { id, verdict: 'skip', question, found: 'unknown: the host did not say' }
  }
  const complaint =
    placeComplaint(path, disk) ??
    (disk.mount === undefined ? undefined : fileSystemComplaint(wish, path, disk, disk.mount))
  if (complaint) {
    const { found: said, ...otherwise } = complaint
    return answered(id, question, false, said, otherwise)
  }
  const size = disk.totalBytes > 0 ? `, ${formatBytes(disk.freeBytes)} of ${formatBytes(disk.totalBytes)} free` : ''
  return passed(id, question, disk.mount ? `${disk.mount.device}, ${disk.mount.type}${size}` : path)
}

/** Does multipathd leave the devices of volumes alone? */
export function multipathCheck(wish: Prerequisites, { multipath }: PrerequisiteFacts): Check | undefined {
  if (wish.profile !== 'longhorn') return undefined
  const question = 'Does multipathd leave the devices of volumes alone?'
  const isFine = !multipath.isActive || multipath.isKeptAway
  return answered(
    'storage.multipath',
    question,
    isFine,
    !multipath.isActive ? 'it does not run' : multipath.isKeptAway ? 'it runs, and passes over sd devices' : 'it runs',
    {
      verdict: 'warn',
      cause: 'it takes the block devices of Longhorn volumes for its own, and pods that want them wait for ever',
      remedy:
        'if nothing needs it: sudo systemctl disable --now multipathd.service multipathd.socket; else see longhorn.io/kb/troubleshooting-volume-with-multipath',
    },
  )
}
