/** A `run:` step, started as the runner starts it: a script file, and a shell with the runner's own arguments. */
import { randomUUID } from 'node:crypto'
import { accessSync, constants, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { runChild } from './child.ts'
import { redirection, stepEnvironment } from './environment.ts'
import { textOf } from './expressions.ts'
import type { StepContext } from './step.ts'
import { find, textAt, valueAt } from './tokens.ts'

// ScriptHandlerHelpers of the runner; a shell that is not named is bash where there is one, with the arguments of sh.
const shellArguments: Readonly<Record<string, string>> = {
  bash: '--noprofile --norc -e -o pipefail {0}',
  sh: '-e {0}',
  python: '{0}',
}
const extensions: Readonly<Record<string, string>> = { bash: '.sh', sh: '.sh', python: '.py' }

function which(program: string, path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, program)
    try {
      accessSync(candidate, constants.X_OK)
      return candidate
    } catch {
      // not in this folder
    }
  }
  return undefined
}

function shellOf(named: string | undefined, path: string): { program: string; format: string; extension: string } {
  if (!named) {
    const program = which('bash', path) ?? which('sh', path)
    if (program === undefined) throw new Error('neither bash nor sh is on PATH')
    return { program, format: shellArguments.sh ?? '', extension: '.sh' }
  }
  const [name = '', ...rest] = named.split(' ')
  const format = rest.join(' ').trim() || shellArguments[name] || ''
  if (!format.includes('{0}')) {
    throw new Error(
      `Invalid shell option '${named}'. The rehearsal knows bash, sh, python, or a format string containing '{0}'`,
    )
  }
  const program = which(name, path)
  if (program === undefined) throw new Error(`${name}: command not found`)
  return { program, format, extension: extensions[name] ?? '' }
}

/** Runs the script of a step; resolves with its exit code. */
export async function runScript(step: StepContext): Promise<number> {
  const { job, source, token, scope } = step
  const runToken = find(token, 'run')
  const script = runToken ? textOf(valueAt(source, runToken, scope)) : ''
  const redirected = redirection(step)
  const environment = { ...stepEnvironment(step), ...redirected.env }
  // A script may start Node; it is kept inside the embedded world like an action.
  if (redirected.args.length > 0) environment.NODE_OPTIONS = redirected.args.join(' ')
  const shell = shellOf(textAt(source, find(token, 'shell'), scope) ?? job.defaults.shell, environment.PATH ?? '')
  const firstLine = script.trimStart().split(/[\r\n]/)[0] ?? ''
  job.log.folded(`Run ${firstLine}`, [
    ...script.replace(/\n+$/, '').split('\n'),
    `shell: ${shell.program} ${shell.format}`,
    ...environmentLines(step.env),
  ])
  const file = join(job.run.folders.temporary, `${randomUUID()}${shell.extension}`)
  writeFileSync(file, script)
  const folder = textAt(source, find(token, 'working-directory'), scope) ?? job.defaults.workingDirectory ?? ''
  const exitCode = await runChild({
    program: shell.program,
    args: shell.format.split(' ').map((part) => part.replace('{0}', file)),
    cwd: resolve(job.run.folders.workspace, folder),
    env: environment,
    onLine: (line) => step.output.line(line),
    signal: step.signal,
    delays: job.run.delays,
  })
  if (exitCode !== 0 && !step.signal.aborted)
    step.output.issue('error', `Process completed with exit code ${exitCode}.`)
  return exitCode
}

/** The `env:` part of a step's header. */
export function environmentLines(env: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(env)
  return entries.length === 0 ? [] : ['env:', ...entries.map(([name, value]) => `  ${name}: ${value}`)]
}
