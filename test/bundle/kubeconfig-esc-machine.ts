/** The machine of a self-hosted runner as far as a press could leave something on it: somebody's home, and processes. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A home that is somebody's: what lies in it is read by no press, and stays as it is. */
export function layHome(home: string): void {
  const files = {
    '.kube/config': 'apiVersion: v1\nkind: Config\ncurrent-context: another-cluster\n',
    '.ssh/known_hosts': '192.0.2.7 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n',
    '.ssh/config': 'Host *\n  ProxyCommand false\n',
    '.pulumi/credentials.json': '{"current":"https://api.pulumi.com"}\n',
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(home, name, '..'), { recursive: true })
    writeFileSync(join(home, name), text)
  }
}

export function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}

export const pids = (): readonly string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name))

/** Processes that carry the mark of this door in their environment, as a runner finds those of its job; bundles that run now are none. */
export function marked(mark: string, running: readonly (number | undefined)[]): readonly string[] {
  return pids().flatMap((pid) => {
    try {
      if (running.includes(Number(pid)) || running.includes(parentOf(pid))) return []
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) return []
      return [`process ${pid}: ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`]
    } catch {
      return []
    }
  })
}

/** A worker that ends with the one step it runs. No shell: inputs have names that shells do not pass on. */
export const workerProgram =
  "require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'inherit' }).on('close', (code) => process.exit(code ?? 137))"
