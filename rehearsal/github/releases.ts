/** Releases as k3s publishes them: assets with checksum files, and files of the tagged commit. Pure. */
import { createHash } from 'node:crypto'

export interface PublishedRelease {
  readonly owner: string
  readonly repository: string
  /** e.g. `v1.33.4+k3s1` */
  readonly tag: string
  /** 40 hex digits. */
  readonly commit: string
  /** Name → bytes, e.g. `k3s`, `k3s-arm64`. Checksum files are added, unless given. */
  readonly assets: Readonly<Record<string, Buffer>>
  /** Path → bytes of the tree at the commit, e.g. `install.sh`. Its checksum file is added, unless given. */
  readonly files: Readonly<Record<string, Buffer>>
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** As `sha256sum` prints it: two spaces, then the name. */
function line(name: string, bytes: Buffer): string {
  return `${sha256(bytes)}  ${name}\n`
}

/** Image archives are listed and published beside the program; nobody unpacks these. */
const archives = ['tar', 'tar.gz', 'tar.zst']

/**
 * All assets of a release. `sha256sum-<arch>.txt` is laid out as k3s's release workflow does: the image archives of the
 * architecture first, then the program (`k3s` for amd64, `k3s-arm64`).
 */
export function completeAssets(release: PublishedRelease): ReadonlyMap<string, Buffer> {
  const assets = new Map(Object.entries(release.assets))
  for (const architecture of ['amd64', 'arm64']) {
    const program = architecture === 'amd64' ? 'k3s' : `k3s-${architecture}`
    const bytes = release.assets[program]
    if (bytes === undefined) continue
    const images = archives.map((ending) => `k3s-airgap-images-${architecture}.${ending}`)
    for (const name of images) {
      if (!assets.has(name)) assets.set(name, Buffer.from(`${name} of ${release.tag}: simulated, holds no images\n`))
    }
    const checksums = [...images, program].map((name) => line(name, assets.get(name) ?? bytes)).join('')
    const name = `sha256sum-${architecture}.txt`
    if (!assets.has(name)) assets.set(name, Buffer.from(checksums))
  }
  return assets
}

/** Files of the commit, with `install.sh.sha256sum` (one line, `<hex>  install.sh`). */
export function completeFiles(release: PublishedRelease): ReadonlyMap<string, Buffer> {
  const files = new Map(Object.entries(release.files))
  const installer = files.get('install.sh')
  if (installer && !files.has('install.sh.sha256sum')) {
    files.set('install.sh.sha256sum', Buffer.from(line('install.sh', installer)))
  }
  return files
}

/** The same length, other bytes: what a broken proxy or an exchanged file looks like. */
export function corrupted(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  if (copy.length > 0) copy[copy.length - 1] = copy[copy.length - 1]! ^ 0x01
  return copy
}
