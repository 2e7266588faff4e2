/** Workloads in every state that a real kubelet and real controllers bring them to, each in a namespace of its own. */
import type { Expected } from './verify.ts'

type PodSpec = Readonly<Record<string, unknown>>
type Template = Readonly<Record<string, unknown>>

const image = 'docker.io/lab/busybox:1'
const lives = ['sh', '-c', 'trap exit TERM; while :; do sleep 1; done']

/** What may be said of a pod when it has come to its state. */
export interface PodSeen {
  readonly metadata: { readonly namespace: string; readonly name: string }
  readonly status: {
    readonly phase: string
    readonly reason?: string
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[]
    readonly initContainerStatuses?: readonly ContainerSeen[]
    readonly containerStatuses?: readonly ContainerSeen[]
  }
}

interface ContainerSeen {
  readonly restartCount: number
  readonly state: { readonly waiting?: { readonly reason: string } }
}

export interface WorkloadState {
  /** The namespace. */
  readonly name: string
  /** Path below the namespace's, e.g. `apps/v1/deployments`; empty group: `v1/pods`. */
  readonly path: string
  readonly object: Template
  /** It has come to its state. */
  isThere(pods: readonly PodSeen[]): boolean
  /** What verify-cluster must say of the namespace. */
  readonly expected: Expected
}

function pod(command: readonly string[], more: PodSpec = {}, container: PodSpec = {}): PodSpec {
  return {
    nodeSelector: { 'kubernetes.io/hostname': 'calypso' },
    tolerations: [{ key: 'workload-type', operator: 'Exists' }],
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image, imagePullPolicy: 'IfNotPresent', command, ...container }],
    ...more,
  }
}

/** A Deployment of one pod. */
function deployment(spec: PodSpec): Pick<WorkloadState, 'path' | 'object'> {
  const labels = { app: 'app' }
  const template = { metadata: { labels }, spec }
  const object = {
    kind: 'Deployment',
    metadata: { name: 'app' },
    spec: { selector: { matchLabels: labels }, template },
  }
  return { path: 'apps/v1/deployments', object: { apiVersion: 'apps/v1', ...object } }
}

function job(backoffLimit: number, spec: PodSpec): Pick<WorkloadState, 'path' | 'object'> {
  const template = { spec: { ...spec, restartPolicy: 'Never' } }
  const object = { kind: 'Job', metadata: { name: 'job' }, spec: { backoffLimit, template } }
  return { path: 'batch/v1/jobs', object: { apiVersion: 'batch/v1', ...object } }
}

const bare = (spec: PodSpec): Pick<WorkloadState, 'path' | 'object'> => ({
  path: 'v1/pods',
  object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, spec },
})

const containers = ({ status }: PodSeen): readonly ContainerSeen[] => [
  ...(status.initContainerStatuses ?? []),
  ...(status.containerStatuses ?? []),
]
/** Some pod's container waits for this reason. */
const waits = (reason: RegExp) => (pods: readonly PodSeen[]) =>
  pods.some((one) => containers(one).some(({ state }) => reason.test(state.waiting?.reason ?? '')))
/**
 * Some pod's container was started again often enough for nobody to take it for an accident, and waits for its next start, 40 s away by
 * now: in the moment in which it runs it is Ready.
 */
const loops = (pods: readonly PodSeen[]) =>
  pods.some((one) =>
    containers(one).some(
      ({ restartCount, state }) => restartCount >= 2 && state.waiting?.reason === 'CrashLoopBackOff',
    ),
  )
const ends = (phase: string) => (pods: readonly PodSeen[]) => pods.some(({ status }) => status.phase === phase)
const isUnschedulable = ({ status }: PodSeen): boolean =>
  status.conditions?.some(({ reason }) => reason === 'Unschedulable') ?? false

export const workloadStates: readonly WorkloadState[] = [
  {
    name: 'lab-well',
    ...deployment(pod(lives)),
    isThere: ends('Running'),
    expected: ['pass'],
  },
  {
    name: 'lab-crash',
    ...deployment(pod(['sh', '-c', 'echo boom >&2; exit 2'])),
    isThere: loops,
    expected: ['fail', /CrashLoopBackOff/],
  },
  {
    name: 'lab-memory',
    ...deployment(
      pod(
        ['sh', '-c', 'x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done'],
        {},
        { resources: { limits: { memory: '16Mi' } } },
      ),
    ),
    isThere: loops,
    expected: ['fail', /OOMKilled/],
  },
  {
    name: 'lab-init',
    ...deployment(pod(lives, { initContainers: [{ name: 'migrate', image, command: ['false'] }] })),
    isThere: loops,
    expected: ['fail', /CrashLoopBackOff/],
  },
  {
    name: 'lab-image',
    ...deployment(pod(lives, {}, { image: 'registry.invalid/pulumi/operator:v2.0.0' })),
    isThere: waits(/^(ErrImagePull|ImagePullBackOff)$/),
    expected: ['fail', /ImagePullBackOff.*[\s\S]*registry\.invalid/],
  },
  {
    name: 'lab-secret',
    ...deployment(
      pod(lives, {}, { env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'gone', key: 'key' } } }] }),
    ),
    isThere: waits(/^CreateContainerConfigError$/),
    expected: ['fail', /CreateContainerConfigError[\s\S]*secret "gone" not found/],
  },
  {
    name: 'lab-evicted',
    ...bare(
      pod(
        ['sh', '-c', 'dd if=/dev/zero of=/file bs=1M count=40; sleep 600'],
        { restartPolicy: 'Never' },
        // Of the container itself: volumes are measured once a minute only.
        { resources: { limits: { 'ephemeral-storage': '10Mi' } } },
      ),
    ),
    isThere: (pods) => pods.some(({ status }) => status.reason === 'Evicted'),
    expected: ['warn', /Evicted/],
  },
  {
    // Its first pod fails, its second one ends well.
    name: 'lab-retried',
    ...job(
      4,
      pod(
        ['sh', '-c', 'test -e /machine/lab-tried || { touch /machine/lab-tried; exit 7; }'],
        { volumes: [{ name: 'machine', hostPath: { path: '/tmp' } }] },
        { volumeMounts: [{ name: 'machine', mountPath: '/machine' }] },
      ),
    ),
    isThere: (pods) => ends('Failed')(pods) && ends('Succeeded')(pods),
    expected: ['pass'],
  },
  {
    // Nothing to complain of before it has waited for a while.
    name: 'lab-pending',
    ...deployment(pod(lives, { nodeSelector: { 'kubernetes.io/hostname': 'nowhere' } })),
    isThere: (pods) => pods.some(isUnschedulable),
    expected: ['pass'],
  },
]
