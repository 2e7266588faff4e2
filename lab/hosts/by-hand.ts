import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ageByHandFiles, byHandCall, byHandTaint } from '../../rehearsal/host/joined-by-hand.ts'
import type { LabHost, LabHostOptions } from '../contract.ts'
import type { Released } from '../released.ts'
import { until } from './until.ts'

/**
 * Joins a running machine as a person did it: the installer with the server's own token, the agent started by systemd, and
 * the taint set afterwards. Resolves when its Node is Ready.
 */
export async function joinByHand(
  host: Pick<LabHost, 'name' | 'root' | 'run' | 'journal'>,
  cluster: NonNullable<LabHostOptions['cluster']>,
  { version, program, installer }: Released,
): Promise<void> {
  writeFileSync(join(host.root, 'usr/local/bin/k3s'), program, { mode: 0o755 })
  const { server, serverToken: token } = cluster
  const { words, environment } = byHandCall({ name: host.name, version, server, token })
  const must = async (command: readonly string[], options: Parameters<LabHost['run']>[1] = {}): Promise<void> => {
    const { code, stdout, stderr } = await host.run(command, options)
    if (code === 0) return
    throw new Error(`${command.join(' ')} ended with ${code}: ${stderr}${stdout}\n${await host.journal('k3s-agent')}`)
  }
  await must(['sh', '-s', '-', ...words], { input: installer, environment })
  ageByHandFiles(host.root)
  await must(['timeout', '60', 'systemctl', 'start', 'k3s-agent.service'])
  const path = `/api/v1/nodes/${host.name}`
  try {
    await until(`${host.name} becoming Ready`, 60_000, async () => {
      const node = (await cluster.request('GET', path)) as Node | undefined
      return node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') || undefined
    })
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${await host.journal('k3s-agent')}`)
  }
  await cluster.request('PATCH', path, { spec: { taints: [byHandTaint] } })
}

interface Node {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}
