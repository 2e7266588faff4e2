import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { layGpu } from '../../rehearsal/host/programs.ts'
import { driverVersion, machineFolder } from './files.ts'
import { until } from './until.ts'

/** Where Debian has libraries. */
const libraries = `usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`

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
  layLibrary(root)
}

/**
 * The driver's library, which the stand-in of nvidia-container-runtime hands to containers: a text with the UUIDs that
 * nvidia-smi lists, which the device plugin's stand-in reads in the place of NVML.
 */
function layLibrary(root: string): void {
  const devices = readFileSync(join(root, machineFolder, 'gpu/devices.csv'), 'utf8')
  const uuids = [...new Set(devices.match(/GPU-[0-9a-f-]+/g))]
  const name = `libnvidia-ml.so.${driverVersion}`
  mkdirSync(join(root, libraries), { recursive: true })
  writeFileSync(join(root, libraries, name), `${uuids.join('\n')}\n`)
  symlinkSync(name, join(root, libraries, 'libnvidia-ml.so.1'))
}
