import type { Undone } from '../../src/join/index.ts'
import type { Run } from '../run.ts'
import type { Join, Planned } from './context.ts'

/** Undo may take a while, but never hangs. */
const undoTimeoutMs = 60_000

/** What this run has done so far, for the sentence that says what is true now. */
export interface Tracks {
  /** Set when undo was tried; `failed` says why it could not be. */
  undone: (Undone & { readonly failed?: string }) | undefined
  tokenDeleted: boolean | undefined
  hostTouched: boolean
  /** Who uses the GPU after a failure, compared with before; undefined: nobody did, or it was not asked. */
  gpu?: string | undefined
}

/** Follows the change log of a failed run backwards: host first, then the Node that this run brought about. Cancelled runs are not undone. */
export async function undo(join: Join, planned: Planned, tracks: Tracks): Promise<Tracks['undone']> {
  if (join.signal.aborted || !tracks.hostTouched) return undefined
  const { run, distribution, cluster, identity, inputs } = join
  const signal = AbortSignal.any([join.signal, AbortSignal.timeout(undoTimeoutMs)])
  try {
    return await run.stage('Undo', async (say) => {
      const undone = await distribution.remove(planned.host, identity, signal)
      const changes = [...undone.changes]
      const { node } = await cluster.read(inputs.desired.node, signal)
      if (node && node.uid !== planned.situation.reading.node?.uid) {
        await cluster.deleteNode(node.name, node.uid, signal)
        changes.push('node')
      }
      for (const change of changes) run.record.undone(change)
      say(`  ${inWords(changes) || 'nothing to take back'}`)
      for (const one of undone.remaining) say(`  ! left as it is: ${one}`)
      return { changes, remaining: undone.remaining }
    })
  } catch (error) {
    return { changes: [], remaining: [], failed: error instanceof Error ? error.message : String(error) }
  }
}

/** Changes of files, as people count them; the others have words of their own. */
const fileChanges = new Set(['install-binary', 'run-installer', 'write-config', 'edit-environment', 'edit-unit'])
const words: Readonly<Record<string, string>> = {
  start: 'unit stopped',
  restart: 'unit restarted as it was',
  enable: 'start at boot taken back',
  reload: 'systemd reloaded',
  node: 'node deleted',
}

/** `unit stopped, 4 changes of files taken back, node deleted` */
function inWords(undone: readonly string[]): string {
  const files = undone.filter((id) => fileChanges.has(id)).length
  const others = undone.filter((id) => !fileChanges.has(id)).map((id) => words[id] ?? id)
  const [stopped = [], rest = []] = [
    others.filter((word) => word.startsWith('unit')),
    others.filter((word) => !word.startsWith('unit')),
  ]
  return [
    ...stopped,
    ...(files > 0 ? [`${files} ${files === 1 ? 'change' : 'changes'} of files taken back`] : []),
    ...rest,
  ].join(', ')
}

/** One sentence: what is true now, and how to go on. */
export function stateOf(run: Run, tracks: Tracks): string {
  return `${stateOfChanges(run, tracks)}${tracks.gpu === undefined ? '' : `; ${tracks.gpu}`}`
}

function stateOfChanges(run: Run, tracks: Tracks): string {
  const host = run.node || 'the host'
  const { applied } = run.record.parts()
  const token =
    tracks.tokenDeleted === undefined
      ? ''
      : !applied.includes('mint-token')
        ? ''
        : tracks.tokenDeleted
          ? '; the join token was deleted'
          : '; the join token ends by itself within minutes'
  if (!tracks.hostTouched) {
    const other = applied.filter((id) => id !== 'mint-token')
    return `${other.length > 0 ? `changed in the cluster: ${other.join(', ')}` : `nothing was changed on ${host}`}${token}`
  }
  if (!tracks.undone)
    return `not undone (${applied.join(', ') || 'nothing was finished'}); the next run converges${token}`
  if (tracks.undone.failed)
    return `undo failed: ${tracks.undone.failed}; press the button again, the next run converges${token}`
  const left = tracks.undone.remaining.length > 0 ? `; left as it is: ${tracks.undone.remaining.join(', ')}` : ''
  if (tracks.undone.changes.length === 0 && left === '') return `nothing was changed on ${host}${token}`
  return `undone: ${inWords(tracks.undone.changes)}${left}${token}`
}
