/** A service's process below /proc of an embedded host: what a survey may look at. */
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * PATH of the running k3s: its own folder before and after that of its unit (k3s-io/k3s:cmd/k3s/main.go, stageAndRun). What
 * the unit does not say is what systemd gives every service.
 */
export function searchPath(environment: Readonly<Record<string, string>>, version: string): string {
  const folder = `/var/lib/rancher/k3s/data/${createHash('sha256').update(version).digest('hex')}`
  const unit = environment.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  return `${folder}/bin:${unit}:${folder}/bin/aux`
}

export function layProcess(root: string, pid: number, name: string, path: string, unit = 'k3s-agent.service'): void {
  const folder = join(root, 'proc', String(pid))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'comm'), `${name}\n`)
  writeFileSync(join(folder, 'environ'), `LANG=C\0PATH=${path}\0`, { mode: 0o400 })
  writeFileSync(join(folder, 'cgroup'), `0::/system.slice/${unit}\n`)
}

export function removeProcess(root: string, pid: number): void {
  rmSync(join(root, 'proc', String(pid)), { recursive: true, force: true })
}
