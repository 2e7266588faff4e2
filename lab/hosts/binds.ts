import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../../rehearsal/workflow/repository-root.ts'
import { hostFolder, type Parts } from '../contract.ts'

/** A path outside, and where the machine sees it, read-only. */
export interface Bind {
  readonly from: string
  readonly to: string
}

/** Programs of the control plane, which no host runs. */
const controlPlane: readonly string[] = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']

/**
 * What of the lab a host sees. Programs one by one, because in the cache they may be
 * links to one file, which chooses by the name that it is called with; a link would lead nowhere on the host.
 */
export function bindsOf(parts: Parts): readonly Bind[] {
  const binds: [string, string][] = [
    [parts.cni, 'cni'],
    [parts.images, 'images'],
    [parts.node, 'node'],
    [repositoryRoot, 'source'],
    [parts.runc, 'bin/runc'],
    [parts.nvidiaRuntime, 'bin/nvidia-container-runtime'],
  ]
  for (const folder of [parts.kubernetes, parts.containerd])
    for (const name of readdirSync(folder))
      if (!controlPlane.includes(name)) binds.push([join(folder, name), `bin/${name}`])
  return [...new Map(binds.map(([from, to]) => [to, from]))]
    .filter(([, from]) => existsSync(from))
    .map(([to, from]) => ({ from: realpathSync(from), to: join(hostFolder, to) }))
}
