/** Token permissions along a chain of called workflows: a called job may ask for no more than its caller grants. */
import type { TemplateToken } from './parser.ts'
import { entriesOf, errorAt, literalOf, type Source } from './tokens.ts'

/** Scope → `read` or `write`; `*` stands for all that are not named. */
export type Permissions = Readonly<Record<string, string>>

/** What a run has when nothing is declared, in the restricted setting that new repositories start with. */
export const defaultPermissions: Permissions = { contents: 'read', packages: 'read' }

const levels = ['none', 'read', 'write']
const levelOf = (permissions: Permissions, scope: string): number =>
  levels.indexOf(permissions[scope] ?? permissions['*'] ?? 'none')

/** Whether a job with these permissions may write in the scope. */
export function mayWrite(permissions: Permissions, scope: string): boolean {
  return levelOf(permissions, scope) === levels.indexOf('write')
}

/**
 * What is left of permissions for the pull request of a stranger: nothing may be written, and so no ID token be asked for
 * (github/docs content/actions/reference/workflows-and-actions/workflow-syntax.md, `permissions`).
 */
export function readOnly(permissions: Permissions): Permissions {
  return Object.fromEntries(
    Object.entries(permissions).map(([scope, level]) => [
      scope,
      level !== 'write' ? level : scope === 'id-token' ? 'none' : 'read',
    ]),
  )
}

/** Reads a `permissions` value; undefined when the key is absent. */
export function permissionsOf(token: TemplateToken | undefined): Permissions | undefined {
  if (token === undefined) return undefined
  const text = entriesOf(token).length === 0 ? literalText(token) : undefined
  if (text === 'read-all') return { '*': 'read' }
  if (text === 'write-all') return { '*': 'write' }
  return Object.fromEntries(entriesOf(token).map(([scope, level]) => [scope, literalOf(level) ?? 'none']))
}

function literalText(token: TemplateToken): string | undefined {
  return token.isScalar ? literalOf(token) : undefined
}

/**
 * Refuses a job that asks for more than it may.
 * @throws WorkflowError in the words of GitHub, which starts nothing of such a run
 */
export function refuseMore(
  source: Source,
  token: TemplateToken | undefined,
  job: string,
  asked: Permissions,
  granted: Permissions,
): void {
  for (const scope of Object.keys(asked)) {
    if (levelOf(asked, scope) <= levelOf(granted, scope)) continue
    throw errorAt(
      source,
      token,
      `the job '${job}' is requesting '${scope}: ${asked[scope]}', but is only allowed '${scope}: ${levels[levelOf(granted, scope)]}' by its caller`,
    )
  }
}
