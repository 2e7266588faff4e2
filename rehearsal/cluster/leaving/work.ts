/** What runs on a node that is about to leave: a Deployment with a budget, a database on a volume, a DaemonSet, a Job that has ended. */
import type { FaultName } from '../../contract.ts'
import type { ApiObject } from '../objects.ts'
import { completed, putPod, type Workload } from '../oceanid/pods.ts'
import { dayMs, Stage, uuidOf } from '../oceanid/stage.ts'
import { putDaemonSet, putDeployment, putStatefulSet } from '../oceanid/workloads.ts'
import type { MemoryStore } from '../store.ts'

export interface WorkOptions {
  readonly objects: MemoryStore
  readonly nowMs: number
  /** Node that is about to leave. */
  readonly node: string
  /** Another one, where half of the work is. */
  readonly other: string
  readonly faults: ReadonlySet<FaultName>
}

export const workNamespace = 'shop'
const home = workNamespace
const driver = 'driver.longhorn.io'
/** Whoever shall run on a node with a taint says so. One that tolerates everything would come back to a node that is closed. */
const tolerations = [{ key: 'workload-type', operator: 'Exists' }]

const volumeName = `pvc-${uuidOf(`persistentvolumeclaims/${home}/data-db-0`)}`

/** Lays everything out, running for days, before a removal begins. */
export function layWork({ objects, nowMs, node, other, faults }: WorkOptions): void {
  const stage = new Stage(objects, new Set(), nowMs)
  for (const name of [home, 'monitoring']) {
    if (objects.peek(`namespaces/${name}`) !== undefined) continue
    stage.put(`namespaces/${name}`, {
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
  }
  const web: Workload = {
    namespace: home,
    name: 'web',
    image: 'registry.test/web:1',
    nodes: [node, other],
    labels: { app: 'web' },
    pod: {
      tolerations,
      ...(faults.has('remove-emptydir') && { volumes: [{ name: 'scratch', emptyDir: {} }] }),
    },
  }
  putDeployment(stage, web)
  // With as many as there are the budget spares none, for ever: the most frequent way to keep a node from being drained.
  const minAvailable = faults.has('remove-budget') ? 2 : 1
  stage.put(`poddisruptionbudgets/${home}/web`, {
    metadata: {
      name: 'web',
      namespace: home,
      creationTimestamp: stage.ago(40 * dayMs),
      generation: 1,
    } as ApiObject['metadata'],
    spec: { minAvailable, selector: { matchLabels: { app: 'web' } } },
  })
  putVolume(stage)
  putStatefulSet(stage, {
    namespace: home,
    name: 'db',
    image: 'registry.test/db:1',
    nodes: [node],
    labels: { app: 'db' },
    pod: {
      tolerations,
      terminationGracePeriodSeconds: 60,
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } }],
    },
  })
  putDaemonSet(stage, {
    namespace: 'monitoring',
    name: 'node-exporter',
    image: 'quay.io/prometheus/node-exporter:v1.9.1',
    nodes: [],
    labels: { app: 'node-exporter' },
    pod: { tolerations, hostNetwork: true, volumes: [{ name: 'token', projected: { sources: [] } }] },
  })
  const migration: Workload = {
    namespace: home,
    name: 'migrate',
    image: 'registry.test/web:1',
    nodes: [],
    labels: { app: 'migrate' },
    pod: { tolerations, restartPolicy: 'Never' },
  }
  putPod(stage, migration, {
    name: 'migrate-x7k2p',
    node,
    owner: { apiVersion: 'batch/v1', kind: 'Job', name: 'migrate' },
    labels: { app: 'migrate' },
  })
  completed(stage, `pods/${home}/migrate-x7k2p`, stage.ago(dayMs))
  const own = objects
    .view(`pods/${home}`)
    .find(({ metadata, spec }) => metadata.labels?.app === 'web' && (spec as { nodeName?: string }).nodeName === node)
  if (faults.has('remove-pod-stays') && own !== undefined)
    // Somebody's controller promised to do something first, and is not there any more.
    stage.put(`pods/${home}/${own.metadata.name}`, {
      ...own,
      metadata: { ...own.metadata, finalizers: ['example.com/deregister'] } as ApiObject['metadata'],
    })
  if (faults.has('remove-unmanaged')) {
    const key = `pods/${home}/by-hand`
    const pod = putPod(
      stage,
      { ...migration, name: 'by-hand', pod: { tolerations } },
      {
        name: 'by-hand',
        node,
        owner: { apiVersion: 'v1', kind: 'Nobody', name: 'nobody' },
        labels: { run: 'by-hand' },
      },
    )
    const { ownerReferences: _nobody, ...metadata } = pod.metadata
    objects.put(key, { ...pod, metadata: metadata as ApiObject['metadata'] })
  }
}

function putVolume(stage: Stage): void {
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName: 'longhorn', volumeMode: 'Filesystem' }
  const creationTimestamp = stage.ago(40 * dayMs)
  const capacity = { storage: '20Gi' }
  stage.put(`persistentvolumes/${volumeName}`, {
    metadata: { name: volumeName, creationTimestamp },
    spec: {
      ...spec,
      capacity,
      csi: { driver, volumeHandle: volumeName, fsType: 'ext4' },
      persistentVolumeReclaimPolicy: 'Delete',
      claimRef: { kind: 'PersistentVolumeClaim', namespace: home, name: 'data-db-0' },
    },
    status: { phase: 'Bound' },
  })
  stage.put(`persistentvolumeclaims/${home}/data-db-0`, {
    metadata: { name: 'data-db-0', namespace: home, creationTimestamp },
    spec: { ...spec, resources: { requests: capacity }, volumeName },
    status: { phase: 'Bound', accessModes: spec.accessModes, capacity },
  })
}
