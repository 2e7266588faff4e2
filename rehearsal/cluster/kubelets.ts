/**
 * The API server's side of kubelets: which pods a node has, and what its kubelet says of them. Nodes whose agents the world
 * plays itself get a kubelet here; the others ask under `/standin/v1/pods/<node>`.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type ContainerGround, noGpu } from '../kubelet/model.ts'
import { type NodePods, type PodReport, Pods } from '../kubelet/pods.ts'
import { recordEvent } from './events.ts'
import { type Call, readJson, sendJson } from './http.ts'
import type { ApiObject } from './objects.ts'
import type { PodLogs } from './pod-logs.ts'
import { failures } from './status.ts'
import type { MemoryStore, StoreEvent } from './store.ts'

/** How long a kubelet's question may stay open without news. */
const patienceMs = 5000

export interface KubeletsOptions {
  readonly objects: MemoryStore
  readonly logs: PodLogs
  /** Nodes whose agents the world plays itself. */
  readonly played: ReadonlySet<string>
  /** How containers fare on one of them; undefined: as on a node without a GPU. */
  readonly groundOf?: (node: string) => ContainerGround | undefined
}

export interface Kubelets {
  /** `GET /standin/v1/pods/<node>?after=N`: answers when something is newer than what N was. `POST`: a PodReport. */
  serve(call: Call, node: string): Promise<void>
  stop(): void
}

const plainGround: ContainerGround = {
  handlers: new Set(['runc']),
  defaultHandler: 'runc',
  gpu: noGpu,
  hasFile: () => false,
}

/** A pod that came, went, was given its node, or is to end. */
function isNews({ key, type, object, previous }: StoreEvent): boolean {
  if (!key.startsWith('pods/')) return false
  if (type !== 'MODIFIED' || previous === undefined) return type !== 'MODIFIED'
  const isToEnd = object.metadata.deletionTimestamp !== undefined && previous.metadata.deletionTimestamp === undefined
  return isToEnd || nodeOf(previous) !== nodeOf(object)
}

const nodeOf = (pod: ApiObject): string => (pod.spec as { nodeName?: string } | undefined)?.nodeName ?? ''

function seenBy(objects: MemoryStore, node: string): NodePods {
  return { ...surroundings(objects), pods: objects.view('pods').filter((pod) => nodeOf(pod) === node) }
}

/** What a kubelet asks for besides its pods. */
function surroundings(objects: MemoryStore): Omit<NodePods, 'pods'> {
  const classes = objects.view('runtimeclasses').map((one) => [one.metadata.name, String(one.handler ?? '')])
  const maps = objects
    .view('configmaps')
    .map((one) => [
      `${one.metadata.namespace}/${one.metadata.name}`,
      (one.data ?? {}) as Readonly<Record<string, string>>,
    ])
  const volumes = objects.view('persistentvolumeclaims').map((claim) => {
    const name = String((claim.spec as { volumeName?: string } | undefined)?.volumeName ?? '')
    const { csi } = (objects.peek(`persistentvolumes/${name}`)?.spec ?? {}) as { csi?: { driver?: string } }
    return [`${claim.metadata.namespace}/${claim.metadata.name}`, csi && { name, driver: csi.driver ?? '' }] as const
  })
  return {
    runtimeClasses: Object.fromEntries(classes),
    configMaps: Object.fromEntries(maps),
    // What no driver mounts is a folder like any other.
    volumes: Object.fromEntries(volumes.flatMap(([claim, volume]) => (volume === undefined ? [] : [[claim, volume]]))),
  }
}

export function startKubelets({ objects, logs, played, groundOf }: KubeletsOptions): Kubelets {
  const ending = new AbortController()
  const apply = (report: PodReport): void => {
    const key = `pods/${report.namespace}/${report.name}`
    const pod = objects.get(key)
    if (pod === undefined || pod.metadata.uid !== report.uid) return
    if (report.hasEnded) {
      // The API server deletes it then, unless somebody else has promised to do something first.
      if (((pod.metadata.finalizers ?? []) as readonly string[]).length === 0) objects.delete(key)
      return
    }
    const { containerStatuses = [] } = report.status as { containerStatuses?: { restartCount?: number }[] }
    if (report.log.length > 0) logs.keep(report.uid, containerStatuses[0]?.restartCount ?? 0, report.log)
    objects.put(key, { ...pod, status: report.status })
    const about = { kind: 'Pod', namespace: report.namespace, name: report.name, uid: report.uid }
    if (report.event !== undefined) recordEvent(objects, about, 'kubelet', report.event.reason, report.event.message)
  }

  const own = new Map<string, Pods>()
  /** Pods that ran before anybody here could have started them: their status says so, and stays. */
  const foreign = new Set<string>()
  const started = new Set<string>()
  const look = (): void => {
    const present = new Map<string, ApiObject[]>()
    for (const pod of objects.view('pods')) {
      const { uid = '' } = pod.metadata
      const node = nodeOf(pod)
      if (!played.has(node)) continue
      const hasStarted = (pod.status as { startTime?: string } | undefined)?.startTime !== undefined
      if (hasStarted && !started.has(uid)) foreign.add(uid)
      if (foreign.has(uid) && pod.metadata.deletionTimestamp === undefined) continue
      started.add(uid)
      const pods = present.get(node) ?? []
      pods.push(pod)
      present.set(node, pods)
    }
    const around = surroundings(objects)
    for (const node of new Set([...present.keys(), ...own.keys()]))
      void kubeletOf(node).see({ ...around, pods: present.get(node) ?? [] })
  }
  const kubeletOf = (node: string): Pods => {
    const known = own.get(node)
    if (known !== undefined) return known
    const pods = new Pods({
      ground: () => groundOf?.(node) ?? plainGround,
      hostIp: '127.0.0.1',
      pace: 0.2,
      signal: ending.signal,
      header: (level, place) => `${level}0101 00:00:00.000000       1 ${place}]`,
      report: async (report) => apply(report),
      devices: async () => undefined,
    })
    own.set(node, pods)
    return pods
  }
  let isQueued = false
  const stopListening = objects.listen((event) => {
    if (!isNews(event) || isQueued) return
    isQueued = true
    setImmediate(() => {
      isQueued = false
      if (!ending.signal.aborted) look()
    })
  })

  /** Resolves when a pod came or went, or something that decides over one changed. */
  const news = async (node: string, gone: AbortSignal): Promise<void> => {
    const over = new AbortController()
    const stop = objects.listen((event) => {
      if ((isNews(event) && nodeOf(event.object) === node) || /^(configmaps|runtimeclasses)\//.test(event.key))
        over.abort()
    })
    const signal = AbortSignal.any([over.signal, gone, ending.signal])
    const timer = setTimeout(() => over.abort(), patienceMs)
    try {
      if (!signal.aborted) await once(signal, 'abort')
    } finally {
      clearTimeout(timer)
      stop()
    }
  }

  return {
    async serve(call, node) {
      if (call.method === 'POST') {
        apply((await readJson(call)) as PodReport)
        sendJson(call, 200, {})
        return
      }
      if (call.method !== 'GET') throw failures.methodNotAllowed()
      const gone = new AbortController()
      call.response.once('close', () => gone.abort())
      const after = call.query.get('after') ?? ''
      const seal = (): string => {
        const { pods, runtimeClasses, configMaps } = seenBy(objects, node)
        return JSON.stringify([
          pods.map(({ metadata }) => [metadata.uid, metadata.deletionTimestamp]),
          runtimeClasses,
          configMaps,
        ])
      }
      const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
      if (hash(seal()) === after) await news(node, gone.signal)
      if (gone.signal.aborted) return
      sendJson(call, 200, { after: hash(seal()), ...seenBy(objects, node) })
    },
    stop() {
      ending.abort()
      stopListening()
    },
  }
}
