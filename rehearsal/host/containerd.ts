import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { containerdConfig, renderConfig } from './containerd-base.ts'

/** How containerd came up, as recorded from containerd 2.0. */
export interface ContainerdStart {
  /** Path of the template in use, for k3s's log line. */
  readonly template: string | undefined
  /** containerd refused its configuration and exited. */
  readonly exits: boolean
  /** Its configuration leaves the CNI folders out: the node never becomes Ready. */
  readonly hasNetwork: boolean
  /** Runtimes that pods may ask for, and the one that they get when they ask for none. */
  readonly handlers: ReadonlySet<string>
  readonly defaultHandler: string
}

/** What k3s starts containerd with. */
export interface ContainerdSettings {
  /** Empty: runc. */
  readonly defaultRuntime: string
  /** Runtime → program, as k3s found them. */
  readonly runtimes: Readonly<Record<string, string>>
  /** Ports on loopback that another process has. */
  readonly takenPorts: readonly number[]
}

/** Row and column of the first table header that is not closed; undefined when there is none. */
function brokenTable(text: string): { readonly row: number; readonly column: number } | undefined {
  const lines = text.split('\n')
  const row = lines.findIndex((line) => /^\s*\[+[^\]#]*$/.test(line) && !line.includes('='))
  return row < 0 ? undefined : { row: row + 1, column: (lines[row] ?? '').trimEnd().length + 1 }
}

/** The second header of a table that is there already; undefined when there is none. */
function repeatedTable(text: string): { readonly row: number; readonly name: string } | undefined {
  const seen = new Set<string>()
  for (const [index, line] of text.split('\n').entries()) {
    const header = /^\s*\[([^[\]]+)\]\s*(?:#.*)?$/.exec(line)?.[1]
    if (header === undefined) continue
    const words = header.match(/"[^"]*"|'[^']*'|[^.\s]+/g)?.map((word) => word.replace(/^["']|["']$/g, '')) ?? []
    const name = words.join('\u0000')
    if (seen.has(name)) return { row: index + 1, name: words.at(-1) ?? '' }
    seen.add(name)
  }
  return undefined
}

/** Runtimes in the tables that containerd 2.0 reads of this version of the schema; runc is always there. */
export function handlersOf(text: string): Pick<ContainerdStart, 'handlers' | 'defaultHandler'> {
  const plugin = /^version\s*=\s*3/m.test(text)
    ? 'io\\.containerd\\.cri\\.v1\\.runtime'
    : 'io\\.containerd\\.grpc\\.v1\\.cri'
  const tables = new RegExp(
    `^\\s*\\[plugins\\.["']${plugin}["']\\.containerd\\.runtimes\\.["']?([\\w-]+)["']?\\]`,
    'gm',
  )
  const named = [...text.matchAll(tables)].map((match) => match[1] ?? '')
  return {
    handlers: new Set(['runc', ...named]),
    defaultHandler: /^\s*default_runtime_name\s*=\s*"(.*)"/m.exec(text)?.[1] ?? 'runc',
  }
}

const noHandlers = { handlers: new Set<string>(), defaultHandler: 'runc' } as const

/** Renders config.toml below `root` from the base or a template, and says what containerd makes of it, in its log after `firstLines`. */
export function startContainerd(
  root: string,
  settings: ContainerdSettings,
  at: Date,
  firstLines: readonly string[] = [],
): ContainerdStart {
  const { text, template, hasBase } = renderConfig(root, {
    defaultRuntime: settings.defaultRuntime,
    snapshotter: 'overlayfs',
    cni: '/var/lib/rancher/k3s/data/cni',
    programs: settings.runtimes,
  })
  mkdirSync(join(root, dirname(containerdConfig)), { recursive: true })
  mkdirSync(join(root, '/var/lib/rancher/k3s/agent/containerd'), { recursive: true })
  writeFileSync(join(root, containerdConfig), text)

  const log = (line: string): void =>
    appendFileSync(join(root, '/var/lib/rancher/k3s/agent/containerd/containerd.log'), `${line}\n`)
  for (const line of firstLines) log(line)
  const broken = brokenTable(text)
  if (broken !== undefined) {
    const { row, column } = broken
    log(
      `time="${at.toISOString().slice(0, 19)}Z" level=error msg="Failure unmarshaling TOML" column=${column} error="toml: expected character ]" file=${containerdConfig} row=${row}`,
    )
    log(`containerd: failed to unmarshal TOML at row ${row} column ${column}: toml: expected character ]`)
    return { template, exits: true, hasNetwork: false, ...noHandlers }
  }
  const repeated = repeatedTable(text)
  if (repeated !== undefined) {
    // k3s-io/docs#566, and k3s-io/k3s#13678.
    log(
      `containerd: failed to load TOML from ${containerdConfig}: (${repeated.row}, 2): toml: table ${repeated.name} already exists`,
    )
    return { template, exits: true, hasNetwork: false, ...noHandlers }
  }
  const version = /^version\s*=\s*(\d+)/m.exec(text)?.[1]
  if (version !== undefined && Number(version) > 3) {
    log(
      `containerd: failed to load TOML from ${containerdConfig}: expected containerd config version equal to or less than \`3\`, got \`${version}\``,
    )
    return { template, exits: true, hasNetwork: false, ...noHandlers }
  }
  // Once it has read its configuration, it tells the time to the nanosecond.
  const stamp = at.toISOString().replace('Z', '000000Z')
  const say = (level: string, words: string): void => log(`time="${stamp}" level=${level} ${words}`)
  say('info', 'msg="starting containerd" revision= version=2.0.5-k3s2')
  // The only hint that a real containerd 2.0 gives about a configuration of the first version.
  for (const key of hasBase ? [] : unknownKeys(text))
    say(
      'warning',
      `msg="Ignoring unknown key in TOML for plugin" error="strict mode: fields in the document are missing in the target struct" key=${key.includes(' ') ? JSON.stringify(key) : key} plugin=io.containerd.grpc.v1.cri`,
    )
  say('info', 'msg="Connect containerd service"')
  const folder = /^\s*conf_dir\s*=\s*"(.*)"/m.exec(text)?.[1] ?? '/etc/cni/net.d'
  // It makes the folders that it is to look into, also where nobody else would have made them (seen with containerd 2.0.13).
  const own = /^\[plugins\.opt\]\s*path\s*=\s*"(.*)"/m.exec(text)?.[1]
  for (const path of [folder, ...(own === undefined ? [] : [join(own, 'bin'), join(own, 'lib')])])
    mkdirSync(join(root, path), { recursive: true })
  // At every first start, too: k3s writes the network's configuration after containerd has started.
  if (!hasNetworkIn(root, folder))
    say(
      'error',
      `msg="failed to load cni during init, please check CRI plugin status before setting up network for pods" error="cni config load failed: no network config found in ${folder}: cni plugin not initialized: failed to load cni config"`,
    )
  const port = Number(/^\s*stream_server_port\s*=\s*"(\d+)"/m.exec(text)?.[1] ?? 0)
  if (settings.takenPorts.includes(port)) {
    // The words of Go's net package; the CRI plugin ends containerd with them (internal/cri/server/service.go).
    say(
      'fatal',
      `msg="Failed to run CRI service" error="stream server error: listen tcp 127.0.0.1:${port}: bind: address already in use"`,
    )
    return { template, exits: true, hasNetwork: false, ...noHandlers }
  }
  say('info', 'msg=serving... address=/run/k3s/containerd/containerd.sock')
  say('info', 'msg="containerd successfully booted in 0.026245s"')
  return { template, exits: false, hasNetwork: folder === networkFolder, ...handlersOf(text) }
}

/**
 * Keys of `plugins.cri` that containerd 2.0 does not know: all that is below its table `containerd`, which has moved. Each as
 * containerd names it, table by table, in order.
 */
function unknownKeys(text: string): readonly string[] {
  const keys = new Set<string>()
  for (const [, path = ''] of text.matchAll(/^\s*\[plugins\.cri\.(containerd(?:\.[\w-]+)*)\]/gm)) {
    const words = path.split('.')
    for (let length = 1; length <= words.length; length += 1) keys.add(words.slice(0, length).join(' '))
  }
  return [...keys].sort()
}

/** Where k3s has its network's configuration. */
const networkFolder = '/var/lib/rancher/k3s/agent/etc/cni/net.d'

function hasNetworkIn(root: string, folder: string): boolean {
  const path = join(root, folder)
  return existsSync(path) && readdirSync(path).some((name) => /\.(conf|conflist|json)$/.test(name))
}

/** What k3s writes when it starts flannel (pkg/agent/flannel). */
export function layNetwork(root: string): void {
  mkdirSync(join(root, networkFolder), { recursive: true })
  const plugins = [
    { type: 'flannel', delegate: { hairpinMode: true, forceAddress: true, isDefaultGateway: true } },
    { type: 'portmap', capabilities: { portMappings: true } },
  ]
  const text = JSON.stringify({ name: 'cbr0', cniVersion: '1.0.0', plugins }, undefined, 2)
  writeFileSync(join(root, networkFolder, '10-flannel.conflist'), `${text}\n`)
}
