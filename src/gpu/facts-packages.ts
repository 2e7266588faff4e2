import type { ScriptLine } from '../host/index.ts'
import { pieces, text } from './facts-text.ts'
import { type GpuFacts, type PackageState, toolkitPackages } from './model.ts'

/**
 * Packages whose upgrade changes the driver: kernel modules, libraries and programs. Not the toolkit, which has libraries of
 * its own (libnvidia-container*), nor what only shows settings.
 */
const driverPackage =
  /^(?:cuda-drivers|nvidia-(?:driver|dkms|kernel|open|headless|compute-utils|utils|firmware|modprobe|persistenced|fabricmanager|legacy|smi)|(?:lib|lib64)nvidia-(?!container)|libcuda1|linux-(?:modules|objects|signatures)-nvidia|(?:kmod|akmod|dkms)-nvidia|xorg-x11-drv-nvidia|xserver-xorg-video-nvidia|x11-video-nvidia)/

/** Whether a lock of dnf (`name-0:1.20.0-1.*`, `name = "…"`) or zypper (`solvable_name: name`) holds this package. */
function isLocked(name: string, locks: readonly string[]): boolean {
  return locks.some((lock) => {
    const target = /^(?:solvable_name:|name\s*=)\s*"?([^"]+)"?$/.exec(lock)?.[1]?.trim() ?? lock
    if (target.startsWith('!')) return false
    const star = target.indexOf('*')
    if (target === name || (star > 0 && star <= name.length && name.startsWith(target.slice(0, star)))) return true
    return target.startsWith(`${name}-`) && /^-(?:\d+:)?\d/.test(target.slice(name.length))
  })
}

/** Reads `gpu.packages`: every package of the driver and of the toolkit that is installed, and the other things around them. */
export function readPackages(line: ScriptLine | undefined): {
  readonly driver: readonly PackageState[]
  readonly toolkit: Omit<GpuFacts['toolkit'], 'repository' | 'keyFingerprints'>
} {
  const manager = (['apt', 'dnf', 'zypper'] as const).find((one) => one === line?.manager) ?? ''
  const locks = pieces(line, 'locks').filter((lock) => !lock.startsWith('#'))
  const installed = new Map<string, PackageState>()
  for (const row of text(line, 'list', 128 * 1024)
    .split('\n')
    .slice(0, 2048)) {
    const [name = '', version = '', status = ''] = row.split('\t')
    // dpkg's abbreviation: what is wanted, then what is. "hi": held and installed; "rc": removed, its configuration left.
    if (!/^[a-z0-9][a-z0-9+._-]*$/i.test(name) || version === '' || !/^.i/.test(status)) continue
    const isHeld = status.startsWith('h') || isLocked(name, locks)
    installed.set(name, { name, version: version.slice(0, 128), isHeld })
  }
  return {
    driver: [...installed.values()].filter(({ name }) => driverPackage.test(name)),
    toolkit: {
      packageManager: manager,
      packages: toolkitPackages.map(
        (name) => installed.get(name) ?? { name, version: '', isHeld: isLocked(name, locks) },
      ),
      missingPrerequisites: pieces(line, 'missing', ' '),
      ctkVersion: /version v?(\d+\.\d+\.\d+\S*)/.exec(text(line, 'ctk', 1024))?.[1] ?? '',
    },
  }
}

/** Reads `gpu.repository`: the file, the addresses in it that are in force, the keyring and its keys. */
export function readRepository(
  line: ScriptLine | undefined,
): Pick<GpuFacts['toolkit'], 'repository' | 'keyFingerprints'> {
  const urls = pieces(line, 'text')
    .filter((row) => !row.startsWith('#'))
    .filter((row) => /^(?:deb(?:-src)?\s|URIs:|baseurl\s*=)/i.test(row))
    .flatMap((row) => row.match(/[a-z][a-z0-9+.-]*:\/{1,3}[^\s\]]+/gi) ?? [])
  return {
    repository: { path: text(line, 'path'), urls: [...new Set(urls)].slice(0, 16), keyring: text(line, 'keyring') },
    keyFingerprints: pieces(line, 'keys')
      .map((key) => key.toUpperCase())
      .filter((key) => /^[0-9A-F]{40}$/.test(key)),
  }
}
