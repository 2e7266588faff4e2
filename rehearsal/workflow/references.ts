/** What a `uses:` points to. */
import type { TemplateToken } from './parser.ts'
import { errorAt, literalOf, type Source } from './tokens.ts'

export type Reference =
  /** `$/path`: this repository, at the commit of the file that says so; needs no checkout. */
  | { readonly kind: 'self'; readonly path: string }
  /** `./path`: whatever lies in the workspace. */
  | { readonly kind: 'workspace'; readonly path: string }
  /** `owner/name[/path]@<commit>`: another repository. */
  | {
      readonly kind: 'third-party'
      /** With the path, in lower case. */
      readonly name: string
      /** `owner/name`. */
      readonly repository: string
      /** Empty for the top of the repository. */
      readonly path: string
      readonly commit: string
    }

/**
 * Reads a `uses:` value.
 * @throws WorkflowError for a form the rehearsal does not run, and for a third-party reference that is not a full commit id
 */
export function referenceOf(source: Source, token: TemplateToken): Reference {
  const text = literalOf(token) ?? ''
  if (text.startsWith('$/')) return { kind: 'self', path: text.slice(2) }
  if (text.startsWith('./')) return { kind: 'workspace', path: text.slice(2) }
  if (text.startsWith('docker://')) throw errorAt(source, token, `'${text}': the rehearsal runs no containers`)
  const parts = /^([^/@\s]+\/[^/@\s]+(?:\/[^@\s]+)?)@(\S+)$/.exec(text)
  if (!parts?.[1] || !parts[2])
    throw errorAt(source, token, `'${text}' is neither $/path, ./path nor owner/name@commit`)
  if (!/^[0-9a-f]{40}$/.test(parts[2])) {
    throw errorAt(
      source,
      token,
      `'${text}' is not pinned: a third-party reference must be a full commit id of 40 hexadecimal digits, and '${parts[2]}' can move`,
    )
  }
  const [owner = '', repository = '', ...path] = parts[1].split('/')
  return {
    kind: 'third-party',
    name: parts[1].toLowerCase(),
    repository: `${owner}/${repository}`,
    path: path.join('/'),
    commit: parts[2],
  }
}
