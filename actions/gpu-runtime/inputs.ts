import { readFileSync } from 'node:fs'
import type { DesiredNode, Problem } from '../../src/cluster-file/index.ts'
import { resolveNode } from '../../src/cluster-file/index.ts'
import type { GpuWish } from '../../src/gpu/index.ts'
import { ConfigurationError } from '../configuration-error.ts'
import { HostInputFiles, hostValues, isReallyMissing, transportContradictions } from '../host-inputs.ts'
import { readInputValues } from '../input-specification.ts'
import { type InputRunner, takeTexts } from '../input-texts.ts'
import { gpuContradictions, type RunSettings, settle } from './settings.ts'
import { specification } from './specification.ts'

/** What one run of gpu-runtime was asked to do; every value is valid. */
export interface GpuRuntimeInputs extends RunSettings {
  readonly desired: DesiredNode
  readonly wish: GpuWish
  /** Absolute path. */
  readonly kubeconfig: string
  /** Empty: the kubeconfig's current context. */
  readonly context: string
  readonly dryRun: boolean
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
): GpuRuntimeInputs {
  const texts = takeTexts(specification, runner, forget)
  const { values, problems } = readInputValues(specification, (name) => texts.get(name) ?? '')
  const files = new HostInputFiles(runner, readFile)
  const file = files.clusterFile(values['cluster-file'])
  const name = values.node ?? ''
  const node = file && Object.hasOwn(file.content.nodes, name) ? (file.content.nodes[name] ?? {}) : {}
  const transport = values.transport ?? node.transport ?? 'ssh'
  const privateKey = transport === 'local' ? undefined : files.privateKey(values, node)
  const kubeconfig = files.kubeconfig(values, file)
  const settled = settle(values, file, node)
  const found = [
    ...problems,
    ...files.problems,
    ...transportContradictions(values, transport),
    ...gpuContradictions(settled.wish),
    ...settled.problems,
  ]
  // A cluster file that could not be read may say what seems to be missing.
  const isFileKnown = values['cluster-file'] === undefined || file !== undefined
  const resolution = resolveNode(hostValues(values, privateKey), file)
  if ('problems' in resolution) {
    const isNews = (problem: Problem): boolean =>
      !problem.problem.startsWith('is missing') || (isFileKnown && isReallyMissing(problem, found))
    throw new ConfigurationError([...found, ...resolution.problems.filter(isNews)])
  }
  if (found.length > 0) throw new ConfigurationError(found)
  const { desired } = resolution
  return {
    desired: { ...desired, sources: { ...desired.sources, ...settled.sources, kubeconfig: kubeconfig.source } },
    wish: settled.wish,
    ...settled.settings,
    kubeconfig: kubeconfig.path,
    context: values.context ?? file?.content.kubeconfig?.context ?? '',
    dryRun: values['dry-run'],
  }
}
