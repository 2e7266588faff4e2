/**
 * oceanid as it stands at night: everything that its documents list is there and well, but for the operator whose image is missing. What
 * verification meets comes over it as faults, and goes again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { VerifyFault } from '../../contract.ts'
import { type ContainerGround, noGpu } from '../../kubelet/model.ts'
import type { Call } from '../http.ts'
import type { ApiObject, Resource } from '../objects.ts'
import type { Attributes } from '../rbac.ts'
import type { RequestInfo } from '../request-info.ts'
import type { ServiceProxy } from '../service-proxy.ts'
import { StatusError } from '../status.ts'
import type { MemoryStore } from '../store.ts'
import { calypsoGround, calypsoNode, putCalypso, putDevicePlugin, taint } from './calypso.ts'
import { putCertificates } from './certificates.ts'
import { customResources } from './custom.ts'
import { putFlux } from './flux.ts'
import { prometheus, putHouse } from './house.ts'
import { houseFaults } from './house-faults.ts'
import { nodeFaults, otherGpu } from './node-faults.ts'
import { runningStatus } from './pods.ts'
import { networkProgram } from './programs.ts'
import { upQuery } from './prometheus.ts'
import { Stage } from './stage.ts'
import { putStorage } from './storage.ts'
import { workloadFaults } from './workload-faults.ts'

export interface HouseOptions {
  readonly objects: MemoryStore
  readonly heartbeats: Set<string>
  readonly version: string
  readonly nowMs: () => number
  readonly calypsoSystemUuid: string
  /** Makes the pods of DaemonSets now. */
  readonly syncDaemonSets: () => void
  /** Every node that has a heartbeat has just been heard of. */
  readonly hear: () => void
}

export interface House {
  readonly added: readonly Resource[]
  readonly services: ServiceProxy
  /** How containers fare on a node; undefined: as on any. */
  groundOf(node: string): ContainerGround | undefined
  /** Checks of `/readyz` that fail. */
  unready(): readonly string[]
  /** Rights that somebody took away. */
  forbids(attributes: Attributes): boolean
  hinder(call: Call, info: RequestInfo): Promise<void>
  /** From now on exactly these faults are there; what others had changed is as before. */
  comeOver(faults: ReadonlySet<VerifyFault>): void
  stop(): void
}

const acts: Readonly<Partial<Record<VerifyFault, (stage: Stage) => unknown>>> = {
  ...nodeFaults,
  ...workloadFaults,
  ...houseFaults,
}
/** A page of a slow server. */
const slowMs = 150

export function furnish(options: HouseOptions): House {
  const { objects, heartbeats, nowMs } = options
  const stage = new Stage(objects, heartbeats, nowMs())
  putHouse(stage)
  putCalypso(stage, calypsoNode(stage, options.version, '192.168.2.80', options.calypsoSystemUuid))
  putDevicePlugin(stage)
  putFlux(stage)
  putStorage(stage)
  putCertificates(stage)
  options.syncDaemonSets()
  settle(objects)
  options.syncDaemonSets()
  options.hear()
  const pods = new Map(objects.list('pods').map((pod) => [keyOf(pod), pod]))

  let faults: ReadonlySet<VerifyFault> = new Set()
  let trouble: Stage | undefined
  /** Lists that have expired once between two pages. */
  const expired = new Set<string>()
  const stopListening = objects.listen((event) => {
    // Somebody begins to drain calypso just when a pod is to come.
    if (!faults.has('verify-gpu-taint') || event.type !== 'ADDED' || !event.key.startsWith('jobs/')) return
    const maintenance = { key: 'maintenance', value: 'kernel', effect: 'NoSchedule' }
    trouble?.change('nodes/calypso', (node) => ({
      ...node,
      spec: { ...(node.spec as object), taints: [taint, maintenance] },
    }))
  })

  return {
    added: customResources,
    services: { [prometheus]: (path, query) => upQuery(path, query, nowMs(), faults.has('verify-target-down')) },
    groundOf: (node) =>
      node === 'calypso' ? groundWith(faults) : { ...withoutGpu, programs: networkProgram(node, faults) },
    unready: () => (faults.has('verify-api-not-ready') ? ['etcd', 'etcd-readiness'] : []),
    forbids: ({ resource }) =>
      faults.has('verify-no-rights') && ['leases', 'persistentvolumeclaims', 'kustomizations'].includes(resource),
    async hinder(call, info) {
      if (!faults.has('verify-api-slow-pages-410') || info.verb !== 'list') return
      await sleep(slowMs)
      const token = call.query.get('continue') ?? ''
      if (token === '' || expired.has(call.path)) return
      expired.add(call.path)
      throw new StatusError(410, 'Expired', tooOld)
    },
    comeOver(wanted) {
      trouble?.undo()
      // Controllers have answered to what was wrong: pods of theirs came, and others went.
      for (const pod of objects.list('pods')) if (!pods.has(keyOf(pod))) objects.delete(keyOf(pod))
      for (const [key, pod] of pods) objects.put(key, pod)
      options.hear()
      faults = wanted
      expired.clear()
      trouble = new Stage(objects, heartbeats, nowMs())
      for (const fault of wanted) acts[fault]?.(trouble)
    },
    stop: stopListening,
  }
}

const keyOf = (pod: ApiObject): string => `pods/${pod.metadata.namespace}/${pod.metadata.name}`

// As a real server said it of a token that was seven minutes old, the blank at the end as well.
const tooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list. '

/** The pods that DaemonSets have just got have run for as long as these. */
function settle(objects: MemoryStore): void {
  for (const pod of objects.list('pods')) {
    const spec = pod.spec as { nodeName?: string }
    if ((pod.status as { phase?: string }).phase !== 'Pending' || spec.nodeName === undefined) continue
    if ((pod.status as { startTime?: string }).startTime !== undefined) continue
    const at = objects.peek(`nodes/${spec.nodeName}`)?.metadata.creationTimestamp ?? ''
    const status = runningStatus(spec as Readonly<Record<string, unknown>>, at)
    objects.put(`pods/${pod.metadata.namespace}/${pod.metadata.name}`, { ...pod, status })
  }
}

const withoutGpu = { handlers: new Set(['runc']), defaultHandler: 'runc', gpu: noGpu, hasFile: () => false } as const

function groundWith(faults: ReadonlySet<VerifyFault>): ContainerGround {
  const gpu = faults.has('verify-gpu-other-device') ? { ...calypsoGround.gpu, uuids: [otherGpu] } : calypsoGround.gpu
  // The words of a real kubelet whose scheduler believed in a device that was held.
  const unavailable =
    'Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 1, Available: 0, which is unexpected'
  return {
    ...calypsoGround,
    gpu,
    programs: networkProgram('calypso', faults),
    ...(faults.has('verify-gpu-runtime') && { handlers: new Set(['runc']) }),
    ...(faults.has('verify-gpu-compute-wrong') && { computesWrong: true }),
    ...(faults.has('verify-gpu-rejected') && { rejects: (spec) => (asksForGpu(spec) ? unavailable : undefined) }),
    ...(faults.has('verify-gpu-image-missing') && { missingImage: unreachable }),
  }
}

function asksForGpu(spec: Readonly<Record<string, unknown>>): boolean {
  const [container] = (spec.containers ?? []) as { resources?: { limits?: Readonly<Record<string, string>> } }[]
  return container?.resources?.limits?.['nvidia.com/gpu'] !== undefined
}

/** containerd's words on a node that cannot ask the registry (seen on a real one). */
function unreachable(image: string): string {
  const [host = '', ...rest] = image.split('/')
  const [path = '', tag = 'latest'] = rest.join('/').split(':')
  const asked = `failed to do request: Head "https://${host}/v2/${path}/manifests/${tag}": dial tcp: lookup ${host} on 127.0.0.53:53: no such host`
  return `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${asked}`
}
