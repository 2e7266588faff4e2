import type { EvidenceFile } from '../../src/join/index.ts'
import { safeText } from '../evidence-files.ts'
import { StartFailure } from '../explain-start.ts'
import type { Join, Planned } from './context.ts'
import type { Tracks } from './undo.ts'

/** Collecting may take this long, and never keeps a run from undoing what it did. */
const collectLimitMs = 30_000
/** A host that does not even notice that it was told to stop. */
const graceMs = 1_000

/**
 * Collects what explains a failure, before anything of it is undone, and resolves with the error to go on with: the one that was given,
 * or a better explanation of the same. Nothing is collected twice, from a host that was not touched, or once the run is cancelled:
 * then there are seconds left. Never rejects.
 */
export async function collectEvidence(
  join: Join,
  planned: Planned,
  tracks: Tracks,
  error: unknown,
  limitMs = collectLimitMs,
): Promise<unknown> {
  const { run, signal } = join
  if (!tracks.hostTouched || signal.aborted || run.isCollected) return error
  run.isCollected = true
  try {
    return await run.stage('Collect evidence', async (say) => {
      const { texts, problems } = await readTexts(join, planned, limitMs)
      for (const problem of problems) say(`  ! ${problem}`)
      if (signal.aborted) return error
      const safe = texts.map(({ name, text }) => ({ name, text: safeText(text, run.redact) }))
      say(`  ${run.keepBundle(safe)}`)
      if (!(error instanceof StartFailure)) return error
      const recent = texts.flatMap((one) =>
        one.recent === undefined ? [] : safeText(one.recent, run.redact).split('\n'),
      )
      return error.inTheLightOf(recent)
    })
  } catch (problem) {
    run.runner.debug(`evidence: ${inWords(problem)}`)
    return error
  }
}

const inWords = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem))

/** Host and cluster are asked at the same time; either may fail without the other. */
async function readTexts(
  { distribution, cluster, identity, inputs, signal, run }: Join,
  { host }: Planned,
  limitMs: number,
): Promise<{ readonly texts: readonly EvidenceFile[]; readonly problems: readonly string[] }> {
  const limit = AbortSignal.timeout(limitMs)
  const either = AbortSignal.any([signal, limit])
  const startedAgoMs = run.startedAtMs === undefined ? {} : { startedAgoMs: run.record.elapsedMs() - run.startedAtMs }
  const [fromHost, fromCluster] = await Promise.allSettled([
    bounded(distribution.evidence(host, { ...identity, ...startedAgoMs }, either), either),
    bounded(cluster.describeNode(inputs.desired.node, either), either),
  ])
  return {
    texts: [
      ...(fromHost.status === 'fulfilled' ? fromHost.value : []),
      ...(fromCluster.status === 'fulfilled' ? [{ name: 'node.txt', text: fromCluster.value }] : []),
    ],
    problems: [
      ...(fromHost.status === 'rejected' ? [`no evidence from the host: ${inWords(fromHost.reason)}`] : []),
      ...(fromCluster.status === 'rejected' ? [`no evidence from the cluster: ${inWords(fromCluster.reason)}`] : []),
    ],
  }
}

/** Ends a little after the signal, whatever the work does. */
async function bounded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  let timer: NodeJS.Timeout | undefined
  const onAbort = (): void => {
    timer = setTimeout(() => reject(new Error('it did not end in time')), graceMs)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
