import type { DesiredNode } from '../cluster-file/index.ts'
import { packageManagerScript, type ScriptLine } from '../host/index.ts'
import type { Mount, PackageManager, PrerequisiteFacts } from './model.ts'
import { namesOfAllFamilies } from './packages.ts'
import { scripts } from './scripts.generated.ts'

/** The part of the survey that looks at prerequisites, with what it has to look for; undefined when nothing is wanted. */
export function prerequisiteSurvey(
  desired: DesiredNode,
): { readonly script: string; readonly env: Readonly<Record<string, string>> } | undefined {
  const wish = desired.prerequisites
  if (wish === undefined) return undefined
  return {
    script: [packageManagerScript, scripts.survey].join('\n'),
    env: {
      WANTED_PACKAGES: namesOfAllFamilies(wish.packages).join(' '),
      WANTED_SERVICES: wish.services.join(' '),
      WANTED_MODULES: wish.modules.join(' '),
      WANTED_SYSCTL: Object.keys(wish.sysctl).join(' '),
      WANTED_DISK: wish.disk ?? '',
    },
  }
}

const longest = 512

const text = (line: ScriptLine | undefined, key: string, most = longest): string => {
  const value = line?.[key]
  return typeof value === 'string' ? value.slice(0, most) : ''
}

const bytes = (line: ScriptLine | undefined, key: string): number => {
  const value = line?.[key]
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value * 1024 : 0
}

function property(shown: string, name: string): string {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(shown)?.[1]?.trim() ?? ''
}

function mountOf(row: string): Mount | undefined {
  const [device, path, type, options] = row.split(' ')
  if (device === undefined || path === undefined || type === undefined) return undefined
  return { device, path, type, options: (options ?? '').split(',').filter((one) => one !== '') }
}

function packagesOf(list: string): ReadonlyMap<string, string> {
  const rows = list.split('\n').map((row) => row.split('\t'))
  const installed = rows.filter(([, state]) => state === 'installed' || (state ?? '').startsWith('triggers-'))
  return new Map(installed.map(([name = '', , version = '']) => [name, version.slice(0, longest)]))
}

const managers: readonly PackageManager[] = ['apt', 'dnf', 'zypper']
const moduleStates = ['loaded', 'loadable', 'missing', 'unknown'] as const

/** Reads the lines of the survey's part; everything else in them is passed over. Numbers that are none become 0. */
export function parsePrerequisites(lines: readonly ScriptLine[]): PrerequisiteFacts {
  const all = (name: string): readonly ScriptLine[] =>
    lines.filter((line) => line.fact === `prerequisites.${name}`).slice(0, 256)
  const one = (name: string): ScriptLine | undefined => all(name)[0]
  const packages = one('packages')
  const disk = one('disk')
  const multipath = one('multipath')
  return {
    manager: managers.find((manager) => manager === text(packages, 'manager')) ?? '',
    packages: packagesOf(text(packages, 'list', 65_536)),
    services: all('service').map((line) => {
      const shown = text(line, 'shown', 4_096)
      return {
        name: text(line, 'name'),
        load: property(shown, 'LoadState'),
        active: property(shown, 'ActiveState'),
        file: property(shown, 'UnitFileState'),
      }
    }),
    modules: all('module').map((line) => ({
      name: text(line, 'name'),
      state: moduleStates.find((state) => state === line.state) ?? 'unknown',
    })),
    sysctl: all('sysctl').map((line) => ({
      key: text(line, 'key'),
      value: line.known === true ? text(line, 'value').trim() : undefined,
    })),
    files: new Map(all('file').map((line) => [text(line, 'path'), text(line, 'text', 16_384)])),
    disk:
      disk === undefined
        ? undefined
        : {
            path: text(disk, 'path'),
            isThere: disk.there === true,
            mount: mountOf(text(disk, 'mount', 4_096)),
            root: mountOf(text(disk, 'root', 4_096)),
            comesBack: disk.boot === true,
            totalBytes: bytes(disk, 'total'),
            freeBytes: bytes(disk, 'free'),
          },
    multipath: { isActive: text(multipath, 'state') === 'active', isKeptAway: multipath?.kept === true },
  }
}
