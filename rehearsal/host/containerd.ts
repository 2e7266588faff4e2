import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { containerdConfig, nvidiaRuntime, renderConfig } from './containerd-base.ts'

/** How containerd came up, as recorded from containerd 2.0. */
export interface ContainerdStart {
  /** Path of the template in use, for k3s's log line. */
  readonly template: string | undefined
  /** containerd refused its configuration and exited. */
  readonly exits: boolean
  /** Its configuration leaves the CNI folders out: the node never becomes Ready. */
  readonly hasNetwork: boolean
}

/** Row and column of the first table header that is not closed; undefined when there is none. */
function brokenTable(text: string): { readonly row: number; readonly column: number } | undefined {
  const lines = text.split('\n')
  const row = lines.findIndex((line) => /^\s*\[+[^\]#]*$/.test(line) && !line.includes('='))
  return row < 0 ? undefined : { row: row + 1, column: (lines[row] ?? '').trimEnd().length + 1 }
}

/** Renders config.toml below `root` from the base or a template, and says what containerd makes of it, in its log after `firstLines`. */
export function startContainerd(
  root: string,
  defaultRuntime: string,
  at: Date,
  firstLines: readonly string[] = [],
): ContainerdStart {
  const nvidia = nvidiaRuntime(root)
  const { text, template, hasBase } = renderConfig(root, {
    defaultRuntime,
    snapshotter: 'overlayfs',
    cni: '/var/lib/rancher/k3s/data/cni',
    programs: nvidia === undefined ? {} : { nvidia },
  })
  mkdirSync(join(root, dirname(containerdConfig)), { recursive: true })
  mkdirSync(join(root, '/var/lib/rancher/k3s/agent/containerd'), { recursive: true })
  writeFileSync(join(root, containerdConfig), text)

  const stamp = `${at.toISOString().slice(0, 19)}Z`
  const log = (line: string): void =>
    appendFileSync(join(root, '/var/lib/rancher/k3s/agent/containerd/containerd.log'), `${line}\n`)
  for (const line of firstLines) log(line)
  const broken = brokenTable(text)
  if (broken !== undefined) {
    const { row, column } = broken
    log(
      `time="${stamp}" level=error msg="Failure unmarshaling TOML" column=${column} error="toml: expected character ]" file=${containerdConfig} row=${row}`,
    )
    log(`containerd: failed to unmarshal TOML at row ${row} column ${column}: toml: expected character ]`)
    return { template, exits: true, hasNetwork: false }
  }
  const version = /^version\s*=\s*(\d+)/m.exec(text)?.[1]
  if (version !== undefined && Number(version) > 3) {
    log(
      `containerd: failed to load TOML from ${containerdConfig}: expected containerd config version equal to or less than \`3\`, got \`${version}\``,
    )
    return { template, exits: true, hasNetwork: false }
  }
  log(`time="${stamp}" level=info msg="starting containerd" revision= version=2.0.5-k3s2`)
  if (!hasBase && text.includes('[plugins.cri')) {
    // The only hint that a real containerd 2.0 gives about a configuration of the first version.
    for (const key of [
      'containerd',
      '"containerd runtimes"',
      '"containerd runtimes nvidia"',
      '"containerd runtimes nvidia options"',
    ]) {
      log(
        `time="${stamp}" level=warning msg="Ignoring unknown key in TOML for plugin" error="strict mode: fields in the document are missing in the target struct" key=${key} plugin=io.containerd.grpc.v1.cri`,
      )
    }
  }
  return { template, exits: false, hasNetwork: hasBase || text.includes('conf_dir') }
}
