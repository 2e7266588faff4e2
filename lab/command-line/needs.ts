/** What the machine must be to hold a lab. */
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { loadParts } from '../inside/content.ts'
import { UsageError } from './arguments.ts'

/** Programs that keep the lab, and the Debian packages they are in. */
const programs: Readonly<Record<string, string>> = {
  setpriv: 'util-linux',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
  ip: 'iproute2',
  find: 'findutils',
  'systemd-nspawn': 'systemd-container',
}

export interface Machine {
  readonly platform: NodeJS.Platform
  readonly uid: number | undefined
  readonly path: string
}

export const thisMachine: Machine = {
  platform: process.platform,
  uid: process.getuid?.(),
  path: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
}

const isOnPath = (name: string, path: string): boolean =>
  path.split(':').some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })

/** What keeps a lab from standing on this machine, or undefined. */
export function machineLacks(machine: Machine): string | undefined {
  if (machine.platform !== 'linux') return `The lab needs Linux; this is ${machine.platform}.`
  if (machine.uid !== 0) return 'The lab needs root, for namespaces and control groups: run it with sudo.'
  const missing = Object.keys(programs).filter((name) => !isOnPath(name, machine.path))
  if (missing.length === 0) return undefined
  const packages = [...new Set(missing.map((name) => programs[name]))]
  return `The lab needs ${missing.join(', ')} (Debian: apt-get install ${packages.join(' ')}).`
}

/** @throws UsageError when no lab can stand here */
export function expectMachine(machine: Machine = thisMachine): void {
  const lacks = machineLacks(machine)
  if (lacks !== undefined) throw new UsageError(lacks)
}

/** @throws UsageError when the lab's parts can be neither found nor made here */
export async function expectParts(): Promise<void> {
  const missing = (await loadParts()).partsMissing()
  if (missing.length > 0) throw new UsageError(`The lab needs ${missing.join('; ')}.`.replaceAll('\n', ' '))
}
