import { answered, few, passed, unanswered } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import type { GpuFacts, GpuSituation } from '../model.ts'
import { causeOfSilence, isVersionMismatch } from './driver-causes.ts'
import { stateChecks } from './driver-state.ts'
import { useChecks } from './driver-use.ts'

/** What the checks of cards and driver are made from. */
export type DriverSituation = Pick<GpuSituation, 'wish' | 'host' | 'gpu'>

/** `2 × NVIDIA GeForce RTX 4090, 1 × …` */
export function productsOf(gpu: GpuFacts): string {
  const counts = new Map<string, number>()
  for (const { name } of gpu.devices) counts.set(name, (counts.get(name) ?? 0) + 1)
  return few([...counts].map(([name, count]) => `${count} × ${name || 'a GPU without a name'}`))
}

function presentCheck({ wish, gpu }: DriverSituation): Check {
  const id = 'gpu.present'
  const question = 'Is an NVIDIA GPU in this host?'
  if (gpu.pci.length > 0) {
    return passed(id, question, few(gpu.pci.map((card) => `${card.address} (${card.id})`)))
  }
  if (gpu.devices.length > 0) return passed(id, question, `${productsOf(gpu)}, not on the PCI bus`)
  if ((wish.expectGpus ?? 0) === 0) return { id, verdict: 'skip', question, found: 'no NVIDIA device on the PCI bus' }
  return answered(id, question, false, 'no NVIDIA device on the PCI bus', {
    cause: `expect-gpus says ${wish.expectGpus}: the card is out, dead, or switched off in the firmware`,
    remedy: 'look at the machine: power and seat of the card; lspci -nn -d 10de: lists what is there',
  })
}

function driverCheck({ host, gpu }: DriverSituation): Check {
  const id = 'gpu.driver'
  const question = 'Does the driver answer?'
  if (gpu.devices.length > 0) {
    const version = gpu.devices[0]?.driverVersion || gpu.driver.loaded
    const cuda = gpu.cudaVersion && `, CUDA up to ${gpu.cudaVersion}`
    return passed(id, question, `driver ${version}${cuda}: ${productsOf(gpu)}`)
  }
  if (isVersionMismatch(gpu))
    return unanswered(id, question, 'its parts have different versions, see gpu.driver-version')
  const { smi } = gpu
  const found = !smi.isInstalled
    ? 'nvidia-smi is not installed'
    : smi.exitCode === undefined
      ? 'no answer'
      : `nvidia-smi ended with exit code ${smi.exitCode}`
  const evidence = [...smi.said.split('\n').slice(0, 5), ...gpu.driver.kernelLog.slice(-5)].filter(
    (line) => line !== '',
  )
  return answered(id, question, false, found, {
    ...causeOfSilence(gpu, host.kernel),
    ...(evidence.length > 0 && { evidence }),
  })
}

/**
 * What can be wrong with cards and driver, before anything is changed. Pure. Without a card there is nothing else to ask:
 * `gpu.present` alone, which is `skip` then, or `fail` where cards are expected.
 */
export function driverChecks(situation: DriverSituation): readonly Check[] {
  const present = presentCheck(situation)
  if (present.verdict !== 'pass') return [present]
  return [present, driverCheck(situation), ...stateChecks(situation), ...useChecks(situation)]
}
