/** actions/upload-artifact: the files are copied to the run's folder of artifacts. */
import { cpSync, existsSync, globSync, mkdirSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { StandIn } from './model.ts'

const isHidden = (path: string): boolean =>
  path.split(sep).some((part) => part.startsWith('.') && part !== '.' && part !== '..')

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return globSync('**/*', { cwd: path })
    .map((file) => join(path, file))
    .filter((file) => statSync(file).isFile())
}

/** Files of a multi-line `path`: files, folders and patterns; a line with `!` takes out again. */
function selected(workspace: string, lines: readonly string[]): { files: string[]; roots: string[] } {
  const files = new Set<string>()
  const roots: string[] = []
  for (const line of lines) {
    const isExclusion = line.startsWith('!')
    const pattern = resolve(workspace, isExclusion ? line.slice(1) : line)
    const firstWild = pattern.search(/[*?[]/)
    const found = (firstWild < 0 ? [pattern] : globSync(pattern)).flatMap(filesBelow)
    if (isExclusion) for (const file of found) files.delete(file)
    else {
      for (const file of found) files.add(file)
      const isFile = firstWild < 0 && existsSync(pattern) && statSync(pattern).isFile()
      roots.push(firstWild >= 0 ? dirname(`${pattern.slice(0, firstWild)}x`) : isFile ? dirname(pattern) : pattern)
    }
  }
  return { files: [...files].sort(), roots }
}

/** The deepest folder that holds all of them. */
function commonFolder(folders: readonly string[]): string {
  let common = (folders[0] ?? '').split(sep)
  for (const folder of folders) {
    const parts = folder.split(sep)
    const differs = common.findIndex((part, index) => part !== parts[index])
    if (differs >= 0) common = common.slice(0, differs)
  }
  return common.join(sep) || sep
}

export const uploadArtifact: StandIn = {
  inputs: {
    name: 'artifact',
    path: '',
    'if-no-files-found': 'warn',
    'retention-days': '',
    'compression-level': '6',
    overwrite: 'false',
    'include-hidden-files': 'false',
    archive: 'true',
  },
  async main(run) {
    const name = run.inputs.name || 'artifact'
    if (/["<>|*?\r\n\\/:]/.test(name)) throw new Error(`The artifact name is not valid: ${name}.`)
    const lines = (run.inputs.path ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
    if (lines.length === 0) throw new Error('Input required and not supplied: path')
    const { files: all, roots } = selected(run.workspace, lines)
    const root = commonFolder(roots)
    // Hidden means below the root: a workspace that lies in a hidden folder hides nothing.
    const files =
      run.inputs['include-hidden-files'] === 'true' ? all : all.filter((file) => !isHidden(relative(root, file)))
    if (files.length === 0) {
      const message = `No files were found with the provided path: ${lines.join(', ')}. No artifacts will be uploaded.`
      if (run.inputs['if-no-files-found'] === 'error') throw new Error(message)
      if (run.inputs['if-no-files-found'] === 'warn') run.warning(message)
      else run.line(message)
      return
    }
    if (run.artifacts[name] !== undefined && run.inputs.overwrite !== 'true') {
      throw new Error(
        `Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run`,
      )
    }
    const folder = join(run.artifactsFolder, name)
    for (const file of files) {
      const inside = relative(root, file)
      const target =
        isAbsolute(inside) || inside.startsWith('..') ? join(folder, file.split(sep).pop() ?? '') : join(folder, inside)
      mkdirSync(dirname(target), { recursive: true })
      cpSync(file, target)
    }
    run.artifacts[name] = folder
    run.line(
      `Artifact ${name} has ${files.length} file${files.length === 1 ? '' : 's'} (stand-in for actions/upload-artifact)`,
    )
  },
}
