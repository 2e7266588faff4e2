import { carryOutPlugin } from '../../src/gpu/index.ts'
import { effectiveChanges } from '../../src/join/index.ts'
import type { Gpu, Planned } from './context.ts'
import type { Tracks } from './undo.ts'

const ofCluster = [
  'label-node',
  'apply-runtime-class',
  'replace-device-plugin',
  'apply-device-plugin',
  'delete-device-plugin',
  'unlabel-node',
]

/** Label and device plugin, through the gate: what the plan does not announce is not carried out. */
export async function changeCluster(gpu: Gpu, planned: Planned, tracks: Tracks): Promise<void> {
  const { run, cluster, inputs, signal } = gpu
  const ids = new Set(
    effectiveChanges(planned.plan)
      .map(({ id }) => id)
      .filter((id) => ofCluster.includes(id)),
  )
  if (ids.size === 0) return
  if (inputs.dryRun) throw new Error('the cluster would be changed, and this is a dry run')
  await run.stage('Change the cluster', async (say) => {
    const done = (id: string): void => {
      run.record.applied(id)
      tracks.inCluster.push(id)
      say(`  ${effectiveChanges(planned.plan).find((change) => change.id === id)?.target ?? id}`)
    }
    const { oldPods } = await carryOutPlugin(cluster, planned.situation, ids, done, signal)
    tracks.oldPods = oldPods
  })
}
