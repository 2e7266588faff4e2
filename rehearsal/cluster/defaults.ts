/** What the API server fills in and refuses in workload objects (k8s.io/kubernetes, pkg/apis/{apps,core}/v1/defaults.go). Pure. */

import { jobWithDefaults, validateJob } from './job-defaults.ts'
import type { ApiObject, Resource } from './objects.ts'
import { failures } from './status.ts'

type Json = Record<string, unknown>

const given = (value: unknown): Json => (value ?? {}) as Json
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])

function probe(value: unknown): unknown {
  return value === undefined
    ? undefined
    : { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3, ...given(value) }
}

function container(value: Json): Json {
  const image = String(value.image ?? '')
  const tag = /:([^:/@]+)$/.exec(image.replace(/@.*$/, ''))?.[1]
  const isLatest = !image.includes('@') && (tag === undefined || tag === 'latest')
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].filter((name) => value[name] !== undefined)
  return {
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...value,
    ...Object.fromEntries(probes.map((name) => [name, probe(value[name])])),
    ...(value.ports !== undefined && { ports: list(value.ports).map((port) => ({ protocol: 'TCP', ...port })) }),
    ...(value.env !== undefined && { env: list(value.env).map(variable) }),
  }
}

function variable(value: Json): Json {
  const source = given(value.valueFrom)
  if (source.fieldRef === undefined) return value
  return { ...value, valueFrom: { ...source, fieldRef: { apiVersion: 'v1', ...given(source.fieldRef) } } }
}

function volume(value: Json): Json {
  if (value.hostPath !== undefined) return { ...value, hostPath: { type: '', ...given(value.hostPath) } }
  for (const kind of ['configMap', 'secret', 'projected', 'downwardAPI'])
    if (value[kind] !== undefined) return { ...value, [kind]: { defaultMode: 420, ...given(value[kind]) } }
  return value
}

/** Of a Pod, or of the template of one. */
export function podSpecDefaults(spec: Json): Json {
  const account = spec.serviceAccountName ?? spec.serviceAccount
  return {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    ...spec,
    ...(account !== undefined && { serviceAccount: account, serviceAccountName: account }),
    ...(spec.initContainers !== undefined && { initContainers: list(spec.initContainers).map(container) }),
    containers: list(spec.containers).map(container),
    ...(spec.volumes !== undefined && { volumes: list(spec.volumes).map(volume) }),
  }
}

function namespaceWithDefaults(object: ApiObject): ApiObject {
  const { metadata } = object
  const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name }
  const spec = { finalizers: ['kubernetes'], ...given(object.spec) }
  return { ...object, metadata: { ...metadata, labels }, spec, status: object.status ?? { phase: 'Active' } }
}

/** The complete object as a server stores it. */
export function withDefaults(resource: Resource, object: ApiObject): ApiObject {
  if (resource.plural === 'pods')
    return {
      ...object,
      spec: podSpecDefaults(given(object.spec)),
      status: object.status ?? { phase: 'Pending', qosClass: 'BestEffort' },
    }
  if (resource.plural === 'namespaces') return namespaceWithDefaults(object)
  if (resource.plural === 'jobs') return jobWithDefaults(object)
  if (resource.plural !== 'daemonsets') return object
  const spec = given(object.spec)
  const template = given(spec.template)
  const strategy = { type: 'RollingUpdate', ...given(spec.updateStrategy) } as Json
  const rolling = { maxSurge: 0, maxUnavailable: 1, ...given(strategy.rollingUpdate) }
  return {
    ...object,
    spec: {
      revisionHistoryLimit: 10,
      ...spec,
      template: {
        ...template,
        metadata: { creationTimestamp: null, ...given(template.metadata) },
        spec: podSpecDefaults(given(template.spec)),
      },
      updateStrategy: strategy.type === 'RollingUpdate' ? { ...strategy, rollingUpdate: rolling } : strategy,
    },
  }
}

/** Fields of the API's types that this world lets through; one that no type has is a mistake of whoever sent it. */
export const known: Readonly<Record<string, ReadonlySet<string>>> = {
  spec: new Set(['selector', 'template', 'updateStrategy', 'minReadySeconds', 'revisionHistoryLimit']),
  pod: new Set(
    'activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig dnsPolicy enableServiceLinks ephemeralContainers hostAliases hostIPC hostNetwork hostPID hostUsers hostname imagePullSecrets initContainers nodeName nodeSelector os overhead preemptionPolicy priority priorityClassName readinessGates resourceClaims resources restartPolicy runtimeClassName schedulerName schedulingGates securityContext serviceAccount serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations topologySpreadConstraints volumes'.split(
      ' ',
    ),
  ),
  container: new Set(
    'args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resizePolicy resources restartPolicy securityContext startupProbe stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir'.split(
      ' ',
    ),
  ),
}

/** Paths that no type declares: `.spec.template.spec.runtimeClass`. Server-side apply says them so. */
export function undeclared(resource: Resource, object: ApiObject): readonly string[] {
  if (resource.plural !== 'daemonsets') return []
  const spec = given(object.spec)
  const pod = given(given(spec.template).spec)
  const unknown = (kind: string, value: Json, path: string): string[] =>
    Object.keys(value).flatMap((key) => (known[kind]?.has(key) ? [] : [`${path}.${key}`]))
  return [
    ...unknown('spec', spec, '.spec'),
    ...unknown('pod', pod, '.spec.template.spec'),
    ...list(pod.containers).flatMap((one) =>
      unknown('container', one, `.spec.template.spec.containers[name=${JSON.stringify(one.name ?? '')}]`),
    ),
  ]
}

/** @throws StatusError 422 */
export function validateWorkload(resource: Resource, before: ApiObject | undefined, after: ApiObject): void {
  if (resource.plural === 'jobs') validateJob(resource, after)
  if (resource.plural !== 'daemonsets') return
  const reject = (field: string, problem: string): never => {
    throw failures.invalid(resource, after.metadata.name, field, problem)
  }
  const spec = given(after.spec)
  const wanted = given(given(spec.selector).matchLabels) as Record<string, string>
  const template = given(spec.template)
  const labels = given(given(template.metadata).labels) as Record<string, string>
  if (spec.selector === undefined) reject('spec.selector', 'Required value')
  if (before !== undefined && JSON.stringify(given(before.spec).selector) !== JSON.stringify(spec.selector))
    reject('spec.selector', `Invalid value: ${goSelector(wanted)}: field is immutable`)
  if (Object.keys(wanted).length === 0 || Object.entries(wanted).some(([key, value]) => labels[key] !== value))
    reject(
      'spec.template.metadata.labels',
      `Invalid value: ${goMap(labels)}: \`selector\` does not match template \`labels\``,
    )
  const containers = list(given(template.spec).containers)
  if (containers.length === 0) reject('spec.template.spec.containers', 'Required value')
  containers.forEach((one, index) => {
    for (const field of ['name', 'image'])
      if (typeof one[field] !== 'string' || one[field] === '')
        reject(`spec.template.spec.containers[${index}].${field}`, 'Required value')
  })
  const volumes = new Set(list(given(template.spec).volumes).map((one) => one.name))
  containers.forEach((one, index) => {
    list(one.volumeMounts).forEach((mount, at) => {
      if (!volumes.has(mount.name))
        reject(
          `spec.template.spec.containers[${index}].volumeMounts[${at}].name`,
          `Not found: ${JSON.stringify(mount.name)}`,
        )
    })
  })
}

function goMap(map: Readonly<Record<string, string>>): string {
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[string]string{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(', ')}}`
}
function goSelector(labels: Readonly<Record<string, string>>): string {
  return `v1.LabelSelector{MatchLabels:${goMap(labels)}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}`
}
