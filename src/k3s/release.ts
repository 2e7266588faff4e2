import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { Download, ReleaseAsset, Releases, ToolCache } from '../runner/index.ts'
import { checksumOf, sha256OfFile } from './checksum.ts'
import type { K3sRelease } from './model.ts'
import { messageOf, mismatch, ReleaseError, releaseFault, runAgain, unknownRelease } from './release-error.ts'
import { cacheVersion, parseVersion } from './version.ts'

export { checksumOf, sha256OfFile } from './checksum.ts'
export { ReleaseError, type ReleaseErrorCode } from './release-error.ts'

/** What a release is read through; the runner's own implementations of these ports. */
export interface ReleasePorts {
  readonly releases: Releases
  readonly download: Download
  readonly toolCache: ToolCache
}

export interface ReleaseWish {
  /** Exact, e.g. `v1.33.4+k3s1`. */
  readonly version: string
  /** As Go names it: amd64 or arm64. */
  readonly architecture: string
}

/** What is known of a release before anything large is fetched. */
export interface ReleaseDescription extends ReleaseWish {
  readonly sizeBytes: number
  /** Hash that GitHub computed when the asset was uploaded; undefined for assets older than that service. */
  readonly sha256?: string
  readonly binary: ReleaseAsset
  readonly checksums: ReleaseAsset
  readonly commit: string
}

const owner = 'k3s-io'
const repository = 'k3s'
const tool = 'k3s'
const assetNames: Readonly<Record<string, string>> = { amd64: 'k3s', arm64: 'k3s-arm64' }
const sha256Form = /^[0-9a-f]{64}$/

function hashOfDigest(digest: string | undefined): string | undefined {
  const hash = digest?.toLowerCase().replace(/^sha256:/, '')
  return hash !== undefined && sha256Form.test(hash) ? hash : undefined
}

/** Metadata only: one or two small questions to GitHub. Rejects with ReleaseError. */
export async function describeRelease(
  wish: ReleaseWish,
  releases: Releases,
  signal: AbortSignal,
): Promise<ReleaseDescription> {
  const assetName = assetNames[wish.architecture]
  if (assetName === undefined) {
    throw new ReleaseError(
      'architecture-unsupported',
      `there is no checked k3s for ${wish.architecture || 'an unknown architecture'}`,
      'programs are fetched and checked for amd64 and arm64 only',
      'use a 64-bit x86 or Arm machine',
    )
  }
  const release = await found(wish.version, releases, signal)
  const asset = (name: string): ReleaseAsset => {
    const one = release.assets.find((candidate) => candidate.name === name)
    if (one !== undefined) return one
    throw new ReleaseError(
      'release-incomplete',
      `release ${wish.version} of k3s has no file ${name}`,
      'the release is still being published, or was withdrawn in part',
      'choose another version, or try again later',
      [
        `its files: ${
          release.assets
            .map((candidate) => candidate.name)
            .slice(0, 40)
            .join(', ') || 'none'
        }`,
      ],
    )
  }
  const binary = asset(assetName)
  const sha256 = hashOfDigest(binary.digest)
  return {
    version: wish.version,
    architecture: wish.architecture,
    sizeBytes: binary.sizeBytes,
    ...(sha256 === undefined ? {} : { sha256 }),
    binary,
    checksums: asset(`sha256sum-${wish.architecture}.txt`),
    commit: release.commit,
  }
}

/** Bytes of the program, known before it is downloaded. */
export function releaseSize(description: ReleaseDescription): number {
  return description.sizeBytes
}

async function found(version: string, releases: Releases, signal: AbortSignal): ReturnType<Releases['release']> {
  try {
    return await releases.release(owner, repository, version, signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw unknownRelease(version, error) ?? releaseFault(error, `release ${version} of k3s cannot be looked up`)
  }
}

async function fetched(url: string, what: string, download: Download, signal: AbortSignal): Promise<string> {
  try {
    return await download(url, signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw releaseFault(error, `${what} cannot be downloaded`, [url])
  }
}

/** The hash that both witnesses, the checksum file of the release and GitHub's own digest, agree on. */
async function publishedHash(
  description: ReleaseDescription,
  download: Download,
  signal: AbortSignal,
): Promise<{ sha256: string; notes: readonly string[] }> {
  const { binary, checksums, version } = description
  const file = await fetched(checksums.url, `the checksum file of k3s ${version}`, download, signal)
  const text = await readFile(file, { encoding: 'utf8', signal })
  const ownHash = createHash('sha256').update(text).digest('hex')
  const ownDigest = hashOfDigest(checksums.digest)
  if (ownDigest !== undefined && ownDigest !== ownHash) {
    throw mismatch(`the checksum file of k3s ${version}`, [`downloaded: ${ownHash}`, `GitHub's digest: ${ownDigest}`])
  }
  const sha256 = checksumOf(text, binary.name)
  if (sha256 === undefined) {
    throw new ReleaseError(
      'release-incomplete',
      `the checksum file of k3s ${version} has no line for ${binary.name}`,
      'the file is damaged, or the release is not complete',
      'choose another version, or try again later',
      [`${checksums.name}: ${text.split('\n').filter((line) => line !== '').length} lines`],
    )
  }
  if (description.sha256 === undefined)
    return { sha256, notes: [`GitHub has no digest for ${binary.name}: checked against ${checksums.name} alone`] }
  if (description.sha256 !== sha256) {
    throw mismatch(`${binary.name} of k3s ${version}`, [
      `${checksums.name}: ${sha256}`,
      `GitHub's digest: ${description.sha256}`,
    ])
  }
  return { sha256, notes: [] }
}

async function fetchBinary(
  description: ReleaseDescription,
  sha256: string,
  ports: ReleasePorts,
  signal: AbortSignal,
): Promise<{ binary: K3sRelease['binary']; notes: readonly string[] }> {
  const { architecture, binary, version } = description
  const parsed = parseVersion(version)
  if (parsed === undefined) throw new RangeError(`${JSON.stringify(version)} is no exact k3s version`)
  const key = cacheVersion(parsed)
  const notes: string[] = []
  const cached = ports.toolCache.find(tool, key, architecture)
  if (cached !== undefined) {
    // Whatever ran on this runner before could have written there.
    const hash = await sha256OfFile(cached, signal).catch(() => 'unreadable')
    signal.throwIfAborted()
    if (hash === sha256)
      return { binary: { path: cached, sha256, sizeBytes: (await stat(cached)).size, fromCache: true }, notes }
    notes.push(`the tool cache held another file for k3s ${version} (sha256 ${hash}); it was not used`)
  }
  const downloaded = await fetched(binary.url, `k3s ${version} for ${architecture}`, ports.download, signal)
  const hash = await sha256OfFile(downloaded, signal)
  if (hash !== sha256)
    throw mismatch(`the downloaded ${binary.name} of k3s ${version}`, [`downloaded: ${hash}`, `published: ${sha256}`])
  // For the next run only: another run on this runner may replace the copy while this one still reads it.
  await ports.toolCache.add(downloaded, binary.name, tool, key, architecture).catch((error: unknown) => {
    signal.throwIfAborted()
    notes.push(`the tool cache could not be used: ${messageOf(error)}`)
  })
  return { binary: { path: downloaded, sha256, sizeBytes: (await stat(downloaded)).size, fromCache: false }, notes }
}

/** The official installer as it was at the release's commit, with the checksum that the repository keeps beside it. */
async function fetchInstaller(
  description: ReleaseDescription,
  download: Download,
  signal: AbortSignal,
): Promise<K3sRelease['installer']> {
  const { commit, version } = description
  if (!/^[0-9a-f]{40}$/.test(commit)) {
    throw new ReleaseError(
      'release-incomplete',
      `the commit of k3s ${version} is unknown`,
      `GitHub gave ${JSON.stringify(commit)}`,
      runAgain,
    )
  }
  const base = `https://raw.githubusercontent.com/${owner}/${repository}/${commit}`
  const [scriptFile, checksumFile] = await Promise.all(
    ['install.sh', 'install.sh.sha256sum'].map((name) =>
      fetched(`${base}/${name}`, `${name} of k3s ${version}`, download, signal),
    ),
  )
  const [script, checksum] = await Promise.all(
    [scriptFile, checksumFile].map((file) => readFile(file as string, { signal })),
  )
  const published = checksumOf(String(checksum), 'install.sh')
  const sha256 = createHash('sha256')
    .update(script as Buffer)
    .digest('hex')
  if (published !== sha256) {
    throw mismatch(`the installer of k3s ${version}`, [
      `install.sh: ${sha256}`,
      `install.sh.sha256sum: ${published ?? 'no line for install.sh'}`,
    ])
  }
  return { text: String(script), sha256, commit }
}

/** Downloads and checks: program (or takes it from the tool cache) and installer. Rejects with ReleaseError, or the signal's reason. */
export async function fetchRelease(
  description: ReleaseDescription,
  ports: ReleasePorts,
  signal: AbortSignal,
): Promise<K3sRelease> {
  const installer = fetchInstaller(description, ports.download, signal)
  // Its rejection is seen when it is awaited; until then it must not count as unheard.
  installer.catch(() => undefined)
  try {
    const published = await publishedHash(description, ports.download, signal)
    const { binary, notes } = await fetchBinary(description, published.sha256, ports, signal)
    const { version, architecture } = description
    return { version, architecture, binary, installer: await installer, notes: [...published.notes, ...notes] }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw error
  }
}

/** describeRelease and fetchRelease in one. */
export async function resolveRelease(wish: ReleaseWish, ports: ReleasePorts, signal: AbortSignal): Promise<K3sRelease> {
  return await fetchRelease(await describeRelease(wish, ports.releases, signal), ports, signal)
}
