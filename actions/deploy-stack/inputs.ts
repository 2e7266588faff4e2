import { readFileSync, statSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import type { ClusterFile, DeploySettings, Problem } from '../../src/cluster-file/index.ts'
import type { StackReference } from '../../src/pulumi/index.ts'
import type { Provenance } from '../../src/report/index.ts'
import { ConfigurationError } from '../configuration-error.ts'
import { FileSettings } from '../file-settings.ts'
import { InputFiles } from '../input-files.ts'
import { type InputValues, readInputValues } from '../input-specification.ts'
import { type InputRunner, takeTexts } from '../input-texts.ts'
import { backendOf, identityOf, type PulumiIdentity } from '../pulumi-identity.ts'
import type { PackageManager } from './grammars.ts'
import { contradictions } from './input-contradictions.ts'
import { specification } from './specification.ts'

/** For an input that has a problem of its own. */
const defaultTimeoutMs = 30 * 60_000

export type Values = InputValues<typeof specification>

interface Always {
  /** Name of the cluster file's cluster; empty without a file. */
  readonly cluster: string
  /** Absolute path; empty: the run's own folder. */
  readonly reportDirectory: string
  readonly dryRun: boolean
  readonly timeoutMs: number
  readonly provenance: readonly Provenance[]
}

/** Where the program is. */
export interface ProgramPlace {
  /** As it was given, below the workspace. */
  readonly folder: string
  /** Absolute. */
  readonly directory: string
  readonly packageManager: PackageManager
}

/** What the guard is asked about. */
export interface Target {
  readonly stackName: string
  readonly stack: StackReference
  /** Absolute, or as $KUBECONFIG says it; empty: none. */
  readonly kubeconfig: string
  readonly clusterUid: string
  readonly expectCaSha256: string
  readonly expectClusterUid: string
}

export interface InstallInputs extends Always, ProgramPlace {
  readonly kind: 'install'
}
export interface GuardInputs extends Always, ProgramPlace, Target {
  readonly kind: 'guard'
}
export interface PulumiInputs extends Always, ProgramPlace, Target {
  readonly kind: 'pulumi'
  readonly command: 'preview' | 'up' | 'drift'
  readonly isPlanBound: boolean
  readonly isRefreshed: boolean
  readonly identity: PulumiIdentity
  readonly backendUrl: string
  /** Secret; empty: none. */
  readonly passphrase: string
  readonly passEnvironment: readonly string[]
}
export interface CommentInputs extends Always {
  readonly kind: 'comment'
  /** As it was given. */
  readonly reportPath: string
  /** Text of the report; undefined: there is no such file. */
  readonly text: string | undefined
  /** 0: that of the event. */
  readonly pullRequest: number
  readonly token: string
  /** Stack of the cluster file, where there is one; empty: that of the report. */
  readonly stackName: string
}

export type DeployStackInputs = InstallInputs | GuardInputs | PulumiInputs | CommentInputs

class Findings {
  readonly problems: Problem[] = []
  readonly provenance: Provenance[] = []
  note(name: string, value: string, source: string): void {
    this.provenance.push({ name, value, source })
  }
}

/** $KUBECONFIG may name several files; that is for the guard to refuse. */
function kubeconfigOf(values: Values, runner: InputRunner): { readonly path: string; readonly source: string } {
  const path = values.kubeconfig ?? runner.environment.KUBECONFIG ?? ''
  const isOne = path !== '' && !path.includes(delimiter)
  return {
    path: isOne ? resolve(runner.workspace, path) : path,
    source: values.kubeconfig === undefined ? '$KUBECONFIG' : 'input',
  }
}

function stackOf(text: string): StackReference {
  const [organization = '', project = '', stack = ''] = text.split('/')
  return { organization, project, stack }
}

/** A report of thousands of resources is a megabyte. */
const largestFile = 16 * 1024 * 1024

/** A file of a checkout or an artifact: one that is too large, or that never ends, is not read. */
function readPlainFile(path: string): string {
  const found = statSync(path)
  if (!found.isFile() && !found.isDirectory()) throw new TypeError('is no file')
  if (found.size > largestFile) throw new RangeError('is too large')
  return readFileSync(path, 'utf8')
}

/** Whatever is there of the report that is to be told; that it is missing is something to tell, too. */
function reportText(runner: InputRunner, path: string, readFile: (path: string) => string): string | undefined {
  try {
    return readFile(resolve(runner.workspace, path))
  } catch {
    return undefined
  }
}

/**
 * Reads the inputs and the cluster file. Secrets are masked first, and `forget` is called with the name of each, so that no child
 * process inherits it. `readFile` gets absolute paths.
 * Throws ConfigurationError with every problem of all of them at once; nothing has been asked or written then.
 */
export function readInputs(
  runner: InputRunner,
  forget: (name: string) => void,
  readFile: (path: string) => string = readPlainFile,
): DeployStackInputs {
  const texts = takeTexts(specification, runner, forget)
  const { values, problems } = readInputValues(specification, (name) => texts.get(name) ?? '')
  const files = new InputFiles(runner, readFile)
  const file: ClusterFile | undefined = files.clusterFile(values['cluster-file'])
  const from = new FileSettings<DeploySettings>('deploy', '', file)
  const findings = new Findings()
  const stop = (more: readonly Problem[]): void => {
    // What has a problem of its own is not missing, and a file that cannot be read may say it.
    const found = [...problems, ...files.problems]
    const isNews = ({ input, problem }: Problem): boolean =>
      !problem.startsWith('is missing') || !found.some((one) => one.input === input || files.problems.length > 0)
    const all = [...found, ...more.filter(isNews)]
    if (all.length > 0) throw new ConfigurationError(all)
  }
  const stackName = from.pick('stack', values.stack, '')
  const folder = from.pick('working-directory', values['working-directory'], 'cluster')
  const packageManager = from.pick('package-manager', values['package-manager'], 'npm')
  const isPlanBound = from.pick('bind-plan', values['bind-plan'], false)
  const note = (name: keyof DeploySettings, value: string) => findings.note(name, value, from.sources[name] ?? '')
  const reportDirectory = values['report-directory']
  const always: Always = {
    cluster: file?.content.name ?? '',
    reportDirectory: reportDirectory === undefined ? '' : resolve(runner.workspace, reportDirectory),
    dryRun: values['dry-run'],
    timeoutMs: values.timeout ?? defaultTimeoutMs,
    provenance: findings.provenance,
  }
  const clashes = contradictions(values)

  if (values.command === 'comment') {
    stop(clashes)
    const reportPath = values['from-report'] ?? ''
    return {
      ...always,
      kind: 'comment',
      reportPath,
      text: reportText(runner, reportPath, readFile),
      pullRequest: Number(values['pull-request'] ?? 0),
      token: values['github-token'] ?? '',
      stackName,
    }
  }
  const place: ProgramPlace = { folder, directory: resolve(runner.workspace, folder), packageManager }
  note('working-directory', folder)
  if (values.command === undefined || values.command === 'install') {
    stop(clashes)
    note('package-manager', packageManager)
    return { ...always, ...place, kind: 'install' }
  }

  const missing: readonly Problem[] =
    stackName === ''
      ? [
          {
            input: 'stack',
            problem: 'is missing',
            allowed: 'organization/project/stack, as input or in the cluster file: deploy.stack',
          },
        ]
      : []
  const kubeconfig = kubeconfigOf(values, runner)
  const expected = file?.content.kubeconfig
  note('stack', stackName)
  if (kubeconfig.path !== '') findings.note('kubeconfig', kubeconfig.path, kubeconfig.source)
  const target: Target = {
    stackName,
    stack: stackOf(stackName),
    kubeconfig: kubeconfig.path,
    clusterUid: (values['cluster-uid'] ?? '').toLowerCase(),
    expectCaSha256: values['expect-ca-sha256'] ?? expected?.['expect-ca-sha256'] ?? '',
    expectClusterUid: values['expect-cluster-uid'] ?? expected?.['expect-cluster-uid'] ?? '',
  }
  if (values.command === 'guard') {
    stop([...clashes, ...missing])
    return { ...always, ...place, ...target, kind: 'guard' }
  }
  const identity = identityOf(values, target.stack.organization || 'organization', findings)
  const backendUrl = backendOf(values, findings)
  if (values.command === 'up') note('bind-plan', String(isPlanBound))
  stop([...clashes, ...missing, ...findings.problems])
  if (identity === undefined) throw new ConfigurationError(findings.problems)
  return {
    ...always,
    ...place,
    ...target,
    kind: 'pulumi',
    command: values.command === 'up' && values['dry-run'] ? 'preview' : values.command,
    isPlanBound: values.command === 'up' && !values['dry-run'] && isPlanBound,
    isRefreshed: values.refresh || values.command === 'drift',
    identity,
    backendUrl,
    passphrase: values['config-passphrase'] ?? '',
    passEnvironment: values['pass-environment'] ?? [],
  }
}
