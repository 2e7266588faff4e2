/** Somebody's admission webhook, which changes every pod of a namespace before Pod Security looks at it. */
import { once } from 'node:events'
import { createServer } from 'node:https'
import { json } from 'node:stream/consumers'
import { addresses, type LabCluster } from '../contract.ts'

/** Operations of a JSON patch (RFC 6902). */
export type JsonPatch = readonly Readonly<Record<string, unknown>>[]

const configurations = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
const name = 'of-somebody'

/** It answers while the body runs. */
export async function withWebhook<Result>(
  cluster: Pick<LabCluster, 'issue' | 'issuerPem' | 'caPem' | 'request'>,
  namespace: string,
  patch: JsonPatch,
  body: () => Promise<Result>,
): Promise<Result> {
  const { certPem, keyPem } = await cluster.issue([addresses.server])
  const server = createServer({ cert: certPem, key: keyPem }, async (request, response) => {
    const { request: asked } = (await json(request)) as { request: { uid: string } }
    const change = { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: asked.uid, allowed: true, ...change },
      }),
    )
  }).listen(0, addresses.server)
  await once(server, 'listening')
  try {
    const { port } = server.address() as { port: number }
    await cluster.request('POST', configurations, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name },
      webhooks: [
        {
          name: 'pods.example.org',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
          clientConfig: {
            url: `https://${addresses.server}:${port}/`,
            caBundle: Buffer.from(cluster.issuerPem ?? cluster.caPem).toString('base64'),
          },
        },
      ],
    })
    return await body()
  } finally {
    await cluster.request('DELETE', `${configurations}/${name}`)
    server.close()
    server.closeAllConnections()
  }
}
