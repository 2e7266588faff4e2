/** What the API server fills in and refuses in Jobs (pkg/apis/batch/v1/defaults.go, pkg/registry/batch/job). Pure. */
import { randomUUID } from 'node:crypto'
import { known, podSpecDefaults } from './defaults.ts'
import type { ApiObject, Resource } from './objects.ts'
import { failures } from './status.ts'

type Json = Record<string, unknown>
const given = (value: unknown): Json => (value ?? {}) as Json

/** Labels by which a Job's pods are found; the older pair stays beside the newer. */
function podLabels(name: string, uid: string): Readonly<Record<string, string>> {
  return {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  }
}

export function jobWithDefaults(object: ApiObject): ApiObject {
  const spec = given(object.spec)
  const { name, uid = randomUUID() } = object.metadata
  const template = given(spec.template)
  const metadata = given(template.metadata)
  const hasNeither = spec.completions === undefined && spec.parallelism === undefined
  return {
    ...object,
    metadata: { ...object.metadata, uid, generation: object.metadata.generation ?? 1 },
    spec: {
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      manualSelector: false,
      parallelism: 1,
      podReplacementPolicy: 'TerminatingOrFailed',
      suspend: false,
      ...(hasNeither && { completions: 1 }),
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      ...spec,
      template: {
        ...template,
        metadata: {
          creationTimestamp: null,
          ...metadata,
          labels: { ...(metadata.labels as object), ...podLabels(name, uid) },
        },
        spec: podSpecDefaults(given(template.spec)),
      },
    },
    status: object.status ?? {},
  }
}

/** @throws StatusError 422 */
export function validateJob(resource: Resource, job: ApiObject): void {
  const reject = (field: string, problem: string): never => {
    throw failures.invalid(resource, job.metadata.name, field, problem)
  }
  const pod = given(given(given(job.spec).template).spec)
  const containers = (pod.containers ?? []) as Json[]
  if (containers.length === 0) reject('spec.template.spec.containers', 'Required value')
  containers.forEach((one, index) => {
    for (const field of ['name', 'image'])
      if (typeof one[field] !== 'string' || one[field] === '')
        reject(`spec.template.spec.containers[${index}].${field}`, 'Required value')
  })
  if (!['Never', 'OnFailure'].includes(String(pod.restartPolicy)))
    reject(
      'spec.template.spec.restartPolicy',
      `Unsupported value: ${JSON.stringify(pod.restartPolicy)}: supported values: "Never", "OnFailure"`,
    )
  // 63 characters of a label, less the dash and the five that the controller adds to the name of a pod.
  if (job.metadata.name.length > 63) reject('metadata.name', 'must be no more than 63 characters')
}

const fields: Readonly<Record<string, ReadonlySet<string>>> = {
  job: new Set(
    'activeDeadlineSeconds backoffLimit backoffLimitPerIndex completionMode completions managedBy manualSelector maxFailedIndexes parallelism podFailurePolicy podReplacementPolicy selector successPolicy suspend template ttlSecondsAfterFinished'.split(
      ' ',
    ),
  ),
  security: new Set(
    'allowPrivilegeEscalation appArmorProfile capabilities privileged procMount readOnlyRootFilesystem runAsGroup runAsNonRoot runAsUser seLinuxOptions seccompProfile windowsOptions'.split(
      ' ',
    ),
  ),
}

/** Fields that the type Job has not, as `fieldValidation=Strict` names them: `spec.template.spec.runtimeClass`. */
export function unknownFields(job: ApiObject): readonly string[] {
  const of = (names: ReadonlySet<string> | undefined, value: Json, path: string): string[] =>
    Object.keys(value).flatMap((key) => (names?.has(key) ? [] : [`${path}.${key}`]))
  const spec = given(job.spec)
  const pod = given(given(spec.template).spec)
  const at = 'spec.template.spec'
  return [
    ...of(fields.job, spec, 'spec'),
    ...of(known.pod, pod, at),
    ...((pod.containers ?? []) as Json[]).flatMap((one, index) => [
      ...of(known.container, one, `${at}.containers[${index}]`),
      ...of(fields.security, given(one.securityContext), `${at}.containers[${index}].securityContext`),
    ]),
  ]
}
