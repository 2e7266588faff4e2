/** Files of kubeadm and the kubelet below the root of an embedded host, as the packages of pkgs.k8s.io and kubeadm itself lay them. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'

export const paths = {
  kubeletConf: '/etc/kubernetes/kubelet.conf',
  bootstrapConf: '/etc/kubernetes/bootstrap-kubelet.conf',
  caFile: '/etc/kubernetes/pki/ca.crt',
  manifests: '/etc/kubernetes/manifests',
  config: '/var/lib/kubelet/config.yaml',
  flags: '/var/lib/kubelet/kubeadm-flags.env',
  clientKey: '/var/lib/kubelet/pki/kubelet-client-current.pem',
  network: '/etc/cni/net.d/10-calico.conflist',
  extra: '/etc/default/kubelet',
  containerd: '/etc/containerd/config.toml',
  containerdSocket: '/run/containerd/containerd.sock',
  crioSocket: '/run/crio/crio.sock',
} as const

/** As every tool names them. */
export const containerdEndpoint = 'unix:///var/run/containerd/containerd.sock'
export const crioEndpoint = 'unix:///var/run/crio/crio.sock'

export function write(root: string, path: string, text: string, mode = 0o644): void {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text, { mode })
}

export function read(root: string, path: string): string | undefined {
  const file = join(root, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

export const has = (root: string, path: string): boolean => existsSync(join(root, path))

export function remove(root: string, path: string): void {
  rmSync(join(root, path), { recursive: true, force: true })
}

/** A kubeconfig with the CA inside it, as kubeadm and the kubelet write theirs. */
export interface Kubeconfig {
  /** `https://host:port` */
  readonly server: string
  readonly caPem: string
  /** Of bootstrap-kubelet.conf; elsewhere the certificate lies in a file. */
  readonly token?: string
}

export function kubeconfigText({ server, caPem, token }: Kubeconfig, user: string): string {
  const pem = paths.clientKey
  return stringify(
    {
      apiVersion: 'v1',
      clusters: [
        {
          cluster: { 'certificate-authority-data': Buffer.from(caPem).toString('base64'), server },
          name: 'kubernetes',
        },
      ],
      contexts: [{ context: { cluster: 'kubernetes', user }, name: `${user}@kubernetes` }],
      'current-context': `${user}@kubernetes`,
      kind: 'Config',
      preferences: {},
      users: [{ name: user, user: token === undefined ? { 'client-certificate': pem, 'client-key': pem } : { token } }],
    },
    { lineWidth: 0, indentSeq: false },
  )
}

interface KubeconfigDocument {
  readonly clusters?: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data'?: string }
  }[]
  readonly users?: readonly { readonly user?: { readonly token?: string } }[] | null
}

/** Undefined for what is no kubeconfig with a cluster. */
export function parseKubeconfig(text: string): Kubeconfig | undefined {
  const document = parse(text) as KubeconfigDocument | null
  const [first] = document?.clusters ?? []
  if (first === undefined) return undefined
  const token = document?.users?.[0]?.user?.token
  return {
    server: first.cluster.server,
    caPem: Buffer.from(first.cluster['certificate-authority-data'] ?? '', 'base64').toString('utf8'),
    ...(token !== undefined && { token }),
  }
}

/** Does a real machine swap? /proc/swaps has a line below its head then. */
export function swaps(root: string): readonly string[] {
  return (read(root, '/proc/swaps') ?? '')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
}

/** CRI sockets that kubeadm looks for (cmd/kubeadm/app/util/runtime), as endpoints. */
export function endpoints(root: string): readonly string[] {
  return [
    ...(has(root, paths.containerdSocket) ? [containerdEndpoint] : []),
    ...(has(root, paths.crioSocket) ? [crioEndpoint] : []),
  ]
}

/** The text that gRPC has for a socket that is not there, as recorded (fixtures/kubeadm/62-containerd-down.err, 77-…). */
export const noRuntime = `validate service connection: validate CRI v1 runtime API for endpoint "${containerdEndpoint}": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /var/run/containerd/containerd.sock: connect: no such file or directory"`
