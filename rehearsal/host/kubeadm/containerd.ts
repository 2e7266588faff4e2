/** containerd as a unit of its own: what its files say together, and what the running one took from them when it started. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { paths } from './files.ts'
import { parseToml, renderToml, stringAt, type Toml, tableAt } from './toml.ts'

export const criPlugin = 'io.containerd.grpc.v1.cri'

/** What it takes from its files. */
export interface ContainerdState {
  readonly handlers: ReadonlySet<string>
  readonly defaultHandler: string
}

export const noContainerd: ContainerdState = { handlers: new Set(), defaultHandler: 'runc' }

/**
 * config.toml with all that it imports: of two files that both name a plugin, the later one's section stands, whole
 * (containerd/containerd: services/server/config/config.go, mergeConfig, "Maps merged by keys, but values are replaced entirely").
 * @throws Error with containerd's words for what it cannot read
 */
export function loadContainerd(root: string): Toml {
  const main = existsSync(join(root, paths.containerd)) ? readToml(root, paths.containerd) : {}
  const { imports, ...own } = main
  const patterns = typeof imports === 'string' ? [...imports.matchAll(/"([^"]+)"/g)].map(([, path = '']) => path) : []
  const imported = patterns.flatMap((pattern) => pathsLike(root, pattern)).map((path) => readToml(root, path))
  const sections = [own, ...imported].map(sectionsOf)
  return { ...own, ...Object.assign({}, ...imported), version: '2', plugins: Object.assign({}, ...sections) }
}

function readToml(root: string, path: string): Toml {
  try {
    return parseToml(readFileSync(join(root, path), 'utf8'))
  } catch (error) {
    const { message } = error as Error
    throw new Error(message.startsWith('(') ? `failed to load TOML from ${path}: ${message}` : message)
  }
}

/** The folder's files that the pattern means, in order; a path without `*` is itself. */
function pathsLike(root: string, pattern: string): readonly string[] {
  const folder = pattern.replace(/\/[^/]*$/, '')
  const [before = '', after] = pattern.slice(folder.length + 1).split('*')
  if (!existsSync(join(root, folder))) return []
  if (after === undefined) return existsSync(join(root, pattern)) ? [pattern] : []
  return readdirSync(join(root, folder))
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .sort()
    .map((name) => `${folder}/${name}`)
}

/** Plugins by their whole name; without `version` the file is of the first one, which has short names (config.go, v1MigratePlugins). */
function sectionsOf(config: Toml): Toml {
  const plugins = tableAt(config, 'plugins') ?? {}
  if (config.version !== undefined && config.version !== '1') return plugins
  return Object.fromEntries(Object.entries(plugins).map(([name, one]) => [name === 'cri' ? criPlugin : name, one]))
}

/** `containerd config dump`. @throws Error as `loadContainerd` does */
export const dumpOf = (root: string): string => renderToml(loadContainerd(root))

/** What the cri plugin would start with. @throws Error as `loadContainerd` does */
export function stateOf(root: string): ContainerdState {
  const cri = tableAt(tableAt(tableAt(loadContainerd(root), 'plugins'), criPlugin), 'containerd')
  const runtimes = Object.keys(tableAt(cri, 'runtimes') ?? {})
  return {
    // runc is there when no file says anything else (internal/cri/config, DefaultRuntimeConfig).
    handlers: new Set(runtimes.length === 0 ? ['runc'] : runtimes),
    defaultHandler: stringAt(cri, 'default_runtime_name') ?? 'runc',
  }
}

/** `crictl info` of a containerd 1.7, whose CRI does not list handlers yet: they are in its configuration. */
export function infoOf({ handlers, defaultHandler }: ContainerdState): string {
  const runtimes = [...handlers].sort().map((name) => [name, { runtimeType: 'io.containerd.runc.v2' }])
  const ready = (type: string) => ({ type, status: true, reason: '', message: '' })
  const info = {
    status: { conditions: [ready('RuntimeReady'), ready('NetworkReady')] },
    cniconfig: { PluginConfDir: '/etc/cni/net.d' },
    config: { containerd: { defaultRuntimeName: defaultHandler, runtimes: Object.fromEntries(runtimes) } },
    golang: 'go1.23.7',
    lastCNILoadStatus: 'OK',
  }
  return `${JSON.stringify(info, undefined, 2)}\n`
}
