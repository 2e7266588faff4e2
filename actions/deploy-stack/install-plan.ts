import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Check } from '../../src/report/index.ts'
import type { PackageManager } from './grammars.ts'

/** What lies in the folder of the program, as far as its installation asks. */
export interface PackageFiles {
  /** package.json can be read. */
  readonly hasManifest: boolean
  /** Why not; empty: it can. */
  readonly problem: string
  readonly hasBuild: boolean
  /** `packageManager` of package.json without its hash, e.g. `pnpm@9.1.0`; empty: not said. */
  readonly wanted: string
  /** `packageManager` says something else than a name with an exact version, e.g. an address that corepack would run. */
  readonly isOddlyWanted: boolean
  /** Managers whose lock file lies in the folder, or above it in the repository, with its path; the nearest. */
  readonly locks: Readonly<Partial<Record<PackageManager, string>>>
  /** The lock file of yarn is one of yarn 2 or later. */
  readonly isModernYarnLock: boolean
}

export const lockFiles: Readonly<Record<PackageManager, readonly string[]>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
  pnpm: ['pnpm-lock.yaml'],
  yarn: ['yarn.lock'],
}

const examples: Readonly<Record<PackageManager, string>> = {
  npm: 'npm@11.0.0',
  pnpm: 'pnpm@9.1.0',
  yarn: 'yarn@4.5.0',
}

/** Corepack puts a program in place of a package manager, which npm brings with itself. */
const howToGet: Readonly<Record<PackageManager, string>> = {
  npm: 'use actions/setup-node in an earlier step: npm comes with Node',
  pnpm: 'name it with its version as packageManager in package.json: then corepack, which comes with Node 24, brings it; or use pnpm/action-setup',
  yarn: 'name it with its version as packageManager in package.json: then corepack, which comes with Node 24, brings it',
}

/** A lock file of a workspace lies at its root: looked for upwards, never out of the repository. */
function nearestLock(directory: string, top: string, names: readonly string[]): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    const found = names.map((name) => join(folder, name)).find((path) => existsSync(path))
    if (found !== undefined) return found
    if (folder === top || folder === dirname(folder) || !folder.startsWith(top)) return undefined
  }
}

export function readPackageFiles(directory: string, workspace: string): PackageFiles {
  const locks: Partial<Record<PackageManager, string>> = {}
  for (const [manager, names] of Object.entries(lockFiles)) {
    const found = nearestLock(directory, workspace, names)
    if (found !== undefined) locks[manager as PackageManager] = found
  }
  const isModernYarnLock = locks.yarn !== undefined && /^__metadata:/m.test(headOf(locks.yarn))
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    const { scripts, packageManager } = (manifest ?? {}) as Readonly<Record<string, unknown>>
    const build = (scripts as Readonly<Record<string, unknown>> | undefined)?.build
    const [wanted = ''] = typeof packageManager === 'string' ? packageManager.split('+', 1) : []
    const isPlain = /^[a-z]+@\d+\.\d+\.\d+(-[\w.-]{1,40})?$/.test(wanted)
    return {
      hasManifest: true,
      problem: '',
      hasBuild: typeof build === 'string' && build.trim() !== '',
      wanted: isPlain ? wanted : '',
      isOddlyWanted: packageManager !== undefined && !isPlain,
      locks,
      isModernYarnLock,
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const problem = code === 'ENOENT' ? 'is not there' : code === undefined ? 'is no JSON' : `cannot be read (${code})`
    return { hasManifest: false, problem, hasBuild: false, wanted: '', isOddlyWanted: false, locks, isModernYarnLock }
  }
}

function headOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 4096)
  } catch {
    return ''
  }
}

/**
 * What is started as the package manager: its own program; else corepack, which brings exactly the version that package.json names.
 * `find` looks for a program on PATH. Undefined: neither is there.
 */
export function managerCommand(
  manager: PackageManager,
  files: PackageFiles,
  find: (name: string) => string | undefined,
): { readonly program: string; readonly before: readonly string[] } | undefined {
  const own = find(manager)
  if (own !== undefined) return { program: own, before: [] }
  const corepack = manager !== 'npm' && files.wanted.startsWith(`${manager}@`) ? find('corepack') : undefined
  return corepack === undefined ? undefined : { program: corepack, before: [manager] }
}

/** What has to be there before anything is installed; all of it at once. `program`: its path, where it was found. */
export function installChecks(
  files: PackageFiles,
  manager: PackageManager,
  folder: string,
  program: string | undefined,
): readonly Check[] {
  const others = (Object.keys(files.locks) as PackageManager[]).filter((one) => one !== manager)
  const lock = files.locks[manager]
  const named = files.wanted.split('@')[0] ?? ''
  const isWrong = named !== '' && named !== manager
  const [other] = others
  const lockNames = lockFiles[manager].join(' or ')
  return [
    {
      id: 'install.manifest',
      question: 'Is there a package.json beside the program?',
      ...(files.hasManifest
        ? { verdict: 'pass', found: `${folder}/package.json` }
        : {
            verdict: 'fail',
            found: `${folder}/package.json ${files.problem}`,
            remedy: 'set working-directory to the folder of the Pulumi program, and check it out in an earlier step',
          }),
    },
    {
      id: 'install.lock',
      question: 'Is there a lock file that says exactly what is installed?',
      ...(lock !== undefined
        ? { verdict: 'pass', found: basename(lock) }
        : {
            verdict: 'fail',
            found:
              other === undefined
                ? `there is no ${lockNames}`
                : `there is no ${lockNames}, but one of ${others.join(' and ')}`,
            cause: 'without it, what is installed is whatever its authors published last',
            remedy:
              other === undefined
                ? `run \`${manager} install\` in ${folder}, look at what it wrote, and commit it`
                : `set package-manager to ${other} (cluster file: deploy.package-manager), or commit the lock file of ${manager}`,
          }),
    },
    {
      id: 'install.package-manager',
      question: 'Is this the package manager that the program names?',
      ...(files.isOddlyWanted
        ? {
            verdict: 'fail',
            found: 'packageManager in package.json is no name with an exact version',
            remedy: `write it as corepack does, e.g. ${examples[manager]} with its hash: corepack use ${examples[manager].split('.')[0]}`,
          }
        : isWrong
          ? {
              verdict: 'fail',
              found: `package.json names ${files.wanted}, and package-manager is ${manager}`,
              remedy: `set package-manager to ${named} (cluster file: deploy.package-manager)`,
            }
          : { verdict: 'pass', found: files.wanted || manager }),
    },
    {
      id: 'install.program',
      question: 'Is the package manager on the runner?',
      ...(program === undefined
        ? { verdict: 'fail', found: `there is no ${manager} on PATH`, remedy: howToGet[manager] }
        : { verdict: 'pass', found: program }),
    },
  ]
}

/** How it installs what the lock file says, and nothing else, without running what packages bring. */
export function installArguments(manager: PackageManager, isModernYarn: boolean): readonly string[] {
  if (manager === 'npm') return ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
  if (manager === 'pnpm') return ['install', '--frozen-lockfile', '--ignore-scripts']
  // Yarn 2 and later know neither flag of yarn 1 (yarnpkg.com/cli/install): --immutable, and no script runs with skip-build.
  return isModernYarn
    ? ['install', '--immutable', '--mode=skip-build']
    : ['install', '--frozen-lockfile', '--ignore-scripts', '--non-interactive']
}

/** One of them would write a new lock file, so what was reviewed would not be what is installed. */
export function lockOfAnotherYarn(version: string, files: PackageFiles): Check {
  return {
    id: 'install.lock',
    question: 'Is the lock file one of the yarn that runs here?',
    verdict: 'fail',
    found: `yarn ${version} runs here, and the lock file is of ${files.isModernYarnLock ? 'yarn 2 or later' : 'yarn 1'}`,
    remedy: 'name the version as packageManager in package.json, and run `corepack enable yarn` in an earlier step',
  }
}
