/**
 * Tag, release, major tag, in the order that also holds where releases cannot be changed once they are published: the tag, a draft on it
 * with everything attached, then the publication, then the tag that moves. Every step looks first at what is there, so a run that broke
 * half-way is pressed again and goes on.
 */
import { compareVersions, isPrerelease, majorTagOf, parseVersion, tagOf, type Version, versionsOf } from './version.ts'

export interface Release {
  readonly id: number
  readonly tag: string
  readonly isDraft: boolean
  readonly url: string
  readonly assets: readonly Asset[]
}

export interface Asset {
  readonly id: number
  readonly name: string
  /** `sha256:…` as GitHub computed it; empty when it does not say. */
  readonly digest: string
}

/** What publishing needs of GitHub. */
export interface Repository {
  /** The commit that a ref names (`heads/main`, `tags/v1`); undefined when there is none. */
  commitOf(ref: string): Promise<string | undefined>
  /** Names of all tags. */
  tags(): Promise<readonly string[]>
  createTag(tag: string, commit: string): Promise<void>
  moveTag(tag: string, commit: string): Promise<void>
  /** The release of a tag, drafts among them. */
  releaseOf(tag: string): Promise<Release | undefined>
  createDraft(release: {
    readonly tag: string
    readonly notes: string
    readonly isPrerelease: boolean
  }): Promise<Release>
  attach(release: Release, name: string, content: Buffer): Promise<Asset>
  removeAsset(asset: Asset): Promise<void>
  publish(release: Release, options: { readonly notes: string; readonly isLatest: boolean }): Promise<Release>
}

export interface Wish {
  readonly version: string
  readonly commit: string
  readonly notes: string
  /** Name → content and its sum. */
  readonly assets: ReadonlyMap<string, { readonly content: Buffer; readonly sum: string }>
}

/** Something stands in the way that only a person can decide about. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError'
}

async function tag(repository: Repository, name: string, commit: string): Promise<string> {
  const tagged = await repository.commitOf(`tags/${name}`)
  if (tagged === commit) return `${name} names ${commit} already`
  if (tagged !== undefined)
    throw new ReleaseError(
      `${name} names another commit already, ${tagged}: a version is released once. Raise the version.`,
    )
  const tip = await repository.commitOf('heads/main')
  // GitHub lets a workflow's token tag a commit only while its workflow files are those of the default branch (cli/cli#9514); and what is
  // released is what main is.
  if (tip !== commit)
    throw new ReleaseError(
      `main has moved on since this run began (${tip ?? 'it is gone'} in place of ${commit}). Press the button again: what is merged is released.`,
    )
  await repository.createTag(name, commit)
  return `${name} names ${commit}`
}

async function attachAll(repository: Repository, release: Release, assets: Wish['assets']): Promise<string[]> {
  const lines: string[] = []
  for (const [name, { content, sum }] of assets) {
    const before = release.assets.find((asset) => asset.name === name)
    if (before?.digest === `sha256:${sum}`) {
      lines.push(`${name} is attached already`)
      continue
    }
    // What an upload that broke off left has a name, and no content that can be trusted.
    if (before !== undefined) await repository.removeAsset(before)
    const { digest } = await repository.attach(release, name, content)
    if (digest !== '' && digest !== `sha256:${sum}`)
      throw new ReleaseError(`GitHub has another ${name} than was sent (${digest}, sent sha256:${sum}): press again.`)
    lines.push(`${name} is attached (sha256:${sum})`)
  }
  return lines
}

async function moveMajor(repository: Repository, version: Version, commit: string): Promise<string> {
  const name = majorTagOf(version)
  if (isPrerelease(version)) return `${name} stays where it is: ${version.text} is a prerelease`
  const newer = versionsOf(await repository.tags())
    .filter((one) => one.numbers[0] === version.numbers[0] && !isPrerelease(one))
    .filter((one) => compareVersions(one, version) > 0)
  // An old run that is pressed again must not take everybody back.
  if (newer.length > 0) return `${name} stays where it is: ${newer.map(tagOf).join(', ')} came after ${version.text}`
  const before = await repository.commitOf(`tags/${name}`)
  if (before === commit) return `${name} names ${commit} already`
  if (before === undefined) await repository.createTag(name, commit)
  else await repository.moveTag(name, commit)
  return `${name} names ${commit}${before === undefined ? '' : `, before ${before}`}`
}

/** Does what is not done yet; says each step when it is done. */
export async function publish(repository: Repository, wish: Wish, say: (line: string) => void): Promise<Release> {
  const version = parseVersion(wish.version)
  if (version === undefined) throw new ReleaseError(`${JSON.stringify(wish.version)} is no version such as 1.2.3`)
  const name = tagOf(version)
  say(await tag(repository, name, wish.commit))
  const notes = wish.notes
  let release =
    (await repository.releaseOf(name)) ??
    (await repository.createDraft({ tag: name, notes, isPrerelease: isPrerelease(version) }))
  if (release.isDraft) {
    for (const line of await attachAll(repository, release, wish.assets)) say(line)
    const released = versionsOf(await repository.tags()).filter((one) => !isPrerelease(one))
    const isLatest = !isPrerelease(version) && released.every((one) => compareVersions(one, version) <= 0)
    release = await repository.publish(release, { notes, isLatest })
    say(`${name} is released: ${release.url}`)
  } else {
    const missing = [...wish.assets.keys()].filter((one) => !release.assets.some((asset) => asset.name === one))
    if (missing.length > 0)
      throw new ReleaseError(
        `${name} was published without ${missing.join(', ')} (${release.url}): delete that release, or release the next version.`,
      )
    say(`${name} was released already: ${release.url}`)
  }
  say(await moveMajor(repository, version, wish.commit))
  return release
}
