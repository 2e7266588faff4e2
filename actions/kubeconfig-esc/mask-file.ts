import type { SelectedKubeconfig } from '../../src/kubeconfig/index.ts'
import type { Run } from '../run.ts'
import type { Fetched } from './context.ts'

/** What is shorter is found everywhere: masking it shreds logs, paths and outputs. */
export const shortestSecret = 8
/** Shorter lines of a text are as likely a word that everybody uses; masking those shreds every later log. */
const shortestLine = 16

/**
 * What this run shows and gives to later steps. The runner drops an output that holds a masked text (actions/runner, JobExtension.cs), so
 * nothing of this is ever masked.
 */
function shownBy(run: Run, selected: SelectedKubeconfig, names: readonly string[]): string {
  const { context, cluster, user, namespace, server, tlsServerName } = selected
  return [
    ...run.provenance.map(({ value }) => value),
    ...[run.cluster, run.folder, ...Object.values(run.facts)],
    ...[context, cluster, user, namespace, server, tlsServerName, ...names],
    'k3s-gpu-actions-private kubeconfig files',
  ]
    .join('\n')
    .toLowerCase()
}

/**
 * Masks the content of the files. One line is masked as it is; of several, each that is long enough to be a secret by itself,
 * so that `users:` or `kind: Config` stay readable. The armour of a PEM key is never masked (src/runner).
 * Returns the names of those of which a line should be secret and cannot be masked.
 */
export function maskFiles(run: Run, selected: SelectedKubeconfig, { files, tunnelKey }: Fetched): readonly string[] {
  const shown = shownBy(
    run,
    selected,
    files.map(({ name }) => name),
  )
  const open = new Set<string>()
  for (const { name, text } of [...files, { name: 'tunnel-key', text: tunnelKey ?? '' }]) {
    const lines = text
      .split(/\r\n|[\n\r]/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
    const isAlone = lines.length === 1
    for (const line of lines) {
      if (line.length < (isAlone ? shortestSecret : shortestLine) || shown.includes(line.toLowerCase())) {
        if (isAlone) open.add(name)
      } else run.runner.mask(line)
    }
  }
  return [...open]
}
