import type { ClusterFile, JoinSettings, Problem } from '../../src/cluster-file/index.ts'
import { quote } from '../../src/cluster-file/index.ts'
import type { DrainWishes } from '../../src/leave/index.ts'
import { FileSettings } from '../file-settings.ts'
import type { JoinValues } from './input-sources.ts'
import { specification } from './specification.ts'

/** How a node leaves, as the inputs and the cluster file say it. */
export interface LeaveSettings {
  /** The machine is gone for good: only the cluster is cleared of it. */
  readonly isHostGone: boolean
  readonly drainTimeoutMs: number
  readonly wishes: DrainWishes
}

const defaultDrainTimeoutMs = 5 * 60_000

export function isHostGone(values: JoinValues): boolean {
  return values.state === 'absent' && values['host-gone']
}

/** Inputs of a removal that are fine alone and not together. */
export function leaveContradictions(values: JoinValues): readonly Problem[] {
  const problems: Problem[] = []
  const typed = values['remove-node']
  const node = values.node ?? ''
  const isLeaving = values.state === 'absent'
  if (!isLeaving && values['host-gone'])
    problems.push({
      input: 'host-gone',
      problem: 'is given, but no node is to leave',
      allowed: 'leave it out, or give `state: absent`',
    })
  if (!isLeaving && typed !== undefined)
    problems.push({
      input: 'remove-node',
      value: quote(typed),
      problem: 'is given, but no node is to leave',
      allowed: 'leave it out, or give `state: absent`',
    })
  // A dry run changes nothing, so nothing has to be confirmed.
  if (isLeaving && typed === undefined && !values['dry-run'])
    problems.push({
      input: 'remove-node',
      problem: 'is missing: with `state: absent` the node leaves the cluster',
      allowed: 'the name of the node, typed again; or `dry-run: true`',
      ...(node === '' ? {} : { nearest: node }),
    })
  if (isLeaving && typed !== undefined && node !== '' && typed !== node)
    problems.push({
      input: 'remove-node',
      value: quote(typed),
      problem: 'is not the node of this run',
      allowed: 'the name of the node, typed again',
      nearest: node,
    })
  return problems
}

/** The input wins, then the node's `join`, then the cluster's, then the default. */
export function settleLeaving(
  values: JoinValues,
  file: ClusterFile | undefined,
): { readonly settings: LeaveSettings; readonly problems: readonly Problem[] } {
  const from = new FileSettings<JoinSettings>('join', values.node ?? '', file)
  const settings: LeaveSettings = {
    isHostGone: isHostGone(values),
    drainTimeoutMs: from.duration(
      'drain-timeout',
      values['drain-timeout'],
      specification['drain-timeout'],
      defaultDrainTimeoutMs,
    ),
    wishes: {
      ignoreDaemonSets: values['ignore-daemonsets'],
      deleteEmptyDirData: values['delete-emptydir-data'],
      deleteUnmanagedPods: values['delete-unmanaged-pods'],
      allowGpuDisruption: values['allow-gpu-disruption'],
    },
  }
  return { settings, problems: from.problems }
}
