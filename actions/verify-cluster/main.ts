import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { quote } from '../../src/cluster-file/index.ts'
import { renderJunit, renderPrometheus } from '../../src/report/index.ts'
import { forgetInput, openRunner } from '../../src/runner/index.ts'
import { ConfigurationError } from '../configuration-error.ts'
import { type Ending, Run } from '../run.ts'
import { blameTunnel } from '../tunnel-fault.ts'
import { endFailed, junitFile, metricsFile, nothingFound, verifyOutputs } from './endings.ts'
import { readInputs, type VerifyClusterInputs } from './inputs.ts'
import { publish } from './publish.ts'
import { verify } from './verify.ts'
import { watch } from './watch.ts'

/** The door of verify-cluster: inputs in; verdict, outputs, reports, summary, issue and exit code out. */
export async function main(): Promise<number> {
  const runner = await openRunner(process.env)
  const run = new Run(runner, 'verify-cluster', verifyOutputs)
  Object.assign(run.outputs, nothingFound)
  let kubeconfigPath = ''
  try {
    const inputs = readInputs(runner, forgetInput)
    kubeconfigPath = inputs.kind === 'verify' ? inputs.kubeconfig : ''
    prepare(run, inputs)
    return await run.end(await go(run, inputs))
  } catch (error) {
    const known = blameTunnel(error, kubeconfigPath)
    return await run.end(endFailed(run, known, runner.signal.aborted))
  }
}

async function go(run: Run, inputs: VerifyClusterInputs): Promise<Ending> {
  const { signal } = run.runner
  if (inputs.kind === 'publish') return await publish({ run, inputs, signal })
  if (inputs.kind === 'watch') return await watch({ run, inputs, signal })
  return await verify({ run, inputs, signal })
}

/** Now, before anybody is asked: at the end of a run it would be too late to say that its reports have no place. */
function openFolder(path: string): void {
  if (path === '') return
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
    const problem = `is no folder that can be made and written to (${code})`
    const allowed = 'a folder; relative paths start in the workspace'
    throw new ConfigurationError([{ input: 'report-directory', value: quote(path), problem, allowed }])
  }
}

/** Where reports go, and what stands beside the JSON one. */
function prepare(run: Run, inputs: VerifyClusterInputs): void {
  run.dryRun = inputs.dryRun
  run.subject = inputs.kind === 'verify' ? inputs.wish.cluster : inputs.kind
  openFolder(inputs.reportDirectory)
  run.reportDirectory = inputs.reportDirectory
  if (inputs.kind === 'publish' || inputs.dryRun) return
  run.renderMore = async (report) => ({
    [junitFile]: await renderJunit(report),
    [metricsFile]: await renderPrometheus(report),
  })
  run.outputs.junit = join(run.folder, junitFile)
  run.outputs.metrics = join(run.folder, metricsFile)
}
