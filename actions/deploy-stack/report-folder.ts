import { accessSync, constants, lstatSync, mkdirSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { quote } from '../../src/cluster-file/index.ts'
import { ConfigurationError } from '../configuration-error.ts'

/** What is wrong with a place for the report. A link in a repository would lead what is written, and later what is uploaded, elsewhere. */
export function complainAboutFolder(path: string, workspace: string): string | undefined {
  const inside = relative(workspace, path)
  if (inside === '' || isAbsolute(inside) || inside.split(sep)[0] === '..') return undefined
  let place = workspace
  for (const part of inside.split(sep)) {
    place = join(place, part)
    if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink()) return 'leads out of the workspace by a link'
  }
  return undefined
}

/** Now, before anybody is asked: at the end of a run it would be too late to say that its reports have no place. */
export function openFolder(path: string, workspace: string): void {
  if (path === '') return
  const allowed = 'a folder; relative paths start in the workspace'
  const refuse = (problem: string): never => {
    throw new ConfigurationError([{ input: 'report-directory', value: quote(path), problem, allowed }])
  }
  const complaint = complainAboutFolder(path, workspace)
  if (complaint !== undefined) refuse(complaint)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
    refuse(`is no folder that can be made and written to (${code})`)
  }
}
