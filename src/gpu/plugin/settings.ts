import { parse } from 'yaml'
import type { DaemonSetState } from '../../kubernetes/index.ts'
import { type ContainerShape, templateOf } from './shape.ts'

/** How a device plugin counts: what it registers of the GPUs that are there. */
export interface PluginSettings {
  readonly mig: 'none' | 'single' | 'mixed'
  readonly sharing: 'none' | 'time-slicing' | 'mps'
  /** Full resource name → copies of each device, and the name under which they are registered. */
  readonly copies: Readonly<Record<string, { readonly replicas: number; readonly name: string }>>
}

type Tree = Readonly<Record<string, unknown>>
const tree = (value: unknown): Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {}

const longestConfig = 64 * 1024
/** More copies of one GPU than this are a slip of the pen or worse. */
const mostReplicas = 10_000

const noSharing: Pick<PluginSettings, 'sharing' | 'copies'> = { sharing: 'none', copies: {} }

const migStrategy = (value: unknown): PluginSettings['mig'] | undefined =>
  value === 'none' || value === 'single' || value === 'mixed' ? value : undefined

/** `--mig-strategy=single`, or as two words. */
function argument(container: ContainerShape, flag: string): string | undefined {
  const { words } = container
  const joined = words.find((word) => word.startsWith(`--${flag}=`))
  return joined?.slice(flag.length + 3) ?? words[words.indexOf(`--${flag}`) + 1 || words.length]
}

/**
 * Which of its configurations the plugin uses on a node: that of the node's label, else the default, else by the chart's fallbacks, the
 * one named `default` or the only one (NVIDIA/k8s-device-plugin: cmd/config-manager/main.go).
 */
function chosenConfig(
  configs: Readonly<Record<string, string>>,
  containers: readonly ContainerShape[],
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const byDefault = containers.map(({ env }) => env.DEFAULT_CONFIG).find((name) => name)
  const wanted = labels['nvidia.com/device-plugin.config'] ?? byDefault
  if (wanted !== undefined) return Object.hasOwn(configs, wanted) ? configs[wanted] : undefined
  const names = Object.keys(configs)
  return configs.default ?? (names.length === 1 ? configs[names[0] ?? ''] : undefined)
}

function sharingOf(config: Tree): Pick<PluginSettings, 'sharing' | 'copies'> {
  const sharing = tree(config.sharing)
  // MPS wins where both are written (api/config/v1/sharing.go).
  const kind = sharing.mps === undefined || sharing.mps === null ? 'time-slicing' : 'mps'
  const chosen = tree(kind === 'mps' ? sharing.mps : sharing.timeSlicing)
  const isRenamed = chosen.renameByDefault === true
  const copies: Record<string, { replicas: number; name: string }> = {}
  for (const one of Array.isArray(chosen.resources) ? chosen.resources.map(tree) : []) {
    const short = typeof one.name === 'string' ? one.name : ''
    const replicas = Number(one.replicas)
    if (short === '' || !Number.isInteger(replicas) || replicas < 1 || replicas > mostReplicas) continue
    const name = short.startsWith('nvidia.com/') ? short : `nvidia.com/${short}`
    // A `rename` of its own and a choice of devices are not honoured (api/config/v1/replicas.go, disableResoureRenaming).
    copies[name] = { replicas, name: isRenamed ? `${name}.shared` : name }
  }
  const isShared = Object.values(copies).some(({ replicas }) => replicas > 1)
  return { sharing: isShared ? kind : 'none', copies }
}

/**
 * How this plugin counts on this node. Undefined: it reads a configuration that could not be read here. Arguments win over the
 * environment, and the environment over the file (README.md, "Configuring the NVIDIA device plugin binary").
 */
export function pluginSettings(
  plugin: Pick<DaemonSetState, 'object'>,
  configs: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): PluginSettings | undefined {
  const { containers, initContainers, configMap } = templateOf(plugin)
  const all = [...containers, ...initContainers]
  const container = containers.find(({ name }) => /device-plugin(-ctr)?$/.test(name)) ?? containers[0]
  let config: Tree = {}
  if (configMap !== '') {
    const text = configs && chosenConfig(configs, all, labels)
    if (text === undefined || text.length > longestConfig) return undefined
    try {
      config = tree(parse(text))
    } catch {
      return undefined
    }
  }
  const mig =
    (container && (migStrategy(argument(container, 'mig-strategy')) ?? migStrategy(container.env.MIG_STRATEGY))) ??
    migStrategy(tree(config.flags).migStrategy) ??
    'none'
  return { mig, ...(configMap === '' ? noSharing : sharingOf(config)) }
}
