import type { ClusterFile, ClusterFileNode, GpuRuntimeSettings, Problem } from '../../src/cluster-file/index.ts'
import { defaultPluginImage, type GpuWish } from '../../src/gpu/index.ts'
import { FileSettings } from '../file-settings.ts'
import type { InputValues } from '../input-specification.ts'
import { specification } from './specification.ts'

export type GpuValues = InputValues<typeof specification>

/** How a run is done, apart from what it brings about. */
export interface RunSettings {
  readonly timeoutMs: number
  readonly failOn: 'fail' | 'warn' | 'never'
  readonly ignoreChecks: readonly string[]
}

interface Settled {
  readonly wish: GpuWish
  readonly settings: RunSettings
  /** Input name → where its value came from. */
  readonly sources: Readonly<Record<string, string>>
  readonly problems: readonly Problem[]
}

const defaultTimeoutMs = 180_000

/** As gpg prints fingerprints and people copy them → 40 hex digits, upper case. */
const plainFingerprint = (text: string): string => text.replaceAll(' ', '').toUpperCase()

/** What the GPU of one node shall be, from inputs and the cluster file. `node`: of the file; empty where it has none. */
export function settle(values: GpuValues, file: ClusterFile | undefined, node: ClusterFileNode): Settled {
  const from = new FileSettings<GpuRuntimeSettings>('gpu-runtime', values.node ?? '', file)
  const toolkitVersion = from.pick('toolkit-version', values['toolkit-version'], undefined)
  const repository = from.pick('repository', values.repository, undefined)?.replace(/\/+$/, '')
  const expectGpus = values['expect-gpus'] ?? node.gpu?.count
  const expectProduct = values['expect-product'] ?? node.gpu?.product
  const wish: GpuWish = {
    node: values.node ?? '',
    toolkit: from.pick('toolkit', values.toolkit, 'install'),
    ...(toolkitVersion === undefined ? {} : { toolkitVersion }),
    ...(repository === undefined ? {} : { repository }),
    repositoryKeys: from.pick('repository-keys', values['repository-keys'], []).map(plainFingerprint),
    holdPackages: from.pick('hold-packages', values['hold-packages'], 'toolkit'),
    devicePlugin: from.pick('device-plugin', values['device-plugin'], 'apply'),
    devicePluginImage: from.pick('device-plugin-image', values['device-plugin-image'], defaultPluginImage),
    replaceDevicePlugin: values['replace-device-plugin'] ?? '',
    defaultRuntime: from.pick('default-runtime', values['default-runtime'], 'keep'),
    quarantineTemplate: values['quarantine-template'],
    ...(expectGpus === undefined ? {} : { expectGpus }),
    ...(expectProduct === undefined ? {} : { expectProduct }),
    allowGpuDisruption: values['allow-gpu-disruption'],
  }
  const settings: RunSettings = {
    timeoutMs: from.duration('timeout', values.timeout, specification.timeout, defaultTimeoutMs),
    failOn: from.pick('fail-on', values['fail-on'], 'fail'),
    ignoreChecks: from.pick('ignore-checks', values['ignore-checks'], []),
  }
  const sourceOf = (given: unknown, written: unknown): string =>
    given !== undefined ? 'input' : written !== undefined ? (file?.path ?? '') : 'default'
  const sources = {
    ...from.sources,
    'expect-gpus': sourceOf(values['expect-gpus'], node.gpu?.count),
    'expect-product': sourceOf(values['expect-product'], node.gpu?.product),
  }
  return { wish, settings, sources, problems: from.problems }
}

/** Inputs that are fine alone and not together. */
export function gpuContradictions(wish: GpuWish): readonly Problem[] {
  const problems: Problem[] = []
  if (wish.replaceDevicePlugin !== '' && wish.devicePlugin !== 'apply') {
    problems.push({
      input: 'replace-device-plugin',
      value: JSON.stringify(wish.replaceDevicePlugin),
      problem: `is given, but with device-plugin ${wish.devicePlugin} nothing is applied in its place`,
      allowed: 'leave it out, or use device-plugin apply',
    })
  }
  if (wish.repository !== undefined && wish.toolkit === 'verify') {
    problems.push({
      input: 'repository',
      problem: 'is given, but with toolkit verify nothing is installed',
      allowed: 'leave it out, or use toolkit install',
    })
  }
  return problems
}
