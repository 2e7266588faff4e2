import { quoteRemote } from '../../kubernetes/index.ts'
import { type Ending, ending, oneName, type PodMoment, patienceMs } from './ending.ts'
import type { PodSpec } from './model.ts'

/** Why the API server lets no pod of the Job in; undefined: it may yet (kubernetes/kubernetes: pkg/controller/job, plugin/pkg/admission). */
export function classifyRefusal({ refusals, waitedMs }: PodMoment, { namespace }: PodSpec): Ending | undefined {
  const text = refusals.at(-1)
  if (text === undefined) return undefined
  const evidence = refusals.slice(-3).map(oneName)
  if (/violates PodSecurity/.test(text)) {
    const level = /violates PodSecurity "([a-z]+)/.exec(text)?.[1] ?? ''
    return ending(
      'pod-security',
      false,
      {
        found: `Pod Security${level ? ` (${level})` : ''} of the namespace ${namespace} does not let the pod in`,
        cause: 'an admission webhook adds to pods what the namespace forbids; the pod itself is made for `restricted`',
        remedy: `look at the evidence, or name another namespace; labels: kubectl get namespace ${namespace} --show-labels`,
      },
      evidence,
    )
  }
  if (/(exceeded|failed) quota/.test(text)) {
    const quota = /quota: ([a-z0-9.-]+)/.exec(text)?.[1] ?? ''
    return ending(
      'quota',
      false,
      {
        found: `the quota${quota ? ` ${quota}` : ''} of the namespace ${namespace} does not let the pod in`,
        cause: 'it is used up, or allows none of what the pod asks for',
        remedy: `kubectl describe quota -n ${namespace}; raise it, or name another namespace`,
      },
      evidence,
    )
  }
  const missingClass = /RuntimeClass "([^"]*)" not found/.exec(text)?.[1]
  if (missingClass !== undefined) {
    return ending(
      'refused',
      false,
      {
        found: `there is no RuntimeClass ${quoteRemote(missingClass)}`,
        cause: 'it was deleted, or the servers of k3s run with --disable=runtimes',
        remedy: `echo '{"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"nvidia"},"handler":"nvidia"}' | kubectl apply -f -`,
      },
      evidence,
    )
  }
  // A namespace that was just made has no service account for a moment.
  if (/serviceaccount "[^"]*" not found/.test(text) || waitedMs < patienceMs.refusal) return undefined
  return ending(
    'refused',
    false,
    {
      found: `the cluster does not let the pod into the namespace ${namespace}`,
      cause: 'a webhook, a policy or a limit range refuses it; the evidence names it',
      remedy: 'change that rule, or name another namespace',
    },
    evidence,
  )
}
