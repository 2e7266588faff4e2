import { type ApiObject, ClusterError } from '../../kubernetes/index.ts'
import type { Ending } from './ending.ts'
import type { PodPorts, PodSpec } from './model.ts'
import { type JobIdentity, jobKind, jobName, namespaceKind, renderJob, renderNamespace, selectorOf } from './render.ts'

export interface CreatedJob {
  readonly name: string
  readonly uid: string
}

const manifest = 'manifests/verify-probe-rbac.yaml'

const isRefusal = (error: unknown, ...codes: readonly ClusterError['code'][]): error is ClusterError =>
  error instanceof ClusterError && codes.includes(error.code)

const never = (code: Ending['code'], found: string, cause: string, remedy: string, error: ClusterError): Ending => ({
  code,
  isAdmitted: false,
  found,
  cause,
  remedy,
  evidence: error.evidence.slice(0, 4),
})

function unanswered({ namespace }: PodSpec, error: ClusterError): Ending {
  return never(
    'not-allowed',
    `the user of the kubeconfig may not make Jobs in the namespace ${namespace}`,
    'a rule for it is missing',
    `with an administrator's kubeconfig: kubectl apply -f ${manifest}`,
    error,
  )
}

function noNamespace({ namespace }: PodSpec, error: ClusterError): Ending {
  return never(
    'no-namespace',
    `there is no namespace ${namespace}, and the user of the kubeconfig may not make it`,
    'pods of a probe run in a namespace of their own, which an administrator makes once',
    `with an administrator's kubeconfig: kubectl apply -f ${manifest}`,
    error,
  )
}

function refused({ namespace }: PodSpec, error: ClusterError): Ending {
  const isEnding = /is being terminated/.test(error.evidence.join(' '))
  return never(
    'refused',
    isEnding
      ? `the namespace ${namespace} is being deleted`
      : `the cluster does not let the Job into the namespace ${namespace}`,
    isEnding ? 'somebody deleted it' : 'a quota, a webhook or a policy refuses it; the evidence names it',
    isEnding
      ? `wait until it is gone: kubectl get namespace ${namespace}`
      : 'change that rule, or name another namespace',
    error,
  )
}

async function makeNamespace(ports: PodPorts, spec: PodSpec): Promise<Ending | undefined> {
  try {
    await ports.cluster.createObject(namespaceKind, renderNamespace(spec.namespace), ports.signal)
    ports.say(`made the namespace ${spec.namespace}, labelled for Pod Security restricted`)
  } catch (error) {
    if (isRefusal(error, 'forbidden', 'refused')) return noNamespace(spec, error)
    if (!isRefusal(error, 'already-exists')) throw error
  }
  return undefined
}

function identityOf(object: ApiObject): CreatedJob {
  const { metadata } = object as { metadata?: { name?: unknown; uid?: unknown } }
  return { name: String(metadata?.name ?? ''), uid: String(metadata?.uid ?? '') }
}

/** The Job of this key, where the answer to its creation was lost. */
export async function findJobs(
  { cluster }: PodPorts,
  namespace: string,
  key: string,
  signal: AbortSignal,
): Promise<readonly CreatedJob[]> {
  const labelSelector = selectorOf(key)
  const jobs = await cluster.list(jobKind, identityOf, signal, { namespace, labelSelector, isMetadataOnly: true })
  return (jobs ?? []).filter(({ name, uid }) => name !== '' && uid !== '')
}

/** Makes the Job, and its namespace where there is none. An Ending: it cannot be made, and that is an answer. */
export async function createJob(
  ports: PodPorts,
  spec: PodSpec,
  identity: JobIdentity,
  deadlineMs: number,
): Promise<CreatedJob | Ending> {
  const job = renderJob(spec, identity, deadlineMs)
  for (let hasMade = false; ; hasMade = true) {
    try {
      return await ports.cluster.createObject(jobKind, job, ports.signal)
    } catch (error) {
      if (isRefusal(error, 'not-found') && !hasMade) {
        const ending = await makeNamespace(ports, spec)
        if (ending !== undefined) return ending
        continue
      }
      if (isRefusal(error, 'not-found')) return noNamespace(spec, error)
      if (isRefusal(error, 'forbidden')) return unanswered(spec, error)
      if (isRefusal(error, 'refused')) return refused(spec, error)
      // Our own, whose answer was lost on the way: the name is used by nobody else.
      const [own] = isRefusal(error, 'already-exists')
        ? await findJobs(ports, spec.namespace, identity.key, ports.signal)
        : []
      if (own !== undefined && own.name === jobName(spec.purpose, identity)) return own
      throw error
    }
  }
}
