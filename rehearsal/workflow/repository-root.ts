/** The folder of this repository, from its sources as well as from compiled ones. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

function find(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : find(dirname(folder))
}

export const repositoryRoot = find(import.meta.dirname)
