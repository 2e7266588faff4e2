import { type Host, isConnectionLost } from '../../src/host/index.ts'
import { effectiveChanges, type Undone } from '../../src/join/index.ts'
import { between } from '../progress.ts'
import type { Run } from '../run.ts'
import { holdHost } from './alone.ts'
import type { Join, Planned } from './context.ts'
import { hasPreparation, undoPreparation, undoTimeoutMs as undoPreparationMs } from './prerequisites.ts'

/** Undo may take a while, but never hangs. */
const undoTimeoutMs = 60_000
/** The one new connection after a lost one: a network that is back, not a host that boots. */
const reconnectTimeoutMs = 15_000

/** What this run has done so far, for the sentence that says what is true now. */
export interface Tracks {
  /** Set when undo was tried; `failed` says why it could not be. */
  undone: (Undone & { readonly failed?: string }) | undefined
  /** Where the run was when it lost its connection to the host. */
  lostAt?: string
  tokenDeleted: boolean | undefined
  hostTouched: boolean
  /** The agent was seen at work as planned. What fails afterwards (labels, proof, record) undoes nothing on the host. */
  isJoined: boolean
  /** Who uses the GPU after a failure, compared with before; undefined: nobody did, or it was not asked. */
  gpu?: string | undefined
}

/** Follows the change log of a failed run backwards: host first, then the Node that this run brought about. Cancelled runs are not undone. */
export async function undo<I, P>(
  join: Join<I, P>,
  planned: Planned<I>,
  tracks: Tracks,
  error: unknown,
): Promise<Tracks['undone']> {
  if (join.signal.aborted || !tracks.hostTouched) return undefined
  if (isConnectionLost(error)) tracks.lostAt = between(join.run)
  const { run } = join
  const limitMs = undoTimeoutMs + (hasPreparation(planned) ? undoPreparationMs : 0)
  const signal = AbortSignal.any([join.signal, AbortSignal.timeout(limitMs)])
  try {
    return await run.stage('Undo', async (say) => {
      const undone = await removeFromHost(join, planned, say, signal)
      const changes = [...new Set(undone.changes)]
      const inCluster = await removeFromCluster(join, planned, changes.includes('agent-data'), signal)
      changes.push(...inCluster.changes)
      const remaining = [...undone.remaining, ...inCluster.remaining]
      for (const change of changes) run.record.undone(change)
      say(`  ${inWords(changes) || 'nothing to take back'}`)
      for (const one of remaining) say(`  ! left as it is: ${one}`)
      return { changes, remaining }
    })
  } catch (failure) {
    return { changes: [], remaining: [], failed: failure instanceof Error ? failure.message : String(failure) }
  }
}

/** What this run's agent brought about at the server: its Node, and its password where the host has forgotten it. */
async function removeFromCluster<I, P>(
  { cluster, distribution, inputs }: Join<I, P>,
  { situation, installation }: Planned<I>,
  isForgotten: boolean,
  signal: AbortSignal,
): Promise<Undone> {
  const { node } = await cluster.read(inputs.desired.node, signal)
  const isNew = node !== undefined && node.uid !== situation.reading.node?.uid
  if (isNew && !isSameMachine(node.systemUuid, situation.facts.systemUuid))
    return { changes: [], remaining: [`node ${node.name} (another machine has registered it meanwhile)`] }
  if (isNew) await cluster.deleteNode(node.name, node.uid, signal)
  const hasForgotten = isForgotten && (await distribution.forgetNode(cluster, situation, installation, isNew, signal))
  return { changes: isNew ? ['node'] : hasForgotten ? ['node-password'] : [], remaining: [] }
}

/** A board that does not tell its UUID is taken at its name's word, as the preflight does. */
function isSameMachine(one: string, other: string): boolean {
  return one === '' || other === '' || one.toLowerCase() === other.toLowerCase()
}

/** Over the connection that is there, else over ONE new one: then under the host's lock again, which was lost with the old one. */
async function removeFromHost<I, P>(
  join: Join<I, P>,
  planned: Planned<I>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Undone> {
  const remove = async (host: Host): Promise<Undone> => {
    const agent = await join.distribution.remove(host, join.identity, signal)
    const machine = await undoPreparation(join, planned, host, signal)
    return {
      changes: [...agent.changes, ...machine.changes],
      remaining: [...agent.remaining, ...machine.remaining],
    }
  }
  try {
    return await remove(planned.host)
  } catch (error) {
    if (!isConnectionLost(error) || signal.aborted) throw error
  }
  const host = await join.connect(AbortSignal.any([signal, AbortSignal.timeout(reconnectTimeoutMs)]))
  say(`  the connection was lost (${between(join.run)}), and is made again`)
  try {
    const hold = await holdHost(join, { host }, signal)
    try {
      return await remove(host)
    } finally {
      await hold.release()
    }
  } finally {
    await host.close()
  }
}

/** Changes of files, as people count them; the others have words of their own. */
const fileChanges = new Set(['install-binary', 'run-installer', 'write-config', 'edit-environment', 'edit-unit'])
const words: Readonly<Record<string, string>> = {
  start: 'unit stopped',
  restart: 'unit restarted as it was',
  enable: 'start at boot taken back',
  reload: 'systemd reloaded',
  join: 'the join was taken back',
  'agent-data': 'what the agent wrote was deleted',
  node: 'node deleted',
  'node-password': 'its password at the server deleted',
  'install-packages': 'packages removed again',
  'load-modules': 'modules unloaded',
  'set-sysctl': 'kernel settings as before',
  'enable-services': 'services as before',
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

function tokenState(run: Run, { tokenDeleted }: Tracks): string {
  if (tokenDeleted === undefined || !run.record.parts().applied.includes('mint-token')) return ''
  return tokenDeleted ? '; the join token was deleted' : '; the join token ends by itself within minutes'
}

/** One sentence: what is true now, and how to go on. */
export function stateOf(run: Run, tracks: Tracks): string {
  const gpu = tracks.gpu === undefined ? '' : `; ${tracks.gpu}`
  return `${deedsOf(run, tracks)}${gpu}${tokenState(run, tracks)}`
}

function deedsOf(run: Run, { undone, hostTouched, isJoined, lostAt }: Tracks): string {
  const host = run.node || 'the host'
  const { applied } = run.record.parts()
  if (!hostTouched) {
    const other = applied.filter((id) => id !== 'mint-token')
    return other.length > 0
      ? `changed in the cluster: ${other.join(', ')}; the next run goes on from there`
      : `nothing was changed on ${host}`
  }
  if (isJoined) {
    const missing = effectiveChanges(run.plan).filter((change) => !applied.includes(change.id))
    const rest = missing.length > 0 ? `not done yet: ${missing.map((change) => change.id).join(', ')}; ` : ''
    return `${host} has joined and its agent runs, so nothing was taken back; ${rest}press the button again, the next run goes on from there`
  }
  if (!undone) return `not undone (${between(run)}); the next run converges`
  if (undone.failed)
    return `not undone (${between(run)}), because the undo failed: ${undone.failed}; press the button again, the next run converges`
  const left = undone.remaining.length > 0 ? `; left as it is: ${undone.remaining.join(', ')}` : ''
  if (undone.changes.length === 0 && left === '') return `nothing was changed on ${host}`
  const lost = lostAt === undefined ? '' : ` after the connection was lost (${lostAt}) and made again`
  return `undone${lost}: ${inWords(undone.changes) || 'nothing'}${left}`
}
