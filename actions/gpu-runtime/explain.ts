import { diagnose } from '../../src/diagnosis/index.ts'
import type { CapacityOutcome } from '../../src/gpu/index.ts'
import type { PodState } from '../../src/kubernetes/index.ts'
import type { Check } from '../../src/report/index.ts'
import { failureOfChecks, RunFailure } from '../failure.ts'
import type { Gpu, Planned } from './context.ts'

/**
 * The failure of a plugin that does not offer the GPUs: by the catalogue where its words, those of its pod or of the driver are known
 * ones, else by the check that says no.
 */
export function failureOfPlugin(
  { inputs }: Gpu,
  { situation }: Planned,
  failing: readonly Check[],
  outcome: CapacityOutcome | undefined,
  pods: readonly PodState[],
): RunFailure {
  const { node } = inputs.desired
  const byCheck = failureOfChecks(`the GPUs of ${node} are not usable`, failing)
  // What pods of others say explains nothing here.
  const own = outcome?.state.pods ?? pods.filter((pod) => pod.images.some((image) => image.includes('device-plugin')))
  const texts = [
    ...own.flatMap(({ problems }) => problems),
    ...(outcome?.state.events ?? []),
    ...(outcome?.state.log ?? []),
    ...situation.gpu.smi.said.split('\n'),
  ].filter((text) => text.trim() !== '')
  if (outcome?.type !== 'hopeless' || texts.length === 0) return byCheck
  const diagnosis = diagnose({ stage: 'plugin', subject: node, fails: 'does not offer its GPUs', texts })
  if (!diagnosis) return byCheck
  return new RunFailure({ ...diagnosis, evidence: [...diagnosis.evidence, ...byCheck.failure.evidence].slice(0, 20) })
}
