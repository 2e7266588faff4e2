import type { ClusterFile, ClusterFileNode, JoinSettings, Problem } from '../../src/cluster-file/index.ts'
import { readDuration } from '../input-specification.ts'
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

/** The timeout of the cluster file: the node's own, else the cluster's. Its form was checked with the file, its bounds are ours. */
function writtenTimeout(values: JoinValues, file: ClusterFile | undefined, node: ClusterFileNode) {
  const text = node.join?.timeout ?? file?.content.join?.timeout
  if (text === undefined || !file) return {}
  const read = readDuration(text, specification.timeout.minimum, specification.timeout.maximum)
  if ('value' in read) return { value: read.value }
  const place = node.join?.timeout === undefined ? ['join', 'timeout'] : ['nodes', values.node ?? '', 'join', 'timeout']
  return { problem: { input: file.at(place), ...read.problem } }
}

/** The input wins, then the node's `join`, then the cluster's, then the default. */
export function settle(values: JoinValues, file: ClusterFile | undefined, node: ClusterFileNode): Settled {
  const sources: Record<string, string> = {}
  const written = <Name extends keyof JoinSettings>(name: Name): JoinSettings[Name] =>
    node.join?.[name] ?? file?.content.join?.[name]
  const pick = <T>(name: keyof JoinSettings, given: T | undefined, fromFile: T | undefined, fallback: T): T => {
    sources[name] = given !== undefined ? 'input' : fromFile !== undefined ? (file?.path ?? '') : 'default'
    return given ?? fromFile ?? fallback
  }
  const timeout = writtenTimeout(values, file, node)
  const settings: RunSettings = {
    timeoutMs: pick('timeout', values.timeout, timeout.value, defaultTimeoutMs),
    verify: pick('verify', values.verify, written('verify'), 'fast'),
    failOn: pick('fail-on', values['fail-on'], written('fail-on'), 'fail'),
    ignoreChecks: pick('ignore-checks', values['ignore-checks'], written('ignore-checks'), []),
  }
  return { settings, sources, problems: timeout.problem ? [timeout.problem] : [] }
}
