import { passed, unanswered } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import {
  analyseTemplates,
  folderOf,
  isRenderedHarmful,
  isToBeMoved,
  operatorFolder,
  predictConfig,
  predictRuntimes,
  readRendered,
} from '../containerd/index.ts'
import type { GpuSituation, HostStep } from '../model.ts'
import { isConfigUnknown, restartReasons, runtimeSteps } from '../plan-runtime.ts'
import { defaultRuntimeCheck } from './containerd-default.ts'
import { templateCheck } from './containerd-template.ts'

/**
 * What k3s and its containerd need for GPUs, each as it will be when the plan has been carried out: what the plan itself mends is no
 * failure. `plannedSteps`: those of the toolkit. Pure.
 */
export function containerdChecks(situation: GpuSituation, plannedSteps: readonly HostStep[] = []): readonly Check[] {
  const steps = [...plannedSteps, ...runtimeSteps(situation, plannedSteps)]
  if (situation.gpu.k3s.unit === '') return [serviceCheck(situation, steps)]
  return [
    serviceCheck(situation, steps),
    searchPathCheck(situation, steps),
    templateCheck(situation, steps),
    defaultRuntimeCheck(situation, steps),
    runtimeConfigCheck(situation, steps),
    restartPendingCheck(situation, steps),
  ]
}

function serviceCheck({ gpu }: GpuSituation, steps: readonly HostStep[]): Check {
  const id = 'k3s.service'
  const question = 'Does k3s run on this host?'
  const { unit, activeState, version } = gpu.k3s
  if (unit === '') {
    return {
      id,
      verdict: 'fail',
      question,
      found: 'neither k3s nor k3s-agent is installed as a unit',
      cause: 'GPUs are made usable on a machine that is a node already',
      remedy: 'let the machine join first (k3s-join), then run gpu-runtime',
    }
  }
  if (activeState === 'active') return passed(id, question, `${unit} is active${version ? `, ${version}` : ''}`)
  const isMended =
    steps.includes('quarantine-template') ||
    steps.includes('remove-default-runtime') ||
    (steps.includes('install-toolkit') && gpu.k3s.defaultRuntimes.at(-1)?.value === 'nvidia')
  return {
    id,
    verdict: isMended ? 'warn' : 'fail',
    question,
    found: `${unit} is ${activeState || 'in an unknown state'}`,
    cause: isMended ? 'what keeps it from starting is mended by this plan' : 'a node that is down cannot be given GPUs',
    remedy: isMended
      ? `nothing to do: ${unit} is started again`
      : `on the host: sudo journalctl -u ${unit} -n 50; sudo systemctl start ${unit}`,
  }
}

/**
 * Asked of a survey that was made after the changes: what was planned is so. What a restart would still have to bring is missing
 * now, and what nobody could answer is an error: both are no proof. Pure.
 */
export function confirmRuntimeConfig(situation: GpuSituation): Check {
  const { gpu } = situation
  const check = { ...runtimeConfigCheck(situation, []), id: 'confirm.runtime-config' }
  const missing = restartReasons(situation, [])
  if (check.verdict === 'skip' && missing.length > 0) {
    return {
      ...check,
      verdict: 'fail',
      found: `not so, although k3s was restarted: ${missing.join(', ')}`,
      cause: 'k3s rendered its configuration before this, or a template or another PATH of its unit is in the way',
      remedy: `on the host: sudo journalctl -u ${gpu.k3s.unit} -n 50 | grep -i runtime; sudo cat ${gpu.containerd.rendered?.path ?? '/var/lib/rancher/k3s/agent/etc/containerd/config.toml'}`,
      evidence: [`runtimes: ${namesIn(gpu.containerd.rendered?.text)}`],
    }
  }
  if (check.verdict !== 'skip') return check
  return {
    ...check,
    verdict: 'error',
    cause: 'the host did not say enough to prove it',
    remedy: 'press the button again; on the host: sudo k3s crictl info | grep -A3 nvidia',
  }
}

function searchPathCheck({ gpu, reading }: GpuSituation, steps: readonly HostStep[]): Check {
  const id = 'gpu.search-path'
  const question = 'Does k3s find the right nvidia-container-runtime by itself?'
  const programs = gpu.runtimes.filter(({ name }) => name === 'nvidia-container-runtime')
  const found = predictRuntimes(gpu, steps).find(({ name }) => name === 'nvidia')
  if (!found) {
    const outside = programs[0]
    if (outside) {
      return {
        id,
        verdict: 'fail',
        question,
        found: `${outside.path} is there, but ${gpu.k3s.unit} does not look in ${folderOf(outside.path)}`,
        cause: `it looks in ${gpu.k3s.searchPath.join(', ') || 'no folder'}, which is not the PATH of a shell`,
        remedy: `sudo ln -s ${outside.path} /usr/local/bin/nvidia-container-runtime, or install the packages (toolkit: install)`,
      }
    }
    return unanswered(id, question, 'there is no nvidia-container-runtime: see gpu.toolkit')
  }
  const isOperators = folderOf(found.path) === operatorFolder
  if (!isOperators) return passed(id, question, `${found.path}, the first one in its search path`)
  const owner = reading.daemonSets.find(
    ({ name, namespace }) => namespace === 'gpu-operator' || name.includes('nvidia-container-toolkit'),
  )
  if (owner) return passed(id, question, `${found.path}, kept by ${owner.namespace}/${owner.name}`)
  const packaged = programs.find(({ path }) => folderOf(path) !== operatorFolder)?.path
  const shadowed = packaged ?? (steps.includes('install-toolkit') ? '/usr/bin/nvidia-container-runtime' : undefined)
  return {
    id,
    verdict: 'fail',
    question,
    found: `${found.path} comes before ${shadowed ?? 'every other folder'}`,
    cause: `k3s looks in ${operatorFolder} first; gpu-operator left the folder behind, and nobody keeps it up to date`,
    remedy: `sudo mv ${operatorFolder} ${operatorFolder}.disabled; then run this again: k3s is restarted with the packaged one`,
    evidence: gpu.runtimes.map((one) => `${one.path}${one.package ? ` (package ${one.package})` : ' (no package)'}`),
  }
}

function runtimeConfigCheck(situation: GpuSituation, steps: readonly HostStep[]): Check {
  const { gpu } = situation
  const id = 'gpu.runtime-config'
  const question = 'Does containerd run with the runtime nvidia and the right program?'
  const { rendered, handlers } = gpu.containerd
  if (analyseTemplates(gpu, steps).some(isToBeMoved) && !steps.includes('quarantine-template'))
    return unanswered(id, question, 'a template is in the way: see gpu.containerd-template')
  if (isConfigUnknown(gpu)) {
    const isRoot = situation.host.privilege.state !== 'none'
    return {
      id,
      verdict: 'fail',
      question,
      found: 'unknown: neither /var/lib/rancher/k3s/agent/etc/containerd/config.toml nor k3s crictl info could be read',
      cause: isRoot
        ? 'k3s runs with another data-dir, with docker or with a containerd of its own, which this action does not know how to prepare'
        : `root could not be had on this host (${situation.host.privilege.problem || 'no sudo'}), and nobody else may read them`,
      remedy: isRoot
        ? `on the host: sudo systemctl cat ${gpu.k3s.unit} | grep -E 'data-dir|docker|container-runtime-endpoint'; sudo k3s crictl info`
        : 'give `sudo-password`, or a user who may use sudo without one',
    }
  }
  const { config, template } = predictConfig(gpu, steps)
  const wanted = predictRuntimes(gpu, steps).find(({ name }) => name === 'nvidia')?.path
  if (wanted === undefined)
    return unanswered(id, question, 'k3s finds no nvidia-container-runtime: see gpu.toolkit and gpu.search-path')
  const next = config.runtimes.find(({ name }) => name === 'nvidia')?.binaryName
  if (next !== wanted) {
    return {
      id,
      verdict: 'fail',
      question,
      found: next === undefined ? 'k3s will not render the runtime nvidia' : `${next} instead of ${wanted}`,
      cause: `${template?.path ?? 'a template'} sets the runtimes itself, and no restart changes that`,
      remedy: `add {{ template "base" . }} as its first line and take the nvidia tables out, or move it away: sudo mv ${template?.path ?? ''} /root/`,
    }
  }
  if (restartReasons(situation, steps).length > 0)
    return {
      id,
      verdict: 'skip',
      question,
      found: 'not yet: the plan restarts k3s, which brings it; it is confirmed then',
    }
  if (handlers && !handlers.includes('nvidia')) {
    return {
      id,
      verdict: 'fail',
      question,
      found: `config.toml has it, but the running containerd names only ${handlers.join(', ') || 'no handler'}`,
      cause: 'containerd dropped the table, or still runs with an older configuration',
      remedy: `on the host: sudo tail /var/lib/rancher/k3s/agent/containerd/containerd.log; sudo systemctl restart ${gpu.k3s.unit}`,
      evidence: [`${rendered?.path ?? 'config.toml'}: runtimes ${namesIn(rendered?.text)}`],
    }
  }
  return passed(id, question, `${wanted}${handlers ? ', and the running containerd names it' : ''}`)
}

const namesIn = (text = ''): string =>
  readRendered(text)
    .runtimes.map(({ name }) => name)
    .join(', ') || 'none'

function restartPendingCheck(situation: GpuSituation, steps: readonly HostStep[]): Check {
  const { gpu } = situation
  const id = 'gpu.restart-pending'
  const question = 'Would the next restart of k3s change what containerd runs with?'
  const { rendered } = gpu.containerd
  if (!rendered) return unanswered(id, question, 'k3s has rendered no configuration yet, or it could not be read')
  if (restartReasons(situation, steps).length > 0)
    return { id, verdict: 'skip', question, found: 'yes: the plan restarts it' }
  const { config } = predictConfig(gpu, steps)
  const now = readRendered(rendered.text)
  const [before, after] = [now, config].map((one) => one.defaultRuntime || 'runc')
  // One that cannot be found is the business of gpu.default-runtime: k3s would not even start.
  const isFound = after === 'runc' || config.runtimes.some(({ name }) => name === after)
  if (before !== after && isFound && !isRenderedHarmful(gpu)) {
    return {
      id,
      verdict: 'warn',
      question,
      found: `the default runtime is ${before}, and ${after} after the next restart`,
      cause: 'somebody changed default-runtime without restarting k3s',
      remedy: `restart it when it suits: sudo systemctl restart ${gpu.k3s.unit}; or take the change back`,
    }
  }
  return passed(id, question, 'no')
}
