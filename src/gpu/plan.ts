import { gpuInUse } from '../join/index.ts'
import type { Change, Check, Plan } from '../report/index.ts'
import { containerdChecks } from './checks/containerd.ts'
import { driverChecks } from './checks/driver.ts'
import { toolkitChecks } from './checks/toolkit.ts'
import { type GpuSituation, hostSteps, type RestartReason } from './model.ts'
import { planRuntime, restartReasons } from './plan-runtime.ts'
import { planCluster } from './plugin/index.ts'
import { planToolkit } from './toolkit.ts'

/** A machine that has a GPU, whether or not a driver answers. */
export const hasGpu = ({ gpu }: GpuSituation): boolean => gpu.pci.length > 0 || gpu.devices.length > 0

/** Every question that is asked before something is changed. A machine without GPU is asked nothing further. Pure. */
export function checkGpu(situation: GpuSituation): readonly Check[] {
  const { wish, gpu } = situation
  const driver = driverChecks(situation)
  if (!hasGpu(situation)) return driver
  return [...driver, ...toolkitChecks(wish, gpu), ...containerdChecks(situation), ...planCluster(situation).checks]
}

/**
 * The whole plan: the host first, k3s's restart, then the cluster; and what forbids it. `failing` are the checks that the `fail-on`
 * policy lets block. Pure.
 */
export function planGpu(
  situation: GpuSituation,
  failing: readonly Check[],
): { readonly plan: Plan; readonly restart: readonly RestartReason[] } {
  const { host, wish } = situation
  const ofHost = hasGpu(situation) ? [...planToolkit(wish, situation.gpu).changes, ...planRuntime(situation)] : []
  const order: readonly string[] = hostSteps
  const rank = ({ id }: Change): number => (order.includes(id) ? order.indexOf(id) : order.length)
  const changes = [...ofHost.toSorted((a, b) => rank(a) - rank(b)), ...planCluster(situation).changes]
  const blockers = [...failing, ...gpuInUse(host, changes, wish.allowGpuDisruption)]
  return { plan: { changes, blockers }, restart: changes.some(({ id }) => id === 'restart') ? restartReasons(situation) : [] }
}
