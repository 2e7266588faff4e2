import { readFileSync } from 'node:fs'
import {
  type ClusterFile,
  type ClusterFileNode,
  type DesiredNode,
  type NodeValues,
  type Problem,
  quote,
  resolveNode,
} from '../../src/cluster-file/index.ts'
import { ConfigurationError } from '../configuration-error.ts'
import { HostInputFiles, hostValues, isReallyMissing, transportContradictions } from '../host-inputs.ts'
import { readInputValues } from '../input-specification.ts'
import type { InputRunner } from '../input-texts.ts'
import { type JoinValues, takeJoinTexts } from './input-sources.ts'
import { isHostGone, type LeaveSettings, leaveContradictions, settleLeaving } from './leave-settings.ts'
import { type RunSettings, settle } from './settings.ts'
import { specification } from './specification.ts'

/** What one run of k3s-join was asked to do; every value is valid. */
export interface K3sJoinInputs extends RunSettings {
  readonly desired: DesiredNode
  /** absent: the node leaves the cluster, as `leave` says. */
  readonly state: 'present' | 'absent'
  readonly leave: LeaveSettings
  /** Absolute path. */
  readonly kubeconfig: string
  /** Empty: the kubeconfig's current context. */
  readonly context: string
  /** Given join token, a secret; undefined: one is minted. */
  readonly token?: string
  readonly allowServerToken: boolean
  readonly adopt: 'plan' | 'apply'
  readonly allowGpuDisruption: boolean
  /** The node's own name when it may be replaced; empty otherwise. */
  readonly replaceNode: string
  readonly dryRun: boolean
  readonly githubToken?: string
}

/** Inputs that are fine alone and not together. */
function contradictions(values: JoinValues, transport: 'ssh' | 'local'): readonly Problem[] {
  const problems: Problem[] = [...transportContradictions(values, transport), ...leaveContradictions(values)]
  const replace = values['replace-node']
  if (replace !== undefined && values.node !== undefined && replace !== values.node) {
    problems.push({
      input: 'replace-node',
      value: quote(replace),
      problem: 'is not the node of this run',
      allowed: 'the name of the node, typed again; or nothing',
      nearest: values.node,
    })
  }
  return problems
}

/** Nodes of the cluster file that this action does not join. */
function unfitNode(values: JoinValues, file: ClusterFile | undefined, node: ClusterFileNode): readonly Problem[] {
  const problems: Problem[] = []
  // The file's values were judged as those of the distribution that it names.
  const written = file && (file.content.distribution ?? 'k3s')
  if (values.distribution !== undefined && written !== undefined && values.distribution !== written) {
    problems.push({
      input: 'distribution',
      value: quote(values.distribution),
      problem: `is not that of ${file?.path}, which is ${written}`,
      allowed: 'leave the input out: a cluster has one distribution, and its file says which',
    })
  }
  if (file && node.role === 'server') {
    problems.push({
      input: file.at(['nodes', values.node ?? '', 'role']),
      value: '"server"',
      problem: 'is no role that k3s-join gives',
      allowed: 'choose a node that is an agent: servers are verified, never joined, and never removed',
    })
  }
  return problems
}

function nodeValues(values: JoinValues, privateKey: string | undefined): NodeValues {
  const all = {
    ...hostValues(values, privateKey),
    distribution: values.distribution,
    server: values.server,
    version: values.version,
    labels: values.labels,
    taints: values.taints,
    nodeIp: values['node-ip'],
    nodeExternalIp: values['node-external-ip'],
    profile: values.profile,
    packages: values.packages,
    services: values.services,
    modules: values.modules,
    sysctl: values.sysctl,
    storageDisk: values['storage-disk'],
    extraConfig: values['extra-config'],
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/**
 * Reads the inputs, the cluster file and the private key. Secrets are masked first, and `forget` is called with the name of
 * each, so that no child process inherits it. `readFile` gets absolute paths.
 * Throws ConfigurationError with every problem of all of them at once; nothing has been touched then.
 */
export function readInputs(
  runner: InputRunner,
  forget: (name: string) => void,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): K3sJoinInputs {
  const texts = takeJoinTexts(runner, forget)
  const { values, problems } = readInputValues(specification, (name) => texts.get(name) ?? '')
  const sources = new HostInputFiles(runner, readFile)
  const file = sources.clusterFile(values['cluster-file'])
  const name = values.node ?? ''
  const node = file && Object.hasOwn(file.content.nodes, name) ? (file.content.nodes[name] ?? {}) : {}
  const transport = values.transport ?? node.transport ?? 'ssh'
  // Of a machine that is gone nobody has to say how it was reached.
  const isGone = isHostGone(values)
  const privateKey = transport === 'local' || isGone ? undefined : sources.privateKey(values, node)
  const kubeconfig = sources.kubeconfig(values, file)
  const settled = settle(values, file)
  const leaving = settleLeaving(values, file)
  const unfit = unfitNode(values, file, node)
  const found = [
    ...problems,
    ...sources.problems,
    ...contradictions(values, transport),
    ...unfit,
    ...settled.problems,
    ...leaving.problems,
  ]
  // A cluster file that could not be read may say what seems to be missing.
  const isFileKnown = values['cluster-file'] === undefined || file !== undefined

  const wanted = nodeValues(values, privateKey)
  const resolution = resolveNode(isGone ? { ...wanted, transport: 'local' } : wanted, file)
  if ('problems' in resolution) {
    const isNews = (problem: Problem): boolean =>
      !problem.problem.startsWith('is missing') ||
      (isFileKnown && unfit.length === 0 && isReallyMissing(problem, found))
    throw new ConfigurationError([...found, ...resolution.problems.filter(isNews)])
  }
  if (found.length > 0) throw new ConfigurationError(found)

  const { desired } = resolution
  return {
    desired: { ...desired, sources: { ...desired.sources, ...settled.sources, kubeconfig: kubeconfig.source } },
    state: values.state,
    leave: leaving.settings,
    kubeconfig: kubeconfig.path,
    context: values.context ?? file?.content.kubeconfig?.context ?? '',
    ...(values.token === undefined ? {} : { token: values.token }),
    allowServerToken: values['allow-server-token'],
    adopt: values.adopt,
    allowGpuDisruption: values['allow-gpu-disruption'],
    replaceNode: values['replace-node'] ?? '',
    ...settled.settings,
    dryRun: values['dry-run'],
    ...(values['github-token'] === undefined ? {} : { githubToken: values['github-token'] }),
  }
}
