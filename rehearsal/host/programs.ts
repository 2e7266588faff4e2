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
import { layCards } from './gpu-cards.ts'
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
    if (!options.hasGpu && ['nvidia-smi', 'docker', 'modinfo'].includes(name)) continue
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

/** UUID, name and address of the first card. */
function deviceOf(state: string): readonly string[] {
  const [head = '', row = ''] = readFileSync(join(state, 'gpu/devices.csv'), 'utf8').split('\n')
  const values = new Map(head.split('|').map((field, at) => [field, row.split('|')[at] ?? '']))
  return ['uuid', 'name', 'pci.bus_id'].map((field) => values.get(field) ?? '')
}

/** Puts these processes, and no others, onto the card that `layGpu` laid. */
export function layGpuProcesses(state: string, processes: readonly GpuProcess[]): void {
  const path = join(state, 'gpu/processes.csv')
  const [header = ''] = readFileSync(path, 'utf8').split('\n')
  const device = deviceOf(state)
  const rows = processes.map(({ pid, name }) => [pid, name, name, 1710, 1710, ...device].join('|'))
  writeFileSync(path, `${[header, ...rows].join('\n')}\n`)
}

/** A process more on the first card. */
export function addGpuProcess(state: string, { pid, name }: GpuProcess): void {
  const path = join(state, 'gpu/processes.csv')
  writeFileSync(path, `${readFileSync(path, 'utf8')}${[pid, name, name, 1710, 1710, ...deviceOf(state)].join('|')}\n`)
}

export function removeGpuProcess(state: string, pid: number): void {
  const path = join(state, 'gpu/processes.csv')
  const rows = readFileSync(path, 'utf8').split('\n')
  writeFileSync(path, rows.filter((row) => !row.startsWith(`${pid}|`)).join('\n'))
}

/** Tables for nvidia-smi of an idle RTX 4090. `pid` is that of the tritonserver on the card. */
export function layGpu(state: string, pid = 2143): void {
  layCards(state, 'rtx-4090', pid)
}
