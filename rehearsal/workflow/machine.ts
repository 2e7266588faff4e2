/** On which machine a job runs: the self-hosted runner, which is the same for all jobs and runs, or a new one of GitHub's. */
import { join } from 'node:path'
import type { Endpoint } from '../contract.ts'
import { ConcurrencyGroups } from './concurrency.ts'
import { holding } from './concurrency-setting.ts'
import { machineEnvironment } from './environment.ts'
import type { JobOutcome } from './job.ts'
import { JobLog } from './log.ts'
import { Masks } from './masks.ts'
import type { RunnerFolders, RunState } from './run-state.ts'

/** Labels of machines that GitHub lends, e.g. `ubuntu-24.04`, `macos-15`, `windows-latest`, `ubuntu-24.04-arm`. */
export function isHosted(runsOn: readonly string[]): boolean {
  return runsOn.length > 0 && runsOn.every((label) => /^(ubuntu|macos|windows)-[\w.-]+$/i.test(label))
}

/** The folders of a runner's machine below one folder. */
export function foldersOf(runner: string, repositoryName: string): RunnerFolders {
  const name = repositoryName.split('/').at(-1) ?? repositoryName
  const work = join(runner, '_work', name)
  return {
    home: join(runner, 'home'),
    work,
    workspace: join(work, name),
    temporary: join(runner, '_work', '_temp'),
    tools: join(runner, '_work', '_tool'),
  }
}

/** No route leads from GitHub's machines into a private network: what is sent there is lost. */
function fromOutside(endpoint: Endpoint): Endpoint {
  const isPrivate = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(endpoint.host)
  return isPrivate ? { ...endpoint, to: 'timeout' } : endpoint
}

/**
 * What a job sees of the run. A hosted job starts on an empty machine: files of other jobs, the self-hosted machine's own
 * environment and the private network are not there.
 */
export function seenBy(run: RunState, jobId: string, runsOn: readonly string[]): RunState {
  if (!isHosted(runsOn)) return run
  const folders = foldersOf(join(run.hostedFolder, jobId.replaceAll(/[^\w.-]/g, '-')), run.repositoryName)
  const { NODE_EXTRA_CA_CERTS: authority } = run.machine
  return {
    ...run,
    folders,
    machine: machineEnvironment(folders.home, {
      ...(authority === undefined ? {} : { NODE_EXTRA_CA_CERTS: authority }),
      ...run.hosted,
    }),
    endpoints: run.endpoints?.map(fromOutside),
  }
}

// Of all runs of this process that share the folder of a machine.
const machines = new ConcurrencyGroups()

/** A self-hosted runner takes one job at a time: the others of its queue wait, also those of other runs. */
export async function onMachine(
  run: RunState,
  runsOn: readonly string[],
  cancel: AbortSignal,
  act: () => Promise<JobOutcome>,
): Promise<JobOutcome> {
  if (isHosted(runsOn)) return await act()
  const log = new JobLog(run.log, new Masks(run.allSecrets))
  const say = (): void => log.line(`Waiting for a runner to pick up this job (${runsOn.join(', ')})`)
  const turn = { group: run.folders.work, cancelsRunning: false, queue: 'max' } as const
  const outcome = await holding(turn, { groups: machines, cancel, say }, act)
  return 'done' in outcome ? outcome.done : { conclusion: 'cancelled', outputs: {}, steps: [] }
}
