/** What somebody may do, asked by themselves: by the same rules that decide about requests. */
import { type Call, readJson, sendJson } from './http.ts'
import type { Authorizer, Identity, Rule } from './rbac.ts'
import { failures } from './status.ts'

interface Review {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata?: object
  readonly spec?: {
    readonly resourceAttributes?: Readonly<Record<string, string>>
    readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string }
  }
}

/** SelfSubjectAccessReview: the same evaluator that decides about requests. */
export async function reviewAccess(call: Call, identity: Identity, authorize: Authorizer): Promise<void> {
  const body = (await readJson(call)) as Review | undefined
  const asked = body?.spec?.resourceAttributes
  const path = body?.spec?.nonResourceAttributes
  if (!asked === !path) {
    throw failures.invalid(
      { kind: '', group: 'authorization.k8s.io' },
      '',
      'spec.resourceAttributes',
      'Invalid value: "null": exactly one of nonResourceAttributes or resourceAttributes must be specified',
    )
  }
  const decision = authorize(identity, {
    verb: asked?.verb ?? path?.verb ?? '',
    group: asked?.group ?? '',
    resource: asked?.resource ?? '',
    subresource: asked?.subresource ?? '',
    namespace: asked?.namespace ?? '',
    name: asked?.name ?? '',
    ...(path && { path: path.path ?? '' }),
  })
  const status = {
    allowed: decision.allowed,
    ...(decision.reason !== '' && { reason: decision.reason }),
    ...(!decision.allowed && decision.reason !== '' && { evaluationError: decision.reason.replace(/^RBAC: /, '') }),
  }
  sendJson(call, 201, {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: body?.spec && { ...body.spec, ...(asked && { resourceAttributes: withoutEmpty(asked) }) },
    status,
  })
}

/** Go's JSON leaves out what is empty. */
function withoutEmpty(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''))
}

/** SelfSubjectRulesReview of one namespace; what the cluster allows is among it. */
export async function reviewRules(call: Call, identity: Identity, authorize: Authorizer): Promise<void> {
  const body = (await readJson(call)) as { readonly spec?: { readonly namespace?: string } } | undefined
  const namespace = body?.spec?.namespace ?? ''
  // The API server's words (pkg/registry/authorization/selfsubjectrulesreview).
  if (namespace === '') throw failures.badRequest('no namespace on request')
  const shown = ({ verbs, apiGroups, resources, resourceNames }: Rule): Rule => ({
    verbs,
    ...(apiGroups && { apiGroups }),
    ...(resources && { resources }),
    ...(resourceNames && { resourceNames }),
  })
  sendJson(call, 201, {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: {},
    status: {
      resourceRules: authorize.rules(identity, namespace).map(shown),
      nonResourceRules: [
        { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] },
      ],
      incomplete: false,
    },
  })
}
