import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ClusterFile, nearest, type Problem, quote, withNearest } from '../../src/cluster-file/index.ts'
import type { AlarmRule, FailPolicy, VerifyWish } from '../../src/verify/index.ts'
import { ConfigurationError } from '../configuration-error.ts'
import { InputFiles } from '../input-files.ts'
import { readInputValues } from '../input-specification.ts'
import { type InputRunner, takeTexts } from '../input-texts.ts'
import { endpointWishes, tritonTargets } from './endpoints.ts'
import { expectedNodes } from './expected.ts'
import { headerSecrets } from './grammars.ts'
import { settle, type Values } from './settings.ts'
import { specification } from './specification.ts'

/** What is done with the issue of a cluster. */
export interface IssueWish {
  readonly isKept: boolean
  readonly labels: readonly string[]
  /** Empty: none was given. */
  readonly token: string
}

interface Always {
  readonly issue: IssueWish
  /** Absolute path; empty: the run's own folder. */
  readonly reportDirectory: string
  readonly dryRun: boolean
  /** Input name → where its value came from. */
  readonly sources: Readonly<Record<string, string>>
}

/** Asks a cluster. */
export interface VerifyInputs extends Always {
  readonly kind: 'verify'
  readonly wish: VerifyWish
  readonly policy: FailPolicy
  readonly ignoreChecks: readonly string[]
  readonly alarm: AlarmRule
  readonly retries: number
  /** Absolute path. */
  readonly kubeconfig: string
  /** Empty: the kubeconfig's current context. */
  readonly context: string
  /** Absolute path; empty: there is none. */
  readonly previousReport: string
}

/** Publishes what an earlier run found. */
export interface PublishInputs extends Always {
  readonly kind: 'publish'
  readonly text: string
}

/** Asks GitHub whether a workflow still runs. */
export interface WatchInputs extends Always {
  readonly kind: 'watch'
  readonly workflow: string
  readonly ageMs: number
  readonly isScheduled: boolean
  readonly cluster: string
}

export type VerifyClusterInputs = VerifyInputs | PublishInputs | WatchInputs

/** Inputs that say nothing for what is done. */
const ofVerifying = [
  'kubeconfig',
  'context',
  'mode',
  'suites',
  'nodes',
  'joining',
  'expect-nodes',
  'expect-version',
  'expect-gpus',
  'expect-flux',
  'expect-gpu-proof',
  'expect-p95',
  'triton-url',
  'triton-model',
  'triton-access',
  'triton-headers',
  'access-client-id',
  'access-client-secret',
  'gpu-image',
  'probe-image',
  'storage-class',
  'previous-report',
  'fail-on',
] as const satisfies readonly (keyof typeof specification)[]

function contradictions(values: Values): readonly Problem[] {
  const other =
    values['from-report'] !== undefined
      ? 'from-report'
      : values['watch-workflow'] !== undefined
        ? 'watch-workflow'
        : undefined
  const problems: Problem[] = []
  if (values['from-report'] !== undefined && values['watch-workflow'] !== undefined)
    problems.push({
      input: 'watch-workflow',
      problem: 'is given besides `from-report`',
      allowed: 'one of the two: each is a run of its own',
    })
  if (other !== undefined)
    for (const input of ofVerifying)
      if (values[input] !== undefined)
        problems.push({
          input,
          problem: `is given, but with \`${other}\` no cluster is asked`,
          allowed: `leave it out, or leave \`${other}\` out`,
        })
  if (values['watch-age'] !== undefined && values['watch-workflow'] === undefined)
    problems.push({ input: 'watch-age', problem: 'is given without `watch-workflow`', allowed: 'both, or neither' })
  if (values['watch-age'] !== undefined && !values['watch-schedule'])
    problems.push({
      input: 'watch-age',
      problem: 'is given, but a workflow that people start may be quiet for as long as it likes',
      allowed: 'leave it out, or `watch-schedule: true`',
    })
  if (values.joining !== undefined && values.nodes?.includes(values.joining))
    problems.push({
      input: 'nodes',
      value: quote(values.joining),
      problem: 'is the node that is about to join: nothing is asked about it',
      allowed: 'other nodes, or no `joining`',
    })
  const needsToken = values.issue === 'keep' || values['watch-workflow'] !== undefined
  if (needsToken && values['github-token'] === undefined)
    problems.push({
      input: 'github-token',
      problem: `is missing, though ${values.issue === 'keep' ? 'an issue is kept' : 'a workflow is watched'}`,
      allowed:
        values.issue === 'keep'
          ? '${{ github.token }} of a job with `issues: write`'
          : '${{ github.token }} of a job with `actions: read`',
    })
  return problems
}

/** Names of nodes that nobody expects: probably typing errors. */
function unknownNodes(values: Values, file: ClusterFile | undefined): readonly Problem[] {
  const known = values['expect-nodes'] ?? (file ? Object.keys(file.content.nodes) : undefined)
  const counted = (values['expect-gpus'] ?? []).map((entry) => entry.replace(/=.*$/, ''))
  if (known === undefined) {
    const allowed =
      'give `expect-nodes` or `cluster-file` as well: a number is expected of a node that is expected itself'
    return counted.length > 0 ? [{ input: 'expect-gpus', problem: 'is given without nodes', allowed }] : []
  }
  const unknown = (input: string, names: readonly string[]): readonly Problem[] =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => ({
        input,
        value: quote(name),
        problem: 'is no node that the cluster must have',
        allowed: known.slice(0, 20).join(', '),
        ...withNearest(nearest(name, known)),
      }))
  return [...unknown('nodes', values.nodes ?? []), ...unknown('expect-gpus', counted)]
}

/**
 * Reads the inputs, the cluster file and the report to publish. Secrets are masked first, and `forget` is called with the name of each.
 * `readFile` gets absolute paths. Throws ConfigurationError with every problem of all of them at once; nobody has been asked then.
 */
export function readInputs(
  runner: InputRunner,
  forget: (name: string) => void,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): VerifyClusterInputs {
  const texts = takeTexts(specification, runner, forget)
  for (const secret of headerSecrets(texts.get('triton-headers') ?? '')) runner.mask(secret)
  const { values, problems } = readInputValues(specification, (name) => texts.get(name) ?? '')
  const files = new InputFiles(runner, readFile)
  const file = files.clusterFile(values['cluster-file'])
  const settled = settle(values, file)
  const absolute = (path: string | undefined): string => (path === undefined ? '' : resolve(runner.workspace, path))
  const always: Always = {
    issue: {
      isKept: values.issue === 'keep',
      labels: values['issue-labels'] ?? ['k3s-gpu-actions'],
      token: values['github-token'] ?? '',
    },
    reportDirectory: absolute(values['report-directory']),
    dryRun: values['dry-run'],
    sources: settled.sources,
  }
  const found = [...problems, ...contradictions(values)]
  const stop = (more: readonly Problem[]): void => {
    // What has a problem of its own is not missing.
    const isNews = ({ input, problem }: Problem): boolean =>
      !problem.startsWith('is missing') || !found.some((one) => one.input === input)
    const all = [...found, ...files.problems, ...more.filter(isNews)]
    if (all.length > 0) throw new ConfigurationError(all)
  }
  const report = values['from-report']
  if (report !== undefined) {
    const text = files.file('from-report', report) ?? ''
    stop([])
    return { ...always, kind: 'publish', text }
  }
  const workflow = values['watch-workflow']
  if (workflow !== undefined) {
    stop([])
    const ageMs = values['watch-age'] ?? 26 * 3_600_000
    return {
      ...always,
      kind: 'watch',
      workflow,
      ageMs,
      isScheduled: values['watch-schedule'],
      cluster: file?.content.name ?? '',
    }
  }

  const kubeconfig = files.kubeconfig(values, file)
  const triton = settled.suites.has('triton') ? tritonTargets(values, file) : { items: [], problems: [] }
  const endpoints = settled.suites.has('network') ? endpointWishes(values, file) : { items: [], problems: [] }
  stop([...settled.problems, ...triton.problems, ...endpoints.problems, ...unknownNodes(values, file)])
  const expected = expectedNodes(values, file)
  const isAbout = (node: string): boolean => node !== values.joining && (values.nodes?.includes(node) ?? true)
  const wish: VerifyWish = {
    cluster: file?.content.name ?? '',
    mode: settled.mode,
    suites: settled.suites,
    distribution: file?.content.distribution ?? 'k3s',
    nodes: values.nodes ?? [],
    joining: values.joining ?? '',
    ...(expected === undefined ? {} : { expected }),
    version: values['expect-version'] ?? file?.content.version ?? '',
    tunnel: file?.content.api?.tunnel?.host ?? '',
    flux: settled.flux,
    // A run about some nodes is not about what another one answers.
    triton: triton.items.filter(({ node }) => node === '' || isAbout(node)),
    endpoints: endpoints.items.filter(({ node }) => node === '' || isAbout(node)),
    certificateWarnMs: settled.certificateWarnMs,
    certificateFailMs: settled.certificateFailMs,
    freePercent: settled.freePercent,
    storageClass: settled.storageClass,
    prometheus: settled.prometheus,
    nodeJobs: settled.nodeJobs,
    gpuImage: settled.gpuImage,
    probeImage: settled.probeImage,
    namespace: settled.namespace,
    timeoutMs: settled.timeoutMs,
    severities: settled.severities,
  }
  return {
    ...always,
    kind: 'verify',
    wish,
    policy: settled.policy,
    ignoreChecks: settled.ignoreChecks,
    alarm: settled.alarm,
    retries: settled.retries,
    kubeconfig: kubeconfig.path,
    context: values.context ?? file?.content.kubeconfig?.context ?? '',
    previousReport: absolute(values['previous-report']),
    sources: {
      ...always.sources,
      kubeconfig: kubeconfig.source,
      cluster: file?.path ?? 'kubeconfig',
      nodes: 'input',
      triton: values['triton-url'] !== undefined || values['triton-model'] !== undefined ? 'input' : (file?.path ?? ''),
    },
  }
}
