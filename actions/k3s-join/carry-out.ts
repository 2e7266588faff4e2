import { effectiveChanges, touchesHost } from '../../src/join/index.ts'
import type { Ending } from '../run.ts'
import { applyHostChanges, changeNode, confirm, handshake, replaceNode, revokeToken, takeToken } from './changes.ts'
import type { Join, Planned } from './context.ts'
import { endJoined, endPlanned, noteNode } from './endings.ts'
import { startAndWait } from './start.ts'
import { type Tracks, undo } from './undo.ts'

/** Token, handshake, host, Node, proof: in this order, so that nothing is touched before the handshake has passed. */
export async function carryOut(join: Join, planned: Planned, tracks: Tracks): Promise<Ending> {
  const { run } = join
  if (touchesHost(planned.plan)) {
    const credential = await takeToken(join, planned)
    try {
      await handshake(join, planned, credential)
      await replaceNode(join, planned)
      tracks.hostTouched = true
      await applyHostChanges(join, planned, credential)
      await startAndWait(join, planned)
    } catch (error) {
      tracks.undone = await undo(join, planned, tracks)
      throw error
    } finally {
      tracks.tokenDeleted = await revokeToken(join, credential)
    }
  }
  await changeNode(join, planned)
  const isStarted = effectiveChanges(planned.plan).some((change) => ['start', 'restart'].includes(change.id))
  const node = await confirm(join, planned, isStarted ? 'active' : undefined, tracks.tokenDeleted ?? true)
  if (node) noteNode(run, { reading: { ...planned.situation.reading, node } })
  const waits = planned.plan.changes.length > effectiveChanges(planned.plan).length
  return waits ? endPlanned(join, planned) : endJoined(join, planned, run.record.elapsedMs())
}
