/** The runner's users: the shipped manifests, applied to the real API server, and tokens of their service accounts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseAllDocuments } from 'yaml'
import type { KubernetesObject } from '../../rehearsal/contract.ts'
import type { ApiClient } from './api-client.ts'

export const joinUser = 'k3s-gpu-actions-join'
export const gpuUser = 'k3s-gpu-actions-gpu'
export const verifyUser = 'k3s-gpu-actions-verify'
export const removeUser = 'k3s-gpu-actions-remove'

const plurals: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
}

/** The manifests of all users that this repository ships. */
export function readManifests(): readonly KubernetesObject[] {
  return [
    'k3s-join-rbac.yaml',
    'gpu-runtime-rbac.yaml',
    'verify-rbac.yaml',
    'verify-probe-rbac.yaml',
    'remove-node-rbac.yaml',
  ].flatMap(readManifest)
}

function readManifest(name: string): readonly KubernetesObject[] {
  const file = join(import.meta.dirname, '..', '..', 'manifests', name)
  return parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => {
    if (document.errors[0]) throw document.errors[0]
    return (document.toJS() as KubernetesObject | null) ?? []
  })
}

/**
 * Applies the manifest as `kubectl apply --server-side --force-conflicts` would, and waits until the API server decides by it.
 * @param isForgetful leaves out the Role for the Secrets, as somebody did who applied only half of the manifest.
 */
export async function applyManifest(
  api: ApiClient,
  manifest: readonly KubernetesObject[],
  isForgetful: boolean,
  signal: AbortSignal,
): Promise<void> {
  const isForgotten = ({ kind, metadata }: KubernetesObject) =>
    isForgetful && kind === 'Role' && metadata.namespace === 'kube-system' && metadata.name === joinUser
  const apply = async (object: KubernetesObject): Promise<void> => {
    if (isForgotten(object)) await api.request('DELETE', pathOf(object))
    else
      await api.request(
        'PATCH',
        `${pathOf(object)}?fieldManager=lab&force=true`,
        object,
        'application/apply-patch+yaml',
      )
  }
  const isNamespace = ({ kind }: KubernetesObject) => kind === 'Namespace'
  await Promise.all(manifest.filter(isNamespace).map(apply))
  await Promise.all(manifest.filter((object) => !isNamespace(object)).map(apply))
  while ((await mayMint(api)) === isForgetful) await delay(10, undefined, { signal })
}

function pathOf({ apiVersion = 'v1', kind = '', metadata }: KubernetesObject): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`
  const namespace = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`
  const plural = plurals[kind]
  if (plural === undefined) throw new Error(`the manifest has a ${kind}, which the lab cannot apply`)
  return `${root}${namespace}/${plural}/${metadata.name}`
}

interface AccessReview {
  readonly status: { readonly allowed: boolean }
}

async function mayMint(api: ApiClient): Promise<boolean> {
  const answer = (await api.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: `system:serviceaccount:kube-system:${joinUser}`,
      resourceAttributes: { verb: 'create', resource: 'secrets', namespace: 'kube-system' },
    },
  })) as AccessReview
  return answer.status.allowed
}

export interface AccountToken {
  /** Of the service account; its tokens end with it. */
  readonly uid: string
  readonly token: string
}

/** As `kubectl -n kube-system create token USER --duration 2160h`. The current one, as long as it is good. */
export async function tokenOf(api: ApiClient, user: string, current?: AccountToken): Promise<AccountToken> {
  const accountPath = `/api/v1/namespaces/kube-system/serviceaccounts/${user}`
  const { uid = '' } = ((await api.request('GET', accountPath)) as KubernetesObject).metadata
  if (current?.uid === uid) return current
  const answer = (await api.request('POST', `${accountPath}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 2160 * 3600 },
  })) as { readonly status: { readonly token: string } }
  return { uid, token: answer.status.token }
}
