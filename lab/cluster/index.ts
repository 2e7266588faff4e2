/**
 * The lab's cluster at its beginning, and back to it: whatever authenticates, authorises, stores, schedules and collects
 * garbage here is Kubernetes itself. Its server is a released k3s, or our stand-in: Kubernetes' own programs behind a front.
 */
import { randomUUID } from 'node:crypto'
import { forerunnerOf, kubeconfigText, type Listener } from '../../rehearsal/cluster/index.ts'
import type { FaultName, KubernetesObject } from '../../rehearsal/contract.ts'
import { addresses, k3sVersion, type LabCluster, type Parts, type Progress } from '../contract.ts'
import { clear } from './clearing.ts'
import { startImpostor } from './front.ts'
import type { Ground, GroundOptions } from './ground.ts'
import { startK3sServer } from './k3s-server.ts'
import {
  type AccountToken,
  applyManifest,
  gpuUser,
  joinUser,
  readManifests,
  removeUser,
  tokenOf,
  verifyUser,
} from './rights.ts'
import { keepServers } from './servers.ts'
import { startStandIn } from './stand-in.ts'

export { type Resolver, startResolver } from './resolver.ts'

export interface ClusterOptions {
  readonly parts: Pick<Parts, 'kubernetes' | 'etcd' | 'k3s'>
  /** For data, logs and certificates; made when missing. */
  readonly directory: string
  readonly progress: Progress
  /** The server's. Default: 192.0.2.1, port 6443. Port 0: any free one, which only the stand-in can take. */
  readonly address?: string
  readonly port?: number
  /** Where the fault `wrong-ca-hash` puts somebody else. Default: 192.0.2.66; must be an address of this network. */
  readonly impostor?: { readonly address: string; readonly port: number }
  /** What `/version` and the servers' Nodes announce. Default: that of the embedded cluster. */
  readonly version?: string
  /** Of the stale Node of the fault `node-password`; give the machine's own to make it the same machine. Default: of none. */
  readonly systemUuid?: string
}

/** The cluster, and who answers in its place for the fault `wrong-ca-hash`: what lies between host and server leads there. */
export interface Cluster extends LabCluster {
  readonly impostor?: { readonly address: string; readonly port: number; readonly requests: readonly string[] }
}

const resetLimitMs = 20_000

/** Starts everything and brings it to the beginning. On failure nothing is left running. @throws Error with a program's last lines */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { address = addresses.server, port = 6443, progress } = options
  const version = options.parts.k3s?.version ?? options.version ?? k3sVersion
  const startedMs = Date.now()
  const elapsed = () => `${((Date.now() - startedMs) / 1000).toFixed(1)} s`
  let unasked: unknown
  let ground: Ground | undefined
  const onFailure = (error: unknown) => {
    // A component that ended says more than whoever noticed.
    unasked ??= ground?.failure() ?? error
  }
  const server = await startGround({ ...options, address, port, version, onFailure })
  ground = server
  const { api, admin, caPem } = server
  progress(
    `${options.parts.k3s === undefined ? 'etcd, API server, controller manager and scheduler are' : `k3s ${version} is`} ready (${elapsed()})`,
  )
  const closers: (() => void | Promise<void>)[] = [server.close]
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    const seedAddresses = { server: address, agent: addresses.agent, calypso: addresses.calypso }
    const servers = keepServers({ api, version, addresses: seedAddresses, onFailure })
    closers.push(servers.close)
    const manifest = readManifests()
    let joined: AccountToken | undefined
    let ofGpu: AccountToken | undefined
    let ofVerify: AccountToken | undefined
    let ofRemoval: AccountToken | undefined
    let impostor: Listener | undefined
    closers.push(() => impostor?.close())
    const impostorAt = options.impostor ?? { address: '192.0.2.66', port: server.impostorPort }

    const reset = async (wanted: ReadonlySet<FaultName> = new Set()): Promise<void> => {
      if (unasked !== undefined) throw unasked
      const signal = AbortSignal.timeout(resetLimitMs)
      server.play(wanted)
      await impostor?.close()
      impostor = undefined
      await Promise.all([
        clear(api, servers.names, namespacesOf(manifest), server.collector, signal),
        applyManifest(api, manifest, wanted.has('no-rbac'), signal),
      ])
      await servers.restore(signal)
      const machine = options.systemUuid ?? randomUUID()
      const forerunner = forerunnerOf(wanted, version, Date.now(), machine, seedAddresses)
      if (forerunner !== undefined) await servers.addForerunner(forerunner, signal)
      if (wanted.has('wrong-ca-hash')) {
        const names = [...new Set([address, '127.0.0.1', 'kubernetes', 'localhost'])]
        impostor = await startImpostor(impostorAt.address, impostorAt.port, names)
      }
      joined = await tokenOf(api, joinUser, joined)
      ofGpu = await tokenOf(api, gpuUser, ofGpu)
      ofVerify = await tokenOf(api, verifyUser, ofVerify)
      ofRemoval = await tokenOf(api, removeUser, ofRemoval)
      server.forget()
    }
    await reset()
    progress(`the cluster is at its beginning (${elapsed()})`)

    return {
      server: server.server,
      caPem,
      ...(server.issuerPem === undefined ? {} : { issuerPem: server.issuerPem }),
      serverToken: server.serverToken,
      get secrets() {
        const tokens = [joined?.token ?? '', ofGpu?.token ?? '', ofVerify?.token ?? '', ofRemoval?.token ?? '']
        return [...server.secrets, ...tokens, base64(admin.keyPem)].filter((secret) => secret !== '')
      },
      get requests() {
        return server.requests
      },
      get kubeconfig() {
        return kubeconfigText('oceanid', server.server, caPem, { name: joinUser, token: joined?.token ?? '' })
      },
      get gpuKubeconfig() {
        return kubeconfigText('oceanid', server.server, caPem, { name: gpuUser, token: ofGpu?.token ?? '' })
      },
      get verifyKubeconfig() {
        return kubeconfigText('oceanid', server.server, caPem, { name: verifyUser, token: ofVerify?.token ?? '' })
      },
      get removeKubeconfig() {
        return kubeconfigText('oceanid', server.server, caPem, { name: removeUser, token: ofRemoval?.token ?? '' })
      },
      adminKubeconfig: kubeconfigText('oceanid', server.server, caPem, { name: 'admin', ...admin }),
      get impostor() {
        return impostor && { address: impostorAt.address, port: impostor.port, requests: impostor.requests }
      },
      issue: server.issue,
      async request(method, path, body) {
        if (unasked !== undefined) throw unasked
        return api.request(method, path, body)
      },
      reset,
      close,
    }
  } catch (error) {
    await close()
    throw server.failure() ?? error
  }
}

function startGround(options: GroundOptions): Promise<Ground> {
  const { k3s } = options.parts
  return k3s === undefined ? startStandIn(options) : startK3sServer({ ...options, k3s })
}

/** Names of the Namespaces that a manifest makes. */
function namespacesOf(manifest: readonly KubernetesObject[]): readonly string[] {
  return manifest.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
