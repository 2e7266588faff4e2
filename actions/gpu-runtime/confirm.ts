import {
  awaitCapacity,
  type CapacityEvidence,
  type CapacityOutcome,
  capacityChecks,
  expectedCapacity,
  gpuAnnotationName,
  gpuPodsCheck,
  isGpuResource,
  planToolkit,
  servingPlugin,
  templateOf,
  wantedAnnotation,
} from '../../src/gpu/index.ts'
import type { DaemonSetState, NodeState, PodState } from '../../src/kubernetes/index.ts'
import type { Check } from '../../src/report/index.ts'
import type { Gpu, Planned } from './context.ts'
import { failureOfPlugin } from './explain.ts'
import { gate, isPlanned } from './gate.ts'
import type { Tracks } from './undo.ts'

/** What is asked of the cluster: as it was read, or as it is after the changes. */
interface Now {
  readonly node: NodeState | undefined
  readonly pods: readonly PodState[]
  readonly plugin: DaemonSetState | undefined
  readonly outcome?: CapacityOutcome
}

/**
 * Whether the node offers what it has. When nothing was changed and all is well, what was read first is the answer; otherwise it is waited
 * for by watching. Throws with the check that says no.
 */
export async function confirm(gpu: Gpu, planned: Planned, tracks: Tracks): Promise<void> {
  const { run, inputs } = gpu
  const { reading } = planned.situation
  const isChanged = ['apply-device-plugin', 'replace-device-plugin', 'label-node', 'restart'].some((id) =>
    run.record.parts().applied.includes(id),
  )
  const asRead: Now = { node: reading.node, pods: reading.pods, plugin: servingPlugin(reading) }
  const needsPlugin = inputs.wish.devicePlugin === 'apply' || inputs.wish.devicePlugin === 'verify'
  const early = needsPlugin && !isChanged ? await judge(gpu, planned, asRead) : []
  const isWell = early.every(({ verdict }) => verdict !== 'fail')
  const now = needsPlugin && (isChanged || !isWell) ? await waitForCapacity(gpu, planned, tracks, asRead) : asRead
  await run.stage('Confirm', async (say) => {
    const checks = now === asRead ? [...early] : [...(await judge(gpu, planned, now))]
    const pods = isChanged ? gpuPodsCheck(reading.pods, now.pods, inputs.wish.allowGpuDisruption) : undefined
    if (pods) checks.push(pods)
    run.record.check(...checks)
    const offered = Object.entries(now.node?.allocatable ?? {}).filter(([name]) => isGpuResource(name))
    run.outputs.allocatable = JSON.stringify(Object.fromEntries(offered))
    run.facts.allocatable = offered.map(([name, quantity]) => `${name}: ${quantity}`).join(', ') || 'no GPU'
    const failing = checks.filter(({ verdict }) => verdict === 'fail')
    if (failing.length > 0) throw failureOfPlugin(gpu, planned, failing, now.outcome, now.pods)
    // Capacity is four questions with one answer when all is well.
    const told = ['confirm.plugin', 'capacity.complete', 'confirm.gpu-pods']
    const well = checks.filter(({ id, verdict }) => verdict === 'pass' && told.includes(id))
    say(`  ${well.map(({ found }) => found).join('; ') || 'the device plugin was not looked at'}`)
    for (const one of checks.filter(({ verdict }) => verdict !== 'pass')) say(`  ! ${one.id}  ${one.found}`)
  })
}

async function judge(gpu: Gpu, planned: Planned, now: Now): Promise<readonly Check[]> {
  const { situation } = planned
  const evidence: CapacityEvidence = {
    wish: situation.wish,
    gpu: situation.gpu,
    node: now.node,
    plugin: now.plugin,
    expected: expectedCapacity(situation.gpu, now.plugin, await configsOf(gpu, planned, now.plugin), now.node),
    pods: now.pods,
    ...(now.outcome ? { outcome: now.outcome } : {}),
  }
  return capacityChecks(evidence)
}

/** The plugin's own configuration, where it has one: time-slicing, MPS and MIG decide how many devices there are. */
async function configsOf({ cluster, signal }: Gpu, planned: Planned, plugin: DaemonSetState | undefined) {
  const { reading } = planned.situation
  if (plugin !== undefined && plugin.uid === servingPlugin(reading)?.uid) return reading.pluginConfig
  const name = plugin ? templateOf(plugin).configMap : ''
  return plugin && name !== '' ? await cluster.configMap(plugin.namespace, name, signal) : undefined
}

async function waitForCapacity(gpu: Gpu, planned: Planned, tracks: Tracks, asRead: Now): Promise<Now> {
  const { run, cluster, inputs, signal } = gpu
  const { reading } = planned.situation
  const { applied } = run.record.parts()
  const isPluginChanged = ['apply-device-plugin', 'replace-device-plugin'].some((id) => applied.includes(id))
  const plugin = isPluginChanged
    ? servingPlugin({ ...reading, daemonSets: await cluster.daemonSets(signal) })
    : asRead.plugin
  const expected = expectedCapacity(planned.situation.gpu, plugin, await configsOf(gpu, planned, plugin), reading.node)
  if (plugin === undefined || expected === undefined) return { ...asRead, plugin }
  const goal = {
    node: inputs.desired.node,
    plugin,
    expected,
    oldPods: tracks.oldPods ?? [],
    isPluginChanged,
    isRestarted: applied.includes('restart'),
    ...(reading.node ? { before: reading.node } : {}),
    podsBefore: reading.pods.map(({ uid }) => uid),
    timeoutMs: inputs.timeoutMs,
  }
  return await run.liveStage('Wait for the device plugin and its GPUs', async (milestone) => {
    const outcome = await awaitCapacity(
      {
        cluster,
        now: () => performance.now(),
        onState: (state) => {
          if (state.pods.length > 0) milestone('plugin pod scheduled')
          if (state.pods.some((pod) => pod.isReady && !pod.isTerminating)) milestone('plugin pod Ready')
          const offered = Object.entries(state.node?.allocatable ?? {}).filter(([name]) => isGpuResource(name))
          for (const [name, quantity] of offered) if (quantity !== '0') milestone(`${quantity} ${name} allocatable`)
        },
      },
      goal,
      signal,
    )
    if (outcome.type === 'deadline') milestone(`still missing: ${outcome.missing}`)
    tracks.mayStillCome = outcome.type === 'deadline'
    if (outcome.type === 'hopeless') milestone(outcome.reason)
    return { node: outcome.state.node ?? reading.node, pods: outcome.state.allPods, plugin, outcome }
  })
}

/** What was found, written on the Node after the proof: the very last change. */
export async function record(gpu: Gpu, planned: Planned): Promise<void> {
  if (!isPlanned(planned, 'record-gpu')) return
  const { cluster, inputs, run, signal } = gpu
  const { situation } = planned
  // Of a toolkit that is in no package the plan has the version: the next run has to find the same words here.
  const toolkit = run.outputs['toolkit-version'] || planToolkit(situation.wish, situation.gpu).version
  const value = wantedAnnotation(situation, toolkit)
  await gate(gpu, planned, 'record-gpu', () =>
    cluster.changeNode(inputs.desired.node, { annotations: { [gpuAnnotationName]: value } }, signal),
  )
}
