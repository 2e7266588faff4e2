/**
 * `nvidia-ctk runtime configure --runtime=containerd`: what the real one of 1.20.0 made of two configurations, byte for byte
 * (test/fixtures/containerd/nvidia-ctk-1.20.0).
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { criPlugin } from './containerd.ts'
import { write } from './files.ts'
import { parseToml, renderToml, type Toml, tableAt } from './toml.ts'

export interface CtkAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const said = (level: string, text: string): string =>
  `time="${new Date().toISOString().slice(0, 19)}Z" level=${level} msg=${JSON.stringify(text)}\n`

/** @param words those after `runtime configure` */
export function configureRuntime(root: string, words: readonly string[]): CtkAnswer {
  const flag = (name: string): string =>
    words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? ''
  const [config, dropIn, program] = [flag('config'), flag('drop-in-config'), flag('nvidia-runtime-path')]
  const path = join(root, config)
  let before: Toml
  try {
    before = existsSync(path) ? parseToml(readFileSync(path, 'utf8')) : { version: '2' }
  } catch (error) {
    const stderr = said('error', `unable to load config: failed to load config: ${(error as Error).message}`)
    return { code: 1, stdout: '', stderr }
  }
  const version = typeof before.version === 'string' ? before.version : '1'
  const plugin = version === '1' ? 'cri' : criPlugin
  let stderr = said('info', `Using config version ${version}`)
  stderr += said('info', `Using CRI runtime plugin name ${JSON.stringify(plugin)}`)
  const runc = runtimesOf(before, plugin)?.runc
  if (typeof runc !== 'object') stderr += said('warning', 'Could not infer options from runtimes [runc crun]')
  const section = sectionWith(before, plugin, program, words.includes('--nvidia-set-as-default'))
  const others = version === '1' ? withoutPlugins(before) : {}
  write(root, dropIn, renderToml({ ...others, version, plugins: { [plugin]: section } }))
  // "Version 1 configs do not support imports / drop-in files" (pkg/config/engine/containerd/containerd.go): nothing imports it then.
  const after = version === '1' ? before : { ...before, imports: importsOf(before, dropIn.replace(/[^/]*$/, '*.toml')) }
  write(root, config, renderToml(after))
  stderr += said('info', `Wrote updated config to ${dropIn}`)
  stderr += said('info', 'It is recommended that containerd daemon be restarted.')
  return { code: 0, stdout: '', stderr }
}

const withoutPlugins = ({ plugins, ...others }: Toml): Toml => others

function runtimesOf(config: Toml, plugin: string): Toml | undefined {
  return tableAt(tableAt(tableAt(tableAt(config, 'plugins'), plugin), 'containerd'), 'runtimes')
}

function importsOf({ imports }: Toml, pattern: string): string {
  const present = typeof imports === 'string' ? [...imports.matchAll(/"([^"]+)"/g)].map(([, path = '']) => path) : []
  return `[${[...new Set([...present, pattern])].map((path) => JSON.stringify(path)).join(', ')}]`
}

/** The plugin's whole section, with the runtime as a copy of runc's, or as one of version 1 has it. */
function sectionWith(config: Toml, plugin: string, program: string, isDefault: boolean): Toml {
  const section = structuredClone(tableAt(tableAt(config, 'plugins'), plugin) ?? {})
  const containerd = tableAt(section, 'containerd') ?? {}
  const runtimes = tableAt(containerd, 'runtimes') ?? {}
  const type = { runtime_type: '"io.containerd.runc.v2"' }
  const runc = tableAt(runtimes, 'runc')
  const quoted = JSON.stringify(program)
  const bare: Toml = { privileged_without_host_devices: 'false', runtime_engine: '""', runtime_root: '""', ...type }
  const options = { ...tableAt(runc, 'options'), BinaryName: quoted, ...(plugin === 'cri' && { Runtime: quoted }) }
  runtimes.nvidia = { ...(runc ?? bare), options }
  containerd.runtimes = runtimes
  if (isDefault) containerd.default_runtime_name = '"nvidia"'
  section.containerd = containerd
  return section
}
