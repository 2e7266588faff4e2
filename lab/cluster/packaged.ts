/** What a k3s server deploys by itself, as far as it matters here: the classes of the runtimes that its agents may find. */
import type { ApiClient } from './api-client.ts'

/**
 * Class and handler have one name (k3s-io/k3s manifests/runtimes.yaml). Those of WebAssembly and crun, which are in the same file,
 * are left out.
 */
const runtimes = ['nvidia', 'nvidia-cdi', 'nvidia-experimental'] as const

const collection = '/apis/node.k8s.io/v1/runtimeclasses'

export async function deployRuntimeClasses(api: Pick<ApiClient, 'request'>): Promise<void> {
  await Promise.all(
    runtimes.map((name) =>
      api.request(
        'PATCH',
        `${collection}/${name}?fieldManager=deploy%40srv712429&force=true`,
        { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name }, handler: name },
        'application/apply-patch+yaml',
      ),
    ),
  )
}
