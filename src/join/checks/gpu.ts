import type { HostFacts } from '../../host/index.ts'
import type { Check } from '../../report/index.ts'
import type { JoinSituation } from '../distribution.ts'

/** Processes outside the cluster that have the GPU open: what a restart or a daemon-reload may take the GPU from. */
export function foreignGpuProcesses(facts: HostFacts): HostFacts['gpu']['processes'] {
  return facts.gpu.processes.filter((one) => one.owner !== 'pod')
}

export function gpuCheck(situation: JoinSituation): Check {
  const { facts, desired } = situation
  const question = 'Which GPUs does the host have, and who uses them?'
  if (facts.gpu.pciDevices === 0 && facts.gpu.devices.length === 0) {
    return desired.gpu
      ? {
          id: 'host.gpu',
          verdict: 'warn',
          question,
          found: 'no NVIDIA GPU',
          cause: 'the cluster file expects one',
          remedy: 'check the card, or remove `gpu` from the node',
        }
      : { id: 'host.gpu', verdict: 'skip', question, found: 'no NVIDIA GPU' }
  }
  if (facts.gpu.devices.length === 0) {
    return {
      id: 'host.gpu',
      verdict: 'warn',
      question,
      found: `${facts.gpu.pciDevices} NVIDIA device(s) on the bus, but no driver answers`,
      cause: facts.gpu.problem || 'nvidia-smi is not installed',
      remedy: 'install or repair the driver; the join itself does not need it',
    }
  }
  const foreign = foreignGpuProcesses(facts)
  const names = facts.gpu.devices.map((device) => device.name).join(', ')
  if (foreign.length === 0)
    return { id: 'host.gpu', verdict: 'pass', question, found: `${facts.gpu.devices.length} × ${names}` }
  const users = foreign.map((one) => `${one.name} (pid ${one.pid}, ${one.ownerDetail || one.owner})`).join(', ')
  return {
    id: 'host.gpu',
    verdict: 'warn',
    question,
    found: `${users} ${foreign.length === 1 ? 'is' : 'are'} using the GPU`,
    cause: 'a restart or a daemon-reload can take the GPU from running containers',
    remedy: 'nothing to do: no change that could disturb it is made unless `allow-gpu-disruption` says so',
  }
}
