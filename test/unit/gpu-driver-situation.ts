import type { DriverSituation } from '../../src/gpu/checks/driver.ts'
import { parseGpuFacts } from '../../src/gpu/facts.ts'
import type { GpuFacts, GpuWish } from '../../src/gpu/model.ts'
import { parseFacts, type ScriptLine } from '../../src/host/index.ts'

const wish: GpuWish = {
  node: 'calypso',
  toolkit: 'install',
  repositoryKeys: [],
  holdPackages: 'toolkit',
  devicePlugin: 'apply',
  devicePluginImage: 'plugin:v0.20.0',
  replaceDevicePlugin: '',
  defaultRuntime: 'keep',
  quarantineTemplate: false,
  allowGpuDisruption: false,
}

/** A healthy calypso as the survey tells it. */
export const healthyLines: readonly ScriptLine[] = [
  { fact: 'kernel', release: '6.8.0-60-generic', architecture: 'amd64' },
  { fact: 'init', name: 'systemd' },
  { fact: 'gpu-processes', known: true },
  { fact: 'gpu.pci', address: '0000:01:00.0', id: '10de:2684', driver: 'nvidia' },
  {
    fact: 'gpu.smi',
    code: 0,
    said: '0, GPU-8ee5f1e0-e705-aac5-6d6e-b97ad59601ef, NVIDIA GeForce RTX 4090, 575.51.03, 00000000:01:00.0, 24564, 2, 0, 28, [N/A], 8.9, Enabled',
    cuda: '12.9',
    list: '',
  },
  {
    fact: 'gpu.driver',
    loaded: 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  575.51.03  Sun Apr 13 16:52:30 UTC 2025',
    on_disk: '575.51.03',
    library: 'libnvidia-ml.so.575.51.03',
    nouveau: false,
    secure_boot: 'disabled',
  },
  { fact: 'gpu.reboot', pending: false, packages: '' },
  { fact: 'gpu.unattended', on: false },
  {
    fact: 'gpu.packages',
    manager: 'apt',
    list: 'nvidia-driver-575\t575.51.03-0ubuntu1\tii \nlibnvidia-compute-575\t575.51.03-0ubuntu1\tii \nnvidia-container-toolkit\t1.20.0-1\tii ',
  },
  { fact: 'gpu.device-links', missing: '', rule: true },
]

export interface Differences {
  readonly wish?: Partial<GpuWish>
  /** Lines that stand instead of those with their name. */
  readonly lines?: readonly ScriptLine[]
  readonly gpu?: (gpu: GpuFacts) => GpuFacts
}

/** A healthy calypso but for these differences. */
export function situation(differences: Differences = {}): DriverSituation {
  const instead = differences.lines ?? []
  const names = new Set(instead.map((line) => line.fact))
  const host = parseFacts([...healthyLines.filter((line) => !names.has(line.fact)), ...instead], 0)
  const gpu = parseGpuFacts(host)
  return { wish: { ...wish, ...differences.wish }, host, gpu: differences.gpu?.(gpu) ?? gpu }
}

/** The driver does not answer: what nvidia-smi said, and facts that explain it. */
export const silent = (code: number, said: string, driver: ScriptLine = {}): readonly ScriptLine[] => [
  { fact: 'gpu.smi', code, said, cuda: '', list: '' },
  { ...healthyLines.find((line) => line.fact === 'gpu.driver'), ...driver },
  { fact: 'gpu-processes', known: false },
]
