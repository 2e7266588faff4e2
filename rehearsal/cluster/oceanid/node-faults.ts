/** What can be wrong with nodes and with calypso's GPU, as the API shows it. */
import type { VerifyFault } from '../../contract.ts'
import { leaseObject } from '../node-objects.ts'
import type { ApiObject } from '../objects.ts'
import { probeNamespace } from '../seed.ts'
import { calypsoGpu, pythonImage, taint } from './calypso.ts'
import { agent, server } from './house.ts'
import { podKey } from './pods.ts'
import { dayMs, minuteMs, type Stage, uuidOf } from './stage.ts'
import { putDeployment } from './workloads.ts'

type Json = Readonly<Record<string, unknown>>
export type Act = (stage: Stage) => void

const nodeKey = (name: string): string => `nodes/${name}`
const plugin = 'k3s-gpu-actions-nvidia-device-plugin'

/** As its kubelet says it since so long ago. */
function condition(stage: Stage, node: string, type: string, status: string, reason: string, message: string): void {
  const at = stage.ago(3 * 60 * minuteMs)
  stage.change(nodeKey(node), (object) => {
    const { conditions = [] } = object.status as { conditions?: readonly { type: string }[] }
    const others = conditions.filter((one) => one.type !== type)
    const said = { type, status, reason, message, lastHeartbeatTime: stage.ago(minuteMs), lastTransitionTime: at }
    return { ...object, status: { ...(object.status as object), conditions: [...others, said] } }
  })
}

function devices(stage: Stage, capacity: string, allocatable: string): void {
  stage.change(nodeKey('calypso'), (node) => {
    const status = node.status as { capacity: Json; allocatable: Json }
    return {
      ...node,
      status: {
        ...status,
        capacity: { ...status.capacity, 'nvidia.com/gpu': capacity },
        allocatable: { ...status.allocatable, 'nvidia.com/gpu': allocatable },
      },
    }
  })
}

/** Its pods are elsewhere by now. */
function removeNode(stage: Stage, name: string): void {
  stage.silence(name)
  for (const pod of stage.objects.list('pods')) {
    const spec = pod.spec as Json
    const key = `pods/${pod.metadata.namespace}/${pod.metadata.name}`
    if (spec.nodeName === name) stage.put(key, { ...pod, spec: { ...spec, nodeName: server } })
  }
  stage.remove(nodeKey(name))
  stage.remove(`leases/kube-node-lease/${name}`)
}

export const nodeFaults = {
  // As long as a Lease says that it counts, and five seconds more: the node controller waits a little longer.
  'verify-node-dead': (stage) => {
    stage.silence(agent)
    const { uid } = stage.objects.get(nodeKey(agent))?.metadata ?? {}
    stage.put(`leases/kube-node-lease/${agent}`, leaseObject(agent, stage.nowMs - 45_000, uid))
  },
  'verify-node-not-ready': (stage) =>
    condition(
      stage,
      agent,
      'Ready',
      'False',
      'KubeletNotReady',
      'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    ),
  'verify-node-cordoned': (stage) => {
    stage.change(nodeKey(agent), (node) => ({
      ...node,
      spec: {
        ...(node.spec as object),
        unschedulable: true,
        taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: stage.ago(3 * dayMs) }],
      },
    }))
  },
  'verify-node-missing': (stage) => removeNode(stage, agent),
  'verify-node-pressure': (stage) =>
    condition(stage, agent, 'DiskPressure', 'True', 'KubeletHasDiskPressure', 'kubelet has disk pressure'),
  'verify-node-labels': (stage) => {
    stage.change(nodeKey('calypso'), (node) => {
      const { 'oceanid.node/gpu': _gone, ...labels } = node.metadata.labels ?? {}
      const { taints: _taints, ...spec } = node.spec as { taints?: unknown }
      return { ...node, metadata: { ...node.metadata, labels }, spec }
    })
  },
  'verify-node-version': (stage) => {
    stage.change(nodeKey(agent), (node) => {
      const status = node.status as { nodeInfo: object }
      return { ...node, status: { ...status, nodeInfo: { ...status.nodeInfo, kubeletVersion: 'v1.29.15+k3s1' } } }
    })
  },
  // Seen after an agent restart without its plugin: both at once.
  'verify-gpu-capacity-zero': (stage) => devices(stage, '0', '0'),
  'verify-gpu-unhealthy': (stage) => devices(stage, '1', '0'),
  'verify-gpu-plugin-gone': (stage) => {
    const pod = podKey(stage, 'kube-system', plugin)
    stage.remove(`daemonsets/kube-system/${plugin}`)
    stage.remove(pod)
    // A few seconds after the plugin's socket has closed.
    devices(stage, '1', '0')
  },
  'verify-gpu-busy': (stage) =>
    putDeployment(stage, {
      namespace: 'apps',
      name: 'embedder',
      image: pythonImage,
      nodes: ['calypso'],
      labels: { app: 'embedder' },
      ageMs: 2 * dayMs,
      pod: { runtimeClassName: 'nvidia', tolerations: [{ operator: 'Equal', ...taint }] },
      container: { resources: { limits: { 'nvidia.com/gpu': '1' }, requests: { 'nvidia.com/gpu': '1' } } },
    }),
  'verify-gpu-image-missing': (stage) => {
    stage.change(nodeKey('calypso'), (node) => {
      const status = node.status as { images?: readonly { names: readonly string[] }[] }
      const images = (status.images ?? []).filter(({ names }) => !names.includes(pythonImage))
      return { ...node, status: { ...status, images } }
    })
  },
  // A webhook of a service mesh gives every pod of the namespace a container that Pod Security does not let in.
  'verify-gpu-job-refused': (stage) => {
    const key = `namespaces/${probeNamespace}`
    const withMesh = (namespace: ApiObject) => ({ ...namespace.metadata.labels, 'istio-injection': 'enabled' })
    stage.change(key, (one) => ({ ...one, metadata: { ...one.metadata, labels: withMesh(one) } }))
  },
  'verify-gpu-job-quota': (stage) =>
    stage.put(`resourcequotas/${probeNamespace}/no-gpu`, {
      metadata: {
        name: 'no-gpu',
        namespace: probeNamespace,
        uid: uuidOf('no-gpu'),
        creationTimestamp: stage.ago(dayMs),
      },
      spec: { hard: { 'requests.nvidia.com/gpu': '0' } },
      status: { hard: { 'requests.nvidia.com/gpu': '0' }, used: { 'requests.nvidia.com/gpu': '0' } },
    }),
} satisfies Partial<Record<VerifyFault, (stage: Stage) => unknown>>

/** UUID of a card that calypso did not have when gpu-runtime recorded it. */
export const otherGpu = calypsoGpu.replace(/^GPU-.{8}/, 'GPU-0e7a51c4')
