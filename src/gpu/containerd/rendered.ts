import { parse, TomlError } from 'smol-toml'

/** A table of containerd's configuration, or any value in it. */
export type Toml = Readonly<Record<string, unknown>>

/** What matters of a rendered configuration, whichever names its version gives the tables. */
export interface RenderedConfig {
  /** Undefined: not said. containerd takes it for 1 then. */
  readonly version?: number
  /** k3s says in the first line that it wrote it from its own text. */
  readonly isOwnText: boolean
  readonly runtimes: readonly {
    readonly name: string
    readonly type: string
    readonly binaryName: string
    readonly systemdCgroup?: boolean
  }[]
  /** Empty: containerd's own, runc. */
  readonly defaultRuntime: string
  readonly cniBinFolders: readonly string[]
  readonly cniConfFolder: string
  readonly snapshotter: string
  readonly sandboxImage: string
  /** Folder of what k3s makes from registries.yaml. */
  readonly registryPath: string
  readonly address: string
  readonly root: string
  readonly state: string
  readonly imports: readonly string[]
  /** Tables that containerd 2 drops without an error. */
  readonly ignored: readonly string[]
  /** Why it is no TOML; everything else is empty then. */
  readonly problem?: string
  /** As containerd heeds them. */
  readonly tables: Toml
}

export const pluginNames = {
  cri: 'io.containerd.grpc.v1.cri',
  runtime: 'io.containerd.cri.v1.runtime',
  images: 'io.containerd.cri.v1.images',
} as const

/** The value at a path of keys; own keys only, because keys are whatever somebody wrote. */
export function at(table: unknown, path: readonly string[]): unknown {
  let value = table
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
      return undefined
    value = (value as Toml)[key]
  }
  return value
}

const textAt = (table: unknown, path: readonly string[]): string => {
  const value = at(table, path)
  return typeof value === 'string' ? value : ''
}
const textsAt = (table: unknown, path: readonly string[]): readonly string[] => {
  const value = at(table, path)
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}
const tableAt = (table: unknown, path: readonly string[]): Toml => {
  const value = at(table, path)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Toml) : {}
}

/** TOML as a table, or in words why it is none. Never throws. */
export function readToml(text: string): { readonly tables: Toml; readonly problem?: string } {
  try {
    return { tables: parse(text, { maxDepth: 100 }) as Toml }
  } catch (error) {
    // RangeError: nested so deeply that no stack holds it.
    if (!(error instanceof TomlError || error instanceof RangeError)) throw error
    const words = (error.message.split('\n')[0] ?? '').replace('Invalid TOML document: ', '')
    return { tables: {}, problem: error instanceof TomlError ? `line ${error.line}: ${words}` : words }
  }
}

/** Short names of version 1 (containerd cmd/containerd/server/config/config.go), as far as k3s's text touches them. */
const shortNames: Readonly<Record<string, string>> = { cri: pluginNames.cri, opt: 'io.containerd.internal.v1.opt' }

/**
 * The tables as containerd 2 heeds them. Only in a configuration that says version 2 does `io.containerd.grpc.v1.cri` still hold
 * runtimes, network and images; in any other its keys but those of the stream server are dropped without an error (seen on a
 * real containerd 2.0.13: test/fixtures/join/bad-template-v1-plugins-cri).
 */
export function heeded(tables: Toml): Toml {
  const version = at(tables, ['version'])
  if (version === 2) return tables
  const isFirst = version === undefined || version === 0 || version === 1
  const plugins: Record<string, unknown> = {}
  for (const [short, table] of Object.entries(tableAt(tables, ['plugins']))) {
    const name = isFirst && Object.hasOwn(shortNames, short) ? (shortNames[short] ?? short) : short
    const kept =
      name === pluginNames.cri
        ? Object.fromEntries(Object.entries(tableAt(table, [])).filter(([key]) => key.startsWith('stream_')))
        : table
    // A key named __proto__ must stay data.
    Object.defineProperty(plugins, name, { value: kept, enumerable: true, configurable: true, writable: true })
  }
  return { ...tables, plugins }
}

/** Reads the configuration that k3s rendered, of whichever version its tables are. Never throws. */
export function readRendered(text: string): RenderedConfig {
  const { tables, problem } = readToml(text)
  const said = at(tables, ['version'])
  const now = heeded(tables)
  const runtime = ['plugins', pluginNames.runtime]
  const images = ['plugins', pluginNames.images]
  const cri = ['plugins', pluginNames.cri]
  // containerd moves what the tables of version 2 say to their new places, unless it stands there already.
  const first = (path: readonly string[], before: readonly string[]) =>
    textAt(now, path) || textAt(now, [...cri, ...before])
  const cni = { ...tableAt(now, [...cri, 'cni']), ...tableAt(now, [...runtime, 'cni']) }
  const listed = [cri, runtime].flatMap((plugin) => Object.entries(tableAt(now, [...plugin, 'containerd', 'runtimes'])))
  return {
    ...(typeof said === 'number' ? { version: said } : {}),
    isOwnText: /^# File generated by k3s\b/.test(text.trimStart()),
    runtimes: [...new Map(listed)].map(([name, one]) => {
      const systemdCgroup = at(one, ['options', 'SystemdCgroup'])
      return {
        name,
        type: textAt(one, ['runtime_type']),
        binaryName: textAt(one, ['options', 'BinaryName']),
        ...(typeof systemdCgroup === 'boolean' ? { systemdCgroup } : {}),
      }
    }),
    defaultRuntime: first([...runtime, 'containerd', 'default_runtime_name'], ['containerd', 'default_runtime_name']),
    cniBinFolders: [...textsAt(cni, ['bin_dirs']), textAt(cni, ['bin_dir'])].filter((one) => one !== ''),
    cniConfFolder: textAt(cni, ['conf_dir']),
    snapshotter: first([...images, 'snapshotter'], ['containerd', 'snapshotter']),
    sandboxImage: first([...images, 'pinned_images', 'sandbox'], ['sandbox_image']),
    registryPath: first([...images, 'registry', 'config_path'], ['registry', 'config_path']),
    address: textAt(now, ['grpc', 'address']),
    root: textAt(now, ['root']),
    state: textAt(now, ['state']),
    imports: textsAt(now, ['imports']),
    ignored: ignoredTables(tables),
    ...(problem === undefined ? {} : { problem }),
    tables: now,
  }
}

/** Tables of runtimes and images that containerd 2 drops, as they are written. */
function ignoredTables(tables: Toml): readonly string[] {
  if (at(tables, ['version']) === 2) return []
  return ['cri', pluginNames.cri].flatMap((name) =>
    Object.entries(tableAt(tables, ['plugins', name]))
      .filter(([, value]) => typeof value === 'object')
      .map(([key]) => `plugins.${name.includes('.') ? `"${name}"` : name}.${key}`),
  )
}
