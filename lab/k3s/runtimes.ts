/** Runtimes beside runc, looked for where k3s looks for them. */
import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'

/** Handler → program, as k3s has them (k3s-io/k3s pkg/agent/containerd/runtimes.go, findNvidiaContainerRuntimes). */
const known: Readonly<Record<string, string>> = {
  nvidia: 'nvidia-container-runtime',
  'nvidia-cdi': 'nvidia-container-runtime.cdi',
  'nvidia-experimental': 'nvidia-container-runtime-experimental',
}

/** Put in front of PATH while k3s looks (runtimesPath in k3s-io/k3s pkg/agent/containerd/config_linux.go). */
const ownFolders = ['/usr/local/nvidia/toolkit', '/opt/kwasm/bin']

/** What systemd gives a service that sets no PATH of its own. */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Handler → path of the first program of that name; a handler whose program is nowhere is left out. */
export function findRuntimes(path: string | undefined, root = '/'): Readonly<Record<string, string>> {
  const folders = [...ownFolders, ...(path ?? usualPath).split(':')]
  const rows = Object.entries(known).flatMap(([handler, name]) => {
    const folder = folders.find((one) => one.startsWith('/') && isProgram(join(root, one, name)))
    return folder === undefined ? [] : [[handler, join(folder, name)] as const]
  })
  return Object.fromEntries(rows)
}

/** By Go's exec.LookPath: a file, links followed, that may be executed. */
function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
