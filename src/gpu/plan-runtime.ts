import type { Change } from '../report/index.ts'
import {
  analyseTemplates,
  defaultRuntimeFile,
  isRenderedHarmful,
  isToBeMoved,
  predictConfig,
  predictDefaultRuntime,
  predictRuntimes,
  readRendered,
  templatesToQuarantine,
} from './containerd/index.ts'
import { changeIds, type GpuFacts, type GpuSituation, type HostStep, type RestartReason } from './model.ts'

type Runtime = Pick<GpuSituation, 'wish' | 'gpu'>

/** Steps of the host that are this part's, in the order of `hostSteps`. `plannedSteps`: those of the toolkit. Pure. */
export function runtimeSteps(situation: Runtime, plannedSteps: readonly HostStep[] = []): readonly HostStep[] {
  const { wish, gpu } = situation
  const steps: HostStep[] = []
  if (templatesToQuarantine(situation).length > 0) steps.push('quarantine-template')
  const own = gpu.k3s.defaultRuntimes.find(({ place }) => place === defaultRuntimeFile)
  const hasOwnFile = own !== undefined || gpu.ownFiles.some(({ path }) => path === defaultRuntimeFile)
  // k3s does not start with a default runtime that it cannot find, so it is only set where it will be found.
  const canBeFound = predictRuntimes(gpu, plannedSteps).some(({ name }) => name === 'nvidia')
  if (
    wish.defaultRuntime === 'nvidia' &&
    canBeFound &&
    predictDefaultRuntime(gpu).value !== 'nvidia' &&
    own?.value !== 'nvidia'
  )
    steps.push('write-default-runtime')
  if (wish.defaultRuntime === 'unset' && hasOwnFile) steps.push('remove-default-runtime')
  return steps
}

/** k3s runs, and neither the file that it renders nor its containerd could be asked what it runs with. */
export const isConfigUnknown = ({ k3s, containerd }: GpuFacts): boolean =>
  k3s.activeState === 'active' && containerd.rendered === undefined && containerd.handlers === undefined

/**
 * Why k3s has to be restarted once the planned steps are done: what it rendered at its last start against what it would render
 * now. Empty: it need not be. A toolkit that is upgraded in place needs none, because its program is started for every container
 * anew. Nor does a restart help while a template stays that keeps containerd from reading what it needs. Pure.
 */
export function restartReasons(situation: Runtime, plannedSteps: readonly HostStep[]): readonly RestartReason[] {
  const { wish, gpu } = situation
  const { config, template } = predictConfig(gpu, plannedSteps)
  if (template && template.verdict !== 'harmless') return []
  const now = readRendered(gpu.containerd.rendered?.text ?? '')
  const programOf = (one: typeof now) => one.runtimes.find(({ name }) => name === 'nvidia')?.binaryName
  const reasons: RestartReason[] = []
  const [before, after] = [programOf(now), programOf(config)]
  const isKnownAnyway = gpu.containerd.rendered === undefined && gpu.containerd.handlers?.includes('nvidia')
  // What could be found already was rendered at the last start, wherever that is: what cannot be read is no reason.
  const isUnknown = isConfigUnknown(gpu) && predictRuntimes(gpu).some(({ name }) => name === 'nvidia')
  if (after !== undefined && before === undefined && !isKnownAnyway && !isUnknown) reasons.push('runtime-missing')
  if (after !== undefined && before !== undefined && after !== before) reasons.push('binary-path-changed')
  const [wasDefault, willBeDefault] = [now, config].map((one) => one.defaultRuntime === 'nvidia')
  // Any other difference is somebody else's, and waits for a restart: a check says so, and it stays their decision.
  const isWished = wish.defaultRuntime === (willBeDefault ? 'nvidia' : 'unset')
  if (wasDefault !== willBeDefault && isWished) reasons.push('default-runtime-changed')
  // Also when an earlier run moved it aside and ended before the restart.
  if (isRenderedHarmful(gpu)) reasons.push('harmful-template-removed')
  return reasons
}

const reasonWords: Readonly<Record<RestartReason, string>> = {
  'runtime-missing': 'what k3s rendered at its last start lacks the runtime nvidia, which it will find now',
  'binary-path-changed': 'k3s rendered another program for the runtime nvidia than it will find now',
  'default-runtime-changed': 'the default runtime changes',
  'harmful-template-removed': 'containerd runs with what a harmful template left of its configuration',
}

/** Moving aside a harmful template, the default runtime, and the restart that this and the toolkit need. Pure. */
export function planRuntime(situation: Runtime, plannedSteps: readonly HostStep[] = []): readonly Change[] {
  const { gpu } = situation
  const own = runtimeSteps(situation, plannedSteps)
  const steps = [...plannedSteps, ...own]
  const changes: Change[] = own.map((step) => changeOf(step as 'quarantine-template', situation))
  const reasons = restartReasons(situation, steps)
  if (reasons.length > 0 && gpu.k3s.unit !== '') {
    changes.push({
      id: changeIds.restart,
      kind: 'restart',
      target: gpu.k3s.unit,
      reason: reasons.map((reason) => reasonWords[reason]).join('; '),
      disrupts: `restarts ${gpu.k3s.unit}; containers keep running, GPU pods may be refused until the device plugin is back`,
      undo: 'restarted with what was there before',
    })
  }
  return changes
}

function changeOf(
  step: 'quarantine-template' | 'write-default-runtime' | 'remove-default-runtime',
  situation: Runtime,
): Change {
  if (step === 'quarantine-template') {
    const moved = new Set(templatesToQuarantine(situation).map(({ path }) => path))
    const harmful = analyseTemplates(situation.gpu).filter((one) => moved.has(one.path) && isToBeMoved(one))
    return {
      id: step,
      kind: 'edit',
      target: `${[...moved].join(', ')} (renamed to …disabled-<hash>)`,
      reason: harmful
        .map(({ verdict }) =>
          verdict === 'duplicates'
            ? 'it writes a table once more, and containerd does not start'
            : "it takes a part of k3s's own configuration away: gpu.containerd-template says which",
        )
        .join('; '),
      undo: 'renamed back',
    }
  }
  return step === 'write-default-runtime'
    ? {
        id: step,
        kind: 'write',
        target: `${defaultRuntimeFile} (default-runtime: nvidia)`,
        reason: 'default-runtime: nvidia is wished, and k3s will find the program',
        disrupts: 'after the restart every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one',
        undo: 'restored, or deleted where it was not there',
      }
    : {
        id: step,
        kind: 'remove',
        target: defaultRuntimeFile,
        reason: 'default-runtime: unset is wished, and this project wrote the file',
        undo: 'restored',
      }
}
