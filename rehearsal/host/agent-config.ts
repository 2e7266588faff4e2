import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** What a k3s agent knows at its start, from files, unit arguments and environment in k3s's own precedence. */
export interface AgentConfig {
  readonly server: string
  readonly token: string
  readonly nodeName: string
  readonly labels: readonly string[]
  readonly taints: readonly string[]
  readonly nodeIp: string
  readonly nodeExternalIp: string
  readonly kubeletArguments: readonly string[]
  readonly defaultRuntime: string
  /** `k3s.io/node-args`: file and command line merged, secrets masked. */
  readonly nodeArguments: readonly string[]
  /** `k3s.io/node-env`: K3S_* variables, secrets masked. */
  readonly nodeEnvironment: Readonly<Record<string, string>>
}

const masked = '********'
const secretFlags = new Set(['--token', '-t', '--agent-token', '--vpn-auth', '--cluster-secret'])
const shortFlags: Readonly<Record<string, string>> = {
  '-t': '--token',
  '-s': '--server',
  '-d': '--data-dir',
  '-c': '--config',
}

function words(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((item) =>
    item === null || item === undefined ? '' : String(item),
  )
}

/**
 * `config.yaml`, then `config.yaml.d/*.yaml` in name order: the last value of a key wins, `key+` appends
 * (docs.k3s.io, installation/configuration). Throws with k3s's words when a file is no YAML mapping.
 */
function readFiles(root: string): Map<string, string[]> {
  const merged = new Map<string, string[]>()
  const folder = join(root, 'etc/rancher/k3s/config.yaml.d')
  const dropIns = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
    : []
  const paths = ['etc/rancher/k3s/config.yaml', ...dropIns.map((name) => `etc/rancher/k3s/config.yaml.d/${name}`)]
  for (const path of paths) {
    if (!existsSync(join(root, path))) continue
    const content: unknown = parse(readFileSync(join(root, path), 'utf8')) ?? {}
    if (typeof content !== 'object' || content === null || Array.isArray(content)) {
      throw new Error(`yaml: unmarshal errors in /${path}: cannot unmarshal into yaml.MapSlice`)
    }
    for (const [key, value] of Object.entries(content)) {
      if (key.endsWith('+')) {
        const name = key.slice(0, -1)
        merged.set(name, [...(merged.get(name) ?? []), ...words(value)])
      } else merged.set(key, words(value))
    }
  }
  return merged
}

/** `--flag value`, `--flag=value` → flag and value; a flag without a value is `true`. */
function readArguments(argumentsOfUnit: readonly string[]): Map<string, string[]> {
  const merged = new Map<string, string[]>()
  for (let at = 0; at < argumentsOfUnit.length; at += 1) {
    const word = argumentsOfUnit[at] ?? ''
    if (!word.startsWith('-')) continue
    const equals = word.indexOf('=')
    const flag = equals < 0 ? word : word.slice(0, equals)
    const name = (shortFlags[flag] ?? flag).replace(/^--?/, '')
    const next = argumentsOfUnit[at + 1]
    let value = 'true'
    if (equals >= 0) value = word.slice(equals + 1)
    else if (next !== undefined && !next.startsWith('-')) {
      value = next
      at += 1
    }
    merged.set(name, [...(merged.get(name) ?? []), value])
  }
  return merged
}

/**
 * Command line over files (a list on the command line replaces the files' whole list), files over environment.
 * `command` is the unit's, from the program on: `/usr/local/bin/k3s agent --node-label …`.
 */
export function readAgentConfig(
  root: string,
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  hostname: string,
): AgentConfig {
  const given = command.slice(2)
  const fromFiles = readFiles(root)
  const fromArguments = readArguments(given)
  const all = (key: string): readonly string[] => fromArguments.get(key) ?? fromFiles.get(key) ?? []
  const one = (key: string, variable: string, fallback = ''): string =>
    all(key).at(-1) ?? environment[variable] ?? fallback
  const tokenFile = one('token-file', 'K3S_TOKEN_FILE')
  let token = one('token', 'K3S_TOKEN')
  if (token === '' && tokenFile !== '' && existsSync(join(root, tokenFile)))
    token = readFileSync(join(root, tokenFile), 'utf8').trim()

  const nodeArguments = [command[1] ?? 'agent']
  for (const [key, values] of fromFiles) {
    // What the command line gives is not taken from the files.
    if (!fromArguments.has(key)) for (const value of values) nodeArguments.push(`--${key}`, value)
  }
  nodeArguments.push(
    ...given.flatMap((word) =>
      /^--?[a-z-]+=/.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word],
    ),
  )
  const nodeEnvironment: Record<string, string> = {}
  for (const [key, value] of Object.entries(environment)) {
    if (key.startsWith('K3S_'))
      nodeEnvironment[key] = /TOKEN|SECRET/.test(key) && key !== 'K3S_TOKEN_FILE' ? masked : value
  }
  return {
    server: one('server', 'K3S_URL'),
    token,
    nodeName: one('node-name', 'K3S_NODE_NAME', hostname).toLowerCase(),
    labels: all('node-label'),
    taints: all('node-taint'),
    nodeIp: one('node-ip', ''),
    nodeExternalIp: one('node-external-ip', ''),
    kubeletArguments: all('kubelet-arg'),
    defaultRuntime: one('default-runtime', ''),
    nodeArguments: nodeArguments.map((word, at) => (secretFlags.has(nodeArguments[at - 1] ?? '') ? masked : word)),
    nodeEnvironment,
  }
}
