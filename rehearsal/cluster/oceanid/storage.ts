/** Claims and volumes, and Longhorn's view of its disks (longhorn/longhorn-manager:k8s/pkg/apis/longhorn/v1beta2). */
import { customKey } from './custom.ts'
import { agent, server } from './house.ts'
import { dayMs, type Stage, uuidOf } from './stage.ts'
import { putDaemonSet } from './workloads.ts'

const home = 'longhorn-system'
const gib = 2 ** 30

export function putStorage(stage: Stage): void {
  putDaemonSet(stage, {
    namespace: home,
    name: 'longhorn-manager',
    image: 'docker.io/longhornio/longhorn-manager:v1.9.1',
    nodes: [],
    labels: { app: 'longhorn-manager' },
  })
  const classes = {
    'local-path': ['rancher.io/local-path', 'WaitForFirstConsumer'],
    longhorn: ['driver.longhorn.io', 'Immediate'],
  }
  for (const [name, [provisioner = '', volumeBindingMode = '']] of Object.entries(classes))
    stage.put(`storageclasses/${name}`, {
      metadata: { name, creationTimestamp: stage.ago(110 * dayMs) },
      provisioner,
      reclaimPolicy: 'Delete',
      volumeBindingMode,
    })
  putClaim(stage, 'monitoring', 'data-prometheus-0', 'local-path')
  putClaim(stage, 'apps', 'uploads', 'longhorn')
  for (const node of [server, agent]) putLonghornNode(stage, node)
  putLonghornVolume(stage, volumeOf('apps', 'uploads'), 'apps', 'uploads')
}

const volumeOf = (namespace: string, claim: string): string =>
  `pvc-${uuidOf(`persistentvolumeclaims/${namespace}/${claim}`)}`
export const longhornVolume = customKey('Volume', volumeOf('apps', 'uploads'), home)
export const longhornNode = (name: string): string => customKey('Node', name, home, 'longhorn.io')

function putClaim(stage: Stage, namespace: string, name: string, storageClassName: string): void {
  const volumeName = volumeOf(namespace, name)
  const creationTimestamp = stage.ago(40 * dayMs)
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName, volumeMode: 'Filesystem' }
  const storage = '20Gi'
  stage.put(`persistentvolumeclaims/${namespace}/${name}`, {
    metadata: {
      name,
      namespace,
      creationTimestamp,
      annotations: { 'volume.kubernetes.io/selected-node': agent, 'pv.kubernetes.io/bind-completed': 'yes' },
    },
    spec: { ...spec, resources: { requests: { storage } }, volumeName },
    status: { phase: 'Bound', accessModes: spec.accessModes, capacity: { storage } },
  })
  stage.put(`persistentvolumes/${volumeName}`, {
    metadata: { name: volumeName, creationTimestamp },
    spec: {
      ...spec,
      capacity: { storage },
      persistentVolumeReclaimPolicy: 'Delete',
      claimRef: { kind: 'PersistentVolumeClaim', namespace, name },
    },
    status: { phase: 'Bound' },
  })
}

const condition = (stage: Stage, type: string, status = 'True', reason = '', message = '') => ({
  type,
  status,
  reason,
  message,
  lastProbeTime: '',
  lastTransitionTime: stage.ago(40 * dayMs),
})

function putLonghornNode(stage: Stage, name: string): void {
  const disk = `default-disk-${uuidOf(`disk ${name}`).slice(0, 12)}`
  stage.put(longhornNode(name), {
    metadata: { name, namespace: home, creationTimestamp: stage.ago(100 * dayMs) },
    spec: {
      allowScheduling: true,
      disks: { [disk]: { allowScheduling: true, path: '/var/lib/longhorn/', storageReserved: 32 * gib } },
    },
    status: {
      conditions: [condition(stage, 'Ready'), condition(stage, 'Schedulable'), condition(stage, 'MountPropagation')],
      diskStatus: {
        [disk]: {
          diskPath: '/var/lib/longhorn/',
          conditions: [condition(stage, 'Ready'), condition(stage, 'Schedulable')],
          storageMaximum: 200 * gib,
          storageAvailable: 120 * gib,
          storageScheduled: 20 * gib,
        },
      },
    },
  })
}

function putLonghornVolume(stage: Stage, name: string, namespace: string, pvcName: string): void {
  stage.put(customKey('Volume', name, home), {
    metadata: { name, namespace: home, creationTimestamp: stage.ago(40 * dayMs) },
    spec: { numberOfReplicas: 2, size: String(20 * gib) },
    status: {
      state: 'attached',
      robustness: 'healthy',
      conditions: [condition(stage, 'Scheduled')],
      kubernetesStatus: { namespace, pvcName, pvName: name, pvStatus: 'Bound' },
      lastDegradedAt: '',
    },
  })
}

/** So many percent of the disk of a node are free. */
export function fillDisk(stage: Stage, node: string, freePercent: number): void {
  stage.change(longhornNode(node), (object) => {
    const { diskStatus = {} } = object.status as { diskStatus?: Record<string, object> }
    const full = Object.entries(diskStatus).map(([name, disk]) => [
      name,
      { ...disk, storageAvailable: Math.round(2 * freePercent * gib) },
    ])
    return { ...object, status: { ...(object.status as object), diskStatus: Object.fromEntries(full) } }
  })
}
