/** Versions as Semantic Versioning 2.0.0 writes and orders them. No package: the jobs that sign and publish install none. */

export interface Version {
  readonly text: string
  readonly numbers: readonly [number, number, number]
  /** `['rc', '1']` of 1.0.0-rc.1; empty for a release. */
  readonly prerelease: readonly string[]
}

const number = '(0|[1-9]\\d{0,8})'
const identifier = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)'
const form = new RegExp(`^${number}\\.${number}\\.${number}(?:-(${identifier}(?:\\.${identifier})*))?$`)

/** undefined for anything else: a `v` before it, spaces, or build metadata, which tags do not carry here. */
export function parseVersion(text: string): Version | undefined {
  if (text.length > 64) return undefined
  const [, major, minor, patch, prerelease] = form.exec(text) ?? []
  if (major === undefined) return undefined
  return {
    text,
    numbers: [Number(major), Number(minor), Number(patch)],
    prerelease: prerelease?.split('.') ?? [],
  }
}

/** Below zero when `a` comes before `b` (SemVer 2.0.0, section 11). */
export function compareVersions(a: Version, b: Version): number {
  for (const [index, mine] of a.numbers.entries()) {
    const difference = mine - (b.numbers[index] ?? 0)
    if (difference !== 0) return difference
  }
  // A prerelease comes before its release.
  if (a.prerelease.length === 0 || b.prerelease.length === 0) return b.prerelease.length - a.prerelease.length
  for (const [index, mine] of a.prerelease.entries()) {
    const other = b.prerelease[index]
    if (other === undefined) return 1
    if (mine === other) continue
    const numeric = [mine, other].map((part) => /^\d+$/.test(part))
    if (numeric[0] && numeric[1]) return Number(mine) - Number(other)
    if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1
    return mine < other ? -1 : 1
  }
  return a.prerelease.length - b.prerelease.length
}

export const tagOf = (version: Version): string => `v${version.text}`
export const majorTagOf = (version: Version): string => `v${version.numbers[0]}`
export const isPrerelease = (version: Version): boolean => version.prerelease.length > 0

/** Versions among tags: `v1`, which moves, is none. */
export function versionsOf(tags: readonly string[]): Version[] {
  return tags.flatMap((tag) => (tag.startsWith('v') ? (parseVersion(tag.slice(1)) ?? []) : []))
}
