import { Document } from 'yaml'
import type { DesiredNode } from '../cluster-file/index.ts'
import { isRestrictedLabel } from '../join/index.ts'
import { formatTaint } from '../kubernetes/index.ts'

/**
 * Text of our drop-in `config.yaml.d/50-k3s-gpu-actions.yaml`. Deterministic: equal desired states give equal bytes.
 * `key+` appends to lists of earlier files (docs: installation/configuration); labels that a kubelet refuses are left to the API.
 */
export function renderConfig(desired: DesiredNode): string {
  const labels = Object.entries(desired.labels)
    .filter(([key]) => !isRestrictedLabel(key))
    .map(([key, value]) => `${key}=${value}`)
    .sort()
  const taints = desired.taints.map(formatTaint).sort()
  const content: Record<string, unknown> = {
    'node-name': desired.node,
    ...(desired.nodeIp ? { 'node-ip': desired.nodeIp } : {}),
    ...(desired.nodeExternalIp ? { 'node-external-ip': desired.nodeExternalIp } : {}),
    ...Object.fromEntries(Object.entries(desired.extraConfig).sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(labels.length > 0 ? { 'node-label+': labels } : {}),
    ...(taints.length > 0 ? { 'node-taint+': taints } : {}),
  }
  const document = new Document(content)
  document.commentBefore = ' Written by k3s-gpu-actions; edits are overwritten by its next run.'
  return document.toString({ lineWidth: 0 })
}

/** The part of the drop-in that an agent reads only at start and that nothing else can bring about. Labels and taints go through the API. */
export function restartRelevant(configText: string): string {
  const lines: string[] = []
  let isInMetadata = false
  for (const line of configText.split('\n')) {
    if (/^\S/.test(line)) isInMetadata = /^"?node-(label|taint)\+"?:/.test(line)
    if (!isInMetadata && !line.startsWith('#') && line.trim() !== '') lines.push(line)
  }
  return lines.join('\n')
}
