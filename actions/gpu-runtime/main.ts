import { connectHost, type Host } from '../../src/host/index.ts'
import { openCluster } from '../../src/kubernetes/index.ts'
import { forgetInput, openRunner } from '../../src/runner/index.ts'
import { type Ending, Run } from '../run.ts'
import { blameTunnel } from '../tunnel-fault.ts'
import { announce } from './announce.ts'
import { carryOut, lookAfterOthers } from './carry-out.ts'
import { confirm } from './confirm.ts'
import type { Gpu } from './context.ts'
import { endFailed, endPlanned, endSkipped, endUnchanged, gpuOutputs } from './endings.ts'
import { askAccess } from './gate.ts'
import { readInputs } from './inputs.ts'
import { makePlan, readCluster, survey } from './look.ts'
import { stateOf, type Tracks } from './undo.ts'

/** The door of gpu-runtime: inputs in; outputs, report, summary and exit code out. */
export async function main(): Promise<number> {
  const runner = await openRunner(process.env)
  const run = new Run(runner, 'gpu-runtime', gpuOutputs)
  let kubeconfigPath = ''
  const tracks: Tracks = { undone: undefined, hostTouched: false, isHostDone: false, inCluster: [] }
  try {
    const inputs = readInputs(runner, forgetInput)
    const { desired, kubeconfig, context } = inputs
    kubeconfigPath = kubeconfig
    run.node = desired.node
    const cluster = await openCluster({
      kubeconfigPath: kubeconfig,
      ...(context ? { context } : {}),
      signal: runner.signal,
    })
    const identity = { runId: run.id, label: run.label }
    const connect = (signal: AbortSignal): Promise<Host> => connectHost(desired.access, { exec: runner.exec }, signal)
    const gpu: Gpu = { run, inputs, cluster, identity, connect, signal: runner.signal }
    announce(gpu)
    const host = await connect(runner.signal)
    try {
      return await run.end(await prepare(gpu, host, tracks))
    } finally {
      await host.close()
    }
  } catch (error) {
    const known = blameTunnel(error, kubeconfigPath)
    return await run.end(endFailed(run, known, runner.signal.aborted, stateOf(run, tracks)))
  }
}

/** Cluster, survey, plan, changes, proof: in that order. */
async function prepare(gpu: Gpu, host: Host, tracks: Tracks): Promise<Ending> {
  const { inputs } = gpu
  const reading = await readCluster(gpu)
  const seen = await survey(gpu, host)
  const hasGpu = seen.gpu.pci.length > 0 || seen.gpu.devices.length > 0
  const first = await makePlan(gpu, reading, host, seen)
  const isBlocked = first.plan.blockers.length > 0 && !inputs.dryRun
  const planned = isBlocked ? await lookAfterOthers(gpu, first) : first
  if (!hasGpu && planned.plan.changes.length === 0) return endSkipped(gpu)
  if (inputs.dryRun) {
    await askAccess(gpu, planned)
    return endPlanned(gpu, planned)
  }
  if (planned.plan.changes.length > 0) return await carryOut(gpu, planned, tracks)
  await confirm(gpu, planned, tracks)
  return endUnchanged(gpu, planned, host.counts.sessions)
}
