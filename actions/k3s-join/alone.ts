import type { Hold } from '../../src/join/index.ts'
import type { Join, Planned } from './context.ts'

/** How long another run is waited for, at most; less when a start may take less. */
const longestWaitMs = 120_000
/** For token, upload and installation, and for an undo, around the start that has a limit of its own. */
const marginMs = 7 * 60_000

/** Keeps other runs away from the host. Rejects with an error that says who holds it, and since when. */
export async function holdHost(join: Join, planned: Pick<Planned, 'host'>, signal: AbortSignal): Promise<Hold> {
  const { run, inputs, distribution, identity } = join
  const limits = { waitMs: Math.min(longestWaitMs, inputs.timeoutMs), holdMs: inputs.timeoutMs + marginMs }
  const wait = (holder: string): void => run.runner.line(`  waits for another run on this host: ${holder}`)
  return await distribution.hold(planned.host, identity, limits, wait, signal)
}

/** Whether tokens for this node are left, of runs that may be dead or alive. A kubeconfig that may not ask makes none either. */
export async function hasTokensLeft({ cluster, distribution, inputs, signal }: Join): Promise<boolean> {
  const left = await distribution.tokens(cluster, inputs.desired.node, signal).catch(() => [])
  signal.throwIfAborted()
  return left.length > 0
}

/** While the host is held no other run is alive that could need a token for its node. */
async function sweep({ run, cluster, distribution, inputs, signal }: Join): Promise<void> {
  try {
    await distribution.sweep(cluster, inputs.desired.node, signal)
  } catch (error) {
    signal.throwIfAborted()
    run.runner.debug(`tokens of earlier runs: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/**
 * Works while no other run can touch the host. `isStale`: another run was at work between the survey that the plan was made
 * from and now, so everything has to be looked at again.
 */
export async function alone<T>(join: Join, planned: Planned, work: (isStale: boolean) => Promise<T>): Promise<T> {
  const hold = await holdHost(join, planned, join.signal)
  try {
    await sweep(join)
    return await work(hold.hasWaited || hold.releasedAtMs > planned.situation.facts.clock.hostMs)
  } finally {
    await hold.release()
  }
}
