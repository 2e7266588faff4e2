import type { EnvironmentReference, PropertyPath } from './model.ts'
import { formatPropertyPath } from './property-path.ts'
import { formatReference } from './reference.ts'

/** A word for a POSIX shell. */
function quoteWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/**
 * The command that stores a file as a secret string. Without `--string` the CLI reads the value as YAML, and ESC refuses a mapping as
 * a secret ("secret values must be string literals", pulumi/esc:ast/expr.go); `--file` keeps it out of the list of processes and of
 * the shell's history (CLI 0.15.0). `set` accepts no version (cmd/esc/cli/env_set.go): what is stored becomes the latest.
 */
export function setCommand(reference: EnvironmentReference, path: PropertyPath, file: string): string {
  const { version: _version, ...latest } = reference
  const named = file.startsWith('-') ? `./${file}` : file
  const words = [formatReference(latest), formatPropertyPath(path), '--secret', '--string', '--file', named]
  return `esc env set ${words.map(quoteWord).join(' ')}`
}
