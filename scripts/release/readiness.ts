/** Whether a version can be released from what lies here: every reason against it at once. Pure. */
import { notesOf } from './changelog.ts'
import { compareVersions, parseVersion, tagOf, type Version, versionsOf } from './version.ts'

export interface Readings {
  /** As it was typed. */
  readonly version: string
  readonly changelog: string
  readonly packageFile: string
  readonly lockFile: string
  /** `refs/heads/main`; undefined on somebody's own machine, where nothing is released. */
  readonly ref?: string | undefined
  readonly commit: string
  /** Tags of the repository with the commits that they name. */
  readonly tags: ReadonlyMap<string, string>
  /** What is not as it was committed, as git says it. */
  readonly changed: string
}

export type Readiness = { readonly version: Version; readonly notes: string } | { readonly problems: readonly string[] }

interface Lock {
  readonly version?: unknown
  readonly packages?: Readonly<Record<string, { readonly version?: unknown }>>
}

function versionProblems(readings: Readings, version: Version): string[] {
  const lock = JSON.parse(readings.lockFile) as Lock
  const places: [string, unknown][] = [
    ['package.json', (JSON.parse(readings.packageFile) as Lock).version],
    ['package-lock.json', lock.version],
    ['package-lock.json (its first package)', lock.packages?.['']?.version],
  ]
  return places
    .filter(([, found]) => found !== version.text)
    .map(
      ([place, found]) =>
        `${place} says ${String(found)}, not ${version.text}: npm run release -- prepare ${version.text}`,
    )
}

function tagProblems({ tags, commit }: Readings, version: Version): string[] {
  const tag = tagOf(version)
  const tagged = tags.get(tag)
  // The same run again, after it broke half-way.
  if (tagged === commit) return []
  if (tagged !== undefined) return [`${tag} is another commit already (${tagged}): a version is released once`]
  const newest = versionsOf([...tags.keys()])
    .toSorted(compareVersions)
    .at(-1)
  return newest !== undefined && compareVersions(newest, version) > 0
    ? [`${tagOf(newest)} is released already, and is newer than ${version.text}`]
    : []
}

/** The version with its notes, or why not. */
export function readinessOf(readings: Readings): Readiness {
  const version = parseVersion(readings.version)
  if (version === undefined)
    return {
      problems: [
        `${JSON.stringify(readings.version.slice(0, 100))} is no version: write 1.2.3, or 1.2.3-rc.1, without a v before it`,
      ],
    }
  const read = notesOf(readings.changelog, version.text)
  const problems = [
    ...(readings.ref === undefined || readings.ref === 'refs/heads/main'
      ? []
      : [`this is ${readings.ref}: releases are made from main alone`]),
    ...versionProblems(readings, version),
    ...('problems' in read ? read.problems : []),
    ...tagProblems(readings, version),
    ...(readings.changed === '' ? [] : [`the checkout is not as it was committed:\n${readings.changed}`]),
  ]
  return 'notes' in read && problems.length === 0 ? { version, notes: read.notes } : { problems }
}
