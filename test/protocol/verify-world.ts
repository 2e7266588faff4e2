/** A cluster to verify, and ports that ask it and nobody else. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cluster, openCluster } from '../../src/kubernetes/index.ts'
import { openLists } from '../../src/verify/lists.ts'
import type { VerifyPorts } from '../../src/verify/model.ts'

const never = new AbortController().signal

/** Opens a cluster by the text of a kubeconfig. */
export async function openText(kubeconfig: string): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'verify-'))
  try {
    const kubeconfigPath = join(folder, 'kubeconfig.yaml')
    await writeFile(kubeconfigPath, kubeconfig)
    return await openCluster({ kubeconfigPath, signal: never })
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Ports of a run that talks to the API server alone. */
export function portsOf(cluster: Cluster): VerifyPorts {
  const nobody = () => Promise.reject(new Error('nobody may be asked but the API server'))
  return {
    cluster,
    lists: openLists(cluster, Date.now, never),
    openHttp: () => {
      throw new Error('nobody may be asked but the API server')
    },
    resolve: nobody,
    certificates: nobody,
    now: Date.now,
    runId: 'abcdefghijkl',
    label: 'test',
    history: [],
    say: () => undefined,
    signal: never,
  }
}

/** The manifests of verification, for the account whose kubeconfig the embedded cluster hands out. */
export async function verifyManifests(...names: readonly string[]): Promise<string> {
  const texts = await Promise.all(names.map((name) => readFile(join('manifests', name), 'utf8')))
  return texts.join('\n---\n').replace(/(\n {2}- kind: ServiceAccount\n {4}name: )\S+/g, '$1k3s-gpu-actions-join')
}
