/** CHANGELOG.md as Keep a Changelog has it: `## Unreleased`, then `## 1.2.3 - 2026-11-22` for each version. Pure. */
import { parseVersion } from './version.ts'

export interface Section {
  /** `Unreleased`, or a version. */
  readonly name: string
  /** `2026-11-22`; empty when there is none. */
  readonly date: string
  /** What stands below the heading, without empty lines around it. */
  readonly body: string
}

const heading = /^##[ \t]+\[?([^\]\s]+)\]?(?:[ \t]+-[ \t]+(\S.*?))?[ \t]*$/

/** Every section, in the order of the file. A heading within a block of code is none. */
export function sectionsOf(changelog: string): Section[] {
  const sections: { name: string; date: string; lines: string[] }[] = []
  let isCode = false
  for (const line of changelog.split(/\r?\n/)) {
    if (/^ {0,3}(?:```|~~~)/.test(line)) isCode = !isCode
    const [, name, date = ''] = isCode ? [] : (heading.exec(line) ?? [])
    if (name !== undefined) sections.push({ name, date, lines: [] })
    else sections.at(-1)?.lines.push(line)
  }
  return sections.map(({ name, date, lines }) => ({ name, date, body: lines.join('\n').trim() }))
}

const isUnreleased = ({ name }: Section): boolean => name.toLowerCase() === 'unreleased'
/** Entries, not only the headings that wait for them. */
const hasEntries = (section: Section): boolean => section.body.split('\n').some((line) => /^\s*[-*] \S/.test(line))

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** The notes of a version, or everything that keeps them from being its notes. */
export function notesOf(
  changelog: string,
  version: string,
): { readonly notes: string } | { readonly problems: readonly string[] } {
  const sections = sectionsOf(changelog)
  const own = sections.filter(({ name }) => name === version)
  const [section] = own
  if (section === undefined)
    return { problems: [`CHANGELOG.md has no section for ${version}: npm run release -- prepare ${version} makes it`] }
  const waiting = sections.find(isUnreleased)
  const newest = sections.find((one) => !isUnreleased(one))
  const problems = [
    ...(own.length > 1 ? [`CHANGELOG.md has ${own.length} sections for ${version}: keep one`] : []),
    ...(newest !== section
      ? [`CHANGELOG.md has ${newest?.name} above ${version}: the newest version comes first`]
      : []),
    ...(isDay(section.date) ? [] : [`CHANGELOG.md has no day for ${version}: write ## ${version} - YYYY-MM-DD`]),
    ...(hasEntries(section) ? [] : [`CHANGELOG.md says nothing about ${version}`]),
    // What is merged is released: it would be in the version, and not in its notes.
    ...(waiting && hasEntries(waiting)
      ? [`CHANGELOG.md still has entries under Unreleased: they are part of ${version}, move them there`]
      : []),
  ]
  return problems.length > 0 ? { problems } : { notes: `${section.body}\n` }
}

/** The changelog with all that was unreleased as the section of a version. Throws what is in the way. */
export function cut(changelog: string, version: string, day: string): string {
  if (parseVersion(version) === undefined) throw new Error(`${JSON.stringify(version)} is no version such as 1.2.3`)
  const sections = sectionsOf(changelog)
  const waiting = sections.find(isUnreleased)
  if (waiting === undefined) throw new Error('CHANGELOG.md has no section Unreleased')
  if (sections.some(({ name }) => name === version))
    throw new Error(`CHANGELOG.md has a section for ${version} already`)
  if (!hasEntries(waiting)) throw new Error('CHANGELOG.md has nothing under Unreleased: there is nothing to release')
  const line = changelog.split('\n').find((one) => /^##[ \t]+\[?unreleased\]?[ \t]*\r?$/i.test(one)) ?? ''
  return changelog.replace(line, () => `## Unreleased\n\n## ${version} - ${day}`)
}
