import { type Check, checkCounts, formatDuration, ignoreChecks, oneLine, renderChecks } from '../../src/report/index.ts'
import type { GpuVerdict } from '../../src/triton/index.ts'
import {
  blockedSuite,
  entriesOf,
  gpuUuidsOf,
  portsAfter,
  runSuite,
  type SuiteOutcome,
  suites,
  type VerifyPorts,
  type VerifyWish,
} from '../../src/verify/index.ts'
import type { Verifying } from './context.ts'
import { patienceOf } from './ports.ts'
import { titles } from './titles.ts'

/** What all suites found together. */
export interface Found {
  readonly checks: readonly Check[]
  readonly metrics: Readonly<Record<string, number>>
  readonly gpuVerdict?: GpuVerdict
}

const leastSure: readonly GpuVerdict[] = ['cpu-fallback', 'unknown', 'gpu-likely', 'gpu-proved']

/** Ids that `ignore-checks` may name although nothing was found of them in this run. */
function knownIds(wish: VerifyWish): readonly string[] {
  return Object.values(suites).flatMap((suite) => entriesOf(suite, wish).map(({ id }) => id.replace(/\.<.*$/, '')))
}

/** Which GPUs may answer for a server is what the annotations of the nodes say; without an API nobody knows. */
async function withGpus(ports: VerifyPorts, wish: VerifyWish): Promise<VerifyWish> {
  try {
    const nodes = await ports.lists.nodes()
    const triton = wish.triton.map((target) => ({ ...target, gpuUuids: gpuUuidsOf(nodes, target.node) }))
    return { ...wish, triton }
  } catch {
    ports.signal.throwIfAborted()
    return wish
  }
}

/** What was not asked although something can be done about it, said once for each remedy. */
function unaskedLines(checks: readonly Check[]): readonly string[] {
  const mendable = checks.filter(({ verdict, remedy }) => verdict === 'skip' && remedy !== undefined)
  return [...Map.groupBy(mendable, ({ remedy }) => remedy).values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          `  - ${first.id}${others.length > 0 ? ` and ${others.length} more` : ''}  not asked: ${oneLine(first.found)}`,
          `      → ${oneLine(first.remedy ?? '')}`,
        ],
  )
}

/**
 * Asks the chosen suites in their order, a stage each, and says what a person should look at. `lines` collects what a suite says
 * meanwhile. Rejects when the run is cancelled, and with our own bugs; whatever cannot be asked is a check.
 */
export async function askSuites(
  verifying: Verifying,
  openPorts: (say: (line: string) => void) => VerifyPorts,
  isPlanned = false,
): Promise<Found> {
  const { run, inputs } = verifying
  const metrics: Record<string, number> = {}
  const asked: Check[] = []
  let gpuVerdict: GpuVerdict | undefined
  let speak: (line: string) => void = () => undefined
  const ports = openPorts((line) => speak(line))
  for (const name of inputs.wish.suites) {
    if (isPlanned && name !== 'api') continue
    const suite = suites[name]
    let counts = ''
    const startedMs = run.record.elapsedMs()
    await run.stage(
      titles[name],
      async (say) => {
        speak = (line) => say(`  ${line}`)
        const own = portsAfter(ports, asked)
        const wish = name === 'triton' ? await withGpus(own, inputs.wish) : inputs.wish
        const blocked = blockedSuite(suite, wish, asked)
        const outcome: SuiteOutcome = blocked
          ? { checks: blocked }
          : await runSuite(suite, own, wish, patienceOf(verifying))
        const { checks } = ignoreChecks(outcome.checks, inputs.ignoreChecks)
        asked.push(...checks)
        run.record.check(...checks)
        Object.assign(metrics, outcome.metrics)
        Object.assign(run.facts, outcome.facts)
        const proof = outcome.gpuVerdict
        if (proof && (!gpuVerdict || leastSure.indexOf(proof) < leastSure.indexOf(gpuVerdict))) gpuVerdict = proof
        for (const line of [...renderChecks(checks).slice(1), ...unaskedLines(checks)]) say(line)
        counts = checks.length === 0 ? 'nothing to ask' : checkCounts(checks)
      },
      () => `${counts}  ${formatDuration(run.record.elapsedMs() - startedMs).padStart(7)}`,
    )
  }
  const { unknown } = ignoreChecks(asked, inputs.ignoreChecks, knownIds(inputs.wish))
  for (const { id, nearest } of unknown)
    run.runner.line(
      `  ! ignore-checks: there is no check ${id}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    )
  return { checks: asked, metrics, ...(gpuVerdict ? { gpuVerdict } : {}) }
}
