/** Runs the program as the language host does: in a process of its own, with the environment of the CLI. */
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ProgramContext, ProgramResult } from '../program/session.ts'
import type { Project } from './project.ts'

export interface Evaluated {
  readonly result: ProgramResult
  /** What it printed. */
  readonly lines: readonly { readonly severity: 'info' | 'info#err'; readonly text: string }[]
}

const hooks = new URL('../program/hooks.mjs', import.meta.url).href
const runner = fileURLToPath(new URL('../program/run.ts', import.meta.url))

/** A program that neither ends nor throws is nobody's to wait for. */
const timeoutMs = 60_000

export async function evaluate(
  project: Project,
  context: ProgramContext,
  environment: NodeJS.ProcessEnv,
): Promise<Evaluated> {
  // cmd/pulumi-language-nodejs/main.go, locateModule.
  if (!existsSync(join(project.folder, 'node_modules')))
    return {
      result: {
        resources: [],
        error: 'It looks like the Pulumi SDK has not been installed. Have you run pulumi install?',
        isRunError: true,
      },
      lines: [],
    }
  const child = fork(runner, [project.entry], {
    cwd: project.folder,
    env: environment,
    execArgv: ['--no-warnings', ...process.execArgv, '--import', hooks],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    timeout: timeoutMs,
  })
  const lines: { severity: 'info' | 'info#err'; text: string }[] = []
  const { stdout, stderr } = child
  if (stdout) createInterface(stdout).on('line', (text) => lines.push({ severity: 'info', text }))
  if (stderr) createInterface(stderr).on('line', (text) => lines.push({ severity: 'info#err', text }))
  const { promise, resolve } = Promise.withResolvers<ProgramResult>()
  let given: ProgramResult | undefined
  child.once('message', (result) => {
    given = result as ProgramResult
  })
  child.once('error', (error) => resolve({ resources: [], error: error.message }))
  child.once('close', (code) =>
    resolve(given ?? { resources: [], error: `the program exited with non-zero exit code: ${code}`, isRunError: true }),
  )
  child.send(context)
  return { result: await promise, lines }
}
