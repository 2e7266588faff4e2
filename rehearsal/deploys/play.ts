/** One deployment through the committed workflow, in a world of its own. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { type RecordedRun, runWorkflow } from '../workflow/index.ts'
import { startWorld } from '../world.ts'
import { type DeployCase, pullRequest } from './cases.ts'
import { judgeDeploy, type Verdict } from './verdict.ts'

export interface DeployOptions {
  /** For everything that is written; emptied first. */
  readonly folder: string
  /** The world and the runner's machine stay there. */
  readonly isKept: boolean
  /** The Cancel button. */
  readonly signal: AbortSignal
  /** The log, as it comes. */
  readonly log?: Writable
  /** See StartOptions. */
  readonly pace?: number
}

export interface PlayedDeploy {
  readonly run: RecordedRun
  /** The same button once more, where nothing was wrong. */
  readonly again: RecordedRun | undefined
  readonly verdict: Verdict
  /** Folder of the world. */
  readonly world: string
}

export async function playDeploy(wanted: DeployCase, options: DeployOptions): Promise<PlayedDeploy> {
  const { folder, pace } = options
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const directory = join(folder, 'world')
  const world = await startWorld({
    directory,
    faults: new Set(),
    calypso: 'in-service',
    kubeconfig: wanted.kubeconfig,
    ...(pace !== undefined && { pace }),
  })
  try {
    if (wanted.isSettled) world.deploy.settle()
    world.deploy.set(new Set(wanted.faults))
    if (wanted.event.name === 'pull_request')
      world.github.issues.add({ title: 'Lead the adapter elsewhere', isPullRequest: true, number: pullRequest })
    const { PULUMI_CONFIG_PASSPHRASE: _passphrase, ...withoutPassphrase } = world.secrets
    const press = (runNumber: number, name: string): Promise<RecordedRun> =>
      runWorkflow({
        workflow: `.github/workflows/${wanted.workflow}`,
        event: wanted.event,
        directory: join(folder, name),
        runner: join(folder, 'runner'),
        caches: join(folder, 'caches'),
        overlay: world.deploy.overlay,
        secrets: wanted.faults.includes('deploy-passphrase-missing') ? withoutPassphrase : world.secrets,
        vars: { ...world.vars, ...wanted.vars },
        machine: world.machine,
        hosted: world.hosted,
        endpoints: world.endpoints,
        caFile: world.caFile,
        idTokens: world.idTokens,
        tokens: world.github.tokens,
        runNumber,
        signal: options.signal,
        debug: process.env.ACTIONS_STEP_DEBUG === 'true',
        ...(wanted.cancelAt && { cancelAfterLine: wanted.cancelAt }),
        ...(options.log === undefined || name !== 'run' ? {} : { log: options.log }),
      })
    const run = await press(41, 'run')
    const again = wanted.faults.length === 0 ? await press(42, 'run-again') : undefined
    return { run, again, verdict: judgeDeploy(wanted, { run, again, world }), world: directory }
  } finally {
    await world.close()
    if (!options.isKept)
      for (const part of ['world', 'runner', 'caches']) rmSync(join(folder, part), { recursive: true, force: true })
  }
}
