import type { NodeState } from '../../../kubernetes/index.ts'
import { type Check, count } from '../../../report/index.ts'
import { gather, skipped, unanswered } from '../../gather.ts'
import type { Finding, VerifyWish } from '../../model.ts'
import { questionOf } from '../../words.ts'
import { nodeEntries } from './entries.ts'
import { findConditions, findCordoned, findNotReady, findPressure, findSilent } from './judge-health.ts'
import { findAddresses, findLabels, findStrangers, findTaints, findVersions } from './judge-wanted.ts'

/** What was read about nodes. */
export interface NodesReading {
  readonly nodes: readonly NodeState[]
  /** Node → last renewal of its Lease, epoch milliseconds; an Error: they could not be read. */
  readonly renewals: ReadonlyMap<string, number> | Error
  readonly serverVersion: string
  /** The server's clock when the Leases were read, epoch milliseconds. */
  readonly nowMs: number
}

/** The checks of the suite. Pure; throws what could not be asked at all. */
export function judgeNodes(reading: NodesReading, wish: VerifyWish): readonly Check[] {
  const { nodes: all, renewals, serverVersion, nowMs } = reading
  const nodes = wish.nodes.length === 0 ? all : all.filter(({ name }) => wish.nodes.includes(name))
  const expected = wish.expected ?? {}
  const known = nodes.filter(({ name }) => Object.hasOwn(expected, name)).length
  const total = nodes.length
  type Id = (typeof nodeEntries)[number]['id']
  const ask = (id: Id, findings: readonly Finding[], passed: string, lead = ''): Check =>
    gather(id, questionOf(nodeEntries, id), findings, passed, wish.severities, lead)
  /** What only a cluster file can tell. */
  const asWanted = (id: Id, findings: () => readonly Finding[], passed: string): Check =>
    known === 0
      ? skipped(id, questionOf(nodeEntries, id), 'no cluster file says what these nodes must have')
      : ask(id, findings(), passed)

  const notReady = findNotReady(nodes, nowMs)
  const alive = total - notReady.length
  return [
    wish.expected === undefined && wish.nodes.length === 0
      ? skipped(
          'nodes.expected',
          questionOf(nodeEntries, 'nodes.expected'),
          `${count(total, 'node')}; no cluster file says which there must be`,
        )
      : ask('nodes.expected', findStrangers(all, wish.expected, wish.nodes), `${count(total, 'node')}, as wanted`),
    // Without any, everything else would be true.
    total === 0 && wish.nodes.length === 0
      ? ask('nodes.ready', [{ namespace: '', subject: 'cluster', found: 'there is no node', verdict: 'fail' }], '')
      : ask('nodes.ready', notReady, `${count(total, 'node')} Ready`, `${alive} of ${count(total, 'node')} Ready`),
    renewals instanceof Error
      ? unanswered('nodes.heartbeat', questionOf(nodeEntries, 'nodes.heartbeat'), renewals)
      : ask('nodes.heartbeat', findSilent(nodes, renewals, nowMs), `${count(alive, 'node')}, all within 40 s`),
    ask('nodes.cordoned', findCordoned(nodes), `${count(total, 'node')}, none cordoned`),
    ask('nodes.pressure', findPressure(nodes, nowMs), `${count(total, 'node')}, none under pressure`),
    ask('nodes.conditions', findConditions(nodes, nowMs), `${count(total, 'node')}, no problem told`),
    ask(
      'nodes.version',
      findVersions(nodes, serverVersion, wish),
      `${count(total, 'node')}; the server has ${serverVersion}`,
    ),
    asWanted('nodes.labels', () => findLabels(nodes, expected), `${count(known, 'node')} as wanted`),
    asWanted('nodes.taints', () => findTaints(nodes, expected), `${count(known, 'node')} as wanted`),
    ask(
      'nodes.addresses',
      findAddresses(all, expected).filter(({ subject }) => nodes.some(({ name }) => name === subject)),
      `${count(total, 'node')}, each with an address of its own`,
    ),
  ]
}
