/** Annotations this project keeps on a Node. They are hints that save work, never evidence of anything security depends on. */
export const annotations = {
  /** Digest of the desired state that was last carried out completely. */
  desired: 'k3s-gpu-actions/desired',
  /** Label keys that this project set and may therefore remove, comma separated. */
  ownedLabels: 'k3s-gpu-actions/owned-labels',
  /** Taints `key:effect` that this project set and may therefore remove, comma separated. */
  ownedTaints: 'k3s-gpu-actions/owned-taints',
} as const

/** Reads a comma separated annotation; absent or empty: nothing is owned. */
export function ownedKeys(value: string | undefined): readonly string[] {
  return (value ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '')
}

export function formatOwnedKeys(keys: readonly string[]): string {
  return [...new Set(keys)].sort().join(',')
}
