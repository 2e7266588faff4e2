/** The GPUs that embedded machines have, and what their nvidia-smi and lspci print about them. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GpuProfile } from '../contract.ts'

export const driverVersion = '575.51.03'

export interface Card {
  readonly name: string
  /** PCI device of vendor 10de. */
  readonly device: string
  readonly memoryMiB: number
  readonly computeCapability: string
  /** `[N/A]` for a card without. */
  readonly mig: string
  readonly buses: readonly string[]
  readonly migProfiles: readonly string[]
}

/** Names, PCI ids (pci.ids) and sizes as NVIDIA's cards have them; the eight of a DGX A100 at its addresses. */
const cards: Readonly<Record<Exclude<GpuProfile, 'none'>, Card>> = {
  'rtx-4090': {
    name: 'NVIDIA GeForce RTX 4090',
    device: '2684',
    memoryMiB: 24_564,
    computeCapability: '8.9',
    mig: '[N/A]',
    buses: ['01'],
    migProfiles: [],
  },
  'rtx-2070': {
    name: 'NVIDIA GeForce RTX 2070',
    device: '1f02',
    memoryMiB: 8192,
    computeCapability: '7.5',
    mig: '[N/A]',
    buses: ['01'],
    migProfiles: [],
  },
  'eight-gpus': {
    name: 'NVIDIA A100-SXM4-80GB',
    device: '20b2',
    memoryMiB: 81_920,
    computeCapability: '8.0',
    mig: 'Disabled',
    buses: ['07', '0F', '47', '4E', '87', '90', 'B7', 'BD'],
    migProfiles: [],
  },
  mig: {
    name: 'NVIDIA A100 80GB PCIe',
    device: '20b5',
    memoryMiB: 81_920,
    computeCapability: '8.0',
    mig: 'Enabled',
    buses: ['65'],
    migProfiles: ['3g.40gb', '1g.10gb', '1g.10gb'],
  },
}

export function cardOf(profile: keyof typeof cards): Card {
  return cards[profile]
}

/** Records of nvidia-smi, a field a column; the values that change with use are those of an idle machine. `pid`: of the tritonserver on the first card, if any. */
export function layCards(state: string, profile: keyof typeof cards, pid: number | undefined): readonly string[] {
  const card = cards[profile]
  const uuids = card.buses.map(() => `GPU-${randomUUID()}`)
  const usedMiB = (index: number): number => (index === 0 && pid !== undefined ? 1894 : 4)
  const rows = card.buses.map((bus, index): readonly (readonly [string, string])[] => [
    ['index', String(index)],
    ['name', card.name],
    ['gpu_name', card.name],
    ['uuid', uuids[index] ?? ''],
    ['gpu_uuid', uuids[index] ?? ''],
    ['count', String(card.buses.length)],
    ['driver_version', driverVersion],
    ['memory.total', String(card.memoryMiB)],
    ['memory.used', String(usedMiB(index))],
    ['memory.free', String(card.memoryMiB - 455 - usedMiB(index))],
    ['pci.bus_id', `00000000:${bus}:00.0`],
    ['utilization.gpu', '0'],
    ['utilization.memory', '0'],
    ['temperature.gpu', '41'],
    ['pstate', 'P8'],
    ['fan.speed', '30'],
    ['compute_mode', 'Default'],
    ['compute_cap', card.computeCapability],
    ['persistence_mode', 'Enabled'],
    ['mig.mode.current', card.mig],
    ['ecc.mode.current', card.mig === '[N/A]' ? '[N/A]' : 'Enabled'],
    ['power.draw', '22.31'],
  ])
  const lines = [(rows[0] ?? []).map(([field]) => field), ...rows.map((row) => row.map(([, value]) => value))]
  mkdirSync(join(state, 'gpu'), { recursive: true })
  writeFileSync(join(state, 'gpu/devices.csv'), lines.map((line) => `${line.join('|')}\n`).join(''))
  const process = [
    String(pid),
    'tritonserver',
    'tritonserver',
    '1710',
    '1710',
    uuids[0] ?? '',
    card.name,
    `00000000:${card.buses[0]}:00.0`,
  ]
  const fields = ['pid', 'process_name', 'name', 'used_memory', 'used_gpu_memory', 'gpu_uuid', 'gpu_name', 'gpu_bus_id']
  writeFileSync(
    join(state, 'gpu/processes.csv'),
    `${fields.join('|')}\n${pid === undefined ? '' : `${process.join('|')}\n`}`,
  )
  const parts = card.migProfiles.map((profile, at) => `0|${profile}|${at}|MIG-${randomUUID()}\n`)
  writeFileSync(join(state, 'gpu/mig.csv'), parts.join(''))
  writeFileSync(join(state, 'gpu/overview'), overview(card, usedMiB))
  const models: Readonly<Record<string, string>> = {
    '2684': 'AD102 [GeForce RTX 4090]',
    '1f02': 'TU106 [GeForce RTX 2070]',
  }
  const words = card.buses.map((bus, at) => {
    const address = `${bus.toLowerCase()}:00.0`
    const isScreen = at === 0 && bus === '01'
    const kind = isScreen ? 'VGA compatible controller' : '3D controller'
    return {
      text: `${address} ${kind}: NVIDIA Corporation ${models[card.device] ?? 'GA100 [A100]'} (rev a1)\n`,
      numeric: `${address} ${isScreen ? '0300' : '0302'}: 10de:${card.device} (rev a1)\n`,
    }
  })
  writeFileSync(
    join(state, 'lspci'),
    `00:1f.0 ISA bridge: Intel Corporation Device\n${words.map(({ text }) => text).join('')}`,
  )
  writeFileSync(
    join(state, 'lspci.numeric'),
    `00:1f.0 0601: 8086:7a04\n${words.map(({ numeric }) => numeric).join('')}`,
  )
  return uuids
}

/** The table that nvidia-smi prints by itself, in the layout of 575.51.03 (public logs of two RTX 4090). */
function overview(card: Card, usedMiB: (index: number) => number): string {
  const line = '+-----------------------------------------------------------------------------------------+'
  const split = '+-----------------------------------------+------------------------+----------------------+'
  const rows = card.buses.flatMap((bus, at) => [
    `| ${String(at).padStart(3)}  ${card.name.slice(0, 23).padEnd(23)}     On  |   00000000:${bus}:00.0 Off |                  N/A |`,
    `| 30%   41C    P8             22W /  450W |  ${`${usedMiB(at)}MiB`.padStart(8)} / ${`${card.memoryMiB}MiB`.padStart(9)}   |      0%      Default |`,
    `|                                         |                        | ${card.mig.replace('[N/A]', 'N/A').padStart(20)} |`,
    split,
  ])
  return `${[
    line,
    `| NVIDIA-SMI ${driverVersion}              Driver Version: ${driverVersion}      CUDA Version: 12.9     |`,
    '|-----------------------------------------+------------------------+----------------------+',
    '| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |',
    '| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |',
    '|                                         |                        |               MIG M. |',
    '|=========================================+========================+======================|',
    ...rows,
  ].join('\n')}\n`
}
