import type { AccessAnswer, AccessRequest, AccessRule, Cluster } from '../kubernetes/index.ts'
import type { Suite, VerifyWish } from './model.ts'

/** Grants what `mode: observe` asks. */
export const verifyManifest = 'manifests/verify-rbac.yaml'
/** Grants what `probe` and `load` do besides. */
export const probeManifest = 'manifests/verify-probe-rbac.yaml'

/** `list pods`, `get services/proxy in namespace monitoring`, `list volumes.longhorn.io`. */
export function rightInWords({ verb, group, resource, namespace, name }: AccessRequest): string {
  const kind = group === '' ? resource : `${resource}.${group}`
  const of = name === undefined ? '' : ` ${name}`
  return `${verb} ${kind}${of}${namespace === undefined ? '' : ` in namespace ${namespace}`}`
}

/** The manifest that grants a right: reading is in one, what changes anything in the other. */
export function manifestFor({ verb, resource }: AccessRequest): string {
  const isReading = ['get', 'list', 'watch'].includes(verb)
  const isOfProbes = resource === 'pods/log' || verb === 'watch'
  return isReading && !isOfProbes ? verifyManifest : probeManifest
}

/**
 * Commands that grant rights, as an administrator types them. The right to ask one Prometheus is in no manifest, because its name is not:
 * it is a Role of its own, as manifests/verify-rbac.yaml says at its top.
 */
export function grantOf(requests: readonly AccessRequest[]): string {
  const commands = requests.map((request) => {
    const { resource, namespace, name } = request
    if (resource !== 'services/proxy' || namespace === undefined || name === undefined)
      return `kubectl apply -f ${manifestFor(request)}`
    const role = 'k3s-gpu-actions-verify-prometheus'
    return [
      `kubectl -n ${namespace} create role ${role} --verb get --resource services/proxy --resource-name ${name}`,
      `kubectl -n ${namespace} create rolebinding ${role} --role ${role} --serviceaccount kube-system:k3s-gpu-actions-verify`,
    ].join(' && ')
  })
  return [...new Set(commands)].sort().join(' && ')
}

/** What the chosen suites ask for, each right once. */
export function rightsOf(suites: readonly Suite[], wish: VerifyWish): readonly AccessRequest[] {
  const asked = suites.filter(({ name }) => wish.suites.has(name)).flatMap((suite) => suite.access(wish))
  return [...new Map(asked.map((request) => [rightInWords(request), request])).values()]
}

/**
 * Whether a rule grants a right, as RBAC reads it (kubernetes/kubernetes: pkg/apis/rbac/v1/evaluation_helpers.go): `*` is everything, as a
 * resource also with every subresource; a star before a slash is that subresource of everything; a rule for names grants nothing else.
 */
export function isGranted(rule: AccessRule, { verb, group, resource, name }: AccessRequest): boolean {
  const isIn = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value)
  const [, subresource] = resource.split('/')
  return (
    isIn(rule.verbs, verb) &&
    isIn(rule.groups, group) &&
    (isIn(rule.resources, resource) || (subresource !== undefined && rule.resources.includes(`*/${subresource}`))) &&
    (rule.names.length === 0 || (name !== undefined && rule.names.includes(name)))
  )
}

/** Rights over the whole cluster are in the list of every namespace, but so are those of that namespace alone: this one has no Roles. */
const nowhere = 'k3s-gpu-actions-no-such-namespace'

/**
 * Which of these rights the kubeconfig's user lacks. One list of rules for what is granted everywhere, one for each namespace where that
 * does not suffice, and a question of its own for each right that no list shows: a list may be incomplete, an answer is not. So a user
 * who may do all this costs a few requests, however many rights there are.
 */
export async function missingRights(
  cluster: Pick<Cluster, 'rules' | 'canI'>,
  requests: readonly AccessRequest[],
  signal: AbortSignal,
): Promise<readonly AccessAnswer[]> {
  const notIn = (rules: readonly AccessRule[], some: readonly AccessRequest[]): readonly AccessRequest[] =>
    some.filter((request) => !rules.some((rule) => isGranted(rule, request)))
  if (requests.length === 0) return []
  const unseen = notIn(await cluster.rules(nowhere, signal), requests)
  const places = Map.groupBy(unseen, ({ namespace }) => namespace)
  const questions = await Promise.all(
    [...places].map(async ([namespace, some]) =>
      namespace === undefined ? some : notIn(await cluster.rules(namespace, signal), some),
    ),
  )
  return (await cluster.canI(questions.flat(), signal)).filter(({ allowed }) => !allowed)
}
