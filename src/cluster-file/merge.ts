import { extraConfigComplaints } from './extra-config.ts'
import type { ClusterFileNode } from './file.ts'
import { fingerprintComplaint, knownHostsComplaints } from './host-keys.ts'
import { isComplaint, label, readTaint } from './labels.ts'
import type { HostAccess, Taint } from './model.ts'
import { type Complaint, type Grammar, type Problem, quote } from './problem.ts'

/** What the inputs say about one node; undefined: nothing. Texts are as given, and are judged here. */
export interface NodeValues {
  readonly node?: string
  readonly transport?: 'ssh' | 'local'
  readonly host?: string
  readonly port?: number
  readonly user?: string
  /** Text of the private key, from whatever source. */
  readonly privateKey?: string
  readonly knownHosts?: string
  readonly hostKeyFingerprints?: readonly string[]
  readonly sudoPassword?: string
  readonly distribution?: 'k3s' | 'kubeadm'
  readonly server?: string
  readonly version?: string
  /** `key=value` each. */
  readonly labels?: readonly string[]
  /** `key=value:Effect` each. */
  readonly taints?: readonly string[]
  readonly nodeIp?: string
  readonly nodeExternalIp?: string
  readonly profile?: 'longhorn'
  readonly packages?: readonly string[]
  readonly services?: readonly string[]
  readonly modules?: readonly string[]
  /** `key=value` each. */
  readonly sysctl?: readonly string[]
  readonly storageDisk?: string
  readonly extraConfig?: unknown
}

/** Collects where values come from, and what is wrong with those from the inputs. */
export class Merger {
  readonly problems: Problem[] = []
  readonly sources: Record<string, string> = {}
  private readonly path: string

  constructor(path: string) {
    this.path = path
  }

  judge(input: string, value: string, complaint: Complaint | undefined): void {
    if (complaint) this.problems.push({ input, value: quote(value), ...complaint })
  }

  /** An input wins over the file, the file over the default; an overruled value of the file is mentioned. */
  pick<T>(
    name: string,
    given: T | undefined,
    written: T | undefined,
    show: (value: T) => string = (value) => String(value),
  ): T | undefined {
    if (given === undefined) {
      this.sources[name] = written === undefined ? 'default' : this.path
      return written
    }
    const isOverruled = written !== undefined && show(written) !== show(given)
    this.sources[name] = isOverruled ? `input, over ${this.path} (${show(written)})` : 'input'
    return given
  }

  text(name: string, given: string | undefined, written: string | undefined, grammar: Grammar): string | undefined {
    if (given !== undefined) this.judge(name, given, grammar(given))
    return this.pick(name, given, written)
  }
}

const list = (value: string | readonly string[] | undefined): readonly string[] | undefined =>
  typeof value === 'string' ? [value] : value

export function mergeLabels(
  merger: Merger,
  values: NodeValues,
  node: ClusterFileNode,
): Readonly<Record<string, string>> {
  const given: Record<string, string> = Object.create(null)
  for (const text of values.labels ?? []) {
    const complaint = label(text)
    const [key = '', value = ''] = text.split(/=(.*)/s)
    const isContradiction = !complaint && key in given && given[key] !== value
    merger.judge(
      'labels',
      text,
      isContradiction ? { problem: 'gives a key a second value', allowed: 'each key once' } : complaint,
    )
    given[key] = value
  }
  const show = (labels: Readonly<Record<string, string>>): string =>
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(', ')
  return { ...merger.pick('labels', values.labels ? given : undefined, node.labels, show) }
}

export function mergeTaints(merger: Merger, values: NodeValues, node: ClusterFileNode): readonly Taint[] {
  const seen = new Set<string>()
  for (const text of values.taints ?? []) {
    const taint = readTaint(text)
    const identity = isComplaint(taint) ? '' : `${taint.key}:${taint.effect}`
    const isRepeated = identity !== '' && seen.has(identity)
    merger.judge(
      'taints',
      text,
      isComplaint(taint)
        ? taint
        : isRepeated
          ? { problem: 'repeats a taint', allowed: 'one taint for each key and effect' }
          : undefined,
    )
    seen.add(identity)
  }
  const texts = merger.pick('taints', values.taints, node.taints, (taints) => [...taints].sort().join(', ')) ?? []
  return texts.map(readTaint).filter((taint): taint is Taint => !isComplaint(taint))
}

export function mergeExtraConfig(
  merger: Merger,
  values: NodeValues,
  node: ClusterFileNode,
  distribution: 'k3s' | 'kubeadm',
): Readonly<Record<string, unknown>> {
  if (values.extraConfig !== undefined) {
    for (const { key, ...complaint } of extraConfigComplaints(values.extraConfig, distribution)) {
      merger.problems.push({ input: 'extra-config', ...(key === undefined ? {} : { value: quote(key) }), ...complaint })
    }
  }
  const keys = (config: Readonly<Record<string, unknown>>): string => JSON.stringify(config)
  return (
    merger.pick(
      'extra-config',
      values.extraConfig as Readonly<Record<string, unknown>> | undefined,
      node['extra-config'],
      keys,
    ) ?? {}
  )
}

/** Pins of the host key. An input replaces what the file pins: a pin that somebody has just given is the one he has compared. */
export function mergePins(
  merger: Merger,
  values: NodeValues,
  node: ClusterFileNode,
  path: string,
): Pick<HostAccess, 'knownHosts' | 'hostKeyFingerprints' | 'hostKeySource'> {
  for (const { line, text, ...complaint } of values.knownHosts === undefined
    ? []
    : knownHostsComplaints(values.knownHosts)) {
    merger.judge('known-hosts', text, { ...complaint, problem: `line ${line} ${complaint.problem}` })
  }
  for (const fingerprint of values.hostKeyFingerprints ?? [])
    merger.judge('host-key-fingerprint', fingerprint, fingerprintComplaint(fingerprint))
  const inputs = [
    ...(values.knownHosts === undefined ? [] : ['known-hosts']),
    ...(values.hostKeyFingerprints === undefined ? [] : ['host-key-fingerprint']),
  ]
  const isGiven = inputs.length > 0
  const knownHosts = isGiven ? values.knownHosts : node.ssh?.['known-hosts']
  const fingerprints = (isGiven ? values.hostKeyFingerprints : list(node.ssh?.['host-key-fingerprint'])) ?? []
  const hostKeySource = isGiven ? `input ${inputs.join(' and ')}` : path
  merger.sources['host-key'] = hostKeySource
  return { ...(knownHosts === undefined ? {} : { knownHosts }), hostKeyFingerprints: fingerprints, hostKeySource }
}
