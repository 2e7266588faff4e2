import { nearest } from '../cluster-file/index.ts'
import { EscError } from './errors.ts'
import type { EnvironmentReference, PropertyPath } from './model.ts'
import { formatPropertyPath } from './property-path.ts'
import { formatReference } from './reference.ts'
import { setCommand } from './set-command.ts'
import type { NamedProperty } from './value.ts'

const mostNames = 20

/**
 * None of these properties exists. Shows what the environment has instead, names only (none: they could not be read), and the command
 * that stores `file` under the first of them.
 */
export function propertyMissing(
  reference: EnvironmentReference,
  tried: readonly PropertyPath[],
  names: readonly NamedProperty[],
  file: string,
): EscError {
  const [first = ['files', 'KUBECONFIG']] = tried
  const wanted = tried.map(formatPropertyPath)
  const guess = wanted
    .map((path) =>
      nearest(
        path,
        names.map((one) => one.path),
      ),
    )
    .find((path) => path !== undefined)
  const shown = names.slice(0, mostNames).map((one) => `has ${one.path} (${one.type}${one.isSecret ? ', secret' : ''})`)
  const more = names.length - shown.length
  return new EscError('esc-property-missing', {
    title: `the environment ${formatReference(reference)} has no property ${wanted.join(', nor ')}`,
    cause:
      guess === undefined ? 'it was never stored there, or under another name' : `it has ${guess}: the name differs`,
    remedy: `store it: ${setCommand(reference, first, file)}${guess === undefined ? '' : `; or name ${guess}`}`,
    evidence: more > 0 ? [...shown, `and ${more} more`] : shown,
  })
}
