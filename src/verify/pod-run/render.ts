import type { ApiObject, KindReference } from '../../kubernetes/index.ts'
import type { PodSpec, VolumeMount } from './model.ts'

export const jobKind: KindReference = { group: 'batch', version: 'v1', resource: 'jobs' }
export const namespaceKind: KindReference = { group: '', version: 'v1', resource: 'namespaces' }

/** By these labels leftovers of any run are found, and nothing else is ever deleted. */
export const ownLabels: Readonly<Record<string, string>> = { 'app.kubernetes.io/managed-by': 'k3s-gpu-actions' }
const runLabel = 'k3s-gpu-actions/run'
const podLabel = 'k3s-gpu-actions/pod-run'
const purposeLabel = 'k3s-gpu-actions/purpose'

/** Which pods of the run are meant. */
export const selectorOf = (key: string): string => `${podLabel}=${key}`
/** Jobs of this project, of whatever run. */
export const ownSelector: string = Object.entries({ ...ownLabels })
  .map(([name, value]) => `${name}=${value}`)
  .concat(podLabel)
  .join(',')

/** The name of its one container. */
export const containerName = 'probe'
/** A name of a Job is also a label of its pods, so it has 63 characters at most; a pod's own name adds six. */
const longestName = 57

export interface JobIdentity {
  /** Once in the world: of this run, and of this pod in it. */
  readonly key: string
  readonly runId: string
  readonly label: string
}

export function jobName(purpose: string, { key }: Pick<JobIdentity, 'key'>): string {
  const words = `k3s-gpu-actions-${purpose}`.slice(0, longestName - key.length - 1).replace(/[^a-z0-9-]/g, '-')
  return `${words}-${key}`
}

/** Taints of controllers come and go with the node's health: a pod that tolerated them would run where nothing should. */
const isOfControllers = (key: string): boolean => /^node\.(cloudprovider\.)?kubernetes\.io\//.test(key)

function tolerationsFor(taints: PodSpec['node']['taints']): readonly ApiObject[] {
  return taints
    .filter(({ key, effect }) => !isOfControllers(key) && effect !== 'PreferNoSchedule')
    .map(({ key, value, effect }) => ({ key, operator: 'Equal', value: value ?? '', effect }))
}

/**
 * The Job, as Pod Security `restricted` accepts it (kubernetes/website: content/en/docs/concepts/security/pod-security-standards.md).
 * Its own deadline lies far behind ours: when it passes, the Job controller deletes the pod, and with it every word about why.
 */
export function renderJob(spec: PodSpec, identity: JobIdentity, deadlineMs: number): ApiObject {
  const labels = labelsOf(spec.purpose, identity)
  const devices = Object.fromEntries(Object.entries(spec.devices ?? {}).map(([name, number]) => [name, String(number)]))
  const container = {
    name: containerName,
    image: spec.image,
    imagePullPolicy: spec.pull === 'never' ? 'Never' : 'IfNotPresent',
    command: [...spec.command],
    env: Object.entries(spec.env ?? {}).map(([name, value]) => ({ name, value })),
    ...(spec.volume === undefined ? {} : { volumeMounts: [{ name: volumeName, mountPath: spec.volume.path }] }),
    // Both in full, because a quota may demand them; small requests, because nothing is to be pushed aside.
    resources: {
      requests: { cpu: '10m', memory: '64Mi', ...devices },
      limits: { cpu: '2', memory: `${spec.memoryMiB ?? 256}Mi`, ...devices },
    },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    terminationMessagePolicy: 'File',
  }
  const template = {
    metadata: { labels },
    spec: {
      restartPolicy: 'Never',
      // A selector and not spec.nodeName, which would go past the scheduler and prove nothing of it.
      nodeSelector: { 'kubernetes.io/hostname': spec.node.labels['kubernetes.io/hostname'] ?? spec.node.name },
      tolerations: tolerationsFor(spec.node.taints),
      ...(spec.runtimeClass ? { runtimeClassName: spec.runtimeClass } : {}),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      // With a user of our own, since many images would run as root, which `restricted` does not let in.
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        runAsGroup: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
        // A new volume belongs to root: the kubelet gives it to this group, where its driver lets it.
        ...(spec.volume === undefined ? {} : { fsGroup: 65532 }),
      },
      containers: [container],
      ...(spec.volume === undefined ? {} : { volumes: [volumeOf(spec.volume)] }),
    },
  }
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(spec.purpose, identity),
      namespace: spec.namespace,
      labels,
      annotations: { 'k3s-gpu-actions/by': identity.label, 'k3s-gpu-actions/node': spec.node.name },
    },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(deadlineMs / 1000) + 300,
      // For the run that is killed between the pod's end and the deletion.
      ttlSecondsAfterFinished: 300,
      template,
    },
  }
}

const volumeName = 'volume'

const volumeOf = ({ claim }: VolumeMount): ApiObject => ({
  name: volumeName,
  persistentVolumeClaim: { claimName: claim },
})

/** Labels by which whatever a run makes is found again: by this run, and once it is old by every later one. */
export function labelsOf(purpose: string, { key, runId }: JobIdentity): Readonly<Record<string, string>> {
  return { ...ownLabels, [runLabel]: runId, [podLabel]: key, [purposeLabel]: purpose }
}

/** Where pods of a probe run: whatever runs there has to be as modest as they are. */
export function renderNamespace(name: string): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { ...ownLabels, 'pod-security.kubernetes.io/enforce': 'restricted' } },
  }
}
