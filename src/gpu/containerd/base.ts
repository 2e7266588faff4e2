import type { RenderedConfig, Toml } from './rendered.ts'
import { at, pluginNames } from './rendered.ts'

/** A runtime that k3s finds at its start and writes into the configuration. */
export interface FoundRuntime {
  /** `nvidia` */
  readonly name: string
  readonly path: string
}

/** One key that k3s's own text sets, and what its loss does to the node. */
export interface BaseKey {
  readonly path: readonly string[]
  readonly value: string | number | boolean | readonly string[]
  readonly breaks: string
  /** Without it the node or its GPUs do not work; a template that loses none of these is only a nuisance. */
  readonly isEssential: boolean
  /** Another name under which the same may be said. */
  readonly otherwise?: readonly string[]
}

const data = '/var/lib/rancher/k3s/agent'
const noNetwork = 'pods get no network: the node stays NotReady (cni plugin not initialized)'
const cgroups = 'kubelet and runc manage control groups in different ways: pods restart for ever'
const registries = 'mirrors, certificates and passwords of /etc/rancher/k3s/registries.yaml have no effect'
const pause = 'the pause image comes from elsewhere: no pod starts where that registry cannot be reached'
const small = 'a setting of k3s is gone'

/** Releases of February 2025 came with containerd 2 and the third version of its configuration (k3s-io/docs docs/advanced.md). */
export function hasThirdVersion(k3sVersion: string): boolean {
  const [, minor, patch] = /^v?1\.(\d+)\.(\d+)/.exec(k3sVersion) ?? []
  if (minor === undefined) return true
  if (Number(minor) === 31) return Number(patch) >= 6
  if (Number(minor) === 32) return Number(patch) >= 2
  return Number(minor) > 32
}

/**
 * The keys that k3s's own text sets, and the values that it gives them by default. Keys and tables of both versions: k3s-io/k3s
 * pkg/agent/templates/templates.go. Left out is what only some settings of k3s bring (rootless, stargz, block I/O classes).
 */
export function baseKeys(
  version: 2 | 3,
  fileVersion: 2 | 3,
  runtimes: readonly FoundRuntime[],
  defaultRuntime: string,
  isSystemdCgroup: boolean,
): readonly BaseKey[] {
  const cri = ['plugins', pluginNames.cri]
  const runtime = version === 2 ? cri : ['plugins', pluginNames.runtime]
  const images = version === 2 ? cri : ['plugins', pluginNames.images]
  const key = (
    path: readonly string[],
    value: BaseKey['value'],
    breaks: string,
    isEssential = false,
    otherwise?: readonly string[],
  ): BaseKey => ({ path, value, breaks, isEssential, ...(otherwise ? { otherwise } : {}) })
  // With a template named config.toml.tmpl k3s gives containerd these three as arguments, too (pkg/agent/containerd/config_linux.go).
  const unless = (breaks: string): [string, boolean] =>
    fileVersion === 3 ? [breaks, true] : ['nothing: k3s gives it to containerd as an argument, too', false]
  const runc = [...runtime, 'containerd', 'runtimes', 'runc']
  return [
    key(
      ['version'],
      version,
      'containerd takes it for version 1 and drops tables that it knows under new names, without an error',
      true,
    ),
    key(['root'], `${data}/containerd`, ...unless('images and containers of this node are looked for elsewhere')),
    key(['state'], '/run/k3s/containerd', ...unless('running containers are looked for elsewhere')),
    key(
      ['grpc', 'address'],
      '/run/k3s/containerd/containerd.sock',
      ...unless('k3s waits for a socket that containerd opens elsewhere'),
    ),
    key(
      ['plugins', 'io.containerd.internal.v1.opt', 'path'],
      `${data}/containerd`,
      'containerd looks for its own programs elsewhere',
    ),
    key([...cri, 'stream_server_address'], '127.0.0.1', small),
    key([...cri, 'stream_server_port'], '10010', small),
    key([...runtime, 'enable_selinux'], false, 'SELinux labels of containers, where k3s was started with --selinux'),
    key([...runtime, 'enable_unprivileged_ports'], true, 'containers without root may not open ports below 1024'),
    key([...runtime, 'enable_unprivileged_icmp'], true, 'containers without root may not ping'),
    key(
      version === 2 ? [...cri, 'sandbox_image'] : [...images, 'pinned_images', 'sandbox'],
      'rancher/mirrored-pause:3.6',
      pause,
    ),
    key(
      version === 2 ? [...cri, 'containerd', 'snapshotter'] : [...images, 'snapshotter'],
      'overlayfs',
      'containerd chooses its snapshotter itself',
    ),
    key(
      version === 2
        ? [...cri, 'containerd', 'disable_snapshot_annotations']
        : [...images, 'disable_snapshot_annotations'],
      true,
      small,
    ),
    key([...runtime, 'cni', 'bin_dir'], '/var/lib/rancher/k3s/data/cni', noNetwork, true, [
      ...runtime,
      'cni',
      'bin_dirs',
    ]),
    key([...runtime, 'cni', 'conf_dir'], `${data}/etc/cni/net.d`, noNetwork, true),
    ...(defaultRuntime === ''
      ? []
      : [
          key(
            [...runtime, 'containerd', 'default_runtime_name'],
            defaultRuntime,
            'the default runtime that k3s was told has no effect',
          ),
        ]),
    key([...runc, 'runtime_type'], 'io.containerd.runc.v2', small),
    key([...runc, 'options', 'SystemdCgroup'], isSystemdCgroup, cgroups, true),
    key([...images, 'registry', 'config_path'], `${data}/etc/containerd/certs.d`, registries, true),
    ...runtimes.flatMap(({ name, path }) => {
      const table = [...runtime, 'containerd', 'runtimes', name]
      const lost = `no runtime for "${name}" is configured: pods that ask for it do not start`
      return [
        key([...table, 'runtime_type'], 'io.containerd.runc.v2', lost, name === 'nvidia'),
        key([...table, 'options', 'BinaryName'], path, lost, name === 'nvidia'),
        key([...table, 'options', 'SystemdCgroup'], isSystemdCgroup, cgroups, name === 'nvidia'),
      ]
    }),
  ]
}

/**
 * The keys with the values of this node, where its rendered configuration is k3s's own text. Without what this k3s does not set:
 * the folder of registries (older releases), the CNI folders (`flannel-backend: none`; only a text that has everything else can
 * say so).
 */
export function keysOfNode(keys: readonly BaseKey[], rendered: RenderedConfig | undefined): readonly BaseKey[] {
  const version = keys.find(({ path }) => path[0] === 'version')?.value
  if (!rendered?.isOwnText || rendered.problem !== undefined || rendered.version !== version) return keys
  const saidFor = (one: BaseKey): unknown => valueAt(rendered.tables, one)
  const isCni = (one: BaseKey) => one.path.includes('cni')
  const isRegistry = (one: BaseKey) => one.path.at(-1) === 'config_path'
  const hasAll = keys
    .filter((one) => one.isEssential && !isCni(one) && !isRegistry(one) && !one.path.includes('nvidia'))
    .every((one) => saidFor(one) !== undefined)
  return keys
    .filter((one) => saidFor(one) !== undefined || !(isRegistry(one) || (hasAll && isCni(one))))
    .map((one) => {
      const value = saidFor(one)
      // The program of a runtime is what k3s will find, not what it found.
      if (one.path.at(-1) === 'BinaryName' || one.path[0] === 'version' || one.path.at(-1) === 'default_runtime_name')
        return one
      return isPlain(value) ? { ...one, value } : one
    })
}

/** A string, number, boolean, or a list of strings. */
export function isPlain(value: unknown): value is BaseKey['value'] {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string')
  return ['string', 'number', 'boolean'].includes(typeof value)
}

/** `plugins."io.containerd.cri.v1.runtime".cni` */
export function dotted(path: readonly string[]): string {
  return path.map((key) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key).replaceAll('\u007f', ''))).join('.')
}

/** The keys as k3s would write them. Tables that k3s writes are all there, so that one written twice is found. */
export function baseText(version: 2 | 3, keys: readonly BaseKey[]): string {
  const tables = new Map<string, string[]>()
  for (const { path, value } of keys) {
    const table = dotted(path.slice(0, -1))
    const lines = tables.get(table) ?? []
    // A basic TOML string is written like JSON's.
    lines.push(`${dotted(path.slice(-1))} = ${JSON.stringify(value).replaceAll('\u007f', '')}`)
    tables.set(table, lines)
  }
  const runtime = dotted(['plugins', version === 2 ? pluginNames.cri : pluginNames.runtime])
  tables.set(`${runtime}.containerd.runtimes.runhcs-wcow-process`, ['runtime_type = "io.containerd.runhcs.v1"'])
  const body = [...tables].map(([table, lines]) => [...(table === '' ? [] : ['', `[${table}]`]), ...lines].join('\n'))
  return `# File generated by k3s. DO NOT EDIT.\n${body.join('\n')}\n`
}

/** What a configuration says under this key or its other name. */
export function valueAt(tables: Toml, one: BaseKey): unknown {
  return at(tables, one.path) ?? (one.otherwise ? at(tables, one.otherwise) : undefined)
}
