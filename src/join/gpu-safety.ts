import type { GpuProcess, HostFacts } from '../host/index.ts'
import type { Change, Check } from '../report/index.ts'
import { foreignGpuProcesses } from './checks/index.ts'

type Gpu = HostFacts['gpu']

/** `tritonserver (pid 2143, docker)` */
export const nameGpuProcess = (one: GpuProcess): string =>
  `${one.name} (pid ${one.pid}, ${one.ownerDetail || one.owner})`

/**
 * The same process, not one that got its number since: its name, and its start where both looks know it (clock ticks since the
 * machine's own start, proc(5) stat field 22).
 */
function isSameProcess(a: GpuProcess, b: GpuProcess): boolean {
  const isSameStart = a.startTicks === undefined || b.startTicks === undefined || a.startTicks === b.startTicks
  return a.pid === b.pid && a.name === b.name && isSameStart
}

/** True for changes after which it is worth a look at the GPU: what starts, stops or installs something on the host. */
export function mayTouchGpu(change: Change): boolean {
  return ['start', 'restart', 'reload', 'install'].includes(change.kind) && change.waitsFor === undefined
}

/** The check that stops a plan which could take the GPU from a process outside the cluster; empty where nothing could. Pure. */
export function gpuInUse(
  facts: HostFacts,
  changes: readonly Change[],
  allowGpuDisruption: boolean,
): readonly [Check] | readonly [] {
  const { gpu } = facts
  const users = foreignGpuProcesses(facts)
  // An installation disrupts only where it says so; a start of what rests, never.
  const risky = changes.filter(
    (change) =>
      (['restart', 'reload'].includes(change.kind) || (change.kind === 'install' && change.disrupts !== undefined)) &&
      !change.waitsFor,
  )
  // A GPU whose processes could not be asked for may be in use: silence is no consent.
  const mayBeUsed = users.length > 0 || (gpu.pciDevices > 0 && !gpu.areProcessesKnown)
  if (!mayBeUsed || risky.length === 0 || allowGpuDisruption) return []
  const names = users.map(nameGpuProcess).join(', ')
  const who = names || `whoever uses the GPU (its processes could not be listed: ${gpu.problem || 'no answer'})`
  return [
    {
      id: 'plan.gpu-in-use',
      verdict: 'fail',
      question: 'May the plan disturb processes that use the GPU outside the cluster?',
      found: `${who} would see: ${risky.map((change) => `${change.kind} ${change.target}`).join(', ')}`,
      cause: 'a daemon-reload or restart can take the GPU from running containers (NVIDIA/nvidia-container-toolkit#48)',
      remedy: 'press the button again with allow-gpu-disruption when that is acceptable, or stop the process first',
    },
  ]
}

/**
 * Whether the processes that used the GPU outside the cluster are still the same after the host was changed. Undefined: there was
 * none. `after`: undefined when it could not be asked, with `problem` as the reason. Pure.
 */
export function gpuProcessesCheck(
  facts: HostFacts,
  after: Gpu | undefined,
  allowGpuDisruption: boolean,
  problem = '',
): Check | undefined {
  const before = foreignGpuProcesses(facts)
  if (before.length === 0) return undefined
  const id = 'confirm.gpu-processes'
  const question = 'Do the processes outside the cluster still have the GPU?'
  const gone = before.filter((one) => !after?.processes.some((other) => isSameProcess(one, other)))
  const all = before.map(nameGpuProcess).join(', ')
  if (gone.length === 0) return { id, verdict: 'pass', question, found: `${all}: still there` }
  // A list that is not complete proves who is there, never who is not.
  if (after === undefined || !after.areProcessesKnown) {
    return {
      id,
      verdict: 'error',
      question,
      found: `not known: ${all} used it before`,
      cause: problem || after?.problem || 'the processes that use the GPU could not be listed again',
      remedy: 'look on the host: nvidia-smi',
    }
  }
  const names = gone.map(nameGpuProcess).join(', ')
  return {
    id,
    verdict: allowGpuDisruption ? 'warn' : 'fail',
    question,
    found: `${names} ${gone.length === 1 ? 'has' : 'have'} it no more`,
    cause: allowGpuDisruption
      ? 'the run changed the host, as allow-gpu-disruption lets it'
      : 'it lost the GPU or ended while this run changed the host; nothing that was planned should have disturbed it',
    remedy: `look at it on the host and start it again: ${gone.map(({ ownerDetail, owner }) => ownerDetail || owner).join(', ')}`,
    evidence: [`before: ${all}`, `after: ${after.processes.map(nameGpuProcess).join(', ') || 'nobody uses the GPU'}`],
  }
}
