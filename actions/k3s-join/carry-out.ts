import { effectiveChanges, touchesHost } from '../../src/join/index.ts'
import type { Ending } from '../run.ts'
import {
  applyHostChanges,
  askAccess,
  changeNode,
  confirm,
  fetchRelease,
  handshake,
  recordDesired,
  replaceNode,
  revokeToken,
  settle,
  takeToken,
} from './changes.ts'
import type { Join, Planned } from './context.ts'
import { endJoined, endPlanned, noteNode } from './endings.ts'
import { collectEvidence } from './evidence.ts'
import { gpuAfterFailure } from './gpu.ts'
import { followStorageNode, prepareMachine } from './prerequisites.ts'
import { startAndWait } from './start.ts'
import { type Tracks, undo } from './undo.ts'

/** Carries the plan out; what fails after the host was touched is explained by what can be read there. */
export async function carryOut<I, P>(join: Join<I, P>, planned: Planned<I>, tracks: Tracks): Promise<Ending> {
  try {
    return await inOrder(join, planned, tracks)
  } catch (error) {
    throw await collectEvidence(join, planned, tracks, error)
  }
}

/** Token, handshake, host, Node, proof: in this order, so that nothing is touched before the handshake has passed. */
async function inOrder<I, P>(join: Join<I, P>, planned: Planned<I>, tracks: Tracks): Promise<Ending> {
  const { run } = join
  await askAccess(join, planned)
  let needsSettling = false
  if (touchesHost(planned.plan)) {
    const prepared = await fetchRelease(join, planned)
    const credential = await takeToken(join, planned)
    // A cancelled run has seconds: its token goes first, while everything else is still being closed.
    const revoked = once(() => revokeToken(join, credential))
    join.signal.addEventListener('abort', () => void revoked(), { once: true })
    try {
      await handshake(join, planned, credential)
      await replaceNode(join, planned)
      tracks.hostTouched = true
      await prepareMachine(join, planned)
      needsSettling = await applyHostChanges(join, planned, prepared, credential)
      await startAndWait(join, planned, credential)
      // From here on nothing is torn down any more: what is missing is added by the next run.
      tracks.isJoined = true
    } catch (error) {
      const explained = await collectEvidence(join, planned, tracks, error)
      tracks.undone = await undo(join, planned, tracks, error)
      if (tracks.hostTouched) tracks.gpu = await gpuAfterFailure(join, planned)
      throw explained
    } finally {
      tracks.tokenDeleted = await revoked()
    }
  }
  await changeNode(join, planned)
  const steps = effectiveChanges(planned.plan)
  const isStarted = steps.some((change) => ['start', 'restart'].includes(change.id))
  const waits = planned.plan.changes.length > steps.length
  const node = await confirm(join, planned, {
    unitState: isStarted ? 'active' : undefined,
    waits,
    isTokenDeleted: tracks.tokenDeleted ?? true,
  })
  if (needsSettling) await settle(join, planned)
  if (!waits) await followStorageNode(join)
  await recordDesired(join, planned)
  if (node) noteNode(run, { reading: { ...planned.situation.reading, node } })
  return waits ? endPlanned(join, planned) : endJoined(join, planned, run.record.elapsedMs())
}

/** Several may ask for the same deed; it is done once, and all hear how it went. */
function once<T>(deed: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined
  return () => {
    done ??= deed()
    return done
  }
}
