import type { Prerequisites } from '../cluster-file/index.ts'
import type { Change } from '../report/index.ts'
import { type PrerequisiteFacts, type PrerequisiteStep, paths } from './model.ts'
import { nameFor } from './packages.ts'

const ownHeading = '# Written by k3s-gpu-actions.\n'

/** The file that makes modules come back at boot, as the apply script writes it. */
export function modulesFile(modules: readonly string[]): string {
  return `${ownHeading}${modules.map((name) => `${name}\n`).join('')}`
}

/** The file that makes settings come back at boot, as the apply script writes it. */
export function sysctlFile(settings: Readonly<Record<string, string>>): string {
  return `${ownHeading}${Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')}`
}

/** A shell takes the last line's end off what it reads. */
const isFile = (found: PrerequisiteFacts, path: string, text: string): boolean =>
  found.files.get(path)?.trimEnd() === text.trimEnd()

/** Packages that are wanted and not installed, as this host's package manager calls them. */
export function missingPackages(wish: Prerequisites, found: PrerequisiteFacts): readonly string[] {
  const names = wish.packages.map((name) => nameFor(found.manager, name))
  return [...new Set(names)].filter((name) => !found.packages.has(name))
}

const runs = new Set(['active', 'activating', 'reloading', 'refreshing'])

/** Services that do not run, or do not start at boot although somebody could let them. */
export function restingServices(wish: Prerequisites, found: PrerequisiteFacts): readonly string[] {
  return wish.services.filter((name) => {
    const service = found.services.find((one) => one.name === name)
    return service === undefined || !runs.has(service.active) || service.file === 'disabled'
  })
}

/** The same setting, however many blanks the kernel puts between its numbers. */
const plain = (value: string): string => value.trim().replace(/\s+/g, ' ')

/** Settings whose value in the kernel is another one, or is not known. */
export function differingSettings(wish: Prerequisites, found: PrerequisiteFacts): readonly string[] {
  return Object.entries(wish.sysctl)
    .filter(([key, value]) => {
      const now = found.sysctl.find((one) => one.key === key)?.value
      return now === undefined || plain(now) !== plain(value)
    })
    .map(([key, value]) => `${key}=${value}`)
}

/**
 * What the machine lacks of what it needs besides the agent, as changes in their order. Empty when nothing is wanted or missing.
 * `waitsFor`: what they wait for, when the host's other changes do. Pure.
 */
export function planPrerequisites(
  wish: Prerequisites | undefined,
  found: PrerequisiteFacts,
  waitsFor?: string,
): readonly Change[] {
  if (wish === undefined) return []
  const changes: Change[] = []
  const add = (id: PrerequisiteStep, rest: Omit<Change, 'id' | 'waitsFor'>): void => {
    changes.push({ id, ...rest, ...(waitsFor === undefined ? {} : { waitsFor }) })
  }
  const whose = wish.profile === undefined ? 'asked for' : `the profile ${wish.profile} needs them`
  const packages = missingPackages(wish, found)
  if (packages.length > 0) {
    add('install-packages', {
      kind: 'install',
      target: `${packages.join(', ')} with ${found.manager}`,
      reason: `not installed; ${whose}; nothing that is installed is upgraded, replaced or restarted`,
      undo: 'removed again',
    })
  }
  const unloaded = wish.modules.filter((name) => found.modules.find((one) => one.name === name)?.state !== 'loaded')
  if (wish.modules.length > 0 && (unloaded.length > 0 || !isFile(found, paths.modules, modulesFile(wish.modules)))) {
    add('load-modules', {
      kind: 'write',
      target: `${unloaded.length > 0 ? `${unloaded.join(', ')} now, and ` : ''}${paths.modules} for every boot`,
      reason: unloaded.length > 0 ? 'not loaded' : 'loaded now, but not from our file at boot',
      undo: 'unloaded where nothing uses them; the file is deleted or restored',
    })
  }
  const settings = differingSettings(wish, found)
  const isSysctlWanted = Object.keys(wish.sysctl).length > 0
  if (isSysctlWanted && (settings.length > 0 || !isFile(found, paths.sysctl, sysctlFile(wish.sysctl)))) {
    add('set-sysctl', {
      kind: 'write',
      target: `${settings.length > 0 ? `${settings.join(', ')} now, and ` : ''}${paths.sysctl} for every boot`,
      reason: settings.length > 0 ? 'the kernel has other values' : 'set now, but not from our file at boot',
      undo: 'the values that were there before are set again; the file is deleted or restored',
    })
  }
  const services = restingServices(wish, found)
  if (services.length > 0) {
    add('enable-services', {
      kind: 'start',
      target: `${services.join(', ')}, now and at boot, without daemon-reload`,
      reason: `not running, or not enabled; ${whose}`,
      undo: 'stopped and disabled again',
    })
  }
  return changes
}
