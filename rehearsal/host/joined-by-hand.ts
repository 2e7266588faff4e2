import { spawn } from 'node:child_process'
import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installerText, k3sProgram } from './released.ts'

export interface ByHandOptions {
  readonly root: string
  /** Environment of a root shell on the host. */
  readonly variables: Readonly<Record<string, string>>
  readonly version: string
  readonly architecture: string
  readonly server: string
  readonly token: string
  readonly labels: readonly string[]
}

/**
 * What a person leaves behind who follows "Manual Calypso K3s Join Procedure": the server's own token in the environment
 * file, and the labels as arguments of the unit. The agent is not started here.
 */
export async function joinByHand(options: ByHandOptions): Promise<void> {
  writeFileSync(join(options.root, 'usr/local/bin/k3s'), k3sProgram(options.version, options.architecture), {
    mode: 0o755,
  })
  const words = ['agent', ...options.labels.flatMap((label) => ['--node-label', label])]
  const child = spawn('/bin/sh', ['-s', '-', ...words], {
    env: {
      ...options.variables,
      K3S_TOKEN: options.token,
      K3S_URL: options.server,
      INSTALL_K3S_VERSION: options.version,
      INSTALL_K3S_SKIP_DOWNLOAD: 'true',
      INSTALL_K3S_SKIP_START: 'true',
    },
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let complaints = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (chunk: string) => {
    complaints += chunk
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(installerText())
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`the installer's stand-in ended with ${code}: ${complaints}`)
  const yesterday = new Date(Date.now() - 86_400_000)
  const units = 'etc/systemd/system/k3s-agent.service'
  for (const path of ['usr/local/bin/k3s', units, `${units}.env`])
    utimesSync(join(options.root, path), yesterday, yesterday)
}
