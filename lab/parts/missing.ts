/** What this machine must have before any part can be made. */
import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import { buildEnvironment } from './workshop.ts'

/** Program and the Debian package that brings it. */
const needed: readonly (readonly [program: string, debianPackage: string])[] = [
  ['apt-get', 'apt'],
  ['chroot', 'coreutils'],
  ['debootstrap', 'debootstrap'],
  ['dpkg-deb', 'dpkg'],
  ['flock', 'util-linux'],
  ['go', 'golang-go, 1.24 or newer'],
  ['ip', 'iproute2'],
  ['nsenter', 'util-linux'],
  ['setpriv', 'util-linux'],
  ['systemd-nspawn', 'systemd-container'],
  ['tar', 'tar'],
  ['unshare', 'util-linux'],
]

/** One line for each program that is not on PATH: `debootstrap (Debian package debootstrap)`. Starts nothing. */
export function partsMissing(machine: Readonly<NodeJS.ProcessEnv> = process.env): readonly string[] {
  const folders = (buildEnvironment(machine).PATH ?? '').split(':').filter((folder) => folder.startsWith('/'))
  const isThere = (program: string): boolean => folders.some((folder) => isProgram(join(folder, program)))
  return needed
    .filter(([program]) => !isThere(program))
    .map(([program, debianPackage]) => `${program} (Debian package ${debianPackage})`)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
