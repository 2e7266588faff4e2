import { forgetInput, openRunner } from '../../src/runner/index.ts'
import { Run } from '../run.ts'
import { announce } from './announce.ts'
import { explainIgnored } from './checks.ts'
import { endChecked, endFailed, endLoaded, escOutputs } from './endings.ts'
import { fetchKubeconfig } from './fetch.ts'
import { readInputs } from './inputs.ts'
import { judge } from './judge.ts'
import { Place } from './place.ts'
import { reach } from './reach.ts'

/** The door of kubeconfig-esc: inputs in; a private file, outputs, report, summary and exit code out. */
export async function main(): Promise<number> {
  const runner = await openRunner(process.env)
  const run = new Run(runner, 'kubeconfig-esc', escOutputs)
  const place = new Place(run)
  try {
    const inputs = readInputs(runner, forgetInput)
    announce(run, inputs)
    const loading = { run, inputs, signal: runner.signal }
    explainIgnored(loading)
    const fetched = await fetchKubeconfig(loading)
    const reading = await judge(loading, fetched)
    const reached = await reach(loading, place, reading, fetched)
    const text = reading.render(reached.edits)
    if (inputs.dryRun) {
      await place.release()
      return await run.end(endChecked(loading, reached))
    }
    await place.write(loading, text, fetched.files)
    return await run.end(endLoaded(loading, reached))
  } catch (error) {
    const state = await place.failClosed()
    return await run.end(endFailed(run, error, runner.signal.aborted, state))
  }
}
