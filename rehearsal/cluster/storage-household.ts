/**
 * What runs in the cluster of seed 003 besides Longhorn's objects of a node that joins, as far as somebody asks whether it is healthy: DNS,
 * a node-exporter a node, the Prometheus that reads them, ingress-nginx a node, and Longhorn on k3s1 with its storage class. Tags of images
 * are for the look.
 */
import { jobUser, verifyUser } from './manifests.ts'
import { putService } from './oceanid/house.ts'
import { dayMs, type Stage, uuidOf } from './oceanid/stage.ts'
import { longhornNode } from './oceanid/storage.ts'
import { putDaemonSet, putDeployment, putStatefulSet } from './oceanid/workloads.ts'
import type { ServiceProxy } from './service-proxy.ts'
import type { MemoryStore } from './store.ts'

/** The one node that is there before: control plane, ingress and storage. */
const first = { name: 'k3s1', address: '192.168.86.71', disk: '/mnt/longhorn/sdh1' } as const
const gib = 2 ** 30
const exporter = { namespace: 'monitoring', name: 'prometheus-node-exporter' } as const

export function putHousehold(stage: Stage, hasLonghorn: boolean): void {
  const at = { nodes: [first.name], ageMs: 200 * dayMs } as const
  putDeployment(stage, {
    ...at,
    namespace: 'kube-system',
    name: 'coredns',
    image: 'docker.io/rancher/mirrored-coredns-coredns:1.12.3',
    labels: { 'k8s-app': 'kube-dns' },
  })
  putService(stage, 'default', 'kubernetes', 443, [{ node: first.name, address: first.address }], 6443)
  putService(stage, 'kube-system', 'kube-dns', 53, [{ node: first.name, address: '10.42.0.5' }])
  const everywhere = (namespace: string, name: string, image: string): void =>
    putDaemonSet(stage, { namespace, name, image, nodes: [], labels: { 'app.kubernetes.io/name': name } })
  everywhere(exporter.namespace, exporter.name, 'quay.io/prometheus/node-exporter:v1.9.1')
  everywhere('ingress-nginx', 'ingress-nginx-controller', 'registry.k8s.io/ingress-nginx/controller:v1.13.0')
  putStatefulSet(stage, {
    ...at,
    namespace: 'monitoring',
    name: 'prometheus',
    image: 'quay.io/prometheus/prometheus:v3.5.0',
    labels: { 'app.kubernetes.io/name': 'prometheus' },
  })
  putService(stage, 'monitoring', 'prometheus', 9090, [{ node: first.name, address: '10.42.0.21' }])
  if (hasLonghorn) putLonghorn(stage, everywhere)
}

function putLonghorn(stage: Stage, everywhere: (namespace: string, name: string, image: string) => void): void {
  const home = 'longhorn-system'
  everywhere(home, 'longhorn-manager', 'docker.io/longhornio/longhorn-manager:v1.9.1')
  stage.put('storageclasses/longhorn', {
    metadata: { name: 'longhorn', creationTimestamp: stage.ago(200 * dayMs) },
    provisioner: 'driver.longhorn.io',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  })
  const well = (type: string) => ({
    type,
    status: 'True',
    reason: '',
    message: '',
    lastTransitionTime: stage.ago(200 * dayMs),
  })
  const disk = `default-disk-${uuidOf(`disk ${first.name}`).slice(0, 12)}`
  stage.put(longhornNode(first.name), {
    metadata: { name: first.name, namespace: home, creationTimestamp: stage.ago(200 * dayMs) },
    spec: { allowScheduling: true, disks: { [disk]: { allowScheduling: true, path: first.disk, storageReserved: 0 } } },
    status: {
      conditions: ['Ready', 'Schedulable', 'MountPropagation'].map(well),
      diskStatus: {
        [disk]: {
          diskPath: first.disk,
          conditions: ['Ready', 'Schedulable'].map(well),
          storageMaximum: 458 * gib,
          storageAvailable: 300 * gib,
          storageScheduled: 120 * gib,
        },
      },
    },
  })
}

/** Prometheus finds the pods of the node-exporter by service discovery, and reads those that run: only `up` is asked of it. */
export function householdServices(objects: MemoryStore, nowMs: () => number): ServiceProxy {
  return {
    'monitoring/prometheus:9090': (path, query) => {
      if (path !== '/api/v1/query')
        return { status: 'error', errorType: 'not_found', error: 'only queries are rehearsed' }
      const pods = objects.view(`pods/${exporter.namespace}`).filter(({ metadata }) => {
        return metadata.labels?.['app.kubernetes.io/name'] === exporter.name
      })
      const result = (query.get('query') === 'up' ? pods : []).map((pod) => {
        const { nodeName = '' } = pod.spec as { readonly nodeName?: string }
        const isUp = (pod.status as { readonly phase?: string } | undefined)?.phase === 'Running'
        const metric = { __name__: 'up', job: 'node-exporter', instance: `${nodeName}:9100`, node: nodeName }
        return { metric, value: [nowMs() / 1000, isUp ? '1' : '0'] }
      })
      return { status: 'success', data: { resultType: 'vector', result } }
    },
  }
}

/** What an administrator typed so that verification may ask this Prometheus (manifests/verify-rbac.yaml says it at its top). */
export const householdManifest = `kind: Role
metadata: { name: k3s-gpu-actions-verify-prometheus, namespace: monitoring }
rules: [{ apiGroups: [""], resources: [services/proxy], resourceNames: ["prometheus:9090"], verbs: [get] }]
---
kind: RoleBinding
metadata: { name: k3s-gpu-actions-verify-prometheus, namespace: monitoring }
roleRef: { kind: Role, name: k3s-gpu-actions-verify-prometheus }
subjects: [${[verifyUser, jobUser].map((name) => `{ kind: ServiceAccount, name: ${name}, namespace: kube-system }`).join(', ')}]
`
