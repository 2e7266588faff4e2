import { type RecordedGpus, readGpuAnnotation, readProof } from '../../../gpu/index.ts'
import type { PodOutcome } from '../../pod-run/index.ts'
import type { GpuNode } from '../gpu/read.ts'
import type { Step } from './entries.ts'
import { isEmpty, type Judgement, judgeCompute, judgeDevice } from './judge-proof.ts'
import { heldBy, type JobPlan } from './plan.ts'

/** Verdicts of the three steps; what is missing is blocked by the one before it. */
export type Judgements = Partial<Record<Step, Judgement>>

/** A pod that was tried, and how that ended. */
export type Tried = Exclude<JobPlan, { type: 'skip' }>

const told = (verdict: Judgement['verdict'], { found, cause, remedy, evidence }: PodOutcome): Judgement => ({
  verdict,
  found,
  ...(cause === '' ? {} : { cause }),
  ...(remedy === '' ? {} : { remedy }),
  ...(evidence.length === 0 ? {} : { evidence }),
})

/** That the GPU is held is no failure, and nothing that a later step could do anything about. */
function busy({ share }: Tried): Judgements {
  const found = `busy: ${heldBy(share)}`
  return {
    scheduled: { verdict: 'skip', found },
    device: { verdict: 'skip', found },
    compute: { verdict: 'skip', found },
  }
}

/** How the pod got onto the node, or why not; undefined: it did. */
function judgeScheduling(tried: Tried, outcome: PodOutcome, isHeldNow: boolean): Judgements | undefined {
  switch (outcome.code) {
    case 'insufficient':
      // Somebody else came first, between the list and the Job.
      if (outcome.missing === tried.share.resource && isHeldNow) return busy(tried)
      return { scheduled: told('fail', outcome) }
    case 'taint':
    case 'no-node':
    case 'unschedulable':
    case 'not-admitted':
      return { scheduled: told('fail', outcome) }
    case 'not-allowed':
    case 'no-namespace':
      return { scheduled: told('skip', { ...outcome, found: `may not be asked: ${outcome.found}` }) }
    // The probe did not come as far as the GPU: nothing is known about it.
    case 'pod-security':
    case 'quota':
    case 'refused':
    case 'taken-away':
      return { scheduled: told('error', outcome) }
    case 'deadline':
      return outcome.isAdmitted ? undefined : { scheduled: told('fail', outcome) }
    default:
      return undefined
  }
}

/** The runtime's own words about the GPU, and not about the image. */
const isAboutGpu = ({ evidence }: PodOutcome): boolean => /nvidia|cdi|nvml|cuda/i.test(evidence.join(' '))

/** What it did there, when no proof can be read. */
function judgeSilence(outcome: PodOutcome): Judgement {
  switch (outcome.code) {
    case 'sandbox':
      return told(/no runtime for/.test(outcome.evidence.join(' ')) ? 'fail' : 'error', outcome)
    case 'container':
      // What an image demands of the driver (NVIDIA_REQUIRE_CUDA) says something about the image.
      return told(
        isAboutGpu(outcome) && !/unsatisfied condition/.test(outcome.evidence.join(' ')) ? 'fail' : 'error',
        outcome,
      )
    case 'deadline':
      // A GPU that hangs is a fault of it; an image that is still on its way is not.
      return told(/did not end/.test(outcome.found) ? 'fail' : 'error', outcome)
    case 'succeeded':
      return outcome.log === ''
        ? {
            verdict: 'skip',
            found: 'may not be asked: get pods/log, which is where the proof is',
            remedy: "with an administrator's kubeconfig: kubectl apply -f manifests/verify-probe-rbac.yaml",
          }
        : {
            verdict: 'error',
            found: 'what the pod printed is no proof',
            cause: 'the image did not run what it was given',
            remedy: 'give another image (input gpu-image)',
            evidence: outcome.log.split('\n').slice(-5),
          }
    default:
      return {
        ...told('error', outcome),
        evidence: [...outcome.evidence, ...outcome.log.split('\n').slice(-5)].filter(Boolean),
      }
  }
}

const resourcesOf = ({ spec }: Tried): number =>
  Object.values(spec.devices ?? {}).reduce((sum, number) => sum + number, 0)

/**
 * L5 to L7 of one node: the pod came onto it, saw the GPU, and computed. `isHeldNow`: other pods hold the GPU by now. Pure.
 */
export function judgeJob(one: GpuNode, tried: Tried, outcome: PodOutcome, isHeldNow: boolean): Judgements {
  const early = judgeScheduling(tried, outcome, isHeldNow)
  if (early !== undefined) return tried.type === 'look' ? withoutClaim(tried, early.scheduled) : early
  const words = Object.entries(tried.spec.devices ?? {})
    .map(([name, number]) => `${name}: ${number}`)
    .join(', ')
  const scheduled: Judgement =
    tried.type === 'look'
      ? { verdict: 'skip', found: `busy: ${heldBy(tried.share)}` }
      : { verdict: 'pass', found: `a pod with ${words} got onto ${one.name}` }
  const proof = readProof(outcome.log, tried.seed)
  if (isEmpty(proof) || proof.device === undefined) return { scheduled, device: judgeSilence(outcome) }
  const recorded: RecordedGpus | 'unreadable' | undefined = one.node && readGpuAnnotation(one.node.annotations)
  const claimed = resourcesOf(tried)
  const device = judgeDevice(proof.device, {
    node: one.name,
    claimed,
    isDivided: tried.share.resource.includes('mig-'),
    ...(recorded === undefined || recorded === 'unreadable' ? {} : { recorded }),
  })
  // Without a claim the toolkit may bring nothing in (accept-nvidia-visible-devices-envvar-when-unprivileged=false, or CDI).
  const isUnseen = proof.device.gpus.length === 0 && proof.device.exit === 127
  if (tried.type === 'look' && isUnseen) return busy(tried)
  if (tried.type === 'look')
    return {
      scheduled,
      device: { ...device, found: `${device.found} (looked at only, since it is busy)` },
      compute: { verdict: 'skip', found: `busy: ${heldBy(tried.share)}; a computation would take memory from them` },
    }
  if (device.verdict === 'fail') return { scheduled, device }
  const compute =
    proof.compute === undefined
      ? judgeSilence(outcome)
      : judgeCompute(proof.compute, {
          node: one.name,
          seed: tried.seed,
          claimed: tried.share.resource.includes('mig-') ? 1 : claimed,
        })
  return { scheduled, device, compute }
}

/** A pod that was only to look did not get there: the GPU is busy all the same, and that is what is known. */
function withoutClaim(tried: Tried, why: Judgement | undefined): Judgements {
  const all = busy(tried)
  return why === undefined
    ? all
    : { ...all, device: { ...why, verdict: why.verdict === 'fail' ? 'error' : why.verdict } }
}
