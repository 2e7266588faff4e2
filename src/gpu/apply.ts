import {
  changeLogScript,
  checkRunId,
  type Host,
  holderLine,
  lockWaitSeconds,
  packagesScript,
  type ScriptLine,
} from '../host/index.ts'
import type { Change } from '../report/index.ts'
import { type GpuFacts, type GpuWish, type HostStep, hostSteps, type RuntimeUnit, runtimeUnit } from './model.ts'
import { errorOfScript } from './remedies.ts'
import { scripts } from './scripts.generated.ts'
import { isDefaultByDropIn, wantedProgram } from './service/index.ts'
import { holdNames, planToolkit, prerequisitePackages, repositoryOf } from './toolkit.ts'

/** What the apply script works with. Nothing in it is secret. */
export interface RuntimeMaterial {
  /** Names the folder of the change log on the host; `undoRuntime` takes the same. */
  readonly runId: string
  /** For other runs that meet the host lock. */
  readonly holder: string
  readonly steps: readonly HostStep[]
  readonly unit: Exclude<RuntimeUnit, ''>
  readonly packageManager: GpuFacts['toolkit']['packageManager']
  /** Without the package's revision; empty: nothing is installed. */
  readonly toolkitVersion: string
  readonly repository: { readonly url: string; readonly keys: readonly string[] }
  /** Packages to be installed for `add-repository`. */
  readonly prerequisites: readonly string[]
  /** Packages that no upgrade may touch. */
  readonly hold: readonly string[]
  /** Templates to be moved aside, as the survey saw them. */
  readonly templates: readonly { readonly path: string; readonly sha256: string }[]
  readonly searchPath: readonly string[]
  /** Path of the runtime that containerd is told to start, for `configure-runtime`; empty: there is none. */
  readonly program: string
  readonly defaultRuntime: GpuWish['defaultRuntime']
}

/** What the planned steps need: from the wish, the facts, and the templates that were judged harmful. Pure. */
export function runtimeMaterial(
  run: { readonly runId: string; readonly holder: string },
  wish: GpuWish,
  gpu: GpuFacts,
  changes: readonly Change[],
  harmfulTemplates: readonly { readonly path: string; readonly sha256: string }[] = [],
): RuntimeMaterial {
  const unit = runtimeUnit(gpu)
  if (unit === '') throw new TypeError('no unit runs containers for a kubelet here')
  const planned = new Set(changes.filter((change) => change.waitsFor === undefined).map((change) => change.id))
  return {
    ...run,
    steps: hostSteps.filter((step) => planned.has(step)),
    unit,
    packageManager: gpu.toolkit.packageManager,
    toolkitVersion: planToolkit(wish, gpu).version,
    repository: repositoryOf(wish),
    prerequisites: prerequisitePackages(gpu),
    hold: holdNames(wish, gpu),
    templates: harmfulTemplates.map(({ path, sha256 }) => ({ path, sha256 })),
    searchPath: gpu.k3s.searchPath,
    program:
      wantedProgram(
        gpu,
        hostSteps.filter((step) => planned.has(step)),
      ) ?? '',
    // The file is written anew: what it sets already stays only when it is set again.
    defaultRuntime:
      wish.defaultRuntime === 'keep' && gpu.service && isDefaultByDropIn(gpu.service) ? 'nvidia' : wish.defaultRuntime,
  }
}

export interface ApplyRuntimeOptions {
  readonly signal: AbortSignal
  /** For waiting and working together; also the limit on the host. */
  readonly timeoutMs: number
  /** How long another run on the host is waited for. Default: a third of the time, at most a minute. */
  readonly lockWaitMs?: number
  /** Called when a step has ended well, with whether it had anything to do. */
  readonly onStep?: (step: HostStep, state: 'done' | 'unchanged') => void
  readonly onWaiting?: (holder: string) => void
}

export interface RuntimeOutcome {
  readonly steps: readonly { readonly step: HostStep; readonly state: 'done' | 'unchanged' }[]
  readonly isChanged: boolean
  /** Runs that were interrupted on this host, and the step at which; this run has converged what they left. */
  readonly interrupted: readonly { readonly runId: string; readonly step: string }[]
  /** What could not be done and stopped nothing, in one sentence each. */
  readonly warnings: readonly string[]
}

const isVersion = /^\d+\.\d+\.\d+(~[a-z0-9.]+)?$/
const isPackage = /^[a-z0-9][a-z0-9.+_:-]*$/

function checkMaterial(material: RuntimeMaterial): void {
  const { steps, toolkitVersion, repository, hold, prerequisites, templates, searchPath, program } = material
  const wrong = (what: string, value: string): never => {
    throw new TypeError(`${JSON.stringify(value.slice(0, 200))} is no ${what}`)
  }
  if (steps.includes('install-toolkit') && !isVersion.test(toolkitVersion)) wrong('version', toolkitVersion)
  if (steps.includes('add-repository')) {
    if (!/^(https?|file):\/\/[A-Za-z0-9._~:/%+-]*[A-Za-z0-9_~%+-]$/.test(repository.url)) wrong('URL', repository.url)
    if (repository.keys.length === 0) wrong('fingerprint of a key', '')
    for (const key of repository.keys) if (!/^[0-9A-F]{40}$/.test(key)) wrong('fingerprint of a key', key)
  }
  for (const name of [...hold, ...prerequisites]) if (!isPackage.test(name)) wrong('name of a package', name)
  for (const { path, sha256 } of templates) {
    if (!/^[0-9a-f]{64}$/.test(sha256) || /[\s:]/.test(path)) wrong('template', `${path}:${sha256}`)
  }
  if (steps.includes('configure-runtime') && !/^\/[A-Za-z0-9/._-]+$/.test(program)) wrong('path of a runtime', program)
  for (const folder of searchPath) if (/[:\n\0]/.test(folder)) wrong('folder of a search path', folder)
}

function stepOf(line: ScriptLine): { step: HostStep; state: 'done' | 'unchanged' } | undefined {
  if (typeof line.step !== 'string' || (line.state !== 'done' && line.state !== 'unchanged')) return undefined
  return { step: line.step as HostStep, state: line.state }
}

/**
 * Carries out the steps in their order, as root, in one session, under the host lock. Repeatable: what is as wanted is
 * reported `unchanged`. Restarts nothing. Rejects with HostStepError at the first step that fails (what was done stays, for
 * `undoRuntime`), with HostError when the host cannot be used, with TypeError when the material is not sound.
 */
export async function applyRuntime(
  host: Host,
  material: RuntimeMaterial,
  options: ApplyRuntimeOptions,
): Promise<RuntimeOutcome> {
  checkMaterial(material)
  const result = await host.run({
    name: 'apply',
    script: [
      scripts.files,
      changeLogScript,
      packagesScript,
      scripts.packages,
      scripts.repository,
      scripts['runtime-files'],
      scripts['configure-runtime'],
      scripts.apply,
    ].join('\n'),
    env: {
      RUN_ID: checkRunId(material.runId),
      HOLDER: holderLine(material.holder),
      LOCK_WAIT: lockWaitSeconds(options),
      STEPS: material.steps.join(' '),
      UNIT: material.unit,
      MANAGER: material.packageManager,
      VERSION: material.toolkitVersion,
      REPOSITORY: material.repository.url,
      KEYS: material.repository.keys.join(' '),
      PREREQUISITES: material.prerequisites.join(' '),
      HOLD: material.hold.join(' '),
      TEMPLATES: material.templates.map(({ path, sha256 }) => `${path}:${sha256}`).join(' '),
      SEARCH_PATH: material.searchPath.join(':'),
      PROGRAM: material.program,
      DEFAULT_RUNTIME: material.defaultRuntime,
    },
    privilege: 'root',
    timeoutMs: options.timeoutMs,
    signal: options.signal,
    onLine: (line) => {
      const step = stepOf(line)
      if (step) options.onStep?.(step.step, step.state)
      if (typeof line.waiting_for === 'string') options.onWaiting?.(line.waiting_for)
    },
  })
  const error = errorOfScript(host.label, 'the preparation', result)
  if (error) throw error
  const steps = result.lines.flatMap((line) => stepOf(line) ?? [])
  return {
    steps,
    isChanged: steps.some((step) => step.state === 'done'),
    interrupted: result.lines.flatMap((line) =>
      typeof line.interrupted === 'string' ? [{ runId: line.interrupted, step: String(line.step ?? '') }] : [],
    ),
    warnings: result.lines.flatMap((line) => (typeof line.warning === 'string' ? [line.warning] : [])),
  }
}
