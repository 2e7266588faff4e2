/** A JavaScript action of this repository, by its committed bundle: one stage of it. */
import { join } from 'node:path'
import type { ActionFile } from './action-file.ts'
import { runChild } from './child.ts'
import { redirection, stepEnvironment } from './environment.ts'
import { textOf } from './expressions.ts'
import { environmentLines } from './script-step.ts'
import type { StepContext } from './step.ts'
import { find, textsAt, valueAt } from './tokens.ts'

const sameName = (a: string) => (b: string) => a.toLowerCase() === b.toLowerCase()

/** Inputs as the runner hands them over: `with`, then the defaults of action.yml. A missing required one is the action's own business. */
function inputsOf(action: ActionFile, step: StepContext): Record<string, string> {
  const inputs = textsAt(step.source, find(step.token, 'with'), step.scope)
  const given = Object.keys(inputs)
  const valid = action.inputs.map((input) => input.name)
  for (const input of action.inputs) {
    const isGiven = given.some(sameName(input.name))
    if (isGiven && input.deprecation)
      step.output.issue('warning', `Input '${input.name}' has been deprecated with message: ${input.deprecation}`)
    if (!isGiven) inputs[input.name] = input.default ? textOf(valueAt(action, input.default, step.scope)) : ''
  }
  const unexpected = given.filter((name) => !valid.some(sameName(name)))
  if (unexpected.length > 0) {
    step.output.issue(
      'warning',
      `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid.join("', '")}']`,
    )
  }
  return inputs
}

/** Runs one stage of the action; resolves with its exit code. */
export async function runAction(
  action: ActionFile,
  uses: string,
  stage: 'pre' | 'main' | 'post',
  step: StepContext,
): Promise<number> {
  const script = action[stage]
  if (script === undefined) return 0
  const inputs = inputsOf(action, step)
  const redirected = redirection(step)
  const environment = { ...stepEnvironment(step), ...redirected.env }
  // Only for an action that is not one of the workspace (actions/runner: ActionRunner).
  if (action.origin) {
    environment.GITHUB_ACTION_REPOSITORY = action.origin.name
    environment.GITHUB_ACTION_REF = action.origin.pinned ?? textOf(step.job.run.github.sha ?? '')
  }
  for (const [name, value] of Object.entries(inputs))
    environment[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] = value
  for (const [name, value] of Object.entries(step.state)) environment[`STATE_${name}`] = value
  if (stage === 'post') step.job.log.line('Post job cleanup.')
  else {
    const shown = Object.entries(inputs).filter(([, value]) => value !== '')
    step.job.log.folded(`Run ${uses}`, [
      ...(shown.length > 0 ? ['with:', ...shown.map(([name, value]) => `  ${name}: ${value}`)] : []),
      ...environmentLines(step.env),
    ])
  }
  return await runChild({
    program: process.execPath,
    args: [...redirected.args, join(action.directory, script)],
    cwd: step.job.run.folders.workspace,
    env: environment,
    onLine: (line) => step.output.line(line),
    signal: step.signal,
    delays: step.job.run.delays,
  })
}
