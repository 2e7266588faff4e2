/** A cluster and a calypso that is its node, and the API as somebody sees it who may do everything. */
import { request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import { type Cluster, startCluster } from '../../rehearsal/cluster/index.ts'
import type { FaultName, HostNetwork } from '../../rehearsal/contract.ts'
import { githubNames, startGithub, toolkitSite } from '../../rehearsal/github/index.ts'
import { type HostOptions, type StartedHost, startHost } from '../../rehearsal/host/index.ts'
import { forget, networkTo, scratch } from './world-host-client.ts'

export interface Answer {
  readonly status: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into what a server says
  readonly json: any
}
export type Ask = (method: string, path: string, body?: unknown, type?: string) => Promise<Answer>

export interface Machine {
  readonly cluster: Cluster
  readonly calypso: StartedHost
  readonly ask: Ask
  close(): Promise<void>
}

/** Requests with the rights of an administrator; `kubectl` for everything but apply. */
export function asker(cluster: Cluster, kubeconfig = cluster.adminKubeconfig('https://127.0.0.1')): Ask {
  const { token } = (parse(kubeconfig) as { users: { user: { token: string } }[] }).users[0]?.user ?? { token: '' }
  return (method, path, body, type = 'application/json') =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body)
      const length = { 'Content-Length': Buffer.byteLength(text) }
      const headers = {
        ...length,
        Authorization: `Bearer ${token}`,
        'User-Agent': 'kubectl/v1.33',
        'Content-Type': type,
      }
      const call = request(
        { host: '127.0.0.1', port: cluster.port, path, method, headers, ca: cluster.caPem, servername: 'localhost' },
        (response) => {
          let said = ''
          response.setEncoding('utf8').on('data', (chunk: string) => {
            said += chunk
          })
          response.on('end', () => {
            const isJson = response.headers['content-type']?.includes('json') === true
            resolve({ status: response.statusCode ?? 0, text: said, json: isJson ? JSON.parse(said) : undefined })
          })
        },
      )
      call.on('error', reject)
      call.end(text)
    })
}

export async function startMachine(
  options: Partial<HostOptions> & { faults?: ReadonlySet<FaultName> } = {},
): Promise<Machine> {
  const directory = scratch()
  const faults = options.faults ?? new Set<FaultName>()
  const cluster = await startCluster({ directory: join(directory, 'cluster'), faults, calypso: 'joined-by-hand' })
  const certificate = await cluster.issue([...githubNames, toolkitSite])
  const github = await startGithub({ certificate, releases: [], faults })
  const toCluster = networkTo(cluster.port)
  const toSite = networkTo(github.port)
  const network: HostNetwork = {
    connect: (host, port) => (host === toolkitSite ? toSite : toCluster).connect(host, port),
  }
  const calypso = await startHost({
    name: 'calypso',
    directory: join(directory, 'host'),
    network,
    cluster,
    calypso: 'joined-by-hand',
    pace: 0.02,
    ...options,
  })
  return {
    cluster,
    calypso,
    ask: asker(cluster),
    async close() {
      await calypso.close()
      await github.close()
      await cluster.close()
      forget(directory)
    },
  }
}

/** Waits until a look at the world gives something; rejects after 10 s with what the last look saw. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined,
  seen: () => unknown = () => '',
): Promise<T> {
  for (const endMs = Date.now() + 10_000; ; await sleep(10)) {
    const found = look()
    if (found !== undefined) return found
    if (Date.now() > endMs) throw new Error(`${what}: not within 10 s; ${JSON.stringify(seen())}`)
  }
}

export const apply = 'application/apply-patch+yaml'
export const pluginPath = '/apis/apps/v1/namespaces/kube-system/daemonsets/plugin'

/** A device plugin as gpu-runtime lays one; `changes` go over its pod's spec. */
export function devicePlugin(changes: Readonly<Record<string, unknown>> = {}, env: readonly object[] = []) {
  const labels = { 'app.kubernetes.io/name': 'plugin' }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'plugin', namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          runtimeClassName: 'nvidia',
          nodeSelector: { 'nvidia.com/gpu.present': 'true' },
          tolerations: [{ key: 'workload-type', operator: 'Equal', value: 'gpu-compute', effect: 'NoSchedule' }],
          containers: [
            { name: 'plugin', image: 'nvcr.io/nvidia/k8s-device-plugin:v0.20.0', ...(env.length > 0 && { env }) },
          ],
          ...changes,
        },
      },
    },
  }
}
