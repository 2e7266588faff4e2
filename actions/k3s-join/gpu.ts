import { gpuProcessesScript, parseFacts } from '../../src/host/index.ts'
import { effectiveChanges, foreignGpuProcesses, gpuProcessesCheck, mayTouchGpu } from '../../src/join/index.ts'
import type { Check } from '../../src/report/index.ts'
import type { Join, Planned } from './context.ts'

/** nvidia-smi is asked twice, each time for ten seconds at most. */
const lookTimeoutMs = 30_000

/**
 * Lists the GPU's processes once more, over one channel, and compares them with those of the survey. Undefined: nobody outside the
 * cluster used it, or nothing was planned that could have disturbed them. Rejects only when the run was cancelled.
 */
export async function lookAtGpu(join: Join, planned: Planned): Promise<Check | undefined> {
  const { facts } = planned.situation
  if (foreignGpuProcesses(facts).length === 0 || !effectiveChanges(planned.plan).some(mayTouchGpu)) return undefined
  const { allowGpuDisruption } = join.inputs
  try {
    const { lines } = await planned.host.run({
      name: 'gpu-processes',
      script: gpuProcessesScript,
      privilege: 'root-if-possible',
      timeoutMs: lookTimeoutMs,
      signal: join.signal,
    })
    return gpuProcessesCheck(facts, parseFacts(lines, Date.now()).gpu, allowGpuDisruption)
  } catch (error) {
    join.signal.throwIfAborted()
    return gpuProcessesCheck(facts, undefined, allowGpuDisruption, (error as Error).message)
  }
}

/** For the sentence that says what is true after a failure; undefined: nothing to say. */
export async function gpuAfterFailure(join: Join, planned: Planned): Promise<string | undefined> {
  if (join.signal.aborted) return undefined
  try {
    const check = await lookAtGpu(join, planned)
    if (check === undefined) return undefined
    join.run.record.check(check)
    return `GPU: ${check.found}`
  } catch {
    return undefined
  }
}
