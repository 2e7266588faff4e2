import type { HostFacts, ScriptLine } from '../host/index.ts'
import { readPackages, readRepository } from './facts-packages.ts'
import { readSmi } from './facts-smi.ts'
import { compareVersions, driverVersionIn, most, pieces, text } from './facts-text.ts'
import type { ContainerdService, GpuFacts, HostText } from './model.ts'

const longestText = 64 * 1024

/** Without the parts of a version, e.g. `generic` of 6.8.0-60-generic, `x86_64` of 5.14.0-503.el9.x86_64: who boots one stays with it. */
const flavourOf = (release: string): string => release.split(/[-.]/).at(-1) ?? ''

/** The newest installed kernel of the running one's kind, when it is another. */
function nextKernel(line: ScriptLine | undefined, running: string): GpuFacts['driver']['nextKernel'] {
  const withModule = new Set(pieces(line, 'with_module', ' '))
  const newest = pieces(line, 'installed', ' ')
    .filter(
      (release) => /^\d/.test(release) && !release.includes('rescue') && flavourOf(release) === flavourOf(running),
    )
    .sort(compareVersions)
    .at(-1)
  if (newest === undefined || running === '' || compareVersions(newest, running) <= 0) return undefined
  return { release: newest.slice(0, 128), hasModule: withModule.has(newest) }
}

function driverFacts(lines: readonly ScriptLine[], running: string): Omit<GpuFacts['driver'], 'packages'> {
  const one = (name: string) => lines.find((line) => line.fact === `gpu.${name}`)
  const driver = one('driver')
  const reboot = one('reboot')
  const next = nextKernel(one('kernels'), running)
  const packages = [...new Set(pieces(reboot, 'packages'))]
  return {
    loaded: driverVersionIn(text(driver, 'loaded')),
    onDisk: driverVersionIn(text(driver, 'on_disk')),
    userSpace: driverVersionIn(text(driver, 'library').replace(/^.*\.so\./, '')),
    ...(next && { nextKernel: next }),
    isNouveauLoaded: driver?.nouveau === true,
    secureBoot: (['enabled', 'disabled'] as const).find((state) => state === driver?.secure_boot) ?? 'unknown',
    rebootPending: packages.length > 0 ? packages : reboot?.pending === true ? [''] : [],
    hasUnattendedUpgrades: one('unattended')?.on === true,
    kernelLog: pieces(one('kernel-log'), 'lines').slice(-20),
  }
}

function hostText(line: ScriptLine): HostText {
  const content = typeof line.text === 'string' ? line.text.slice(0, longestText) : ''
  return { path: text(line, 'path', 4096), sha256: text(line, 'sha256', 64), text: content }
}

/** What k3s's own part of the survey found of its unit (src/k3s/scripts/survey.sh): the last `--default-runtime` counts. */
function unitDefaultRuntime(unit: ScriptLine | undefined): GpuFacts['k3s']['defaultRuntimes'] {
  const words = text(unit, 'arguments', longestText).split('\n')
  return words.flatMap((word, at) => {
    const value =
      /^--?default-runtime=(.*)$/.exec(word)?.[1] ?? (/^--?default-runtime$/.test(word) ? words[at + 1] : undefined)
    return value === undefined ? [] : [{ place: text(unit, 'path', 4096), value: value.slice(0, 128) }]
  })
}

/** containerd as a unit of its own (scripts/survey-containerd.sh); undefined: there is none, or no kubelet that uses it. */
function serviceFacts(lines: readonly ScriptLine[]): ContainerdService | undefined {
  const said = lines.find((line) => line.fact === 'gpu.service')
  if (said === undefined) return undefined
  const files = lines.filter((line) => line.fact === 'gpu.service-file').slice(0, most)
  const one = (name: string) => files.filter((line) => line.name === name).map(hostText)[0]
  const [config, effective] = [one('config'), one('effective')]
  return {
    activeState: text(said, 'active', 64),
    version: text(said, 'version', 128),
    ...(config && { config }),
    dropIns: files.filter((line) => line.name === 'drop-in').map(hostText),
    ...(effective && { effective }),
    problem: text(said, 'problem', 500),
    changedSinceStart: pieces(said, 'changed').slice(0, 64),
  }
}

function runtimeFacts(line: ScriptLine | undefined): { search: string[]; runtimes: GpuFacts['runtimes'] } {
  const owners = new Map<string, string>()
  for (const row of pieces(line, 'owners')) {
    // "nvidia-container-toolkit-base: /usr/bin/…"; with several architectures "name:amd64: /usr/bin/…".
    const [, name, path] = /^([^:,\s]+)(?::[a-z0-9]+)?(?:, [^:]+)?: (\/.*)$/.exec(row) ?? []
    if (name !== undefined && path !== undefined) owners.set(path, name)
  }
  return {
    search: pieces(line, 'search', ':').slice(0, 64),
    runtimes: pieces(line, 'paths').map((path) => ({
      name: path.slice(path.lastIndexOf('/') + 1),
      path,
      package: owners.get(path) ?? '',
    })),
  }
}

/**
 * Reads the `gpu.…` lines of the survey (scripts/survey*.sh), and of k3s's the unit and the version. Everything in them was
 * said by the host and is data: texts are cut, what has not the form that it must have is left out. Pure; never throws.
 */
export function parseGpuFacts(facts: HostFacts): GpuFacts {
  const lines = facts.distribution
  const all = (name: string) => lines.filter((line) => line.fact === `gpu.${name}`).slice(0, most)
  const one = (name: string) => lines.find((line) => line.fact === name)
  const unit = one('k3s.unit')
  const links = one('gpu.device-links')
  const handlers = one('gpu.handlers')
  const packages = readPackages(one('gpu.packages'))
  const { search, runtimes } = runtimeFacts(one('gpu.runtimes'))
  const containerd = all('containerd')
  const rendered = containerd.filter((line) => line.name === 'config.toml').map(hostText)[0]
  const service = unit === undefined ? serviceFacts(lines) : undefined
  const configured = rendered ?? service?.effective
  const isSystemdCgroup = configured === undefined || /^\s*SystemdCgroup\s*=\s*true/m.test(configured.text)
  return {
    pci: all('pci')
      .map((line) => ({
        address: text(line, 'address', 32),
        id: text(line, 'id', 16).toLowerCase(),
        driver: text(line, 'driver', 64),
      }))
      .filter(({ address }) => /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/i.test(address)),
    ...readSmi(one('gpu.smi')),
    driver: { ...driverFacts(lines, facts.kernel), packages: packages.driver },
    toolkit: { ...packages.toolkit, ...readRepository(one('gpu.repository')) },
    k3s: {
      unit: (['k3s', 'k3s-agent'] as const).find((name) => name === unit?.name) ?? '',
      activeState: text(unit, 'active', 64),
      version: text(one('k3s.binary'), 'version', 128),
      searchPath: search,
      defaultRuntimes: [
        ...all('default-runtime').map((line) => ({
          place: text(line, 'place', 4096),
          value: text(line, 'value', 128),
        })),
        ...unitDefaultRuntime(unit),
      ],
    },
    ...(service && { service }),
    runtimes,
    containerd: {
      ...(rendered && { rendered }),
      templates: containerd.filter((line) => line.name !== 'config.toml').map(hostText),
      ...(handlers && { handlers: [...new Set(pieces(handlers, 'names'))] }),
    },
    deviceLinks: {
      missing: pieces(links, 'missing', ' '),
      hasRule: links?.rule === true,
      isNeeded: facts.init === 'systemd' && isSystemdCgroup,
    },
    ownFiles: all('own-file').map((line) => ({ path: text(line, 'path', 4096), sha256: text(line, 'sha256', 64) })),
  }
}
