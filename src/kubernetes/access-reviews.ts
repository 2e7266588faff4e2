import type { V1SelfSubjectAccessReview } from '@kubernetes/client-node'
import type { AccessAnswer, AccessRequest, AccessRule } from './model.ts'
import type { Wire } from './objects.ts'
import type { Transport } from './transport.ts'

interface WireRule {
  readonly verbs?: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
}

/** A user may have any number of rules; more than this is no answer that saves questions. */
const maximumRules = 2_000

/**
 * See Cluster.rules: a SelfSubjectRulesReview. Rights only ever add up, so what is listed is granted also where the list is incomplete
 * (kubernetes.io: reference/kubernetes-api/authorization-resources/self-subject-rules-review-v1, status). Everybody who is
 * authenticated may ask.
 */
export async function rulesIn(
  transport: Transport,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly AccessRule[]> {
  const { body } = await transport.call<{ status?: { resourceRules?: unknown } } | null>(
    {
      method: 'POST',
      path: 'apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
      access: { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectrulesreviews' },
    },
    signal,
  )
  const rules = body?.status?.resourceRules
  if (!Array.isArray(rules)) return []
  return (rules.slice(0, maximumRules) as readonly (WireRule | null)[]).map((rule) => ({
    verbs: textsOf(rule?.verbs),
    groups: textsOf(rule?.apiGroups),
    resources: textsOf(rule?.resources),
    names: textsOf(rule?.resourceNames),
  }))
}

function textsOf(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : []
}

/** One question of Cluster.canI: a SelfSubjectAccessReview. */
export async function reviewAccess(
  transport: Transport,
  access: AccessRequest,
  signal: AbortSignal,
): Promise<AccessAnswer> {
  const [resource = '', subresource] = access.resource.split('/')
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: {
      resourceAttributes: {
        verb: access.verb,
        group: access.group,
        resource,
        ...(subresource === undefined ? {} : { subresource }),
        ...(access.namespace === undefined ? {} : { namespace: access.namespace }),
        ...(access.name === undefined ? {} : { name: access.name }),
      },
    },
  }
  const path = 'apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  const answer = await transport.need<Wire<V1SelfSubjectAccessReview>>(
    {
      method: 'POST',
      path,
      body,
      access: { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' },
    },
    signal,
  )
  return {
    ...access,
    allowed: answer.status?.allowed === true,
    reason: answer.status?.reason ?? answer.status?.evaluationError ?? '',
  }
}
