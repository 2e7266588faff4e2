import { gpuAccessRequests } from '../../src/gpu/index.ts'
import { effectiveChanges } from '../../src/join/index.ts'
import type { AccessAnswer } from '../../src/kubernetes/index.ts'
import { RunFailure } from '../failure.ts'
import type { Gpu, Planned } from './context.ts'

export const isPlanned = (planned: Planned, id: string): boolean =>
  effectiveChanges(planned.plan).some((change) => change.id === id)

/** The one gate for changes: only what the plan announces is carried out, never under dry-run, and the change log is kept here. */
export async function gate<T>(gpu: Gpu, planned: Planned, id: string, carryOut: () => Promise<T>): Promise<T> {
  if (gpu.inputs.dryRun) throw new Error(`${id} would be a change, and this is a dry run`)
  if (!isPlanned(planned, id)) throw new Error(`${id} is not in the plan`)
  const result = await carryOut()
  gpu.run.record.applied(id)
  return result
}

/** Every right that this run will need, asked before anything is changed; under dry-run that is all that is done with them. */
export async function askAccess({ cluster, inputs, signal }: Gpu, planned: Planned): Promise<void> {
  const wanted = gpuAccessRequests(inputs.wish, isPlanned(planned, 'apply-runtime-class'))
  const access = await cluster.canI(wanted, signal)
  const missing = access.filter((answer) => !answer.allowed)
  if (missing.length === 0) return
  const rules = missing.map(
    (one) =>
      `${one.verb} ${one.resource}${one.group ? `.${one.group}` : ''}${one.name ? ` ${one.name}` : ''}${one.namespace ? ` in ${one.namespace}` : ''}`,
  )
  throw new RunFailure({
    code: 'kubeconfig-rights',
    title: `${inputs.desired.node} cannot be prepared with this kubeconfig: it may not ${rules[0]}`,
    cause: `the kubeconfig's user lacks ${rules.length} of the rights that gpu-runtime needs`,
    remedy:
      replacing(inputs.wish.replaceDevicePlugin, missing) ??
      'apply manifests/gpu-runtime-rbac.yaml with an administrator kubeconfig and use its service account',
    evidence: rules.map((rule) => `SelfSubjectAccessReview: not allowed: ${rule}`),
  })
}

/** The manifest does not allow that somebody's plugin is deleted; when only that is missing, this allows it, for the one run that needs it. */
function replacing(replaced: string, missing: readonly AccessAnswer[]): string | undefined {
  const [namespace = '', name = ''] = replaced.split('/')
  const isOfReplaced = (one: AccessAnswer): boolean =>
    one.resource === 'daemonsets' && one.namespace === namespace && (one.name ?? name) === name
  if (name === '' || !missing.every(isOfReplaced)) return undefined
  const role = 'replace-device-plugin'
  return `allow it for this one run, as an administrator: kubectl -n ${namespace} create role ${role} --verb=create,patch,delete --resource=daemonsets.apps; kubectl -n ${namespace} create rolebinding ${role} --role=${role} --serviceaccount=kube-system:k3s-gpu-actions-gpu (or your own account); afterwards: kubectl -n ${namespace} delete role,rolebinding ${role}`
}
