import type { HostFacts } from '../../host/index.ts'
import type { Check } from '../../report/index.ts'
import type { JoinSituation } from '../distribution.ts'
import { answered } from './check.ts'

/** The hard eviction limit of k3s's kubelet, for images and for data; other kubelets have a higher one. */
const evictionPercent = 5

interface Need {
  readonly bytes: number
  readonly inodes: number
}
const mebibyte = 1024 ** 2
/** Images, containers and logs; the program itself is unpacked there too. */
const dataNeed: Need = { bytes: 2 * 1024 * mebibyte, inodes: 10_000 }
const needs: Readonly<Record<string, Need>> = {
  // The program, staged beside the one that it replaces.
  '/usr/local/bin': { bytes: 256 * mebibyte, inodes: 100 },
  '/etc': { bytes: 16 * mebibyte, inodes: 100 },
}

const sizeOf = (bytes: number): string =>
  bytes >= 1024 * mebibyte ? `${bytes / 1024 / mebibyte} GiB` : `${bytes / mebibyte} MiB`

function diskCheck(disk: HostFacts['disks'][number]): Check {
  const id = `host.disk.${
    disk.path
      .replaceAll(/[^a-zA-Z0-9]+/g, '-')
      .replace(/^-/, '')
      .slice(0, 64) || 'root'
  }`
  const need = needs[disk.path] ?? dataNeed
  const isUnlimited = disk.availableInodes === Number.MAX_SAFE_INTEGER
  const gibibytes = (disk.availableBytes / 1024 ** 3).toFixed(1)
  const found = `${gibibytes} GiB and ${isUnlimited ? 'any number of' : disk.availableInodes} inodes free`
  const isEnough = disk.availableBytes >= need.bytes && disk.availableInodes >= need.inodes
  const percent = disk.totalBytes > 0 ? (disk.availableBytes / disk.totalBytes) * 100 : 100
  if (isEnough && need === dataNeed && percent < evictionPercent) {
    return answered(id, `Is there room below ${disk.path}?`, false, `${found}, ${percent.toFixed(1)} % of it`, {
      verdict: 'warn',
      cause: `a kubelet with less than ${evictionPercent} % free reports DiskPressure: no new pods, and those that run are evicted`,
      remedy: `free space below ${disk.path}, or set other limits: kubelet-arg eviction-hard in \`extra-config\``,
    })
  }
  return answered(id, `Is there room below ${disk.path}?`, isEnough, found, {
    cause:
      need === dataNeed
        ? 'images and logs fill what is left, and the kubelet then evicts pods'
        : 'program and configuration are written there',
    remedy: `free at least ${sizeOf(need.bytes)} and ${need.inodes} inodes below ${disk.path}`,
  })
}

export function diskChecks({ facts }: JoinSituation): readonly Check[] {
  return facts.disks.slice(0, 16).map(diskCheck)
}
