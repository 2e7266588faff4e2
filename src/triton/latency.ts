import type { Latency } from './model.ts'

/**
 * Percentiles by nearest rank.
 * @param durationsMs of one client in turn, after its warm-up; not empty
 * @param serverMs mean that the server itself spent on each; undefined: it does not tell
 */
export function latencyOf(durationsMs: readonly number[], serverMs?: number): Latency {
  const sorted = durationsMs.toSorted((one, other) => one - other)
  const at = (share: number): number => rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0)
  const mean = sorted.reduce((sum, duration) => sum + duration, 0) / Math.max(1, sorted.length)
  return {
    samples: sorted.length,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    // More than the whole cannot be: then somebody else's requests are in its statistics.
    ...(serverMs !== undefined &&
      serverMs <= mean && { serverMs: rounded(serverMs), networkMs: rounded(mean - serverMs) }),
  }
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100
}
