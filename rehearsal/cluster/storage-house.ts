/**
 * Longhorn and Flux in the cluster of seed 003, as far as a storage node that joins meets them: Longhorn's manager makes its object of
 * the node, takes its disk from the annotation (longhorn-manager:controller/kubernetes_node_controller.go, syncDefaultDisks; the setting
 * create-default-disk-labeled-nodes is on), looks at it, and calls it schedulable; then what Flux has been waiting with becomes ready.
 */
import type { FaultName } from '../contract.ts'
import type { ApiObject, Resource } from './objects.ts'
import { customKey, customResources } from './oceanid/custom.ts'
import { putFluxObject } from './oceanid/flux.ts'
import { dayMs, Stage } from './oceanid/stage.ts'
import { longhornNode } from './oceanid/storage.ts'
import type { ServiceProxy } from './service-proxy.ts'
import { householdServices, putHousehold } from './storage-household.ts'
import type { MemoryStore } from './store.ts'

export interface StorageHouse {
  readonly added: readonly Resource[]
  readonly services: ServiceProxy
  stop(): void
}

interface Options {
  readonly objects: MemoryStore
  readonly heartbeats: Set<string>
  readonly nowMs: () => number
  /** The machine that is to become a storage node. */
  readonly machine: string
  readonly faults: () => ReadonlySet<FaultName>
  /** Longhorn was never installed. */
  readonly hasNoLonghorn: boolean
  /** How long each step of Longhorn takes; default: half a second, on real parts seconds to minutes. */
  readonly stepMs?: number
}

interface DiskOfAnnotation {
  readonly name: string
  readonly path: string
  readonly allowScheduling: boolean
}

const gib = 2 ** 30
const label = 'node.longhorn.io/create-default-disk'
const annotation = 'node.longhorn.io/default-disks-config'
// What waits for the node: the one that brings storage, and what depends on it (kustomize-controller's own words of a dependency).
const waiting = {
  'infrastructure-storage': { reason: 'Progressing', message: 'Reconciliation in progress', status: 'Unknown' },
  apps: {
    reason: 'DependencyNotReady',
    message: "dependency 'flux-system/infrastructure-storage' is not ready",
    status: 'False',
  },
} as const

export function furnishStorage({
  objects,
  heartbeats,
  nowMs,
  machine,
  faults,
  hasNoLonghorn,
  stepMs = 500,
}: Options): StorageHouse {
  const stage = new Stage(objects, heartbeats, nowMs())
  const namespaces = ['longhorn-system', 'flux-system', 'monitoring', 'ingress-nginx']
  for (const name of namespaces)
    stage.put(`namespaces/${name}`, {
      metadata: { name, creationTimestamp: stage.ago(200 * dayMs), labels: { 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
  putHousehold(stage, !hasNoLonghorn)
  const revision = 'main@sha1:0000000000000000000000000000000000000000'
  for (const name of ['infrastructure', ...Object.keys(waiting)])
    putFluxObject(stage, {
      kind: 'Kustomization',
      name,
      spec: { path: `./${name}`, prune: true, sourceRef: { kind: 'GitRepository', name: 'flux-system' } },
      status: { lastAppliedRevision: revision },
      reason: 'ReconciliationSucceeded',
      message: `Applied revision: ${revision}`,
    })
  for (const [name, condition] of Object.entries(waiting)) setReady(name, condition)
  const timers = new Set<NodeJS.Timeout>()
  const later = (work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, stepMs)
    timers.add(timer)
  }

  function setReady(
    name: string,
    condition: { readonly reason: string; readonly message: string; readonly status: string },
  ): void {
    const key = customKey('Kustomization', name, 'flux-system')
    const object = objects.get(key)
    if (object === undefined) return
    const lastTransitionTime = new Date(nowMs()).toISOString()
    const conditions = [{ type: 'Ready', observedGeneration: 3, lastTransitionTime, ...condition }]
    objects.put(key, { ...object, status: { ...(object.status as object), conditions } })
  }

  const condition = (type: string, status: string, reason = '', message = '') => ({ type, status, reason, message })

  function putNode(disks: readonly DiskOfAnnotation[], isReady: boolean, areDisksReady: boolean): void {
    const of = <T>(value: (disk: DiskOfAnnotation) => T) =>
      Object.fromEntries(disks.map((disk) => [disk.name, value(disk)]))
    const state = areDisksReady ? 'True' : 'False'
    stage.put(longhornNode(machine), {
      metadata: { name: machine, namespace: 'longhorn-system' },
      spec: {
        allowScheduling: !faults().has('storage-switched-off'),
        disks: of(({ path, allowScheduling }) => ({ path, allowScheduling, storageReserved: 0, tags: [] })),
      },
      status: {
        conditions: [condition('Ready', isReady ? 'True' : 'False'), condition('Schedulable', 'True')],
        diskStatus: of(({ path }) => ({
          diskPath: path,
          conditions: [condition('Ready', state), condition('Schedulable', state)],
          storageMaximum: 458 * gib,
          storageAvailable: 435 * gib,
          storageScheduled: 0,
        })),
      },
    })
  }

  const isReady = (node: ApiObject): boolean =>
    ((node.status as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? []).some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    )
  let step: 'none' | 'known' | 'disks' = 'none'
  const stopListening = objects.listen(({ key, type, object }) => {
    if (key !== `nodes/${machine}`) return
    if (type === 'DELETED') {
      step = 'none'
      objects.delete(longhornNode(machine))
      return
    }
    if (faults().has('storage-no-longhorn') || !isReady(object)) return
    if (step === 'none') {
      step = 'known'
      later(() => {
        if (step === 'known') putNode([], true, false)
      })
    }
    const config = object.metadata.annotations?.[annotation]
    if (step !== 'known' || object.metadata.labels?.[label] !== 'config' || config === undefined) return
    step = 'disks'
    const disks = JSON.parse(config) as readonly DiskOfAnnotation[]
    later(() => {
      putNode(disks, true, false)
      later(() => {
        putNode(disks, true, true)
        if (faults().has('storage-switched-off')) return
        later(() => {
          for (const name of Object.keys(waiting))
            setReady(name, {
              status: 'True',
              reason: 'ReconciliationSucceeded',
              message: `Applied revision: ${revision}`,
            })
        })
      })
    })
  })
  return {
    // Without Longhorn the cluster has no such kind; Flux is there all the same.
    get added() {
      return faults().has('storage-no-longhorn')
        ? customResources.filter(({ group }) => group !== 'longhorn.io')
        : customResources
    },
    services: householdServices(objects, nowMs),
    stop() {
      stopListening()
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
