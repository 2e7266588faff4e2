import type { PackageManager } from './model.ts'

/**
 * Debian's name → those of other families. The first four as longhorn-manager asks each family for them
 * (controller/monitor/environment_check_monitor.go, syncPackagesInstalled); a name that is not here is the same everywhere.
 */
const otherNames: Readonly<Record<string, Readonly<Record<'dnf' | 'zypper', string>>>> = {
  'open-iscsi': { dnf: 'iscsi-initiator-utils', zypper: 'open-iscsi' },
  'nfs-common': { dnf: 'nfs-utils', zypper: 'nfs-client' },
  dmsetup: { dnf: 'device-mapper', zypper: 'device-mapper' },
  cryptsetup: { dnf: 'cryptsetup', zypper: 'cryptsetup' },
  'cifs-utils': { dnf: 'cifs-utils', zypper: 'cifs-utils' },
  'multipath-tools': { dnf: 'device-mapper-multipath', zypper: 'multipath-tools' },
}

/** What a package is called by a package manager; an unknown manager gets Debian's name. */
export function nameFor(manager: PackageManager, name: string): string {
  return manager === 'dnf' || manager === 'zypper' ? (otherNames[name]?.[manager] ?? name) : name
}

/** The names of all families: the survey asks before it is known which family it is. */
export function namesOfAllFamilies(names: readonly string[]): readonly string[] {
  return [...new Set(names.flatMap((name) => [name, nameFor('dnf', name), nameFor('zypper', name)]))]
}
