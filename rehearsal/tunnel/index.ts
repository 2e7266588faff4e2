/**
 * The way to the API server over SSH: the control plane's sshd with a user who may do nothing but be led to the API server, and
 * `ssh` on the runner's PATH, which is OpenSSH and reaches that sshd only.
 */
import { accessSync, constants, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { HostNetwork } from '../contract.ts'
import { SshServer } from '../host/ssh-server.ts'
import { repositoryRoot } from '../workflow/repository-root.ts'

export interface TunnelHost {
  readonly port: number
  /** Private key that the user's authorized_keys accepts. */
  readonly clientPrivateKey: string
  /** Counted since the start. */
  readonly counts: { readonly connections: number; readonly sessions: number; readonly forwards: number }
  /** known_hosts line for the given address. */
  knownHosts(address: string): string
  close(): Promise<void>
}

/** `permitopen="127.0.0.1:6443"`: the API server listens there, too, and nothing else is to be reached. */
const permitted = { host: '127.0.0.1', port: 6443 }

/** @param user who may log in, without a shell; @param network where the API server is found at its own loopback address */
export async function startTunnelHost(user: string, network: HostNetwork): Promise<TunnelHost> {
  return await SshServer.listen({
    user,
    network: {
      async connect(host, port) {
        if (host !== permitted.host || port !== permitted.port)
          throw new Error(`administratively prohibited: ${host}:${port}`)
        return await network.connect(host, port)
      },
    },
  })
}

/** The OpenSSH client of this machine; undefined where there is none. */
export function opensshProgram(path = process.env.PATH ?? ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue
    const candidate = join(folder, 'ssh')
    try {
      accessSync(candidate, constants.X_OK)
      return candidate
    } catch {
      // not in this folder
    }
  }
  return undefined
}

/**
 * Makes a folder with an `ssh` that leads to the given ports of 127.0.0.1 and nowhere else.
 * @param endpoints `host:port` → loopback port
 * @returns a search path that begins with it
 */
export function laySsh(folder: string, program: string, endpoints: Readonly<Record<string, number>>): string {
  mkdirSync(folder, { recursive: true })
  // copyFileSync keeps the mode: the source is executable.
  copyFileSync(join(repositoryRoot, 'rehearsal', 'tunnel', 'ssh.sh'), join(folder, 'ssh'))
  const lines = Object.entries(endpoints).map(([name, port]) => `${name} ${port}\n`)
  writeFileSync(join(folder, 'ssh-endpoints'), `program ${program}\n${lines.join('')}`)
  return [folder, process.env.PATH ?? ''].join(delimiter)
}
