import { type Complaint, quote, withNearest } from '../cluster-file/index.ts'
import type { EnvironmentReference } from './model.ts'

const form = 'organization/project/environment, with @revision or @tag where another than the latest is meant'

/**
 * Names of organizations, projects and environments. Wider than what Pulumi's OpenAPI text says, whose form of a project's name
 * forbids `default`, the most common one; narrow enough to be a segment of a URL and a word of a shell.
 */
const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/
const revision = /^[0-9]{1,15}$/
const tag = /^[A-Za-z_][A-Za-z0-9._-]{0,127}$/

/**
 * `organization/project/environment[@version]`, or `project/environment[@version]` with `organization` (empty: none given), or
 * `environment[@version]` of the project `default`. Two parts without an organization are ambiguous: Pulumi's CLI asks the server
 * about both readings (pulumi/esc:cmd/esc/cli/env.go), and what it finds there may change. The version stands after `@`, in older
 * texts after `:`; it is a revision when it begins with a digit, else a tag. `latest` is what no version means.
 */
export function parseReference(text: string, organization: string): EnvironmentReference | Complaint {
  const [path, version, ...rest] = cutVersion(text.trim())
  if (path === undefined || rest.length > 0) return { problem: 'has more than one version', allowed: form }
  const given = organization.trim()
  const parts = path.split('/')
  const names =
    parts.length === 3
      ? parts
      : parts.length === 2
        ? [given, ...parts]
        : parts.length === 1
          ? [given, 'default', ...parts]
          : []
  const [owner = '', project = '', environment = ''] = names
  if (names.length === 0) return { problem: `has ${parts.length} parts`, allowed: form }
  if (owner === '' && given === '' && parts.length < 3 && environment !== '') return ambiguous(parts)
  for (const [what, name] of [
    ['organization', owner],
    ['project', project],
    ['environment', environment],
  ] as const) {
    if (segment.test(name)) continue
    return { problem: `names no ${what}${name === '' ? '' : ` (${quote(name)} is none)`}`, allowed: form }
  }
  if (parts.length === 3 && given !== '' && given !== owner)
    return {
      problem: `names the organization ${quote(owner)}, and the input organization says ${quote(given)}`,
      allowed: 'leave the input organization out, or write the environment in two parts',
    }
  const reference = { organization: owner, project, environment }
  if (version === undefined || version === 'latest') return reference
  if (!revision.test(version) && !tag.test(version))
    return {
      problem: `has no valid version (${quote(version)})`,
      allowed: 'a revision such as @12, or a tag such as @stable',
    }
  return { ...reference, version }
}

/** Path, version; more when there are further separators. */
function cutVersion(text: string): string[] {
  return text.includes('@') ? text.split('@') : text.split(':')
}

function ambiguous(parts: readonly string[]): Complaint {
  const [first, second] = parts
  if (second === undefined)
    return { problem: 'names no organization', allowed: `${form}; or give the input organization` }
  return {
    problem: `is ambiguous: ${quote(first)} may be a project, or an organization with the environment in its project default`,
    allowed: `${form}; or give the input organization`,
    ...withNearest(`${first}/default/${second}`),
  }
}

/** `organization/project/environment[@version]`: always all three parts. */
export function formatReference(reference: EnvironmentReference): string {
  const { organization, project, environment, version } = reference
  return `${organization}/${project}/${environment}${version === undefined ? '' : `@${version}`}`
}
