import { type ApiObject, ClusterError, type KindReference } from '../../kubernetes/index.ts'
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

function unanswered(namespace: string, what: string, error: ClusterError): Ending {
  return never(
    'not-allowed',
    `the user of the kubeconfig may not make ${what} in the namespace ${namespace}`,
    'a rule for it is missing',
    `with an administrator's kubeconfig: kubectl apply -f ${manifest}`,
    error,
  )
}

function noNamespace(namespace: string, error: ClusterError): Ending {
  return never(
    'no-namespace',
    `there is no namespace ${namespace}, and the user of the kubeconfig may not make it`,
    'pods of a probe run in a namespace of their own, which an administrator makes once',
    `with an administrator's kubeconfig: kubectl apply -f ${manifest}`,
    error,
  )
}

function refused(namespace: string, what: string, error: ClusterError): Ending {
  const isEnding = /is being terminated/.test(error.evidence.join(' '))
  return never(
    'refused',
    isEnding
      ? `the namespace ${namespace} is being deleted`
      : `the cluster does not let ${what === 'Jobs' ? 'the Job' : what} into the namespace ${namespace}`,
    isEnding ? 'somebody deleted it' : 'a quota, a webhook or a policy refuses it; the evidence names it',
    isEnding
      ? `wait until it is gone: kubectl get namespace ${namespace}`
      : 'change that rule, or name another namespace',
    error,
  )
}

async function makeNamespace(ports: PodPorts, namespace: string): Promise<Ending | undefined> {
  try {
    await ports.cluster.createObject(namespaceKind, renderNamespace(namespace), ports.signal)
    ports.say(`made the namespace ${namespace}, labelled for Pod Security restricted`)
  } catch (error) {
    if (isRefusal(error, 'forbidden', 'refused')) return noNamespace(namespace, error)
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

/**
 * Makes something in the namespace of the probes, and the namespace where there is none. An Ending: it cannot be made, and that is an
 * answer. `findLost`: ours, where the answer to its creation was lost on the way.
 */
export async function createOwn(
  ports: PodPorts,
  { namespace, what, kind, object, findLost }: Creation,
): Promise<CreatedJob | Ending> {
  for (let hasMade = false; ; hasMade = true) {
    try {
      return await ports.cluster.createObject(kind, object, ports.signal)
    } catch (error) {
      if (isRefusal(error, 'not-found') && !hasMade) {
        const ending = await makeNamespace(ports, namespace)
        if (ending !== undefined) return ending
        continue
      }
      if (isRefusal(error, 'not-found')) return noNamespace(namespace, error)
      if (isRefusal(error, 'forbidden')) return unanswered(namespace, what, error)
      if (isRefusal(error, 'refused')) return refused(namespace, what, error)
      // The name is used by nobody else.
      const own = isRefusal(error, 'already-exists') ? await findLost() : undefined
      if (own !== undefined) return own
      throw error
    }
  }
}

interface Creation {
  readonly namespace: string
  /** Several of them, for people. */
  readonly what: 'Jobs' | 'volume claims'
  readonly kind: KindReference
  readonly object: ApiObject
  findLost(): Promise<CreatedJob | undefined>
}

/** Makes the Job. */
export async function createJob(
  ports: PodPorts,
  spec: PodSpec,
  identity: JobIdentity,
  deadlineMs: number,
  object = renderJob(spec, identity, deadlineMs),
): Promise<CreatedJob | Ending> {
  const { namespace } = spec
  const findLost = async (): Promise<CreatedJob | undefined> => {
    const [own] = await findJobs(ports, namespace, identity.key, ports.signal)
    return own?.name === jobName(spec.purpose, identity) ? own : undefined
  }
  return await createOwn(ports, { namespace, what: 'Jobs', kind: jobKind, object, findLost })
}
