import type { V1Secret } from '@kubernetes/client-node'
import { anotherPassword, ClusterError } from './errors.ts'
import type { AccessRequest, BootstrapToken, NodePassword } from './model.ts'
import { nodePasswordOf, tokenAge, tokenSecret, tokenSecretName, type Wire } from './objects.ts'
import { type ApiRequest, segment, type Transport } from './transport.ts'

const path = 'api/v1/namespaces/kube-system/secrets'

function access(verb: string): AccessRequest {
  return { verb, group: '', resource: 'secrets', namespace: 'kube-system' }
}

type SecretList = { readonly items?: readonly Wire<V1Secret>[] }

/** See Cluster.createBootstrapToken. */
export async function createBootstrapToken(
  transport: Transport,
  token: BootstrapToken,
  signal: AbortSignal,
): Promise<void> {
  await transport.need({ method: 'POST', path, body: tokenSecret(token), access: access('create') }, signal)
}

/** See Cluster.deleteBootstrapToken. */
export async function deleteBootstrapToken(transport: Transport, id: string, signal: AbortSignal): Promise<void> {
  const request: ApiRequest = { method: 'DELETE', path: `${path}/${tokenSecretName(id)}`, access: access('delete') }
  await transport.call(request, signal)
}

/** See Cluster.bootstrapTokens. */
export async function bootstrapTokens(
  transport: Transport,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly { id: string; createdAt: string; expiresAt: string }[]> {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  // Without labels this would read, and the caller delete, tokens of other people.
  if (labelSelector === '') throw new RangeError('labels are needed to tell own tokens from others')
  const query = { labelSelector, fieldSelector: 'type=bootstrap.kubernetes.io/token' }
  const { body } = await transport.call<SecretList>({ method: 'GET', path, query, access: access('list') }, signal)
  return (body?.items ?? []).filter((one) => one.metadata?.name?.startsWith('bootstrap-token-')).map(tokenAge)
}

/** See Cluster.nodePassword. */
export async function nodePassword(
  transport: Transport,
  name: string,
  signal: AbortSignal,
): Promise<NodePassword | undefined> {
  const query = { fieldSelector: `metadata.name=${name}` }
  const { body } = await transport.call<SecretList>({ method: 'GET', path, query, access: access('list') }, signal)
  const found = (body?.items ?? []).find((one) => one.metadata?.name === name)
  return found && nodePasswordOf(found)
}

/** See Cluster.deleteNodePassword. */
export async function deleteNodePassword(
  transport: Transport,
  name: string,
  { uid, resourceVersion }: Pick<NodePassword, 'uid' | 'resourceVersion'>,
  signal: AbortSignal,
): Promise<void> {
  // Empty ones would be no preconditions at all.
  if (uid === '' || resourceVersion === '') throw new RangeError('a Secret is deleted as it was read, or not at all')
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid, resourceVersion } }
  const request: ApiRequest = {
    method: 'DELETE',
    path: `${path}/${segment(name)}`,
    body,
    access: access('delete'),
  }
  try {
    await transport.call(request, signal)
  } catch (error) {
    throw error instanceof ClusterError && error.code === 'conflict' ? anotherPassword(name, error) : error
  }
}
