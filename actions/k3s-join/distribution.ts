import type { DesiredNode } from '../../src/cluster-file/index.ts'
import type { Distribution } from '../../src/join/index.ts'
import type { Runner } from '../../src/runner/index.ts'

/** What `distribution` names, behind the one interface. Only the one that is wanted is loaded. */
export async function openDistribution(
  name: DesiredNode['distribution'],
  runner: Runner,
): Promise<Distribution<unknown, unknown>> {
  // Whoever holds the object gives it back only what it made itself, so its own types need not be known here.
  if (name === 'kubeadm') {
    const { createKubeadm } = await import('../../src/kubeadm/index.ts')
    return createKubeadm(runner) as Distribution<unknown, unknown>
  }
  const { createK3s } = await import('../../src/k3s/index.ts')
  return createK3s(runner) as Distribution<unknown, unknown>
}
