/** Where k3s keeps what, on a lab host. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { hostFolder } from '../contract.ts'

export const agentFolder = '/var/lib/rancher/k3s/agent'
export const containerdSocket = '/run/k3s/containerd/containerd.sock'
export const kubeletKubeconfig = `${agentFolder}/kubelet.kubeconfig`

/** A program that the lab gives its hosts. */
export function program(name: string): string {
  return `${hostFolder}/bin/${name}`
}

/** Marker of a fault: the container network never comes up. */
export function hasNoNetwork(): boolean {
  return existsSync('/usr/lib/k3s-gpu-actions-lab-faults/no-network')
}

/** Writes a file and makes its folder when it is missing. */
export function write(path: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode })
}
