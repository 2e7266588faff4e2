import { gpuInUse, privilegeCheck } from '../join/index.ts'
import type { Change, Check, Plan } from '../report/index.ts'
import { confirmRuntimeConfig, containerdChecks } from './checks/containerd.ts'
import { driverChecks } from './checks/driver.ts'
import { toolkitChecks } from './checks/toolkit.ts'
import { changeIds, type GpuSituation, type HostStep, hostSteps, type RestartReason } from './model.ts'
import { planRuntime, restartReasons } from './plan-runtime.ts'
import { planCluster } from './plugin/plan.ts'
import { confirmService, planService, serviceChecks, serviceRestartReasons } from './service/index.ts'
import { planToolkit } from './toolkit.ts'

/** A machine that has a GPU, whether or not a driver answers. */
export const hasGpu = ({ gpu }: Pick<GpuSituation, 'gpu'>): boolean => gpu.pci.length > 0 || gpu.devices.length > 0

const order: readonly string[] = hostSteps
const isStep = (id: string): id is HostStep => order.includes(id)
const stepsOf = (changes: readonly Change[]): readonly HostStep[] => changes.map(({ id }) => id).filter(isStep)

/** Every question that is asked before something is changed. A machine without GPU is asked nothing further. Pure. */
export function checkGpu(situation: GpuSituation): readonly Check[] {
  const { wish, gpu, host } = situation
  const driver = driverChecks(situation)
  if (!hasGpu(situation)) return driver
  const planned = stepsOf(planToolkit(wish, gpu).changes)
  return [
    // Without root half of the facts are missing, and a plan made from the other half would be wrong.
    privilegeCheck({ facts: host }),
    ...driver,
    ...toolkitChecks(wish, gpu),
    ...(gpu.service ? serviceChecks(situation, planned) : containerdChecks(situation, planned)),
    ...planCluster(situation).checks,
  ]
}

/** k3s may have been upgraded on the disk and not been restarted since: then this restart does more than was asked for. */
function withNewVersion(change: Change, { gpu, reading }: GpuSituation): Change {
  const [now, next] = [reading.node?.kubeletVersion ?? '', gpu.k3s.version]
  if (change.id !== changeIds.restart || now === '' || next === '' || now === next) return change
  return {
    ...change,
    disrupts: `${change.disrupts ?? ''}; k3s is on the disk as ${next} instead of ${now}, and starts so`,
  }
}

/**
 * The whole plan: the host first, k3s's restart, then the cluster; and what forbids it. `failing` are the checks that the `fail-on`
 * policy lets block. On a machine without a GPU only what `device-plugin: absent` takes away is left. Pure.
 */
export function planGpu(
  situation: GpuSituation,
  failing: readonly Check[],
): { readonly plan: Plan; readonly restart: readonly RestartReason[] } {
  const { host, wish, gpu } = situation
  if (!hasGpu(situation)) {
    const changes = wish.devicePlugin === 'absent' ? planCluster(situation).changes : []
    return { plan: { changes, blockers: failing }, restart: [] }
  }
  const toolkit = planToolkit(wish, gpu)
  const runtime = (gpu.service ? planService : planRuntime)(situation, stepsOf(toolkit.changes))
  const rank = ({ id }: Change): number => (isStep(id) ? order.indexOf(id) : order.length)
  const ofHost = [...toolkit.changes, ...runtime].toSorted((a, b) => rank(a) - rank(b))
  const changes = [
    ...ofHost.map((change) => withNewVersion(change, situation)),
    ...planCluster(situation, toolkit.version).changes,
  ]
  return {
    plan: { changes, blockers: [...failing, ...gpuInUse(host, changes, wish.allowGpuDisruption)] },
    restart: runtime.some(({ id }) => id === 'restart')
      ? (gpu.service ? serviceRestartReasons : restartReasons)(situation, stepsOf(ofHost))
      : [],
  }
}

/** Asked of a survey that was made after the changes: what was planned is so. Pure. */
export function confirmRuntime(situation: GpuSituation): readonly Check[] {
  return [situation.gpu.service ? confirmService(situation) : confirmRuntimeConfig(situation)]
}
