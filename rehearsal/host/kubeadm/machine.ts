/** A machine that is ready for `kubeadm join`: the packages of pkgs.k8s.io with their unit and drop-in, containerd, and no Kubernetes on it yet. */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import type { FaultName } from '../../contract.ts'
import { layPackages } from '../packages.ts'
import { layProcess, removeProcess } from '../process-files.ts'
import { standInText } from '../programs.ts'
import { sourceFolder } from '../source.ts'
import type { Launch, Program } from '../systemd.ts'
import { type ContainerdState, noContainerd, stateOf } from './containerd.ts'
import { has, type Kubeconfig, kubeconfigText, paths, read, remove, write } from './files.ts'
import { containerdVersion } from './node.ts'

export const kubeletUnit = 'kubelet.service'
export const containerdUnit = 'containerd.service'

/** kubernetes/release: cmd/krel/templates/latest/{kubelet/kubelet.service,kubeadm/10-kubeadm.conf}. */
const kubeletService = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
`
const kubeadmDropIn = `# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
# This is a file that "kubeadm init" and "kubeadm join" generates at runtime, populating the KUBELET_KUBEADM_ARGS variable dynamically
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
# This is a file that the user can use for overrides of the kubelet args as a last resort. Preferably, the user should use
# the .NodeRegistration.KubeletExtraArgs object in the configuration files instead. KUBELET_EXTRA_ARGS should be sourced from this file.
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`
const containerdService = `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target local-fs.target

[Service]
ExecStart=/usr/bin/containerd
Type=notify
Delegate=yes
KillMode=process
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
`

const cri = 'plugins."io.containerd.grpc.v1.cri"'

/** `containerd config default` of 1.7 with the cgroup driver of systemd, as far as anybody reads it. Nobody has told it of a GPU. */
export function containerdConfig(isSystemd: boolean): string {
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"

[grpc]
  address = "/run/containerd/containerd.sock"

[plugins]

  [${cri}]
    sandbox_image = "registry.k8s.io/pause:3.8"

    [${cri}.cni]
      bin_dir = "/opt/cni/bin"
      conf_dir = "/etc/cni/net.d"

    [${cri}.containerd]
      default_runtime_name = "runc"
      snapshotter = "overlayfs"

      [${cri}.containerd.runtimes.runc]
        runtime_type = "io.containerd.runc.v2"

        [${cri}.containerd.runtimes.runc.options]
          SystemdCgroup = ${isSystemd}
`
}

/** One of before containerd 1.3, which containerd 1.7 still understands: it names no version. */
const configOfVersion1 = `[plugins.cri]
  sandbox_image = "registry.k8s.io/pause:3.8"

  [plugins.cri.containerd]
    default_runtime_name = "runc"

    [plugins.cri.containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

      [plugins.cri.containerd.runtimes.runc.options]
        SystemdCgroup = true
`

/** Somebody edited it, and did not close the header of a table; the running containerd has not read it. */
const brokenConfig = `${containerdConfig(true)}
  [plugins."io.containerd.internal.v1.opt"
    path = "/opt/containerd"
`

/** What systemd gives a service (systemd.exec(5)). */
const servicePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Further sockets that listen on the machine, as `ss` shows them. */
export const foreignPort = '*:10250|*:*|"microk8s-kubelet",pid=1187,fd=21'

export interface KubeadmMachineOptions {
  readonly root: string
  readonly state: string
  readonly socket: string
  /** For its socket: paths of Unix sockets are short. */
  readonly shortFolder: string
  /** Of kubeadm and kubelet, `v1.32.7`. */
  readonly version: string
  readonly architecture: 'amd64' | 'arm64'
}

/** Packages that kubeadm's preflight asks for (cmd/kubeadm/app/preflight, InPathCheck). */
const called = ['conntrack', 'losetup', 'mount', 'nsenter', 'socat', 'ethtool'] as const

const programs = ['kubeadm', 'kubelet', 'containerd', 'crictl', 'kubectl'] as const

/** Lays packages, programs, units and containerd's configuration. Nothing runs yet. */
export function layKubeadmMachine(options: KubeadmMachineOptions): void {
  const { root, version } = options
  layPrograms(options, version)
  write(root, `/usr/lib/systemd/system/${kubeletUnit}`, kubeletService)
  write(root, `/usr/lib/systemd/system/${kubeletUnit}.d/10-kubeadm.conf`, kubeadmDropIn)
  write(root, `/usr/lib/systemd/system/${containerdUnit}`, containerdService)
  write(root, paths.containerd, containerdConfig(true))
  write(root, '/etc/crictl.yaml', `runtime-endpoint: unix:///run/containerd/containerd.sock\n`)
  write(root, '/etc/modules-load.d/k8s.conf', 'overlay\nbr_netfilter\n')
  write(root, '/proc/sys/net/bridge/bridge-nf-call-iptables', '1\n')
  for (const folder of [paths.manifests, '/opt/cni/bin', '/etc/cni/net.d', '/var/lib/kubelet', '/run/containerd'])
    mkdirSync(join(root, folder), { recursive: true })
  // /var/run is a link to /run on every machine with systemd.
  if (!has(root, '/var/run')) symlinkSync('../run', join(root, 'var/run'))
  for (const unit of [kubeletUnit, containerdUnit])
    symlinkSync(`/usr/lib/systemd/system/${unit}`, join(root, `etc/systemd/system/multi-user.target.wants/${unit}`))
  const bare = version.replace(/^v/, '')
  layPackages(root, [
    ...['kubeadm', 'kubelet', 'kubectl'].map((name) => ({
      name,
      version: `${bare}-1.1`,
      isHeld: true,
      files: [],
    })),
    { name: 'cri-tools', version: '1.32.0-1.1', isHeld: false, files: [] },
    { name: 'containerd.io', version: `${containerdVersion}-1`, isHeld: false, files: [] },
  ])
}

function layPrograms({ root, state, socket, architecture }: KubeadmMachineOptions, version: string): void {
  const client = join(sourceFolder, 'client.mjs')
  const variables = {
    STATE: state,
    SOCKET: socket,
    NODE: process.execPath,
    CLIENT: client,
    VERSION: version,
    ARCHITECTURE: architecture,
    CONTAINERD: containerdVersion,
  }
  for (const name of programs) write(root, `/usr/bin/${name}`, standInText(`kubernetes/${name}`, variables), 0o755)
  // What the kubelet calls, and nobody else here.
  for (const name of called) write(root, `/usr/bin/${name}`, '#!/bin/sh\nexit 1\n', 0o755)
}

/** containerd: it reads its configuration, makes its socket, and takes it away when it ends. */
export function startContainerdUnit(
  launch: Launch,
  root: string,
  shortFolder: string,
  onState: (state: ContainerdState) => void,
): Program {
  const path = join(shortFolder, 'cri')
  const link = join(root, paths.containerdSocket)
  const server: Server = createServer((socket) => socket.destroy())
  let state: ContainerdState
  try {
    state = stateOf(root)
  } catch (error) {
    launch.log(`containerd: ${(error as Error).message}`)
    launch.exited(1)
    return { ended: Promise.resolve(), stop: () => undefined }
  }
  const listening = new Promise<void>((resolve) => {
    rmSync(path, { force: true })
    server.listen(path, () => {
      mkdirSync(join(root, '/run/containerd'), { recursive: true })
      rmSync(link, { force: true })
      symlinkSync(path, link)
      layProcess(root, launch.pid, 'containerd', servicePath, containerdUnit)
      onState(state)
      launch.log(`time="${new Date().toISOString()}" level=info msg="containerd successfully booted in 0.034817s"`)
      launch.ready()
      resolve()
    })
  })
  const over = new AbortController()
  const ended = listening.then(
    async () =>
      await new Promise<void>((resolve) => {
        const close = (): void => {
          rmSync(link, { force: true })
          removeProcess(root, launch.pid)
          onState(noContainerd)
          server.close(() => {
            launch.exited(0)
            resolve()
          })
        }
        if (over.signal.aborted) close()
        else over.signal.addEventListener('abort', close)
      }),
  )
  return { ended, stop: () => over.abort() }
}

/** What Calico's agent writes on the node (calico/node, cni-plugin/pkg/install). */
export function layCalico(root: string): void {
  const plugins = [
    { type: 'calico', datastore_type: 'kubernetes', ipam: { type: 'calico-ipam' }, policy: { type: 'k8s' } },
    { type: 'portmap', snat: true, capabilities: { portMappings: true } },
    { type: 'bandwidth', capabilities: { bandwidth: true } },
  ]
  write(
    root,
    paths.network,
    `${JSON.stringify({ name: 'k8s-pod-network', cniVersion: '0.3.1', plugins }, undefined, 2)}\n`,
    0o600,
  )
  write(root, '/etc/cni/net.d/calico-kubeconfig', '# Kubeconfig file for Calico CNI plugin.\n', 0o600)
  for (const name of ['calico', 'calico-ipam']) write(root, `/opt/cni/bin/${name}`, '#!/bin/sh\n', 0o755)
}

/** What a machine has that was in another cluster, or in this one. */
export interface Leftovers {
  /** The other cluster. */
  readonly other: Omit<Kubeconfig, 'token'>
  /** This one. */
  readonly own: Omit<Kubeconfig, 'token'>
}

/** What faults find on the machine; they are as if they had always been there. */
export function layKubeadmFaults(
  options: KubeadmMachineOptions,
  faults: ReadonlySet<FaultName>,
  leftovers: Leftovers,
): void {
  const { root } = options
  if (faults.has('kubeadm-ip-forward')) write(root, '/proc/sys/net/ipv4/ip_forward', '0\n')
  // The swap file of Raspberry Pi OS.
  if (faults.has('kubeadm-swap')) {
    const memory = read(root, '/proc/meminfo') ?? ''
    write(root, '/proc/meminfo', memory.replace(/^(Swap(?:Total|Free):) +0 kB$/gm, '$1         204784 kB'))
    write(
      root,
      '/proc/swaps',
      'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/var/swap                               file\t\t204784\t\t0\t\t-2\n',
    )
  }
  if (faults.has('kubeadm-cgroup-driver')) write(root, paths.containerd, containerdConfig(false))
  if (faults.has('gpu-kubeadm-version-1')) write(root, paths.containerd, configOfVersion1)
  if (faults.has('gpu-kubeadm-broken-config')) write(root, paths.containerd, brokenConfig)
  if (faults.has('kubeadm-two-sockets')) {
    mkdirSync(join(root, '/run/crio'), { recursive: true })
    remove(root, paths.crioSocket)
    symlinkSync(join(options.shortFolder, 'cri'), join(root, paths.crioSocket))
  }
  if (faults.has('kubeadm-kubelet-crashes')) write(root, paths.extra, 'KUBELET_EXTRA_ARGS=--no-such-flag=1\n')
  if (faults.has('kubeadm-restricted-label'))
    write(root, paths.extra, 'KUBELET_EXTRA_ARGS=--node-labels=node-role.kubernetes.io/worker=true\n')
  if (faults.has('kubeadm-newer')) layPrograms(options, 'v1.33.4')
  if (faults.has('kubeadm-not-installed')) for (const name of programs) remove(root, `/usr/bin/${name}`)
  const isLeft = faults.has('kubeadm-leftovers') || faults.has('kubeadm-leftovers-live')
  if (isLeft || faults.has('kubeadm-leftover-ca')) write(root, paths.caFile, leftovers.other.caPem)
  if (faults.has('kubeadm-unfinished')) {
    // Its token is dead for days.
    const bootstrap = { ...leftovers.own, token: 'k1lled.0123456789abcdef' }
    write(root, paths.caFile, leftovers.own.caPem)
    write(root, paths.bootstrapConf, kubeconfigText(bootstrap, 'tls-bootstrap-token-user'), 0o600)
  }
  if (!isLeft) return
  write(root, paths.clientKey, '# STAND-IN of a client certificate and its key.\n# key of-another-cluster\n', 0o600)
  write(root, paths.kubeletConf, kubeconfigText(leftovers.other, 'default-auth'), 0o600)
  write(root, paths.config, 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n')
}
