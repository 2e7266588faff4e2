import { anotherDaemonSet, ClusterError } from './errors.ts'
import type { AccessRequest, ApplyObject } from './model.ts'
import { segment, type Transport } from './transport.ts'

/** Whose fields are ours, for ever: another name would leave the old one as an owner that nobody speaks for. */
export const fieldManager = 'k3s-gpu-actions'

/** The plural is no function of the kind; only what this project applies is here. */
const plurals: Readonly<Record<string, string>> = { DaemonSet: 'daemonsets', RuntimeClass: 'runtimeclasses' }

/** Other managers have other values in fields that are ours to set. They are named, and nothing was changed. */
function applyConflict(
  what: string,
  namespace: string | undefined,
  { evidence, status, conflicts }: ClusterError,
): ClusterError {
  const managers = [...new Set(conflicts.map(({ manager }) => manager))]
  const inNamespace = namespace === undefined ? '' : `-n ${namespace} `
  const who = managers.length === 0 ? 'another manager' : managers.slice(0, 5).join(', ')
  return new ClusterError('apply-conflict', {
    title: `${what} was not applied: ${who} set some of its fields to other values`,
    cause: 'somebody edited it by hand, or a tool such as Flux, Helm or Argo CD keeps it as well. Nothing was changed',
    remedy: `take it out of that tool, or undo the edit: kubectl ${inNamespace}get ${what} -o yaml --show-managed-fields shows who set what`,
    evidence: [
      ...conflicts.slice(0, 20).map(({ manager, field }) => `${manager} owns ${field}`),
      ...(conflicts.length > 20 ? [`and ${conflicts.length - 20} more fields`] : []),
      ...(conflicts.length === 0 ? evidence : []),
    ],
    ...(status === undefined ? {} : { status }),
  })
}

/** See Cluster.applyObject. */
export async function applyObject(transport: Transport, object: ApplyObject, signal: AbortSignal): Promise<void> {
  const plural = plurals[object.kind]
  if (plural === undefined) throw new RangeError(`objects of kind ${object.kind} are not applied here`)
  const { name, namespace } = object.metadata
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion]
  const root = group === '' ? `api/${version}` : `apis/${group}/${version}`
  const folder = namespace === undefined ? '' : `namespaces/${segment(namespace)}/`
  const access: AccessRequest = {
    verb: 'patch',
    group: group ?? '',
    resource: plural,
    ...(namespace === undefined ? {} : { namespace }),
  }
  try {
    await transport.call(
      {
        method: 'PATCH',
        path: `${root}/${folder}${plural}/${segment(name)}`,
        // An unknown field would be dropped in silence, and missed for ever.
        query: { fieldManager, fieldValidation: 'Strict' },
        body: object,
        // Every JSON document is a YAML document.
        contentType: 'application/apply-patch+yaml',
        access,
      },
      signal,
    )
  } catch (error) {
    if (!(error instanceof ClusterError) || error.status !== 409) throw error
    throw applyConflict(`${object.kind.toLowerCase()}/${name}`, namespace, error)
  }
}

/** See Cluster.deleteDaemonSet. */
export async function deleteDaemonSet(
  transport: Transport,
  namespace: string,
  name: string,
  uid: string,
  signal: AbortSignal,
): Promise<void> {
  // An empty one would be no precondition at all.
  if (uid === '') throw new RangeError('a DaemonSet is deleted as it was read, or not at all')
  const path = `apis/apps/v1/namespaces/${segment(namespace)}/daemonsets/${segment(name)}`
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid }, propagationPolicy: 'Background' }
  const access: AccessRequest = { verb: 'delete', group: 'apps', resource: 'daemonsets', namespace, name }
  try {
    await transport.call({ method: 'DELETE', path, body, access }, signal)
  } catch (error) {
    const isAnother = error instanceof ClusterError && error.code === 'conflict'
    throw isAnother ? anotherDaemonSet(`${namespace}/${name}`, error) : error
  }
}
