/** Authorisation by the rules of a manifest, as the RBAC authoriser of the API server decides. Pure. */
import { parseAllDocuments } from 'yaml'

export interface Identity {
  readonly user: string
  readonly groups: readonly string[]
}

/** What is asked for. A `path` instead of a resource: `/version` and the like. */
export interface Attributes {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  /** '' at the cluster scope. */
  readonly namespace: string
  readonly name: string
  readonly path?: string
}

export interface Decision {
  readonly allowed: boolean
  /** Which binding allowed it; or what kept the authoriser from knowing, e.g. a binding to a Role that is not there. */
  readonly reason: string
}

export type Decide = (identity: Identity, attributes: Attributes) => Decision

export interface Authorizer extends Decide {
  /** Everything that somebody may do in a namespace, as SelfSubjectRulesReview tells it; the cluster's rules are among it. */
  rules(identity: Identity, namespace: string): readonly Rule[]
}

export interface Rule {
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}
interface Subject {
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}
interface Document {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly rules?: readonly Rule[]
  readonly roleRef?: { readonly kind: string; readonly name: string }
  readonly subjects?: readonly Subject[]
}

/** Of `system:basic-user`. */
const everybody: Rule = {
  apiGroups: ['authorization.k8s.io'],
  resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  verbs: ['create'],
}

/** Paths that `system:discovery` and `system:public-info-viewer` open to everybody who is authenticated. */
/** Those of `system:public-info-viewer`, also to who is not. */
const publicPaths = ['/healthz', '/livez', '/readyz', '/version']
const openPaths = ['/api', '/apis', '/healthz', '/livez', '/openapi', '/readyz', '/version']

/**
 * @param manifest YAML documents; ServiceAccounts and other kinds are ignored.
 * @param isKept false removes a document, e.g. to rehearse that somebody forgot one.
 */
export function readAuthorizer(
  manifest: string,
  isKept: (document: Pick<Document, 'kind' | 'metadata'>) => boolean = () => true,
): Authorizer {
  const documents = parseAllDocuments(manifest)
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0]
      return document.toJS() as Document | null
    })
    .filter((document): document is Document => document !== null && isKept(document))
  const bindings = documents.filter(
    (document) => document.kind === 'ClusterRoleBinding' || document.kind === 'RoleBinding',
  )

  const roleOf = (binding: Document): Document | undefined =>
    documents.find(
      ({ kind, metadata }) =>
        kind === binding.roleRef?.kind &&
        metadata.name === binding.roleRef.name &&
        (kind === 'ClusterRole' || metadata.namespace === binding.metadata.namespace),
    )
  const decide = (identity: Identity, attributes: Attributes): Decision => {
    if (identity.groups.includes('system:masters')) return { allowed: true, reason: '' }
    if (isOpenToAll(identity, attributes)) {
      return {
        allowed: true,
        reason:
          'RBAC: allowed by ClusterRoleBinding "system:basic-user" of ClusterRole "system:basic-user" to Group "system:authenticated"',
      }
    }
    const problems: string[] = []
    for (const binding of bindings) {
      const subject = binding.subjects?.find((entry) => isSubject(identity, entry))
      const reference = binding.roleRef
      if (subject === undefined || reference === undefined) continue
      if (binding.kind === 'RoleBinding' && binding.metadata.namespace !== attributes.namespace) continue
      const role = roleOf(binding)
      if (role === undefined) {
        problems.push(`${reference.kind.toLowerCase()}.rbac.authorization.k8s.io "${reference.name}" not found`)
      } else if (role.rules?.some((rule) => isAllowedBy(rule, attributes))) {
        return { allowed: true, reason: `RBAC: allowed by ${describe(binding, reference, subject)}` }
      }
    }
    return { allowed: false, reason: problems.length === 0 ? '' : `RBAC: ${problems.join(', ')}` }
  }
  const rules = (identity: Identity, namespace: string): readonly Rule[] => {
    if (identity.groups.includes('system:masters')) return [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
    const own = bindings.filter(
      (binding) =>
        binding.subjects?.some((entry) => isSubject(identity, entry)) === true &&
        (binding.kind === 'ClusterRoleBinding' || binding.metadata.namespace === namespace),
    )
    return [everybody, ...own.flatMap((binding) => roleOf(binding)?.rules ?? [])]
  }
  return Object.assign(decide, { rules })
}

/** The same rules, without what somebody took away. An administrator keeps everything. */
export function without(authorizer: Authorizer, forbids: (attributes: Attributes) => boolean): Authorizer {
  const isAdministrator = ({ groups }: Identity): boolean => groups.includes('system:masters')
  const decide: Decide = (identity, attributes) =>
    !isAdministrator(identity) && forbids(attributes)
      ? { allowed: false, reason: '' }
      : authorizer(identity, attributes)
  return Object.assign(decide, {
    rules(identity: Identity, namespace: string): readonly Rule[] {
      const isKept = (resource: string): boolean =>
        !forbids({ verb: 'list', group: '', resource, subresource: '', namespace, name: '' })
      const rules = authorizer.rules(identity, namespace)
      if (isAdministrator(identity)) return rules
      return rules.map((rule) => ({ ...rule, resources: (rule.resources ?? []).filter(isKept) }))
    },
  })
}

function isOpenToAll({ groups }: Identity, attributes: Attributes): boolean {
  const isKnown = groups.includes('system:authenticated')
  if (attributes.path !== undefined) {
    const { path } = attributes
    return (
      attributes.verb === 'get' &&
      (isKnown ? openPaths : publicPaths).some((open) => path === open || path.startsWith(`${open}/`))
    )
  }
  return (
    isKnown &&
    attributes.group === 'authorization.k8s.io' &&
    attributes.verb === 'create' &&
    attributes.resource.startsWith('selfsubject')
  )
}

function isSubject(identity: Identity, subject: Subject): boolean {
  switch (subject.kind) {
    case 'ServiceAccount':
      return identity.user === `system:serviceaccount:${subject.namespace}:${subject.name}`
    case 'Group':
      return identity.groups.includes(subject.name)
    default:
      return subject.kind === 'User' && identity.user === subject.name
  }
}

function isAllowedBy(rule: Rule, attributes: Attributes): boolean {
  if (attributes.path !== undefined) return false
  const resource =
    attributes.subresource === '' ? attributes.resource : `${attributes.resource}/${attributes.subresource}`
  return (
    includes(rule.verbs, attributes.verb) &&
    includes(rule.apiGroups ?? [], attributes.group) &&
    includes(rule.resources ?? [], resource) &&
    // A request without a name (create, most lists) is never within a limit to names.
    (rule.resourceNames === undefined ||
      rule.resourceNames.length === 0 ||
      rule.resourceNames.includes(attributes.name))
  )
}

function includes(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value)
}

function describe(
  binding: Document,
  reference: { readonly kind: string; readonly name: string },
  subject: Subject,
): string {
  const bindingName =
    binding.metadata.namespace === undefined
      ? binding.metadata.name
      : `${binding.metadata.name}/${binding.metadata.namespace}`
  const subjectName = subject.namespace === undefined ? subject.name : `${subject.name}/${subject.namespace}`
  return `${binding.kind} "${bindingName}" of ${reference.kind} "${reference.name}" to ${subject.kind} "${subjectName}"`
}
