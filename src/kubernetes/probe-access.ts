import type { AccessQuestion } from '../kubeconfig/index.ts'
import { joinAccessRequests, nodePasswordAccessRequests, removeAccessRequests } from './access.ts'

/** What later steps of a job will do with the kubeconfig. */
export type Purpose = 'any' | 'join' | 'remove' | 'verify' | 'deploy'

/** Granted to administrators only: every verb on every resource. `kubectl auth can-i '*' '*'` asks the same. */
const everything: AccessQuestion = { verb: '*', group: '*', resource: '*' }

const list = (group: string, ...resources: readonly string[]): AccessQuestion[] =>
  resources.map((resource) => ({ verb: 'list', group, resource }))

/** Reading only: what any job that looks will need. `manifests/verify-rbac.yaml` grants these and what verify-cluster asks besides. */
export const verifyAccessRequests: readonly AccessQuestion[] = [
  { verb: 'get', group: '', resource: 'nodes' },
  ...list('', 'nodes', 'pods', 'events'),
  ...list('apps', 'daemonsets', 'deployments'),
  { verb: 'list', group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' },
]

/** The cluster's identity. Asked for by reading it, so no question for it is needed; both manifests grant it. */
export const identityAccessRequest: AccessQuestion = {
  verb: 'get',
  group: '',
  resource: 'namespaces',
  name: 'kube-system',
}

/** Bootstrap tokens are Secrets: one is made for a join, deleted at its end, and those of dead runs are found by their label. */
const tokenAccess: readonly AccessQuestion[] = ['create', 'delete', 'list'].map((verb) => ({
  verb,
  group: '',
  resource: 'secrets',
  namespace: 'kube-system',
}))

const isSame = (one: AccessQuestion, other: AccessQuestion): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * What to ask the API server for a purpose. `verify` also asks whether these credentials may do everything,
 * because a job that only reads should not have such.
 */
export function accessQuestions(purpose: Purpose): readonly AccessQuestion[] {
  switch (purpose) {
    case 'any':
      return []
    case 'join': {
      const all = [...joinAccessRequests, ...tokenAccess, ...nodePasswordAccessRequests]
      return all.filter((one, index) => all.findIndex((other) => isSame(one, other)) === index)
    }
    case 'remove':
      return removeAccessRequests
    case 'verify':
      return [...verifyAccessRequests, everything]
    case 'deploy':
      return [everything]
  }
}
