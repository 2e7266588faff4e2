import type { GpuFacts, GpuSituation, HostStep, HostText } from '../model.ts'
import type { FoundRuntime } from './base.ts'
import type { RenderedConfig } from './rendered.ts'
import { analyseTemplate, type Outlook, ownConfig, type TemplateAnalysis } from './template.ts'

/** Program → name of the runtime that k3s makes of it (k3s-io/k3s pkg/agent/containerd/runtimes.go). */
const runtimeNames: Readonly<Record<string, string>> = {
  'nvidia-container-runtime': 'nvidia',
  'nvidia-container-runtime.cdi': 'nvidia-cdi',
  'nvidia-container-runtime-experimental': 'nvidia-experimental',
}
/** Where the packages put the first of them; the others are no longer part of them. */
const packagedProgram = { name: 'nvidia-container-runtime', folder: '/usr/bin' }

/** The file by which this project sets k3s's default runtime. */
export const defaultRuntimeFile = '/etc/rancher/k3s/config.yaml.d/60-k3s-gpu-actions-runtime.yaml'
export const operatorFolder = '/usr/local/nvidia/toolkit'

export const folderOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')))

/** Runtimes of NVIDIA that k3s finds when it starts next: of each program the first in its search path. Pure. */
export function predictRuntimes(gpu: GpuFacts, plannedSteps: readonly HostStep[] = []): readonly FoundRuntime[] {
  const { searchPath } = gpu.k3s
  const rank = (path: string) => searchPath.indexOf(folderOf(path))
  const programs = gpu.runtimes.map(({ name, path }) => ({ name, path }))
  const packaged = `${packagedProgram.folder}/${packagedProgram.name}`
  if (plannedSteps.includes('install-toolkit') && !programs.some(({ path }) => path === packaged))
    programs.push({ name: packagedProgram.name, path: packaged })
  const found = new Map<string, FoundRuntime>()
  const inOrder = programs.filter(({ path }) => rank(path) >= 0).sort((a, b) => rank(a.path) - rank(b.path))
  for (const { name: program, path } of inOrder) {
    const name = Object.hasOwn(runtimeNames, program) ? runtimeNames[program] : undefined
    if (name !== undefined && !found.has(name)) found.set(name, { name, path })
  }
  // k3s renders them sorted, as Go's templates range over a map.
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * The default runtime that k3s is told when it starts next. The last place wins: files of config.yaml.d in the order of their
 * names after config.yaml, then the unit's arguments.
 */
export function predictDefaultRuntime(
  gpu: GpuFacts,
  plannedSteps: readonly HostStep[] = [],
): { value: string; place: string } {
  const others = gpu.k3s.defaultRuntimes.filter(({ place }) => place !== defaultRuntimeFile)
  const own = gpu.k3s.defaultRuntimes.find(({ place }) => place === defaultRuntimeFile)
  const isOwnKept = own !== undefined && !plannedSteps.includes('remove-default-runtime')
  const isOwnWritten = plannedSteps.includes('write-default-runtime')
  const said = isOwnWritten ? { place: defaultRuntimeFile, value: 'nvidia' } : isOwnKept ? own : undefined
  const after = others.filter(({ place }) => comesAfterOurs(place))
  const before = others.filter(({ place }) => !comesAfterOurs(place))
  return [...before, ...(said ? [said] : []), ...after].at(-1) ?? { place: '', value: '' }
}

function comesAfterOurs(place: string): boolean {
  if (place === '/etc/rancher/k3s/config.yaml') return false
  const folder = `${folderOf(defaultRuntimeFile)}/`
  // What is no file of k3s's configuration is an argument of the unit.
  return place.startsWith(folder) ? place > defaultRuntimeFile : true
}

export function outlookOf(gpu: GpuFacts, plannedSteps: readonly HostStep[] = []): Outlook {
  return {
    runtimes: predictRuntimes(gpu, plannedSteps),
    defaultRuntime: predictDefaultRuntime(gpu, plannedSteps).value,
  }
}

/** Every template that this k3s heeds, in the order in which it looks for them: it takes the first that is there. */
export function analyseTemplates(gpu: GpuFacts, plannedSteps: readonly HostStep[] = []): readonly TemplateAnalysis[] {
  const outlook = outlookOf(gpu, plannedSteps)
  return gpu.containerd.templates
    .map((template) => analyseTemplate(template, gpu.containerd.rendered, gpu.k3s.version, outlook))
    .filter((one) => one.isHeeded)
    .sort((a, b) => Number(b.path.endsWith('/config-v3.toml.tmpl')) - Number(a.path.endsWith('/config-v3.toml.tmpl')))
}

/** True for what keeps a node from working: moved aside when that is wished. */
export const isToBeMoved = (one: TemplateAnalysis): boolean => one.verdict === 'harmful' || one.verdict === 'duplicates'

/**
 * The templates that the step `quarantine-template` moves aside: also one that k3s does not use yet because another comes first,
 * since it would be next. Empty unless that is wished.
 */
export function templatesToQuarantine({ wish, gpu }: Pick<GpuSituation, 'wish' | 'gpu'>): readonly HostText[] {
  if (!wish.quarantineTemplate) return []
  const harmful = new Set(
    analyseTemplates(gpu)
      .filter(isToBeMoved)
      .map(({ path }) => path),
  )
  return gpu.containerd.templates.filter(({ path }) => harmful.has(path))
}

/** The configuration that k3s renders when it starts after these steps, and the template that it takes then. */
export function predictConfig(
  gpu: GpuFacts,
  plannedSteps: readonly HostStep[],
): { readonly config: RenderedConfig; readonly template?: TemplateAnalysis } {
  const outlook = outlookOf(gpu, plannedSteps)
  const left = analyseTemplates(gpu, plannedSteps).filter(
    (one) => !(plannedSteps.includes('quarantine-template') && isToBeMoved(one)),
  )
  const [template] = left
  if (template) return { config: template.result, template }
  return { config: ownConfig(gpu.containerd.rendered, gpu.k3s.version, outlook) }
}

/** The configuration of the last start lacks what a node needs: a template was in effect, or still is. */
export function isRenderedHarmful(gpu: GpuFacts): boolean {
  const { rendered } = gpu.containerd
  if (!rendered) return false
  // It is judged like a template that says everything itself. Under this name, since nobody knows which file it came from: with
  // the other one the folders and the socket would have to be in it, too.
  const asTemplate = { ...rendered, path: '/config.toml.tmpl', text: rendered.text.replaceAll('{{', '{ {') }
  const { removes, problem, verdict } = analyseTemplate(asTemplate, rendered, gpu.k3s.version)
  return verdict !== 'unknown' && (problem !== undefined || removes.some((one) => one.isEssential))
}
