import type { ScriptLine } from '../host/index.ts'
import { most, text } from './facts-text.ts'
import type { GpuDevice, GpuFacts, MigDevice } from './model.ts'

/** How many MIG devices 16 GPUs can have, seven each. */
const mostMigDevices = 128

function number(field: string): number | undefined {
  return /^\d{1,9}$/.test(field) ? Number(field) : undefined
}

/** `[N/A]`, `[Not Supported]`, `[Unknown Error]`: said nothing. */
const plain = (field: string): string => (/^\[.*\]$/.test(field) ? '' : field)

/** One line of the query of survey-smi.sh; undefined: it is none. A name may hold commas, so columns are counted from both ends. */
function deviceOf(line: string): GpuDevice | undefined {
  const fields = line.split(',').map((field) => field.trim())
  if (fields.length < 12) return undefined
  const [index = '', uuid = ''] = fields
  const [driver = '', bus = '', total = '', used = '', utilisation = '', temperature = '', mig = '', capability = ''] =
    fields.slice(-9)
  if (number(index) === undefined || !/^GPU-[0-9a-f-]{8,64}$/i.test(uuid)) return undefined
  const name = fields.slice(2, -9).join(', ')
  const numbers = {
    memoryTotalMiB: number(total),
    memoryUsedMiB: number(used),
    utilisationPercent: number(utilisation),
    temperatureCelsius: number(temperature),
  }
  return {
    index: Number(index),
    uuid,
    name: plain(name).slice(0, 128),
    driverVersion: /^[\d.]{1,32}$/.test(driver) ? driver : '',
    pciBusId: /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/i.test(bus) ? bus : '',
    ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined)),
    ...((mig === 'Enabled' || mig === 'Disabled') && { isMigEnabled: mig === 'Enabled' }),
    computeCapability: /^\d{1,2}\.\d{1,2}$/.test(capability) ? capability : '',
  }
}

/** What `nvidia-smi -L` lists: a line a GPU, and below it, indented, a line for each of its MIG devices. */
function migDevicesOf(list: string): MigDevice[] {
  const found: MigDevice[] = []
  let gpuUuid = ''
  for (const line of list.split('\n').slice(0, 1024)) {
    gpuUuid = /^GPU \d+: .*\(UUID: (GPU-[0-9a-f-]{8,64})\)/i.exec(line)?.[1] ?? gpuUuid
    const [, profile, uuid] = /^\s+MIG (\S{1,64})\s+Device\s+\d+: \(UUID: (MIG-[0-9a-zA-Z/-]{8,128})\)/.exec(line) ?? []
    if (profile !== undefined && uuid !== undefined && gpuUuid !== '') found.push({ gpuUuid, uuid, profile })
  }
  return found.slice(0, mostMigDevices)
}

/** Reads the line `gpu.smi` of the survey; undefined: nvidia-smi is not there. */
export function readSmi(
  line: ScriptLine | undefined,
): Pick<GpuFacts, 'smi' | 'devices' | 'migDevices' | 'cudaVersion'> {
  if (line === undefined) {
    return { smi: { isInstalled: false, said: '' }, devices: [], migDevices: [], cudaVersion: '' }
  }
  const said = text(line, 'said', 64 * 1024)
  const exitCode = typeof line.code === 'number' && line.code >= 0 && line.code < 256 ? line.code : undefined
  const hasAnswered = exitCode === 0 || exitCode === 14
  const lines = said.split('\n').slice(0, most)
  const byUuid = new Map<string, GpuDevice>()
  for (const device of hasAnswered ? lines.flatMap((one) => deviceOf(one) ?? []) : []) {
    if (!byUuid.has(device.uuid)) byUuid.set(device.uuid, device)
  }
  const devices = [...byUuid.values()].sort((a, b) => a.index - b.index)
  // Beside a list, what is no GPU: the complaint about an infoROM.
  const rest = lines.filter((one) => devices.length === 0 || deviceOf(one) === undefined).join('\n')
  const cuda = text(line, 'cuda', 16)
  return {
    smi: {
      isInstalled: true,
      // 124 is what `asked` of survey.sh says of a program that gave no answer in time.
      ...(exitCode !== undefined && exitCode !== 124 && { exitCode }),
      said: rest.trim().slice(0, 2048),
    },
    devices,
    migDevices: migDevicesOf(typeof line.list === 'string' ? line.list.slice(0, 64 * 1024) : ''),
    cudaVersion: /^\d{1,3}\.\d{1,3}$/.test(cuda) ? cuda : '',
  }
}
