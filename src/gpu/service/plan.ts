import type { Change } from '../../report/index.ts'
import { type RenderedConfig, readRendered } from '../containerd/index.ts'
import { compareVersions } from '../facts-text.ts'
import {
  type ContainerdService,
  changeIds,
  containerdConfig,
  defaultToolkitVersion,
  type GpuFacts,
  type GpuSituation,
  type HostStep,
  packagedRuntime,
  type RestartReason,
  runtimeDropIn,
} from '../model.ts'

type Runtime = Pick<GpuSituation, 'wish' | 'gpu'>

/** The first toolkit whose nvidia-ctk writes a file beside the owner's configuration (`--drop-in-config`: in v1.18.0, not in v1.17.8). */
const firstWithDropIn = '1.18.0'

/** What containerd would start with now; undefined: it could not say. */
export function effectiveConfig({ effective }: ContainerdService): RenderedConfig | undefined {
  return effective === undefined ? undefined : readRendered(effective.text)
}

/** The program that containerd shall start for the runtime nvidia: the packaged one where it is or will be, else the first that is there. */
export function wantedProgram(gpu: GpuFacts, plannedSteps: readonly HostStep[] = []): string | undefined {
  const programs = gpu.runtimes.filter(({ name }) => name === 'nvidia-container-runtime').map(({ path }) => path)
  if (programs.includes(packagedRuntime) || plannedSteps.includes('install-toolkit')) return packagedRuntime
  return programs[0]
}

export const programOf = (config: RenderedConfig | undefined): string | undefined =>
  config?.runtimes.find(({ name }) => name === 'nvidia')?.binaryName

/**
 * What forbids that nvidia-ctk writes the runtime; undefined: nothing. Of a configuration without `version` it makes one of version 1 and
 * writes that to the drop-in, which nothing imports: it says that it went well, and nothing changes (NVIDIA/nvidia-container-toolkit
 * v1.20.0, pkg/config/engine/containerd/containerd.go: "Version 1 configs do not support imports / drop-in files").
 */
export function configObstacle(
  service: ContainerdService,
): { found: string; cause: string; remedy: string } | undefined {
  const { config, problem, effective } = service
  if (problem !== '') {
    return {
      found: `containerd cannot read its configuration: ${problem}`,
      cause: 'it would not start again with what is there',
      remedy: `mend ${containerdConfig} until this is quiet: sudo containerd config dump >/dev/null`,
    }
  }
  if (config !== undefined && config.text.trim() !== '' && !/^\s*version\s*=\s*[0-9]+/m.test(config.text)) {
    return {
      found: `${containerdConfig} names no version, so it is one of version 1`,
      cause: 'nvidia-ctk cannot write a drop-in for it: it would say that all went well, and nothing would change',
      remedy: `let containerd make it anew, then set SystemdCgroup again: sudo cp ${containerdConfig} ${containerdConfig}.v1; containerd config default | sudo tee ${containerdConfig}`,
    }
  }
  const disabled = effective === undefined ? [] : disabledPlugins(effective.text)
  if (disabled.some((name) => /cri$|\.cri\./.test(name))) {
    return {
      found: `its plugin cri is disabled (${containerdConfig})`,
      cause: "docker's package ships such a file; a kubelet cannot use this containerd",
      remedy: `take cri out of disabled_plugins in ${containerdConfig}, then: sudo systemctl restart containerd`,
    }
  }
  return undefined
}

function disabledPlugins(text: string): readonly string[] {
  const [, list = ''] = /^\s*disabled_plugins\s*=\s*\[([^\]]*)\]/m.exec(text) ?? []
  return [...list.matchAll(/["']([^"']+)["']/g)].map(([, name = '']) => name)
}

/** What containerd would start with differs from what is wanted. */
function needsWriting({ wish, gpu }: Runtime, plannedSteps: readonly HostStep[]): boolean {
  const { service } = gpu
  if (service === undefined || configObstacle(service) !== undefined) return false
  const wanted = wantedProgram(gpu, plannedSteps)
  const config = effectiveConfig(service)
  if (wanted === undefined || config === undefined) return false
  const isDefault = config.defaultRuntime === 'nvidia'
  const isOtherDefault =
    (wish.defaultRuntime === 'nvidia' && !isDefault) ||
    (wish.defaultRuntime === 'unset' && isDefault && isDefaultByDropIn(service))
  return programOf(config) !== wanted || isOtherDefault
}

/** An nvidia-ctk that can only rewrite the owner's own configuration. One that does not say its version is tried. */
function isTooOld({ toolkit }: GpuFacts, plannedSteps: readonly HostStep[]): boolean {
  const { ctkVersion } = toolkit
  const isOld = ctkVersion !== '' && compareVersions(ctkVersion, firstWithDropIn) < 0
  return isOld && !plannedSteps.includes('install-toolkit')
}

/** Why nvidia-ctk is not asked to write what is missing; undefined: it is, or nothing is missing. Pure. */
export function toolkitObstacle(
  situation: Runtime,
  plannedSteps: readonly HostStep[],
): { found: string; cause: string; remedy: string } | undefined {
  if (!needsWriting(situation, plannedSteps) || !isTooOld(situation.gpu, plannedSteps)) return undefined
  return {
    found: `the toolkit is ${situation.gpu.toolkit.ctkVersion}, and its nvidia-ctk writes no drop-in`,
    cause: `it would rewrite ${containerdConfig} itself; from ${firstWithDropIn} on it writes ${runtimeDropIn}`,
    remedy: `press with \`toolkit-version: ${defaultToolkitVersion}\` (gpu-runtime.toolkit-version in the cluster file): the toolkit is upgraded first`,
  }
}

/** The step that lets nvidia-ctk write the runtime. Pure. */
export function serviceSteps(situation: Runtime, plannedSteps: readonly HostStep[] = []): readonly HostStep[] {
  const isAsked = needsWriting(situation, plannedSteps) && !isTooOld(situation.gpu, plannedSteps)
  return isAsked ? ['configure-runtime'] : []
}

/** The default runtime was set by the file that nvidia-ctk writes, and is nobody else's. */
export function isDefaultByDropIn({ dropIns }: ContainerdService): boolean {
  const own = dropIns.find(({ path }) => path === runtimeDropIn)
  return own !== undefined && readRendered(own.text).defaultRuntime === 'nvidia'
}

/**
 * Why containerd has to be restarted once the planned steps are done. Empty: it need not be. Without crictl nobody can ask the running one:
 * then a configuration that is newer than its process tells. Pure.
 */
export function serviceRestartReasons(
  { wish, gpu }: Runtime,
  plannedSteps: readonly HostStep[],
): readonly RestartReason[] {
  const { service } = gpu
  if (service === undefined || configObstacle(service) !== undefined) return []
  const config = effectiveConfig(service)
  const { handlers } = gpu.containerd
  const reasons: RestartReason[] = []
  if (plannedSteps.includes('configure-runtime')) {
    const before = programOf(config)
    if (before === undefined) reasons.push('runtime-missing')
    else if (before !== wantedProgram(gpu, plannedSteps)) reasons.push('binary-path-changed')
    if ((config?.defaultRuntime === 'nvidia') !== (wish.defaultRuntime === 'nvidia') && wish.defaultRuntime !== 'keep')
      reasons.push('default-runtime-changed')
    return reasons
  }
  // An earlier run wrote it and ended before the restart.
  const isPending = service.changedSinceStart.length > 0
  const runsWithout = handlers === undefined ? isPending : !handlers.includes('nvidia')
  if (programOf(config) !== undefined && runsWithout && (isPending || handlers !== undefined))
    reasons.push('runtime-missing')
  return reasons
}

const reasonWords: Readonly<Partial<Record<RestartReason, string>>> = {
  'runtime-missing': 'the running containerd does not know the runtime nvidia yet',
  'binary-path-changed': 'the running containerd starts another program for the runtime nvidia',
  'default-runtime-changed': 'the default runtime changes',
}

/** What nvidia-ctk writes, and the restart that it needs. Pure. */
export function planService(situation: Runtime, plannedSteps: readonly HostStep[] = []): readonly Change[] {
  const own = serviceSteps(situation, plannedSteps)
  const changes: Change[] = own.map((id) => ({
    id,
    kind: 'write',
    target: `${runtimeDropIn}, imported by ${containerdConfig} (nvidia-ctk runtime configure)`,
    reason:
      programOf(situation.gpu.service && effectiveConfig(situation.gpu.service)) === undefined
        ? 'containerd has no runtime nvidia'
        : 'the runtime nvidia is set otherwise than wanted',
    undo: 'both files are put back as they were',
  }))
  const reasons = serviceRestartReasons(situation, [...plannedSteps, ...own])
  if (reasons.length > 0) {
    changes.push({
      id: changeIds.restart,
      kind: 'restart',
      target: 'containerd',
      reason: reasons.map((reason) => reasonWords[reason] ?? reason).join('; '),
      disrupts: 'restarts containerd; containers keep running, and none is started for some seconds',
      undo: 'restarted with what was there before',
    })
  }
  return changes
}
