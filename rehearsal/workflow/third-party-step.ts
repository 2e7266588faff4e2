/** A third-party action, by its stand-in. */
import { stepEnvironment } from './environment.ts'
import type { StandIn, StandInRun } from './stand-ins/index.ts'
import type { StepContext } from './step.ts'
import { find, textsAt } from './tokens.ts'

/** Runs one stage of a stand-in; resolves with an exit code. */
export async function runStandIn(
  standIn: StandIn,
  uses: string,
  stage: 'main' | 'post',
  step: StepContext,
): Promise<number> {
  const { job } = step
  const given = textsAt(step.source, find(step.token, 'with'), step.scope)
  const valid = Object.keys(standIn.inputs)
  const unexpected = Object.keys(given).filter((name) => !valid.includes(name))
  if (stage === 'post') job.log.line('Post job cleanup.')
  else
    job.log.folded(
      `Run ${uses}`,
      Object.keys(given).length > 0
        ? ['with:', ...Object.entries(given).map(([name, value]) => `  ${name}: ${value}`)]
        : [],
    )
  if (unexpected.length > 0) {
    step.output.issue(
      'warning',
      `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${valid.join("', '")}']`,
    )
  }
  const stageRun: StandInRun = {
    inputs: { ...standIn.inputs, ...given },
    repository: job.run.repository,
    repositoryName: job.run.repositoryName,
    commit: String(job.run.github.sha),
    workspace: job.run.folders.workspace,
    temporaryDirectory: job.run.folders.temporary,
    artifactsFolder: job.run.artifactsFolder,
    artifacts: job.run.artifacts,
    cachesFolder: job.run.cachesFolder,
    home: job.run.folders.home,
    environment: stepEnvironment(step),
    overlay: job.run.overlay,
    line: (text) => job.log.line(text),
    warning: (text) => step.output.issue('warning', text),
    output: (name, value) => step.setOutput(name, value),
    addPath: (folder) => job.path.push(folder),
  }
  try {
    await standIn[stage]?.(stageRun)
    return 0
  } catch (error) {
    step.output.issue('error', (error as Error).message)
    return 1
  }
}
