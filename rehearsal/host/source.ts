import { readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of this part's sources: shell files stay there, also when the compiled program runs from `lib/`. */
export const sourceFolder = dirname(fileURLToPath(import.meta.url)).replace(
  `${sep}lib${sep}rehearsal${sep}host`,
  `${sep}rehearsal${sep}host`,
)

/** Text of a file beside the sources, e.g. `installer.sh`. */
export function readSource(...path: readonly string[]): string {
  return readFileSync(join(sourceFolder, ...path), 'utf8')
}
