/** Triton: from the address to an answer that the GPU gave. */
import type { Check } from '../../../report/index.ts'
import { type GpuVerdict, leastVerdict, type TritonTarget } from '../../../triton/index.ts'
import type { Suite, VerifyWish } from '../../model.ts'
import { tritonEntries } from './entries.ts'
import { askTarget, type TargetOutcome, type TritonRules } from './target.ts'

export type { TritonRules } from './target.ts'

/** How long it waits and how often it asks, on a living server. */
export const tritonRules: TritonRules = {
  askMs: 10_000,
  inferMs: 30_000,
  repeatAfterMs: [500, 2000],
  warmUps: 5,
  samples: 50,
  budgetMs: 15_000,
  load: { clients: 4, forMs: 5000 },
}

/** @param rules others than the usual ones, for worlds in which nothing takes long */
export function createTritonSuite(rules: TritonRules = tritonRules): Suite {
  // When the suite is asked again because one target could not be, the others have answered: they are not put under load once more.
  const known = new WeakMap<VerifyWish, Map<TritonTarget, TargetOutcome>>()
  return {
    name: 'triton',
    entries: tritonEntries,
    // It goes to Triton's own address, never through the API server.
    access: () => [],
    async verify(ports, wish) {
      const checks: Check[] = []
      const facts: Record<string, string> = {}
      const metrics: Record<string, number> = {}
      let least: GpuVerdict | undefined
      // One after the other: they may share a card, and their latencies are measured.
      const answered = known.get(wish) ?? new Map<TritonTarget, TargetOutcome>()
      known.set(wish, answered)
      for (const target of wish.triton) {
        const before = answered.get(target)
        if (!before) ports.say(`Triton at ${new URL(target.endpoint.url).host}: ${target.model}`)
        const outcome = before ?? (await askTarget(ports, wish, target, rules))
        if (outcome.checks.every(({ verdict }) => verdict !== 'error')) answered.set(target, outcome)
        checks.push(...outcome.checks)
        Object.assign(facts, outcome.facts)
        Object.assign(metrics, outcome.metrics)
        least = least === undefined ? outcome.verdict : leastVerdict(least, outcome.verdict)
      }
      return { checks, facts, metrics, ...(least !== undefined && { gpuVerdict: least }) }
    },
  }
}

export const tritonSuite: Suite = createTritonSuite()
