import { randomUUID } from 'node:crypto'
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { GpuProcess } from '../contract.ts'
import { readSource, sourceFolder } from './source.ts'

/** Programs of this machine that scripts on the host may use: POSIX, and what every Linux of ours has beside them. */
const borrowed = [
  ...[
    'sh',
    'awk',
    'basename',
    'base64',
    'cat',
    'chmod',
    'cmp',
    'comm',
    'cp',
    'cut',
    'date',
    'dd',
    'diff',
    'dirname',
    'du',
    'echo',
    'env',
  ],
  ...[
    'expr',
    'false',
    'find',
    'flock',
    'fold',
    'getconf',
    'grep',
    'head',
    'install',
    'join',
    'kill',
    'ln',
    'ls',
    'mkdir',
    'mkfifo',
    'mktemp',
  ],
  ...[
    'mv',
    'nohup',
    'nproc',
    'od',
    'paste',
    'printf',
    'ps',
    'pwd',
    'readlink',
    'realpath',
    'rm',
    'rmdir',
    'sed',
    'seq',
    'setsid',
    'sha256sum',
  ],
  ...[
    'sleep',
    'sort',
    'stat',
    'sync',
    'tail',
    'tee',
    'test',
    'timeout',
    'touch',
    'tr',
    'true',
    'truncate',
    'uniq',
    'wc',
    'xargs',
  ],
] as const

/** Where they are looked for; nothing of a user's own. */
const places = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/opt/homebrew/bin', '/usr/local/bin']

/** Programs whose stand-in takes their place only where this machine lacks them (macOS). */
const replaced = ['sha256sum', 'timeout', 'flock', 'setsid'] as const

export interface ProgramsOptions {
  /** The folder that becomes the host's PATH. */
  readonly folder: string
  readonly state: string
  readonly socket: string
  readonly hasGpu: boolean
  /** Borrowed programs to treat as missing, to look at their stand-ins. */
  readonly lacking?: readonly string[]
  /** Program → text of a shell script in the place of what would be there. */
  readonly strange?: Readonly<Record<string, string>>
}

function findProgram(name: string): string | undefined {
  return places
    .map((place) => `${place}/${name}`)
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Fills the host's PATH: links to borrowed programs, and a stand-in for everything that knows about the machine. */
export function layPrograms(options: ProgramsOptions): void {
  mkdirSync(options.folder, { recursive: true })
  for (const name of borrowed) {
    const path = options.lacking?.includes(name) ? undefined : findProgram(name)
    if (path !== undefined) symlinkSync(path, join(options.folder, name))
    else if ((replaced as readonly string[]).includes(name)) layStandIn(options, name, `lacking-${name}`)
  }
  const standIns = readdirSync(join(sourceFolder, 'stand-ins'))
    .filter((file) => /^(?!lacking-|faulty-).*\.sh$/.test(file))
    .map((file) => file.slice(0, -3))
  for (const name of standIns) {
    if (!options.hasGpu && (name === 'nvidia-smi' || name === 'docker')) continue
    layStandIn(options, name, name)
  }
  for (const [name, text] of Object.entries(options.strange ?? {})) {
    // A borrowed program is a link to one of this machine.
    rmSync(join(options.folder, name), { force: true })
    writeFileSync(join(options.folder, name), withVariables(variablesOf(options), text), { mode: 0o755 })
  }
}

function variablesOf(options: ProgramsOptions): Readonly<Record<string, string>> {
  const client = join(sourceFolder, 'client.mjs')
  return { STATE: options.state, SOCKET: options.socket, NODE: process.execPath, CLIENT: client }
}

function layStandIn(options: ProgramsOptions, name: string, source: string): void {
  writeFileSync(join(options.folder, name), standInText(source, variablesOf(options)), { mode: 0o755 })
}

/** From now on the clock that the host's programs see is ten minutes ahead. */
export function laySkewedClock(folder: string): void {
  const path = join(folder, 'date')
  rmSync(path, { force: true })
  writeFileSync(path, standInText('faulty-date', { REAL: findProgram('date') ?? 'date' }), { mode: 0o755 })
}

/** Program text of the stand-in `name`, with the variables that it reads. */
export function standInText(name: string, variables: Readonly<Record<string, string>>): string {
  return withVariables(variables, readSource('stand-ins', `${name}.sh`))
}

function withVariables(variables: Readonly<Record<string, string>>, text: string): string {
  const head = Object.entries(variables).map(([variable, value]) => `${variable}=${quoted(value)}\n`)
  return `#!/bin/sh\n${head.join('')}${text}`
}

/** Puts these processes, and no others, onto the card that `layGpu` laid. */
export function layGpuProcesses(state: string, processes: readonly GpuProcess[]): void {
  const path = join(state, 'gpu/processes.csv')
  const [header = ''] = readFileSync(path, 'utf8').split('\n')
  const uuid = readFileSync(join(state, 'gpu/devices.csv'), 'utf8').match(/GPU-[0-9a-f-]+/)?.[0] ?? ''
  const rows = processes.map(({ pid, name }) =>
    [pid, name, name, 1710, 1710, uuid, 'NVIDIA GeForce RTX 4090', '00000000:01:00.0'].join('|'),
  )
  writeFileSync(path, `${[header, ...rows].join('\n')}\n`)
}

/** Tables for nvidia-smi: field names, then one record a line. `pid` is that of the tritonserver on the card. */
export function layGpu(state: string, pid = 2143): void {
  const uuid = `GPU-${randomUUID()}`
  const tables: Record<string, readonly (readonly [string, string])[]> = {
    devices: [
      ['index', '0'],
      ['name', 'NVIDIA GeForce RTX 4090'],
      ['gpu_name', 'NVIDIA GeForce RTX 4090'],
      ['uuid', uuid],
      ['gpu_uuid', uuid],
      ['count', '1'],
      ['driver_version', '575.51.03'],
      ['memory.total', '24564'],
      ['memory.used', '1894'],
      ['memory.free', '22215'],
      ['pci.bus_id', '00000000:01:00.0'],
      ['utilization.gpu', '0'],
      ['utilization.memory', '0'],
      ['temperature.gpu', '41'],
      ['compute_mode', 'Default'],
      ['compute_cap', '8.9'],
      ['persistence_mode', 'Enabled'],
      ['mig.mode.current', '[N/A]'],
      ['ecc.mode.current', '[N/A]'],
      ['power.draw', '22.31'],
    ],
    processes: [
      ['pid', String(pid)],
      ['process_name', 'tritonserver'],
      ['name', 'tritonserver'],
      ['used_memory', '1710'],
      ['used_gpu_memory', '1710'],
      ['gpu_uuid', uuid],
      ['gpu_name', 'NVIDIA GeForce RTX 4090'],
      ['gpu_bus_id', '00000000:01:00.0'],
    ],
  }
  mkdirSync(join(state, 'gpu'), { recursive: true })
  for (const [name, fields] of Object.entries(tables)) {
    const text = `${fields.map(([field]) => field).join('|')}\n${fields.map(([, value]) => value).join('|')}\n`
    writeFileSync(join(state, 'gpu', `${name}.csv`), text)
  }
  writeFileSync(
    join(state, 'gpu/overview'),
    'NVIDIA-SMI 575.51.03    Driver Version: 575.51.03    CUDA Version: 12.9\n0  NVIDIA GeForce RTX 4090    1894MiB / 24564MiB\n',
  )
  writeFileSync(
    join(state, 'lspci'),
    '00:1f.0 ISA bridge: Intel Corporation Device\n01:00.0 VGA compatible controller: NVIDIA Corporation AD102 [GeForce RTX 4090] (rev a1)\n',
  )
  writeFileSync(join(state, 'lspci.numeric'), '00:1f.0 0601: 8086:7a04\n01:00.0 0300: 10de:2684 (rev a1)\n')
}
