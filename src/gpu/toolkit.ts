import type { Change } from '../report/index.ts'
import {
  defaultToolkitVersion,
  type GpuFacts,
  type GpuWish,
  type HostStep,
  type PackageState,
  toolkitPackages,
} from './model.ts'

/** NVIDIA's own package repository of the toolkit (NVIDIA/libnvidia-container, branch gh-pages). */
export const nvidiaRepository = 'https://nvidia.github.io/libnvidia-container'

/**
 * Fingerprint of the key that signs it, computed from NVIDIA/nvidia-docker:gpgkey (the same key); the signature in
 * NVIDIA/libnvidia-container:stable/deb/amd64/InRelease names it as its issuer.
 */
export const nvidiaRepositoryKey = 'C95B321B61E88C1809C4F759DDCAE044F796ECB0'

/**
 * Older ones let an image break out of its container: CVE-2025-23266 and CVE-2025-23267, all versions up to 1.17.7
 * (pytorch/test-infra#6941).
 */
export const safeToolkitVersion = '1.17.8'

/** Where the packages come from and whose signature is believed. */
export function repositoryOf(wish: GpuWish): { readonly url: string; readonly keys: readonly string[] } {
  return {
    url: wish.repository ?? nvidiaRepository,
    keys: wish.repositoryKeys.length > 0 ? wish.repositoryKeys : [nvidiaRepositoryKey],
  }
}

/** `1.20.0-1` → `1.20.0`. */
export const withoutRevision = (version: string): string => version.replace(/^\d+:/, '').split('-')[0] ?? ''

/** Whether version `a` is older than `b`; both without revision. A release candidate counts as its release. */
export function isOlder(a: string, b: string): boolean {
  const numbers = (text: string): readonly number[] => (text.split('~')[0] ?? '').split('.').map(Number)
  const [left, right] = [numbers(a), numbers(b)]
  for (let at = 0; at < right.length; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

export type ToolkitState =
  /** All four packages at one version. */
  | { readonly kind: 'whole'; readonly version: string }
  /** Some are missing, or their versions differ. */
  | { readonly kind: 'mixed'; readonly installed: readonly PackageState[]; readonly version: string }
  /** No package, but k3s finds a runtime: put there by an operator, or by hand. */
  | { readonly kind: 'unpackaged'; readonly path: string; readonly version: string }
  | { readonly kind: 'none' }

/** What of the toolkit is on the host. Pure. */
export function toolkitState(gpu: GpuFacts): ToolkitState {
  const installed = gpu.toolkit.packages.filter(({ version }) => version !== '')
  const versions = new Set(installed.map(({ version }) => withoutRevision(version)))
  const [first] = [...versions]
  if (first !== undefined) {
    if (versions.size === 1 && installed.length === toolkitPackages.length) return { kind: 'whole', version: first }
    const own = installed.find(({ name }) => name === toolkitPackages[0])
    return { kind: 'mixed', installed, version: withoutRevision(own?.version ?? '') }
  }
  const runtime = gpu.runtimes.find(({ name }) => name === 'nvidia-container-runtime')
  if (runtime) return { kind: 'unpackaged', path: runtime.path, version: gpu.toolkit.ctkVersion }
  return { kind: 'none' }
}

/** The version to be installed and why; undefined: what is there stays. */
export function toolkitGoal(
  wish: GpuWish,
  gpu: GpuFacts,
): { readonly version: string; readonly reason: string } | undefined {
  if (wish.toolkit !== 'install') return undefined
  const state = toolkitState(gpu)
  const asked = wish.toolkitVersion
  if (state.kind === 'none') return { version: asked ?? defaultToolkitVersion, reason: 'not installed' }
  if (state.kind === 'mixed') {
    const kept =
      state.version !== '' && !isOlder(state.version, safeToolkitVersion) ? state.version : defaultToolkitVersion
    return { version: asked ?? kept, reason: `its packages do not fit together: ${describeMixture(state.installed)}` }
  }
  if (asked === undefined || asked === state.version) return undefined
  const where = state.kind === 'unpackaged' ? ` (${state.path}, from no package)` : ''
  return { version: asked, reason: `${state.version || 'an unknown version'}${where} is there, ${asked} is wanted` }
}

/** `libnvidia-container1 1.17.8-1, nvidia-container-toolkit-base missing` */
export function describeMixture(installed: readonly PackageState[]): string {
  return toolkitPackages
    .map((name) => `${name} ${installed.find((one) => one.name === name)?.version ?? 'missing'}`)
    .join(', ')
}

/** Whether the package manager already knows the wanted repository. One that the owner set up stays, unless another is asked for. */
export function isRepositoryKnown(wish: GpuWish, gpu: GpuFacts): boolean {
  const { path, urls } = gpu.toolkit.repository
  if (path === '') return false
  const isOf = (url: string, base: string): boolean => url === base || url.startsWith(`${base}/`)
  const base = wish.repository
  if (base !== undefined) return urls.some((url) => isOf(url, base))
  // NVIDIA's former folders, one for each distribution, get no new versions.
  return urls.some((url) => !isOf(url, nvidiaRepository) || /\/stable\/(deb|rpm)(\/|$)/.test(url))
}

const prerequisites: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  apt: { curl: 'curl', gpg: 'gpg', 'ca-certificates': 'ca-certificates' },
  dnf: { curl: 'curl', gpg: 'gnupg2', 'ca-certificates': 'ca-certificates' },
  zypper: { curl: 'curl', gpg: 'gpg2', 'ca-certificates': 'ca-certificates' },
}

/** Packages that adding the repository needs and the host lacks, by their names there. */
export function prerequisitePackages(gpu: GpuFacts): readonly string[] {
  const names = prerequisites[gpu.toolkit.packageManager] ?? {}
  return gpu.toolkit.missingPrerequisites.flatMap((name) => names[name] ?? [])
}

/** Packages that are to be held and are not yet; those of the toolkit also when this run installs them first. */
export function holdNames(wish: GpuWish, gpu: GpuFacts): readonly string[] {
  if (wish.holdPackages === 'none' || gpu.toolkit.packageManager === '') return []
  const willBeThere = toolkitGoal(wish, gpu) !== undefined
  const toolkit = toolkitPackages.filter((name) => {
    const found = gpu.toolkit.packages.find((one) => one.name === name)
    return found?.isHeld !== true && (willBeThere || (found !== undefined && found.version !== ''))
  })
  const driver =
    wish.holdPackages === 'all'
      ? gpu.driver.packages.filter(({ version, isHeld }) => version !== '' && !isHeld).map(({ name }) => name)
      : []
  return [...toolkit, ...driver]
}

const listFiles = {
  apt: '/etc/apt/sources.list.d/nvidia-container-toolkit.list',
  dnf: '/etc/yum.repos.d/nvidia-container-toolkit.repo',
  zypper: '/etc/zypp/repos.d/nvidia-container-toolkit.repo',
} as const

/** The command that a person would type for the same; the script adds what keeps it from asking and from restarting services. */
function installCommand(manager: 'apt' | 'dnf' | 'zypper', version: string): string {
  const words = (separator: string, revision = ''): string =>
    toolkitPackages.map((name) => `${name}${separator}${version}${revision}`).join(' ')
  if (manager === 'apt') return `apt-get install --no-install-recommends ${words('=', '-*')}`
  if (manager === 'dnf') return `dnf install --setopt=install_weak_deps=False ${words('-')}`
  return `zypper install --no-recommends --oldpackage ${words('=')}`
}

const notYetRun = (manager: string): string =>
  manager === 'apt' ? '' : `; this way has not yet run on a real machine with ${manager}`

/**
 * What has to be done about the toolkit, its repository, holds and device links, in order; and the version, without revision,
 * that is there afterwards (empty: none, or not known). Pure.
 */
export function planToolkit(
  wish: GpuWish,
  gpu: GpuFacts,
): { readonly changes: readonly Change[]; readonly version: string } {
  const changes: Change[] = []
  const add = (id: HostStep, change: Omit<Change, 'id'>): void => void changes.push({ id, ...change })
  const state = toolkitState(gpu)
  const goal = toolkitGoal(wish, gpu)
  const manager = gpu.toolkit.packageManager
  if (goal && manager !== '') {
    const { url, keys } = repositoryOf(wish)
    if (!isRepositoryKnown(wish, gpu)) {
      const names = prerequisitePackages(gpu)
      add('add-repository', {
        kind: 'write',
        target: listFiles[manager],
        reason:
          `${manager} does not know ${url}; its key must be ${keys.join(' or ')}` +
          (names.length > 0 ? `; installs ${names.join(', ')} for it` : '') +
          notYetRun(manager),
        undo: 'what was there before comes back',
      })
    }
    add('install-toolkit', {
      kind: 'install',
      target: `nvidia-container-toolkit ${goal.version}`,
      reason: `${goal.reason}; ${installCommand(manager, goal.version)}${notYetRun(manager)}`,
      disrupts:
        'its scripts ask systemd to reload, which can take the GPU from running containers; from systemd 237 on they are kept from it',
      undo: 'packages that were not there are removed, others get their former version back where it can be had',
    })
  }
  const hold = holdNames(wish, gpu)
  if (hold.length > 0) {
    add('hold-packages', {
      kind: 'hold',
      target: hold.join(', '),
      reason: 'an upgrade would change them under running containers, at a time that nobody chose',
      // Ubuntu's ready modules come with one package for each kernel, which the held one would bring.
      ...(hold.some((name) => /^linux-(modules|objects)-nvidia/.test(name)) && {
        disrupts:
          'the next kernel comes without a module of the driver: let go of them, or hold the kernel, before it is upgraded',
      }),
      undo: 'upgrades may touch them again',
    })
  }
  const { missing, hasRule, isNeeded } = gpu.deviceLinks
  if (isNeeded && (missing.length > 0 || !hasRule) && (gpu.toolkit.ctkVersion !== '' || (goal && manager !== ''))) {
    add('link-devices', {
      kind: 'write',
      target: '/dev/char, /etc/udev/rules.d/71-k3s-gpu-actions-dev-char.rules',
      reason:
        (missing.length > 0 ? `no link for ${missing.join(', ')}` : 'the links would be gone after the next boot') +
        ': without them a reload of systemd takes the GPU from running containers',
      undo: 'the rule is deleted; links do no harm and are gone after the next boot',
    })
  }
  const there = state.kind === 'none' ? '' : state.version
  return { changes, version: goal && manager !== '' ? goal.version : there }
}
