import { ClusterError } from './errors.ts'
import type { AccessRequest, ApiObject, KindReference, ListOptions } from './model.ts'
import { listEach } from './pages.ts'
import { segment, type Transport } from './transport.ts'

/** Only what is asked for comes: a Secret's or ConfigMap's data, a pod's spec stay where they are. */
const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json'

export function folderOf({ group, version, resource }: KindReference, namespace: string | undefined): string {
  const root = group === '' ? `api/${version}` : `apis/${group}/${version}`
  return `${root}/${namespace ? `namespaces/${segment(namespace)}/` : ''}${resource}`
}

export function accessOf(
  verb: string,
  { group, resource }: KindReference,
  namespace: string | undefined,
): AccessRequest {
  return { verb, group, resource, ...(namespace ? { namespace } : {}) }
}

/** See Cluster.list. */
export async function listObjects<Item>(
  transport: Transport,
  kind: KindReference,
  read: (object: ApiObject) => Item,
  signal: AbortSignal,
  { namespace, labelSelector, fieldSelector, isMetadataOnly = false }: ListOptions = {},
): Promise<readonly Item[] | undefined> {
  return await listEach(
    transport,
    {
      method: 'GET',
      path: folderOf(kind, namespace),
      query: { ...(labelSelector ? { labelSelector } : {}), ...(fieldSelector ? { fieldSelector } : {}) },
      ...(isMetadataOnly ? { accept: metadataOnly } : {}),
      access: accessOf('list', kind, namespace),
    },
    read,
    signal,
  )
}

interface Created {
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly uid?: string }
}

/** See Cluster.createObject. The namespace is the object's own. */
export async function createObject(
  transport: Transport,
  kind: KindReference,
  object: ApiObject,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly uid: string }> {
  const namespace = (object as Created).metadata?.namespace
  const created = await transport.need<Created>(
    {
      method: 'POST',
      path: folderOf(kind, namespace),
      // An unknown field would be dropped in silence, and missed for ever.
      query: { fieldValidation: 'Strict' },
      body: object,
      access: accessOf('create', kind, namespace),
    },
    signal,
  )
  return { name: String(created?.metadata?.name ?? ''), uid: String(created?.metadata?.uid ?? '') }
}

/** See Cluster.deleteObject. */
export async function deleteObject(
  transport: Transport,
  kind: KindReference,
  namespace: string,
  name: string,
  uid: string,
  signal: AbortSignal,
): Promise<void> {
  // An empty one would be no precondition at all.
  if (uid === '' || name === '') throw new RangeError('an object is deleted as it was read, or not at all')
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid }, propagationPolicy: 'Background' }
  const path = `${folderOf(kind, namespace)}/${segment(name)}`
  try {
    await transport.call({ method: 'DELETE', path, body, access: accessOf('delete', kind, namespace) }, signal)
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'conflict') throw error
    throw new ClusterError('conflict', {
      title: `${kind.resource}/${name} was not deleted: it is no longer the one that was looked at`,
      cause: 'somebody deleted it and made another one of that name since it was read',
      remedy: 'nothing was deleted. Run it again: the next run looks at what is there then',
      evidence: error.evidence,
      ...(error.status === undefined ? {} : { status: error.status }),
    })
  }
}
