/**
 * The lab's control plane: real etcd, API server, controller manager and scheduler, behind a front that plays what k3s
 * adds to them. Whatever authenticates, authorises, stores, schedules and collects garbage here is Kubernetes itself.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { joinToken, kubeconfigText, type Listener } from '../../rehearsal/cluster/index.ts'
import type { FaultName } from '../../rehearsal/contract.ts'
import { addresses, type LabCluster, type Parts, type Progress } from '../contract.ts'
import { clear } from './clearing.ts'
import { startControlPlane } from './control-plane.ts'
import { startFront, startImpostor } from './front.ts'
import { startPasswordCollector } from './node-passwords.ts'
import { applyManifest, type JoinToken, joinTokenOf, joinUser, readManifest } from './rights.ts'
import { keepServers } from './servers.ts'

export interface ClusterOptions {
  readonly parts: Pick<Parts, 'kubernetes' | 'etcd'>
  /** For data, logs and certificates; made when missing. */
  readonly directory: string
  readonly progress: Progress
  /** The front's. Default: 192.0.2.1, port 6443. Port 0: any free one. */
  readonly address?: string
  readonly port?: number
  /** Where the fault `wrong-ca-hash` puts somebody else. Default: 192.0.2.66, port 6443; must be an address of this network. */
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
  const { address = addresses.server, port = 6443, version = 'v1.33.4+k3s1', progress } = options
  const startedMs = Date.now()
  const elapsed = () => `${((Date.now() - startedMs) / 1000).toFixed(1)} s`
  const plane = await startControlPlane({
    ...options,
    address,
    nowMs: startedMs,
    // The Service `kubernetes` leads to this port at the front's address.
    ...(address.startsWith('127.') || port === 0 ? {} : { apiPort: port }),
  })
  const { api, pki } = plane
  progress(`etcd, API server, controller manager and scheduler are ready (${elapsed()})`)
  const closers: (() => void | Promise<void>)[] = [plane.close]
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  let unasked: unknown
  const onFailure = (error: unknown) => {
    // A component that ended says more than whoever noticed.
    unasked ??= plane.failure() ?? error
  }
  try {
    const password = randomBytes(16).toString('hex')
    let faults: ReadonlySet<FaultName> = new Set()
    const front = await startFront({
      ...{ address, port, pki, api, password, version },
      spoilsTokens: () => faults.has('wrong-token'),
      failure: plane.failure,
    })
    closers.push(front.close)
    const collector = await startPasswordCollector(api, onFailure)
    closers.push(collector.close)
    const seedAddresses = { server: address, agent: addresses.styx, calypso: addresses.calypso }
    const servers = keepServers({ api, version, addresses: seedAddresses, onFailure })
    closers.push(servers.close)
    const manifest = readManifest()
    let joined: JoinToken | undefined
    let impostor: Listener | undefined
    closers.push(() => impostor?.close())
    const server = `https://${address}:${front.port}`
    const caPem = pki.serverCa.bundlePem
    const serverToken = joinToken(caPem, `server:${password}`)
    const impostorAt = options.impostor ?? { address: '192.0.2.66', port: 6443 }

    const reset = async (wanted: ReadonlySet<FaultName> = new Set()): Promise<void> => {
      if (unasked !== undefined) throw unasked
      const signal = AbortSignal.timeout(resetLimitMs)
      faults = wanted
      await impostor?.close()
      impostor = undefined
      await Promise.all([
        clear(api, servers.names, collector, signal),
        applyManifest(api, manifest, wanted.has('no-rbac'), signal),
      ])
      await servers.restore(signal)
      if (wanted.has('node-password'))
        await servers.addStaleNode(options.systemUuid ?? randomUUID(), randomBytes(16).toString('hex'))
      if (wanted.has('wrong-ca-hash')) {
        const names = [...new Set([address, '127.0.0.1', 'kubernetes', 'localhost'])]
        impostor = await startImpostor(impostorAt.address, impostorAt.port, names)
      }
      joined = await joinTokenOf(api, joined)
      front.forget()
    }
    await reset()
    progress(`the cluster is at its beginning (${elapsed()})`)

    return {
      server,
      caPem,
      serverToken,
      get secrets() {
        return [serverToken, password, joined?.token ?? '', base64(pki.admin.keyPem)].filter((secret) => secret !== '')
      },
      requests: front.requests,
      get kubeconfig() {
        return kubeconfigText('oceanid', server, caPem, { name: joinUser, token: joined?.token ?? '' })
      },
      adminKubeconfig: kubeconfigText('oceanid', server, caPem, { name: 'admin', ...pki.admin }),
      get impostor() {
        return impostor && { address: impostorAt.address, port: impostor.port, requests: impostor.requests }
      },
      issue: (names) => pki.serverCa.issue(names),
      async request(method, path, body) {
        if (unasked !== undefined) throw unasked
        return api.request(method, path, body)
      },
      reset,
      close,
    }
  } catch (error) {
    await close()
    throw plane.failure() ?? error
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
