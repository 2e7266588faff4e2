/** Every press of every scenario is scanned for secrets. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubernetesObject } from '../rehearsal/contract.ts'
import type { Running } from '../rehearsal/press.ts'
import type { LabCluster, LabHost } from './contract.ts'
import { type Exhibit, exhibitsOf, expectNoLeaks, filesBelow, ProcessWatch, type Secret } from './secrets.ts'

/** Below a runner's temporary folder: what kubeconfig-esc places for later steps, secrets among it. */
export const privateFolder = 'k3s-gpu-actions-private'

/** The collection of them. */
export const bootstrapTokens =
  '/api/v1/namespaces/kube-system/secrets?fieldSelector=type%3Dbootstrap.kubernetes.io%2Ftoken'

/**
 * Lets a press end only when no secret is where none may be: in what it wrote and left, in the arguments and environment of any
 * process inside the lab, in the machines' journals, and in the Nodes.
 * @param runner folder of all presses
 * @param onSample is called several times a second while a press runs
 */
export function secretScan(
  cluster: Pick<LabCluster, 'request' | 'secrets'>,
  hosts: readonly LabHost[],
  runner: string,
  onSample: () => void,
): (running: Running, temporary?: string) => Running {
  const minted = new Map<string, string>()
  const passwords = new Map<string, string>()
  let isAsking = false
  const look = (): void => {
    onSample()
    for (const { name, root } of hosts) {
      const file = join(root, 'etc/rancher/node/password')
      if (existsSync(file)) passwords.set(readFileSync(file, 'utf8').trim(), `node password of ${name}`)
    }
    if (isAsking) return
    isAsking = true
    const asked = cluster.request('GET', bootstrapTokens).then((list) => {
      const { items } = list as { items: readonly (KubernetesObject & { data?: Readonly<Record<string, string>> })[] }
      for (const { metadata, data = {} } of items)
        minted.set(Buffer.from(data['token-secret'] ?? '', 'base64').toString('utf8'), `token ${metadata.name}`)
    })
    // What ends the cluster is told to whoever needs it.
    asked
      .catch(() => undefined)
      .finally(() => {
        isAsking = false
      })
  }
  const secrets = (): readonly Secret[] => [
    ...cluster.secrets.map((value, index) => ({ name: `secret ${index + 1} of the cluster`, value })),
    ...hosts.flatMap(({ name, clientPrivateKey, operatorPassword }) => [
      { name: `private key for ${name}`, value: clientPrivateKey.trim() },
      { name: `sudo password of ${name}`, value: operatorPassword },
    ]),
    ...[...minted, ...passwords].map(([value, name]) => ({ name, value })),
  ]
  return (running, temporary) => {
    const watch = new ProcessWatch(running, look)
    const ended = running.ended.then(
      async (press) => {
        const seen: Exhibit[] = [...watch.stop(), ...exhibitsOf(press)]
        // One that was killed had no time to clear up; its successor does.
        if (press.exitCode !== null) seen.push(...filesBelow(runner, [join(runner, 'tools')]))
        if (temporary !== undefined) seen.push(...filesBelow(temporary, [join(temporary, privateFolder)]))
        for (const host of hosts) {
          const { stdout } = await host.run(['journalctl', '--output=cat', '--no-pager', '--quiet'])
          seen.push({ where: `the journal of ${host.name}`, text: stdout })
        }
        seen.push({ where: 'the Nodes', text: JSON.stringify(await cluster.request('GET', '/api/v1/nodes')) })
        look()
        expectNoLeaks(seen, secrets())
        return press
      },
      (error: unknown) => {
        watch.stop()
        throw error
      },
    )
    return { ...running, ended }
  }
}
