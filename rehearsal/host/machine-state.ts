import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface SudoSetup {
  /** `cached`: a password is wanted, but somebody entered it a moment ago. */
  readonly mode: 'passwordless' | 'password' | 'cached' | 'none' | 'requiretty'
  /** The user's password; wanted by every mode but `passwordless`. */
  readonly password?: string
}

/** From now on the file system of this folder is full; the folder is made when missing. */
export function layFullDisk(root: string, state: string, folder: string): void {
  mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(state, 'full'), `${folder}\n`)
}

/** How far the agent's own ports are open; `own-kubelet`: of a kubelet that is a program by itself. */
export type PortState = 'none' | 'load-balancer' | 'kubelet' | 'own-kubelet'

/** Sets how sudo behaves for the user. PAM lets whoever was wrong wait for about 2 s, which `pace` scales. */
export function laySudo(state: string, sudo: SudoSetup, pace: number): void {
  mkdirSync(join(state, 'sudo'), { recursive: true })
  writeFileSync(join(state, 'sudo/mode'), `${sudo.mode}\n`)
  writeFileSync(join(state, 'sudo/password'), `${sudo.password ?? ''}\n`, { mode: 0o600 })
  writeFileSync(join(state, 'sudo/delay'), `${(2 * pace).toFixed(3)}\n`)
}

/**
 * Listening sockets for `ss`: local address, peer, owner. k3s runs its kubelet and kube-proxy inside its own process
 * (pkg/daemons/executor/embed.go), so their ports are its own too; in the lab they belong to the kubelet that its stand-in starts.
 */
export function layPorts(
  state: string,
  hasTriton: boolean,
  agent: PortState,
  pid: number,
  further: readonly string[] = [],
): void {
  const rows = [
    '0.0.0.0:22|0.0.0.0:*|"sshd",pid=902,fd=3',
    '127.0.0.53%lo:53|0.0.0.0:*|"systemd-resolve",pid=640,fd=14',
  ]
  if (hasTriton) {
    for (const port of [8000, 8001, 8002]) rows.push(`0.0.0.0:${port}|0.0.0.0:*|"docker-proxy",pid=2101,fd=4`)
  }
  if (agent === 'own-kubelet') {
    rows.push(`127.0.0.1:10248|0.0.0.0:*|"kubelet",pid=${pid},fd=12`)
    rows.push(`*:10250|*:*|"kubelet",pid=${pid},fd=21`)
  } else if (agent !== 'none') rows.push(`127.0.0.1:6444|0.0.0.0:*|"k3s-agent",pid=${pid},fd=10`)
  if (agent === 'kubelet') {
    for (const port of [10248, 10249, 10256]) rows.push(`127.0.0.1:${port}|0.0.0.0:*|"k3s-agent",pid=${pid},fd=12`)
    rows.push(`*:10250|*:*|"k3s-agent",pid=${pid},fd=21`)
  }
  rows.push(...further)
  writeFileSync(join(state, 'sockets'), `${rows.join('\n')}\n`)
}
