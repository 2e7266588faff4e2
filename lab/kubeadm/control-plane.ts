/** A control plane as kubeadm sets it up: its phases make certificates and objects, the programs are started with its words. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parse } from 'yaml'
import { type ApiClient, openApi } from '../cluster/api-client.ts'
import { auditPolicy } from '../cluster/audit.ts'
import { type Component, startComponent } from '../cluster/component.ts'
import { etcdWords, freePorts } from '../cluster/control-plane.ts'
import type { Parts } from '../contract.ts'
import { mustRun } from '../hosts/command.ts'
import { controlPlaneNode } from './node.ts'
import { type ClusterText, initConfiguration, podCidr, proxyConfig, proxyRights, serviceCidr } from './texts.ts'

export interface KubeadmPlane {
  /** As an administrator whom no authorisation stops. */
  readonly api: ApiClient
  readonly admin: { readonly certPem: string; readonly keyPem: string }
  readonly caPem: string
  /** The key of the cluster's authority. */
  readonly caKeyPem: string
  readonly auditLog: string
  /** What ended unasked, first one first. */
  failure(): Error | undefined
  close(): Promise<void>
}

export interface KubeadmPlaneOptions {
  readonly parts: Pick<Parts, 'kubernetes' | 'etcd'>
  readonly directory: string
  readonly name: string
  readonly controlPlane: string
  /** Of this network, and of nobody else; port 6443. */
  readonly address: string
  /** Whose requests the audit log tells. */
  readonly users: readonly string[]
}

const startLimitMs = 60_000

/** On failure nothing is left running. @throws Error with a program's last lines */
export async function startKubeadmPlane(options: KubeadmPlaneOptions): Promise<KubeadmPlane> {
  const { parts, directory, address } = options
  const [etcdPort = 0, peerPort = 0] = await freePorts(2)
  const data = join(directory, 'etcd')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const components: Component[] = []
  const start = (program: string, words: readonly string[]) =>
    components.push(startComponent({ program, arguments: words, directory }))
  const failure = () => components.map((component) => component.failure()).find((error) => error !== undefined)
  const close = async () => {
    await Promise.all(components.map((component) => component.close()))
  }
  const kubernetes = (name: string) => join(parts.kubernetes, name)
  const folder = (name: string) => join(directory, name)
  try {
    start(parts.etcd, etcdWords(data, etcdPort, peerPort))
    const text = { ...options, etcdUrl: `http://127.0.0.1:${etcdPort}` }
    const phase = writeConfigurations(kubernetes('kubeadm'), directory, text)
    await phase(['certs', 'all'])
    await Promise.all(
      ['super-admin', 'controller-manager', 'scheduler'].map((name) =>
        phase(['kubeconfig', name, `--kubeconfig-dir=${directory}`]),
      ),
    )
    const pki = (name: string) => join(directory, 'pki', name)
    const auditLog = folder('audit.log')
    writeFileSync(folder('audit-policy.yaml'), JSON.stringify(auditPolicy(options.users)))
    start(kubernetes('kube-apiserver'), [
      ...apiWords(pki, address, etcdPort),
      `--audit-policy-file=${folder('audit-policy.yaml')}`,
      `--audit-log-path=${auditLog}`,
    ])
    const admin = adminOf(folder('super-admin.conf'))
    const caPem = readFileSync(pki('ca.crt'), 'utf8')
    const api = openApi({ host: address, port: 6443, caPem, certificate: admin, failure })
    const limit = AbortSignal.timeout(startLimitMs)
    const either = () => AbortSignal.any([limit, ...components.map((component) => component.ended)])
    while (!(await api.isReady().catch(() => false))) await delay(25, undefined, { signal: either() })
    start(kubernetes('kube-controller-manager'), controllerWords(pki, folder('controller-manager.conf')))
    start(kubernetes('kube-scheduler'), [
      `--kubeconfig=${folder('scheduler.conf')}`,
      '--leader-elect=false',
      '--secure-port=0',
    ])
    // One phase marks the control-plane Node, which a kubelet would have registered by then.
    await api.request('POST', '/api/v1/nodes', controlPlaneNode(options.controlPlane, address))
    for (const words of [
      ['upload-config', 'all'],
      ['bootstrap-token', '--skip-token-print'],
    ] as const)
      await phase(words, folder('upload.yaml'), [`--kubeconfig=${folder('super-admin.conf')}`])
    await api.request('POST', '/api/v1/namespaces/kube-system/configmaps', proxyConfig)
    const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system'
    for (const right of proxyRights) await api.request('POST', `${roles}/${right.kind.toLowerCase()}s`, right)
    const accounts = '/api/v1/namespaces/default/serviceaccounts'
    await api.until(accounts, 'metadata.name=default', (items) => items.length > 0, either())
    return {
      api,
      admin,
      caPem,
      caKeyPem: readFileSync(pki('ca.key'), 'utf8'),
      auditLog,
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

/** Writes both configurations, and returns what runs a phase of `kubeadm init` with one of them. */
function writeConfigurations(
  kubeadm: string,
  directory: string,
  text: Omit<ClusterText, 'certificatesDir'>,
): (words: readonly string[], config?: string, more?: readonly string[]) => Promise<string> {
  const own = join(directory, 'init.yaml')
  writeFileSync(own, initConfiguration({ ...text, certificatesDir: join(directory, 'pki') }))
  writeFileSync(join(directory, 'upload.yaml'), initConfiguration(text))
  return (words, config = own, more = []) =>
    mustRun([kubeadm, 'init', 'phase', ...words, `--config=${config}`, ...more], { limitMs: 30_000 })
}

type Pki = (name: string) => string

/** As in the static pod that kubeadm writes (kubernetes cmd/kubeadm/app/phases/controlplane/manifests.go). */
function apiWords(pki: Pki, address: string, etcdPort: number): readonly string[] {
  return [
    `--advertise-address=${address}`,
    // A static pod listens everywhere; here others do too.
    `--bind-address=${address}`,
    '--allow-privileged=true',
    '--authorization-mode=Node,RBAC',
    `--client-ca-file=${pki('ca.crt')}`,
    '--enable-admission-plugins=NodeRestriction',
    '--enable-bootstrap-token-auth=true',
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    `--kubelet-client-certificate=${pki('apiserver-kubelet-client.crt')}`,
    `--kubelet-client-key=${pki('apiserver-kubelet-client.key')}`,
    '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
    `--proxy-client-cert-file=${pki('front-proxy-client.crt')}`,
    `--proxy-client-key-file=${pki('front-proxy-client.key')}`,
    '--requestheader-allowed-names=front-proxy-client',
    `--requestheader-client-ca-file=${pki('front-proxy-ca.crt')}`,
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    '--secure-port=6443',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki('sa.pub')}`,
    `--service-account-signing-key-file=${pki('sa.key')}`,
    `--service-cluster-ip-range=${serviceCidr}`,
    `--tls-cert-file=${pki('apiserver.crt')}`,
    `--tls-private-key-file=${pki('apiserver.key')}`,
  ]
}

function controllerWords(pki: Pki, kubeconfig: string): readonly string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--secure-port=0',
    // See lab/cluster/control-plane.ts.
    '--kube-api-qps=1000',
    '--kube-api-burst=1000',
    '--allocate-node-cidrs=true',
    `--cluster-cidr=${podCidr}`,
    `--cluster-signing-cert-file=${pki('ca.crt')}`,
    `--cluster-signing-key-file=${pki('ca.key')}`,
    '--controllers=*,bootstrapsigner,tokencleaner',
    `--root-ca-file=${pki('ca.crt')}`,
    `--service-account-private-key-file=${pki('sa.key')}`,
    `--service-cluster-ip-range=${serviceCidr}`,
    '--use-service-account-credentials=true',
  ]
}

interface Kubeconfig {
  readonly users: readonly [{ readonly user: Readonly<Record<string, string>> }]
}

/** Of a kubeconfig as kubeadm writes it: one user, with certificate and key in it. */
function adminOf(file: string): { readonly certPem: string; readonly keyPem: string } {
  const { user } = (parse(readFileSync(file, 'utf8')) as Kubeconfig).users[0]
  const pem = (name: string) => Buffer.from(user[name] ?? '', 'base64').toString('utf8')
  return { certPem: pem('client-certificate-data'), keyPem: pem('client-key-data') }
}
