/** etcd, API server, controller manager and scheduler: which words they are started with, and when they are ready. */
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Parts } from '../contract.ts'
import { type ApiClient, openApi } from './api-client.ts'
import { type Component, startComponent } from './component.ts'
import { createPki, frontProxyName, type Pki } from './pki.ts'

export interface ControlPlane {
  readonly pki: Pki
  /** The API server itself, as administrator; without the front. */
  readonly api: ApiClient
  /** What ended unasked, first one first. */
  failure(): Error | undefined
  close(): Promise<void>
}

export interface ControlPlaneOptions {
  readonly parts: Pick<Parts, 'kubernetes' | 'etcd'>
  readonly directory: string
  /** The front's, which the API server announces as its own. */
  readonly address: string
  /** Loopback port of the API server; default: any free one. */
  readonly apiPort?: number
  readonly nowMs: number
}

export const clusterCidr = '10.42.0.0/16'
export const serviceCidr = '10.43.0.0/16'
const issuer = 'https://kubernetes.default.svc.cluster.local'
const startLimitMs = 60_000

/** Starts everything at once, each part as soon as what it cannot do without is there. On failure nothing is left running. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { parts, directory } = options
  const [etcdPort = 0, peerPort = 0, anyPort = 0] = await freePorts(3)
  const apiPort = options.apiPort ?? anyPort
  const apiUrl = `https://127.0.0.1:${apiPort}`
  const components: Component[] = []
  const start = (program: string, words: readonly string[]) =>
    components.push(startComponent({ program, arguments: words, directory }))
  const failure = () => components.map((component) => component.failure()).find((error) => error !== undefined)
  const close = async () => {
    await Promise.all(components.map((component) => component.close()))
  }
  try {
    mkdirSync(join(directory, 'etcd'), { recursive: true, mode: 0o700 })
    start(parts.etcd, etcdWords(join(directory, 'etcd'), etcdPort, peerPort))
    const pki = await createPki(directory, options.address, apiUrl, options.nowMs)
    start(join(parts.kubernetes, 'kube-apiserver'), apiWords(pki, options.address, apiPort, etcdPort))
    const api = openApi({ port: apiPort, caPem: pki.serverCa.bundlePem, certificate: pki.admin, failure })
    const limit = AbortSignal.timeout(startLimitMs)
    const either = AbortSignal.any([limit, ...components.map((component) => component.ended)])
    await answering(api, either)
    start(join(parts.kubernetes, 'kube-controller-manager'), controllerWords(pki))
    start(join(parts.kubernetes, 'kube-scheduler'), schedulerWords(pki))
    await ready(api, AbortSignal.any([limit, ...components.map((component) => component.ended)]))
    return {
      pki,
      api,
      failure,
      async close() {
        api.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw failure() ?? error
  }
}

export function etcdWords(folder: string, port: number, peerPort: number): readonly string[] {
  const url = `http://127.0.0.1:${port}`
  const peerUrl = `http://127.0.0.1:${peerPort}`
  return [
    '--name=default',
    `--data-dir=${folder}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    '--logger=zap',
    '--log-level=warn',
    // Nothing here has to survive a power cut.
    '--unsafe-no-fsync',
  ]
}

/** As k3s starts it (pkg/daemons/control/server.go), as far as a lab sees a difference. */
function apiWords(pki: Pki, address: string, port: number, etcdPort: number): readonly string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--advertise-address=${address}`,
    '--anonymous-auth=false',
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--enable-bootstrap-token-auth=true',
    '--allow-privileged=true',
    '--profiling=false',
    `--service-cluster-ip-range=${serviceCidr}`,
    '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
    `--kubelet-certificate-authority=${pki.file('server-ca.crt')}`,
    `--kubelet-client-certificate=${pki.file('client-kube-apiserver.crt')}`,
    `--kubelet-client-key=${pki.file('client-kube-apiserver.key')}`,
    `--tls-cert-file=${pki.file('serving-kube-apiserver.crt')}`,
    `--tls-private-key-file=${pki.file('serving-kube-apiserver.key')}`,
    `--client-ca-file=${pki.file('client-ca.crt')}`,
    `--requestheader-client-ca-file=${pki.file('request-header-ca.crt')}`,
    `--requestheader-allowed-names=${frontProxyName}`,
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--service-account-issuer=${issuer}`,
    `--api-audiences=${issuer},k3s`,
    `--service-account-signing-key-file=${pki.file('service.key')}`,
    `--service-account-key-file=${pki.file('service.key')}`,
  ]
}

function controllerWords(pki: Pki): readonly string[] {
  return [
    `--kubeconfig=${pki.file('controller.kubeconfig')}`,
    '--leader-elect=false',
    '--secure-port=0',
    // Each controller fetches credentials of its own first, which the default of 20 requests a second stretches to seconds.
    '--kube-api-qps=1000',
    '--kube-api-burst=1000',
    '--controllers=*,tokencleaner,bootstrapsigner',
    '--use-service-account-credentials=true',
    '--allocate-node-cidrs=true',
    `--cluster-cidr=${clusterCidr}`,
    `--service-cluster-ip-range=${serviceCidr}`,
    `--root-ca-file=${pki.file('server-ca.crt')}`,
    `--service-account-private-key-file=${pki.file('service.key')}`,
  ]
}

function schedulerWords(pki: Pki): readonly string[] {
  return [`--kubeconfig=${pki.file('scheduler.kubeconfig')}`, '--leader-elect=false', '--secure-port=0']
}

/** Until the API server says itself that it is ready. It has no other way to tell than to be asked. */
async function answering(api: ApiClient, signal: AbortSignal): Promise<void> {
  for (;;) {
    const isReady = await api.isReady().catch(() => false)
    if (isReady) return
    await delay(25, undefined, { signal })
  }
}

/** Controllers work when they have made what every pod needs: the default service account. */
async function ready(api: ApiClient, signal: AbortSignal): Promise<void> {
  const path = '/api/v1/namespaces/default/serviceaccounts'
  await api.until(path, 'metadata.name=default', (items) => items.length > 0, signal)
}

/** Free when asked; all are open at once, so that no two are the same. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
