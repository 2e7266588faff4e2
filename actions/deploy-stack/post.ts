import { openStackApi } from '../../src/pulumi/index.ts'
import { forgetInput, openRunner, type Runner } from '../../src/runner/index.ts'
import { accessTokenOf } from '../pulumi-identity.ts'
import { Run } from '../run.ts'
import { readInputs } from './inputs.ts'
import { removeJobFolder } from './job-folder.ts'
import { freeOurLock } from './lock.ts'
import { readLeftBehind } from './state.ts'

/** The runner waits no longer for what comes after a cancelled job. */
const lockTimeoutMs = 60_000

/**
 * Frees the stack when an update of this step still holds it, and removes what main had made. Silent when there is nothing. Only warns,
 * because the job is over.
 */
export async function post(): Promise<number> {
  const runner = await openRunner(process.env)
  const { folder, begunMs } = readLeftBehind(runner)
  if (begunMs !== undefined) await tryTo(runner, 'The stack may still be locked', () => free(runner, begunMs))
  if (folder !== '') await tryTo(runner, 'Files of Pulumi not removed', () => removeJobFolder(runner, folder))
  return 0
}

async function tryTo(runner: Runner, title: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const remedy =
      title === 'The stack may still be locked'
        ? 'When no update of it runs at Pulumi any more: pulumi cancel --stack <organization/project/stack>'
        : 'The runner empties its temporary folder before the next job.'
    runner.warningAnnotation(title, `${said}. ${remedy}`)
  }
}

/** The inputs of main are those of post, too; no secret was saved in between. */
async function free(runner: Runner, begunMs: number): Promise<void> {
  const inputs = readInputs(runner, forgetInput)
  if (inputs.kind !== 'pulumi') return
  const { stack, backendUrl, identity } = inputs
  const signal = AbortSignal.any([runner.signal, AbortSignal.timeout(lockTimeoutMs)])
  const run = new Run(runner, 'deploy-stack', [])
  const where = { organization: stack.organization, backendUrl }
  const accessToken = await accessTokenOf(run, identity, where, signal)
  const api = openStackApi({ backendUrl, accessToken, http: runner.http, onEvent: (text) => runner.line(`  ${text}`) })
  const ours = { runId: runner.environment.GITHUB_RUN_ID ?? '', begunMs, command: inputs.command }
  const said = await freeOurLock(api, stack, ours, signal)
  runner.line(said === '' ? 'the stack is not locked' : said)
}
