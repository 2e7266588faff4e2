import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { layGpu } from '../../rehearsal/host/programs.ts'
import { machineFolder } from './files.ts'
import { until } from './until.ts'

/** Waits for the process on the card, and writes the tables of nvidia-smi that list it with its real pid. */
export async function listGpuProcess(root: string, pid: number): Promise<void> {
  // /run of the machine is a file system of its own, which only its processes see.
  const file = `/proc/${pid}/root/run/docker/pid`
  const triton = await until('tritonserver on the card', 10_000, () => {
    try {
      return Number(readFileSync(file, 'utf8'))
    } catch {
      return undefined
    }
  })
  layGpu(join(root, machineFolder), triton)
}
