/** Files of an administrator that a fault finds on calypso: the same in every world, because runs quote them letter by letter. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type FaultName, restrictedLabel } from '../contract.ts'

export interface FaultFile {
  readonly text: string
  readonly mode: number
}

const config = 'etc/rancher/k3s/config.yaml'
const template = 'var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl'

/** The kubelet refuses it, whether its Node is there already or not. */
const restrictingConfig: Readonly<Record<string, FaultFile>> = {
  [config]: { text: `node-label:\n  - ${restrictedLabel.key}=${restrictedLabel.value}\n`, mode: 0o600 },
}

/** As "Manual Calypso K3s Join Procedure" writes it: for containerd 1, and without what k3s would have written itself. */
const harmfulTemplate = `[plugins.opt]
  path = "/opt/containerd"
[plugins.cri]
  stream_server_address = "127.0.0.1"
  stream_server_port = "10010"
[plugins.cri.containerd.default_runtime]
  runtime_type = "io.containerd.runc.v2"
[plugins.cri.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins.cri.containerd.runtimes.nvidia]
  runtime_type = "io.containerd.runc.v2"
[plugins.cri.containerd.runtimes.nvidia.options]
  BinaryName = "/usr/bin/nvidia-container-runtime"
`

/** The first bracket is never closed. */
const brokenTemplate = '[plugins.cri\n  stream_server_address = "127.0.0.1"\n'

/**
 * A copy of what k3s rendered before the toolkit was there, as people make them against k3s's own advice (docs/advanced.md): the node
 * works with it, and nothing of what k3s has to say since then reaches containerd. Its port is another one.
 */
const copiedTemplate = `version = 3
root = "/var/lib/rancher/k3s/agent/containerd"
state = "/run/k3s/containerd"

[grpc]
  address = "/run/k3s/containerd/containerd.sock"

[plugins.'io.containerd.grpc.v1.cri']
  stream_server_address = "127.0.0.1"
  stream_server_port = "10011"

[plugins.'io.containerd.cri.v1.images']
  snapshotter = "overlayfs"

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "rancher/mirrored-pause:3.6"

[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dir = "/var/lib/rancher/k3s/data/cni"
  conf_dir = "/var/lib/rancher/k3s/agent/etc/cni/net.d"

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
`
const templateOfThree = 'var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl'

const filesOf: Readonly<Partial<Record<FaultName, Readonly<Record<string, FaultFile>>>>> = {
  'restricted-label': restrictingConfig,
  'restricted-label-ignored': restrictingConfig,
  'crash-loop': { [config]: { text: 'kubelet-arg:\n  - no-such-flag=1\n', mode: 0o600 } },
  'template-harmful': { [template]: { text: harmfulTemplate, mode: 0o644 } },
  'gpu-harmful-template': { [templateOfThree]: { text: copiedTemplate, mode: 0o644 } },
  'gpu-restart-fails': { [templateOfThree]: { text: copiedTemplate, mode: 0o644 } },
  'template-broken': { [template]: { text: brokenTemplate, mode: 0o644 } },
}

/** Writes what the faults find there, below the root of a machine that may be running; folders are made when missing. */
export function layFaultFiles(root: string, faults: ReadonlySet<FaultName>): void {
  for (const fault of faults)
    for (const [path, { text, mode }] of Object.entries(filesOf[fault] ?? {})) {
      const file = join(root, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      // Apart, because the mode of a new file depends on the umask.
      chmodSync(file, mode)
    }
}
