/**
 * The smallest program of a cluster stack: the guard first, then what it manages.
 *
 * Where the parts of a real one go (each may be a component of its own): Flux, the Pulumi operator, the Cloudflare tunnel, and the
 * adapter that leads Label Studio to Triton. All take the default provider, and so the kubeconfig that the guard has looked at.
 */
import * as k8s from '@pulumi/kubernetes'
import * as pulumi from '@pulumi/pulumi'
import { assertClusterDeployAllowed } from './cluster-deploy-guard'

const config = new pulumi.Config()

// Before the first resource: nothing is registered where this throws.
assertClusterDeployAllowed({
  stack: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`,
  caSha256: config.require('caSha256'),
  clusterUid: config.require('clusterUid'),
  // Nothing changes in a preview: it may run on a hosted runner, too.
  isPreview: pulumi.runtime.isDryRun(),
})

const namespace = new k8s.core.v1.Namespace('apps', { metadata: { name: 'apps' } })

// What reaches the GPU: the adapter reads this, and nobody else has to know the address.
const triton = new k8s.core.v1.ConfigMap('triton', {
  metadata: { name: 'triton', namespace: namespace.metadata.name },
  data: { url: config.require('tritonUrl'), model: 'distilbert-base-uncased' },
})

const tunnel = new k8s.core.v1.Secret('cloudflared', {
  metadata: { name: 'cloudflared', namespace: namespace.metadata.name },
  stringData: { token: config.requireSecret('cloudflare_tunnel_token') },
})

export const appsNamespace = namespace.metadata.name
export const tritonConfigMap = triton.metadata.name
export const tritonUrl = config.require('tritonUrl')
/** Secret: it is in no log, and in no output of a workflow. */
export const tunnelToken = tunnel.stringData.token
