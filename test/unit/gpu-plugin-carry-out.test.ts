/** The changes of the cluster, carried out against a cluster that is a map, and taken back. */
import { expect, it } from '@jest/globals'
import {
  carryOutPlugin,
  type GpuReading,
  type GpuWish,
  isLabelOurs,
  planCluster,
  presentLabel,
  undoPlugin,
} from '../../src/gpu/index.ts'
import type { ApplyObject, Cluster, DaemonSetState, NodeState, PodState } from '../../src/kubernetes/index.ts'
import { daemonSet, gpuTaint, nodeOf, podOf, seed001, situationOf } from './gpu-cluster-world.ts'

type Ports = Parameters<typeof undoPlugin>[0]
const never = new AbortController().signal

function worldOf(nodes: readonly NodeState[], plugins: readonly DaemonSetState[], pods: readonly PodState[] = []) {
  const log: string[] = []
  const world = {
    nodes: [...nodes],
    plugins: [...plugins],
    pods: [...pods],
    log,
    onApply: (_object: ApplyObject) => {},
  }
  const change = (labels: Readonly<Record<string, string>>, by: Readonly<Record<string, string | null>> = {}) =>
    Object.fromEntries(
      Object.entries({ ...labels, ...by }).filter((entry): entry is [string, string] => entry[1] !== null),
    )
  const ports: Ports = {
    changeNode: async (name, { labels, annotations }) => {
      log.push(`node ${JSON.stringify(labels)}`)
      world.nodes = world.nodes.map((node) =>
        node.name === name
          ? { ...node, labels: change(node.labels, labels), annotations: change(node.annotations, annotations) }
          : node,
      )
      return world.nodes.find((node) => node.name === name)!
    },
    nodesWithLabel: async (label, value) => world.nodes.filter(({ labels }) => labels[label] === value),
    applyObject: async (object) => {
      const { name, namespace = '', labels = {}, annotations = {} } = object.metadata
      log.push(`apply ${namespace}/${name}`)
      world.onApply(object)
      const made = daemonSet(`${namespace}/${name}`, { labels, annotations, spec: object.spec as object })
      world.plugins = [...world.plugins.filter((one) => one.name !== name || one.namespace !== namespace), made]
    },
    deleteDaemonSet: async (namespace, name, uid) => {
      log.push(`delete ${namespace}/${name}`)
      world.plugins = world.plugins.filter((one) => one.uid !== uid)
    },
    podsOnNode: async () => {
      const { pods } = world
      log.push(`${pods.length} pods`)
      world.pods = []
      return pods
    },
    daemonSets: async () => world.plugins,
  }
  return { world, ports, log }
}

async function carryOut(wish: Partial<GpuWish>, reading: Partial<GpuReading>, ports: Pick<Cluster, keyof Ports>) {
  const situation = situationOf(wish, reading)
  const ids = planCluster(situation).changes.map(({ id }) => id)
  const outcome = await carryOutPlugin(ports, situation, new Set(ids), () => {}, never)
  return { situation, outcome }
}

const fresh = nodeOf({ labels: {} })
const tolerated = (one: DaemonSetState | undefined) => JSON.stringify(one?.object).match(/"workload-type"|"key":"gpu"/g)

it('labels first, so that every run for a GPU node sees every other, and marks the label as ours at once', async () => {
  const { world, ports, log } = worldOf([fresh], [])
  const { outcome } = await carryOut({}, { node: fresh }, ports)
  expect(log).toEqual([
    'node {"nvidia.com/gpu.present":"true"}',
    'apply kube-system/k3s-gpu-actions-nvidia-device-plugin',
  ])
  expect(outcome.applied).toEqual(['label-node', 'apply-device-plugin'])
  expect(isLabelOurs(world.nodes[0]!.annotations)).toBe(true)
  // The record is still to be written: a run that ended here is not complete.
  expect(
    planCluster(situationOf({}, { node: world.nodes[0]!, daemonSets: world.plugins })).changes.map(({ id }) => id),
  ).toEqual(['record-gpu'])
})

it('applies again for the taint of a GPU node that another run brought at the same moment', async () => {
  const { world, ports } = worldOf([nodeOf()], [])
  const other = nodeOf({ name: 'velaryon', taints: [{ key: 'gpu', value: 'true', effect: 'NoSchedule' }, gpuTaint] })
  world.onApply = () => {
    if (world.nodes.length === 1) world.nodes.push(other)
  }
  await carryOut({}, {}, ports)
  expect(tolerated(world.plugins[0])).toEqual(['"key":"gpu"', '"workload-type"'])
})

it('replaces another plugin only when its pods have ended, because the old one takes the socket with it', async () => {
  const pod = podOf({ owner: `DaemonSet/${seed001.name}` })
  const { world, ports, log } = worldOf([nodeOf()], [seed001], [pod])
  const wish = { replaceDevicePlugin: 'kube-system/nvidia-device-plugin-daemonset' }
  const { situation, outcome } = await carryOut(wish, { daemonSets: [seed001] }, ports)
  expect(log).toEqual([
    'delete kube-system/nvidia-device-plugin-daemonset',
    '1 pods',
    '0 pods',
    'apply kube-system/k3s-gpu-actions-nvidia-device-plugin',
  ])
  expect(await undoPlugin(ports, situation, outcome.applied, never)).toEqual([
    'apply-device-plugin',
    'replace-device-plugin',
  ])
  expect(world.plugins.map(({ name, object }) => [name, object.spec])).toEqual([[seed001.name, seed001.object.spec]])
})

it('is taken back: no label, no record, no plugin; but not the plugin that another GPU node needs by now', async () => {
  const { world, ports } = worldOf([fresh], [])
  const { situation, outcome } = await carryOut({}, { node: fresh }, ports)
  expect(await undoPlugin(ports, situation, outcome.applied, never)).toEqual(['apply-device-plugin', 'label-node'])
  expect(world).toMatchObject({ plugins: [], nodes: [{ labels: {}, annotations: {} }] })

  const busy = worldOf([fresh, nodeOf({ name: 'velaryon' })], [])
  const again = await carryOut({}, { node: fresh }, busy.ports)
  expect(await undoPlugin(busy.ports, again.situation, again.outcome.applied, never)).toEqual(['label-node'])
  expect(busy.world.plugins).toHaveLength(1)
})

it('waits for new pods only where the template changes', async () => {
  const first = worldOf([nodeOf()], [])
  await carryOut({}, {}, first.ports)
  const [made] = first.world.plugins
  const pods = [podOf()]
  const image = 'nvcr.io/nvidia/k8s-device-plugin:v0.20.1'
  const newer = await carryOut({ devicePluginImage: image }, { daemonSets: [made!], pods }, first.ports)
  expect(newer.outcome.oldPods).toEqual(['pod-1'])
  const relabelled = { ...made!, object: { ...made!.object, metadata: { labels: made!.labels, annotations: {} } } }
  const same = await carryOut({}, { daemonSets: [relabelled], pods }, first.ports)
  expect(same.outcome).toMatchObject({ applied: ['apply-device-plugin'], oldPods: [] })
})

it('of `absent` leaves a node without label and plugin', async () => {
  const { world, ports } = worldOf([fresh], [])
  await carryOut({}, { node: fresh }, ports)
  const [node] = world.nodes
  await carryOut({ devicePlugin: 'absent' }, { node: node!, daemonSets: world.plugins }, ports)
  expect(world.plugins).toEqual([])
  expect(Object.keys(world.nodes[0]!.labels)).not.toContain(presentLabel)

  // Another run has brought a GPU node since the cluster was read.
  const meanwhile = worldOf([fresh], [])
  await carryOut({}, { node: fresh }, meanwhile.ports)
  const [own] = meanwhile.world.nodes
  const read = { node: own!, daemonSets: meanwhile.world.plugins }
  meanwhile.world.nodes.push(nodeOf({ name: 'velaryon' }))
  const { outcome } = await carryOut({ devicePlugin: 'absent' }, read, meanwhile.ports)
  expect(outcome.applied).toEqual(['unlabel-node'])
  expect(meanwhile.world.plugins).toHaveLength(1)
})

it('a new image that does not work gives way to the former one; new tolerations stay, other nodes may need them', async () => {
  const { world, ports } = worldOf([nodeOf()], [])
  await carryOut({}, {}, ports)
  const [former] = world.plugins
  const image = 'nvcr.io/nvidia/k8s-device-plugin:v9.99.9'
  const { situation, outcome } = await carryOut({ devicePluginImage: image }, { daemonSets: [former!] }, ports)
  expect(JSON.stringify(world.plugins)).toContain(image)
  expect(await undoPlugin(ports, situation, outcome.applied, never)).toEqual(['apply-device-plugin'])
  expect(world.plugins).toEqual([former])

  const tainted = nodeOf({ taints: [{ key: 'gpu', value: 'true', effect: 'NoSchedule' }] })
  world.nodes = [tainted]
  const next = await carryOut({}, { node: tainted, gpuNodes: [tainted], daemonSets: [former!] }, ports)
  expect(await undoPlugin(ports, next.situation, next.outcome.applied, never)).toEqual([])
})
