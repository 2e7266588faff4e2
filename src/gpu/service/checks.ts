import { passed, unanswered } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import { containerdConfig, type GpuSituation, type HostStep, runtimeDropIn } from '../model.ts'
import {
  configObstacle,
  effectiveConfig,
  programOf,
  serviceRestartReasons,
  serviceSteps,
  toolkitObstacle,
  wantedProgram,
} from './plan.ts'

const question = 'Does containerd run with the runtime nvidia and the right program?'

/** What a containerd of its own needs for GPUs, each as it will be when the plan has been carried out. Pure. */
export function serviceChecks(situation: GpuSituation, plannedSteps: readonly HostStep[] = []): readonly Check[] {
  const steps = [...plannedSteps, ...serviceSteps(situation, plannedSteps)]
  return [
    unitCheck(situation),
    configCheck(situation, plannedSteps),
    defaultCheck(situation),
    runtimeCheck(situation, steps),
    pendingCheck(situation, steps),
  ]
}

function unitCheck({ gpu }: GpuSituation): Check {
  const { activeState = '', version = '' } = gpu.service ?? {}
  const asks = 'Does containerd run on this host?'
  if (activeState === 'active')
    return passed('containerd.service', asks, `containerd is active${version ? `, ${version}` : ''}`)
  return {
    id: 'containerd.service',
    verdict: 'fail',
    question: asks,
    found: `containerd is ${activeState || 'in an unknown state'}`,
    cause: 'a node whose containers cannot be started cannot be given GPUs',
    remedy: 'on the host: sudo journalctl -u containerd -n 50; sudo systemctl start containerd',
  }
}

function configCheck(situation: GpuSituation, plannedSteps: readonly HostStep[]): Check {
  const { gpu } = situation
  const id = 'gpu.containerd-config'
  const asks = "Can nvidia-ctk add a runtime to containerd's configuration?"
  const obstacle = (gpu.service && configObstacle(gpu.service)) ?? toolkitObstacle(situation, plannedSteps)
  if (obstacle) return { id, verdict: 'fail', question: asks, ...obstacle }
  return passed(id, asks, gpu.service?.config ? `by a file that ${containerdConfig} imports` : 'yes: there is none yet')
}

function defaultCheck({ wish, gpu }: GpuSituation): Check {
  const id = 'gpu.default-runtime'
  const asks = 'Is the default runtime the one that is meant?'
  const config = gpu.service && effectiveConfig(gpu.service)
  if (config === undefined) return unanswered(id, asks, 'containerd could not say: see gpu.containerd-config')
  if (config.defaultRuntime !== 'nvidia' || wish.defaultRuntime === 'nvidia')
    return passed(id, asks, config.defaultRuntime || 'runc')
  return {
    id,
    verdict: 'warn',
    question: asks,
    found: 'nvidia is the default runtime',
    cause: 'every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one',
    remedy: `press with \`default-runtime: unset\` where ${runtimeDropIn} sets it; else take default_runtime_name out of ${containerdConfig}`,
  }
}

function runtimeCheck(situation: GpuSituation, steps: readonly HostStep[]): Check {
  const { gpu } = situation
  const id = 'gpu.runtime-config'
  const { service } = gpu
  if (service === undefined || configObstacle(service)) return unanswered(id, question, 'see gpu.containerd-config')
  const config = effectiveConfig(service)
  if (config === undefined) {
    return {
      id,
      verdict: 'fail',
      question,
      found: 'unknown: containerd config dump could not be asked',
      cause: `root could not be had on this host, or the program is not on the PATH`,
      remedy: 'give `sudo-password`, or a user who may use sudo without one',
    }
  }
  const wanted = wantedProgram(gpu, steps)
  if (wanted === undefined) return unanswered(id, question, 'there is no nvidia-container-runtime: see gpu.toolkit')
  if (toolkitObstacle(situation, steps)) return unanswered(id, question, 'see gpu.containerd-config')
  if (serviceRestartReasons(situation, steps).length > 0)
    return { id, verdict: 'skip', question, found: 'not yet: the plan brings it, and it is confirmed then' }
  const { handlers } = gpu.containerd
  if (programOf(config) !== wanted || (handlers && !handlers.includes('nvidia'))) {
    return {
      id,
      verdict: 'fail',
      question,
      found:
        programOf(config) === wanted
          ? `it would start with it, but the running one names only ${handlers?.join(', ') || 'no handler'}`
          : `${programOf(config) ?? 'no runtime nvidia'} instead of ${wanted}`,
      cause: `another file overrides ${runtimeDropIn}, or containerd dropped the table`,
      remedy: 'on the host: sudo containerd config dump | grep -A6 nvidia; sudo journalctl -u containerd -n 50',
      evidence: service.dropIns.map(({ path }) => path),
    }
  }
  return passed(id, question, `${wanted}${handlers ? ', and the running containerd names it' : ''}`)
}

function pendingCheck(situation: GpuSituation, steps: readonly HostStep[]): Check {
  const id = 'gpu.restart-pending'
  const asks = 'Would the next restart of containerd change what it runs with?'
  const { changedSinceStart = [] } = situation.gpu.service ?? {}
  if (serviceRestartReasons(situation, steps).length > 0)
    return { id, verdict: 'skip', question: asks, found: 'yes: the plan restarts it' }
  if (changedSinceStart.length === 0) return passed(id, asks, 'no')
  // Nobody is told to restart what would not start again.
  if (situation.gpu.service?.problem) return unanswered(id, asks, 'it would not start again: see gpu.containerd-config')
  return {
    id,
    verdict: 'warn',
    question: asks,
    found: `${changedSinceStart.join(', ')} changed after it was started`,
    cause: 'somebody changed its configuration without restarting it',
    remedy: 'restart it when it suits: sudo systemctl restart containerd; or take the change back',
  }
}

/** Asked of a survey that was made after the changes. What nobody could answer is an error: it is no proof. Pure. */
export function confirmService(situation: GpuSituation): Check {
  const check = { ...runtimeCheck(situation, []), id: 'confirm.runtime-config' }
  if (check.verdict !== 'skip') return check
  const missing = serviceRestartReasons(situation, [])
  if (missing.length === 0)
    return {
      ...check,
      verdict: 'error',
      cause: 'the host did not say enough to prove it',
      remedy: 'press the button again; on the host: sudo containerd config dump | grep -A6 nvidia',
    }
  return {
    ...check,
    verdict: 'fail',
    found: `not so, although containerd was restarted: ${missing.join(', ')}`,
    cause: 'containerd started with another configuration than the one that was written',
    remedy: 'on the host: sudo journalctl -u containerd -n 50; sudo systemctl cat containerd | grep ExecStart',
  }
}
