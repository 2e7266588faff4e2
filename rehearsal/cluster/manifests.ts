/** The RBAC manifests that this repository ships, as somebody applied all of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { KubernetesObject } from '../contract.ts'
import type { MemoryStore } from './store.ts'

export const joinUser = 'k3s-gpu-actions-join'
export const gpuUser = 'k3s-gpu-actions-gpu'
export const removeUser = 'k3s-gpu-actions-remove'
export const verifyUser = 'k3s-gpu-actions-verify'
/** An account that somebody bound to the rights of all, as the manifests advise for a job that does it all. */
export const jobUser = 'k3s-gpu-actions'

/** Found upwards from here, because sources and compiled files lie at different depths. */
export function shippedManifest(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    try {
      const manifests = join(folder, 'manifests')
      // A folder without this one is not the repository's.
      const first = 'k3s-join-rbac.yaml'
      const others = readdirSync(manifests).filter((name) => name.endsWith('-rbac.yaml') && name !== first)
      const texts = [first, ...others].map((name) => readFileSync(join(manifests, name), 'utf8'))
      return [...texts, ...texts.map(boundToJob)].join('\n---\n')
    } catch (error) {
      if (dirname(folder) === folder) throw error
    }
  }
}

/** The same bindings, for the account of a whole job. */
function boundToJob(manifest: string): string {
  return manifest.replace(/(\n {2}- kind: ServiceAccount\n {4}name: )\S+/g, `$1${jobUser}`)
}

/** What `kubectl create role` and `create rolebinding` make of gpu-runtime's remedy, for whoever shall replace a device plugin. */
export const replacingManifest = `kind: Role
metadata: { name: replace-device-plugin, namespace: kube-system }
rules: [{ apiGroups: [apps], resources: [daemonsets], verbs: [create, patch, delete] }]
---
kind: RoleBinding
metadata: { name: replace-device-plugin, namespace: kube-system }
roleRef: { kind: Role, name: replace-device-plugin }
subjects: [${[gpuUser, jobUser].map((name) => `{ kind: ServiceAccount, name: ${name}, namespace: kube-system }`).join(', ')}]
`

/** Namespaces that come with them. */
export function layNamespaces(objects: MemoryStore, manifest: string): void {
  for (const document of parseAllDocuments(manifest)) {
    const object = document.toJS() as KubernetesObject | null
    if (object?.kind !== 'Namespace') continue
    const { name, labels } = object.metadata
    objects.put(`namespaces/${name}`, {
      metadata: { name, labels: { ...labels, 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
  }
}
