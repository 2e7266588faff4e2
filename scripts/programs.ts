/** Starts the project's own tools with the Node that runs this script; nothing is looked up on PATH. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** Runs a tool of node_modules; throws with its exit code when it fails. */
export function runTool(
  script: string,
  args: readonly string[],
  options: { readonly quiet?: boolean; readonly nodeOptions?: readonly string[] } = {},
): void {
  const result = spawnSync(
    process.execPath,
    [...(options.nodeOptions ?? []), join(root, 'node_modules', script), ...args],
    {
      cwd: root,
      stdio: options.quiet ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'inherit', 'inherit'],
    },
  )
  if (result.error) throw result.error
  if (result.signal) throw new Error(`${script} was ended by ${result.signal}`)
  if (result.status !== 0) throw new Error(`${script} ${args.join(' ')} failed with exit code ${result.status}`)
}
