/** The files by which a step speaks to the runner: GITHUB_OUTPUT, GITHUB_STATE, GITHUB_ENV, GITHUB_PATH, GITHUB_STEP_SUMMARY. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const prefixes = {
  GITHUB_OUTPUT: 'set_output_',
  GITHUB_STATE: 'save_state_',
  GITHUB_ENV: 'set_env_',
  GITHUB_PATH: 'add_path_',
  GITHUB_STEP_SUMMARY: 'step_summary_',
} as const

export type CommandFiles = Readonly<Record<keyof typeof prefixes, string>>

/** Makes the five empty files of one step. */
export function createCommandFiles(temporaryDirectory: string): CommandFiles {
  const directory = join(temporaryDirectory, '_runner_file_commands')
  mkdirSync(directory, { recursive: true })
  const suffix = randomUUID()
  const entries = Object.entries(prefixes).map(([name, prefix]) => [name, join(directory, prefix + suffix)] as const)
  for (const [, path] of entries) writeFileSync(path, '')
  return Object.fromEntries(entries) as CommandFiles
}

/** The text of one of the files; empty when the step has removed it. */
export function textOfFile(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/**
 * Reads `NAME=value` and `NAME<<DELIMITER … DELIMITER` lines.
 * @throws with the runner's own words where a line is neither, or a delimiter never comes
 */
export function parseKeyValues(text: string): [string, string][] {
  const pairs: [string, string][] = []
  const lines = text.split(/\r\n|\n|\r/)
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      pairs.push([line.slice(0, equals), line.slice(equals + 1)])
    } else if (heredoc >= 0) {
      const name = line.slice(0, heredoc)
      const delimiter = line.slice(heredoc + 2)
      if (name === '' || delimiter === '')
        throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`)
      const end = lines.indexOf(delimiter, index + 1)
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`)
      pairs.push([name, lines.slice(index + 1, end).join('\n')])
      index = end
    } else {
      throw new Error(`Invalid format '${line}'`)
    }
  }
  return pairs
}
