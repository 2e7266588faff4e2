/** Starts the project's own tools with the Node that runs this script; nothing is looked up on PATH. */
import { spawn, spawnSync } from 'node:child_process'
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

/** How a program ended, and everything that it said. */
export interface Finished {
  /** null when a signal ended it, e.g. because its time was over. */
  readonly code: number | null
  readonly output: string
}

/** Runs a program beside others, silently; it and all that it started are ended after `limitMs`, and when this process goes. */
export async function finish(
  program: string,
  args: readonly string[],
  options: {
    readonly cwd: string
    readonly limitMs?: number
    /** All that it gets; without it, what this process has. */
    readonly environment?: Readonly<Record<string, string>>
  },
): Promise<Finished> {
  // A group of its own, because tests start programs that would outlive them.
  const child = spawn(program, args, {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(options.environment === undefined ? {} : { env: options.environment }),
  })
  const end = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // The group is empty.
    }
  }
  const timer = setTimeout(end, options.limitMs ?? 60_000)
  process.once('exit', end)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  try {
    return await new Promise<Finished>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, output }))
    })
  } finally {
    clearTimeout(timer)
    process.off('exit', end)
  }
}
