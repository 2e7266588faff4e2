import type { ClusterFile, JoinSettings, Problem } from '../../src/cluster-file/index.ts'
import { FileSettings } from '../file-settings.ts'
import type { JoinValues } from './input-sources.ts'
import { specification } from './specification.ts'

/** How a run is done, apart from what it brings about. */
export interface RunSettings {
  readonly timeoutMs: number
  readonly verify: 'fast' | 'deep'
  readonly failOn: 'fail' | 'warn' | 'never'
  readonly ignoreChecks: readonly string[]
}

interface Settled {
  readonly settings: RunSettings
  /** Input name → where its value came from. */
  readonly sources: Readonly<Record<string, string>>
  readonly problems: readonly Problem[]
}

const defaultTimeoutMs = 180_000

/** The input wins, then the node's `join`, then the cluster's, then the default. */
export function settle(values: JoinValues, file: ClusterFile | undefined): Settled {
  const from = new FileSettings<JoinSettings>('join', values.node ?? '', file)
  const settings: RunSettings = {
    timeoutMs: from.duration('timeout', values.timeout, specification.timeout, defaultTimeoutMs),
    verify: from.pick('verify', values.verify, 'fast'),
    failOn: from.pick('fail-on', values['fail-on'], 'fail'),
    ignoreChecks: from.pick('ignore-checks', values['ignore-checks'], []),
  }
  return { settings, sources: from.sources, problems: from.problems }
}
