import { connectHost, type Host } from '../../src/host/index.ts'
import { touchesHost } from '../../src/join/index.ts'
import { openCluster } from '../../src/kubernetes/index.ts'
import { forgetInput, openRunner } from '../../src/runner/index.ts'
import { failureOfChecks } from '../failure.ts'
import { type Ending, Run } from '../run.ts'
import { blameTunnel } from '../tunnel-fault.ts'
import { alone, hasTokensLeft } from './alone.ts'
import { announce } from './announce.ts'
import { carryOut } from './carry-out.ts'
import { askAccess, handshake } from './changes.ts'
import type { Join, Look } from './context.ts'
import { openDistribution } from './distribution.ts'
import { endFailed, endPlanned, endUnchanged, endWithoutPlan, joinOutputs } from './endings.ts'
import { readInputs } from './inputs.ts'
import { leaveCluster, leavingOf } from './leave.ts'
import { makePlan, readCluster, surveyHost } from './look.ts'
import { stateOf, type Tracks } from './undo.ts'

/** The door of k3s-join: inputs in; outputs, report, summary and exit code out. */
export async function main(): Promise<number> {
  const runner = await openRunner(process.env)
  const run = new Run(runner, 'k3s-join', joinOutputs)
  let kubeconfigPath = ''
  const tracks: Tracks = { undone: undefined, tokenDeleted: undefined, hostTouched: false, isJoined: false }
  try {
    const inputs = await readInputs(runner, forgetInput)
    const { desired, kubeconfig, context } = inputs
    kubeconfigPath = kubeconfig
    const cluster = await openCluster({
      kubeconfigPath: kubeconfig,
      ...(context ? { context } : {}),
      signal: runner.signal,
    })
    run.node = desired.node
    const identity = { runId: run.id, label: run.label }
    const connect = (signal: AbortSignal): Promise<Host> => connectHost(desired.access, { exec: runner.exec }, signal)
    const common = { run, inputs, cluster, identity, connect, signal: runner.signal }
    if (inputs.state === 'absent')
      return await run.end(await leaveCluster({ ...common, leaving: await leavingOf(desired.distribution) }))
    const distribution = await openDistribution(desired.distribution, runner)
    // A token that cannot be used is refused before anything is asked, under dry-run too.
    const given = inputs.token === undefined ? undefined : distribution.acceptToken(inputs.token, cluster.caPem, inputs)
    const join: Join = { ...common, distribution, given }
    announce(join)
    const look = await readCluster(join)
    if (look.comparison.isAsDesired && inputs.verify === 'fast') return await run.end(endUnchanged(join, look, 0))

    const host = await connect(runner.signal)
    try {
      return await run.end(await joinHost(join, look, host, tracks))
    } finally {
      await host.close()
    }
  } catch (error) {
    const known = blameTunnel(error, kubeconfigPath)
    return await run.end(endFailed(run, run.node, known, runner.signal.aborted, stateOf(run, tracks), tracks.isJoined))
  }
}

/** Survey, plan, handshake, changes, proof: in that order, and nothing of it twice, unless another run came in between. */
async function joinHost(join: Join, look: Look, host: Host, tracks: Tracks, isAlone = false): Promise<Ending> {
  const { inputs } = join
  const survey = await surveyHost(join, host)
  const planned = await makePlan(join, look, host, survey)
  if (planned.plan.changes.length === 0 && planned.plan.blockers.length === 0)
    return endWithoutPlan(join, look, host.counts.sessions)
  if (inputs.dryRun) {
    await askAccess(join, planned)
    if (touchesHost(planned.plan)) await handshake(join, planned, undefined)
    return endPlanned(join, planned)
  }
  if (planned.plan.blockers.length > 0)
    throw failureOfChecks(`${inputs.desired.node} cannot join`, planned.plan.blockers)
  const needsHost = touchesHost(planned.plan) || (await hasTokensLeft(join))
  if (isAlone || !needsHost) return await carryOut(join, planned, tracks)
  return await alone(join, planned, async (isStale) =>
    isStale ? await joinHost(join, await readCluster(join), host, tracks, true) : await carryOut(join, planned, tracks),
  )
}
