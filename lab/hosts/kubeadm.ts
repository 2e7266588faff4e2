/** What packages of kubeadm, kubelet and containerd bring to a machine, and what their administrator set up; never joined. */
import { join } from 'node:path'
import { hostFolder } from '../contract.ts'
import type { HostFile } from './files.ts'

const units = 'usr/lib/systemd/system'
const programs = ['kubeadm', 'kubelet', 'kubectl', 'containerd', 'containerd-shim-runc-v2', 'ctr', 'runc'] as const

/** Path relative to the machine's root → file. */
export function kubeadmFiles(): Readonly<Record<string, HostFile>> {
  const files: Record<string, HostFile> = {
    [`${units}/containerd.service`]: { text: containerdUnit },
    'etc/systemd/system/multi-user.target.wants/containerd.service': { link: `/${units}/containerd.service` },
    'etc/containerd/config.toml': { text: containerdConfig },
    [`${units}/kubelet.service`]: { text: kubeletUnit },
    [`${units}/kubelet.service.d/10-kubeadm.conf`]: { text: kubeletDropIn },
    // The package enables it: until the machine joins, it starts every ten seconds and finds no configuration.
    'etc/systemd/system/multi-user.target.wants/kubelet.service': { link: `/${units}/kubelet.service` },
    [`${units}/lab-images.service`]: { text: imagesUnit },
    [`${units}/multi-user.target.wants/lab-images.service`]: { link: '../lab-images.service' },
    'opt/cni/bin': { link: join(hostFolder, 'cni') },
    'etc/sysctl.d/k8s.conf': { text: 'net.ipv4.ip_forward = 1\n' },
  }
  for (const name of programs) files[`usr/bin/${name}`] = { link: join(hostFolder, 'bin', name) }
  return files
}

/** As containerd's own (containerd/containerd v2.0 containerd.service), less what a container's machine may not set. */
const containerdUnit = `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target dbus.service

[Service]
ExecStart=/usr/bin/containerd
Type=notify
Delegate=yes
KillMode=process
Restart=always
RestartSec=5
TasksMax=infinity

[Install]
WantedBy=multi-user.target
`

const runtime = `plugins.'io.containerd.cri.v1.runtime'`
const images = `plugins.'io.containerd.cri.v1.images'`

const containerdConfig = `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"

[grpc]
  address = "/run/containerd/containerd.sock"

[${runtime}]
  # The machine may lack CAP_SYS_RESOURCE, and runc would fail to lower a container's score.
  restrict_oom_score_adj = true

[${runtime}.cni]
  bin_dir = "/opt/cni/bin"
  conf_dir = "/etc/cni/net.d"

[${runtime}.containerd]
  default_runtime_name = "runc"

[${runtime}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[${runtime}.containerd.runtimes.runc.options]
  SystemdCgroup = false

[${images}]
  # The root of a lab host lies on an overlay already, and another one cannot be laid on top of it.
  snapshotter = "native"

[${images}.pinned_images]
  sandbox = "registry.k8s.io/pause:3.10"
`

/** As kubernetes/release packages them (cmd/krel/templates/latest/kubelet/kubelet.service, …/kubeadm/10-kubeadm.conf). */
const kubeletUnit = `[Unit]
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

const kubeletDropIn = `# Note: This dropin only works with kubeadm and kubelet v1.11+
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

/** Nothing can be pulled here: what pods need is there before the first one comes. */
const imagesUnit = `[Unit]
Description=Images of a lab host
Requires=containerd.service
After=containerd.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${hostFolder}/source/lab/hosts/kubeadm-images.sh ${hostFolder}/images
`
