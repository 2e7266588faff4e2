import { forgetInput, openRunner } from '../../src/runner/index.ts'
import { type Ending, nothingNext, Run } from '../run.ts'
import { announce } from './announce.ts'
import { askGuard } from './ask-guard.ts'
import { comment } from './comment.ts'
import { deploy } from './deploy.ts'
import { deployOutputs, endFailed, nothingDone } from './endings.ts'
import { type DeployStackInputs, type GuardInputs, readInputs } from './inputs.ts'
import { install } from './install.ts'
import { openFolder } from './report-folder.ts'

/** The door of deploy-stack: inputs in; what came of it, outputs, report, summary, comment and exit code out. */
export async function main(): Promise<number> {
  const runner = await openRunner(process.env)
  const run = new Run(runner, 'deploy-stack', deployOutputs)
  Object.assign(run.outputs, nothingDone)
  let subject = 'deploy-stack'
  try {
    const inputs = readInputs(runner, forgetInput)
    subject = subjectOf(inputs)
    openFolder(inputs.reportDirectory, runner.workspace)
    run.reportDirectory = inputs.reportDirectory
    announce(run, inputs)
    return await run.end(await go(run, inputs))
  } catch (error) {
    return await run.end(endFailed(run, error, runner.signal.aborted, subject))
  }
}

async function go(run: Run, inputs: DeployStackInputs): Promise<Ending> {
  if (inputs.kind === 'install') return await install(run, inputs)
  if (inputs.kind === 'guard') return await guard(run, inputs)
  if (inputs.kind === 'comment') return await comment(run, inputs)
  return await deploy(run, inputs)
}

async function guard(run: Run, inputs: GuardInputs): Promise<Ending> {
  await askGuard(run, inputs, !inputs.dryRun)
  const may = inputs.dryRun ? 'preview' : 'deploy'
  return { result: 'allowed', headline: `This job may ${may} ${inputs.stackName}`, next: nothingNext }
}

function subjectOf(inputs: DeployStackInputs): string {
  if (inputs.kind === 'install') return `the program in ${inputs.folder} was not installed`
  if (inputs.kind === 'comment') return 'the pull request was not told'
  if (inputs.kind === 'guard') return `${inputs.stackName} may not be deployed`
  return {
    preview: `${inputs.stackName} was not previewed`,
    up: `${inputs.stackName} was not deployed`,
    drift: `${inputs.stackName} was not compared`,
  }[inputs.command]
}
