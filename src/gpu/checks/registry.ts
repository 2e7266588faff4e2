import { type CheckEntry, entryOf } from '../../join/index.ts'
import { clusterCheckRegistry } from './registry-cluster.ts'
import { containerdCheckRegistry } from './registry-containerd.ts'
import { driverCheckRegistry } from './registry-driver.ts'
import { toolkitCheckRegistry } from './registry-toolkit.ts'

const own: readonly CheckEntry[] = [
  {
    id: 'host.sudo',
    stage: 'preflight',
    severity: 'fail',
    asks: 'May the user become root?',
    remedy: 'give `sudo-password`, or let the user become root without one',
    isIgnorable: false,
  },
  {
    id: 'plan.gpu-in-use',
    stage: 'plan',
    severity: 'fail',
    asks: 'Does the plan disturb a process outside the cluster that uses the GPU?',
    remedy: '`allow-gpu-disruption`, or stop the process first',
    isIgnorable: false,
  },
  {
    id: 'confirm.runtime-config',
    stage: 'confirm',
    severity: 'fail',
    asks: 'Does k3s’s containerd have the NVIDIA runtime, with the program that k3s finds?',
    remedy: 'see containerd’s log in the evidence',
    isIgnorable: false,
  },
  {
    id: 'confirm.gpu-processes',
    stage: 'confirm',
    severity: 'fail',
    asks: 'Do the processes that used the GPU before still run?',
    remedy: 'start them again; the report names them',
    isIgnorable: false,
  },
]

/** Every check of gpu-runtime. */
export const gpuCheckRegistry: readonly CheckEntry[] = [
  ...driverCheckRegistry,
  ...toolkitCheckRegistry,
  ...containerdCheckRegistry,
  ...clusterCheckRegistry,
  ...own,
]

/** The entry that an id belongs to; undefined when gpu-runtime has no such check. */
export const entryOfGpuCheck = (id: string): CheckEntry | undefined => entryOf(gpuCheckRegistry, id)
