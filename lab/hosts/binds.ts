import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import { hostFolder, type Parts } from '../contract.ts'

/** A path outside, and where the machine sees it, read-only. */
export interface Bind {
  readonly from: string
  readonly to: string
}

/**
 * What of the lab a host sees. Programs one by one, because in the cache they may be links to one file, which chooses by
 * the name that it is called with; a link would lead nowhere on the host. Throws when a part is missing.
 */
export function bindsOf(parts: Omit<Parts, 'triton'>): readonly Bind[] {
  const sources: Readonly<Record<string, string>> = {
    cni: parts.cni,
    images: parts.images,
    'gpu/nvidia-device-plugin.tar': parts.pluginImage,
    node: parts.node,
    source: repositoryRoot,
    'bin/runc': parts.runc,
    'bin/nvidia-container-runtime': parts.nvidiaRuntime,
    ...programs(parts.kubernetes, ['kubelet', 'kubectl', 'kubeadm', 'device-plugin', 'crictl']),
    ...programs(parts.containerd, ['containerd', 'containerd-shim-runc-v2', 'ctr']),
    ...(typeof parts.toolkit === 'string' ? { toolkit: parts.toolkit } : {}),
  }
  return Object.entries(sources).map(([to, from]) => ({ from: realpathSync(from), to: join(hostFolder, to) }))
}

function programs(folder: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`bin/${name}`, join(folder, name)]))
}
