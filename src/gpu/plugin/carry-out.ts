import { setTimeout as delay } from 'node:timers/promises'
import { type ApplyObject, type Cluster, ClusterError, type DaemonSetState } from '../../kubernetes/index.ts'
import { provisionalAnnotation } from '../annotation.ts'
import { changeIds, type GpuSituation, gpuAnnotationName, pluginName, pluginNamespace, presentLabel } from '../model.ts'
import { hasOtherImage, pluginDrift } from './compare.ts'
import { ownPlugin, replacedPlugin } from './owners.ts'
import { nameOf } from './recognise.ts'
import { renderDevicePlugin, renderRuntimeClass, taintsOfGpuNodes } from './render.ts'

export type PluginPorts = Pick<
  Cluster,
  'changeNode' | 'nodesWithLabel' | 'applyObject' | 'deleteDaemonSet' | 'podsOnNode'
>

export interface PluginOutcome {
  /** Ids of changes that were carried out. */
  readonly applied: readonly string[]
  /** uids of plugin pods on the node that are replaced by new ones: what they registered is no proof. */
  readonly oldPods: readonly string[]
}

/** How long the pods of a replaced plugin may take to end. */
const endOfPodsMs = 60_000
/** How often the plugin is applied again because another run brought a GPU node with a taint meanwhile. */
const maximumApplies = 3

/** Pods of a DaemonSet, as their owner names them. */
export const ownedBy =
  (daemonSet: { readonly namespace: string; readonly name: string }) =>
  (pod: { readonly namespace: string; readonly owner: string }): boolean =>
    pod.namespace === daemonSet.namespace && pod.owner === `DaemonSet/${daemonSet.name}`

/**
 * Resolves when no pod of this DaemonSet is left on the node. Two plugins of NVIDIA have the same socket, and one that ends removes the
 * file, whosever it is (NVIDIA/k8s-device-plugin: internal/plugin/server.go, Stop): so the old one has to be gone before ours starts.
 */
async function podsGone(ports: PluginPorts, node: string, old: DaemonSetState, signal: AbortSignal): Promise<void> {
  const isOfOld = ownedBy(old)
  let waitMs = 250
  for (let waitedMs = 0; ; waitedMs += waitMs) {
    const left = (await ports.podsOnNode(node, signal)).filter(isOfOld)
    if (left.length === 0) return
    if (waitedMs >= endOfPodsMs) {
      throw new ClusterError('timeout', {
        title: `the pods of ${nameOf(old)} on ${node} did not end within ${endOfPodsMs / 1000} s`,
        cause: 'the kubelet does not end them, or is not connected',
        remedy: `look at them: kubectl -n ${old.namespace} get pods --field-selector spec.nodeName=${node}; then press again`,
        evidence: left.map(nameOf),
      })
    }
    await delay(waitMs, undefined, { signal })
    waitMs = Math.min(waitMs * 2, 2_000)
  }
}

/** Applies ours for the taints that the GPU nodes have at that moment; a run for another GPU node may add one at the same time. */
async function applyPlugin(ports: PluginPorts, situation: GpuSituation, signal: AbortSignal): Promise<void> {
  const image = situation.wish.devicePluginImage
  const read = async () => taintsOfGpuNodes(await ports.nodesWithLabel(presentLabel, 'true', signal))
  let taints = await read()
  for (let attempt = 1; ; attempt++) {
    await ports.applyObject(renderDevicePlugin({ image, taints }), signal)
    const now = await read()
    if (JSON.stringify(now) === JSON.stringify(taints) || attempt === maximumApplies) return
    taints = now
  }
}

/**
 * Carries out what the plan says of the cluster, but for the record: label, replacement, plugin, in this order. `ids`: the changes of the
 * plan that are allowed now. `onDone` hears of each as soon as it is done, so that it can be taken back when the next one fails.
 */
export async function carryOutPlugin(
  ports: PluginPorts,
  situation: GpuSituation,
  ids: ReadonlySet<string>,
  onDone: (id: string) => void,
  signal: AbortSignal,
): Promise<PluginOutcome> {
  const { reading, wish } = situation
  const { node } = reading
  const applied: string[] = []
  const done = (id: string): void => {
    applied.push(id)
    onDone(id)
  }
  if (node === undefined) return { applied, oldPods: [] }
  const oldPods: string[] = []
  if (ids.has(changeIds.label)) {
    const annotation = provisionalAnnotation(node.annotations)
    await ports.changeNode(
      node.name,
      {
        labels: { [presentLabel]: 'true' },
        ...(annotation === undefined ? {} : { annotations: { [gpuAnnotationName]: annotation } }),
      },
      signal,
    )
    done(changeIds.label)
  }
  if (ids.has(changeIds.runtimeClass)) {
    await ports.applyObject(renderRuntimeClass(), signal)
    done(changeIds.runtimeClass)
  }
  const replaced = ids.has(changeIds.replacePlugin) ? replacedPlugin(reading, wish) : undefined
  if (replaced !== undefined) {
    await ports.deleteDaemonSet(replaced.namespace, replaced.name, replaced.uid, signal)
    done(changeIds.replacePlugin)
    const names = new Set([node.name, ...reading.gpuNodes.map(({ name }) => name)])
    await Promise.all([...names].map((name) => podsGone(ports, name, replaced, signal)))
  }
  const own = ownPlugin(reading)
  if (ids.has(changeIds.applyPlugin)) {
    const wanted = renderDevicePlugin({ image: wish.devicePluginImage, taints: taintsOfGpuNodes(reading.gpuNodes) })
    if (own !== undefined && pluginDrift(wanted, own).some((path) => path.startsWith('.spec.template')))
      oldPods.push(...reading.pods.filter(ownedBy(own)).map(({ uid }) => uid))
    await applyPlugin(ports, situation, signal)
    done(changeIds.applyPlugin)
  }
  if (ids.has(changeIds.deletePlugin) && own !== undefined) {
    // Another run may have brought a GPU node since the cluster was read, which needs it.
    const others = (await ports.nodesWithLabel(presentLabel, 'true', signal)).filter(({ name }) => name !== node.name)
    if (others.length === 0) {
      await ports.deleteDaemonSet(own.namespace, own.name, own.uid, signal)
      done(changeIds.deletePlugin)
    }
  }
  if (ids.has(changeIds.unlabel)) {
    await ports.changeNode(node.name, { labels: { [presentLabel]: null } }, signal)
    done(changeIds.unlabel)
  }
  return { applied, oldPods }
}

/** The object as it was read, to be applied again. */
function asRead({ namespace, name, labels, annotations, object }: DaemonSetState): ApplyObject {
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith('deprecated.daemonset.'))
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels, annotations: Object.fromEntries(kept) },
    spec: object.spec,
  }
}

/**
 * Takes back what `carryOutPlugin` did, the last first; what cannot be taken back stays and the next run goes on from it. Returns the ids
 * that were taken back.
 */
export async function undoPlugin(
  ports: PluginPorts & Pick<Cluster, 'daemonSets'>,
  situation: GpuSituation,
  applied: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { reading, wish } = situation
  const undone: string[] = []
  const own = ownPlugin(reading)
  const wanted = renderDevicePlugin({ image: wish.devicePluginImage, taints: taintsOfGpuNodes(reading.gpuNodes) })
  // Only another image can be what does not work; a toleration that was added may be needed by another node already.
  if (applied.includes(changeIds.applyPlugin) && own !== undefined && hasOtherImage(wanted, own)) {
    await ports.applyObject(asRead(own), signal)
    undone.push(changeIds.applyPlugin)
  }
  if (applied.includes(changeIds.applyPlugin) && own === undefined) {
    const made = (await ports.daemonSets(signal)).find(
      ({ namespace, name }) => namespace === pluginNamespace && name === pluginName,
    )
    const nodes = await ports.nodesWithLabel(presentLabel, 'true', signal)
    // Another run may have brought a GPU node meanwhile, which needs it.
    const isNeeded = nodes.some(({ name }) => name !== reading.node?.name)
    if (made !== undefined && !isNeeded) {
      await ports.deleteDaemonSet(made.namespace, made.name, made.uid, signal)
      if (applied.includes(changeIds.replacePlugin))
        await Promise.all(nodes.map(({ name }) => podsGone(ports, name, made, signal)))
    }
    if (!isNeeded) undone.push(changeIds.applyPlugin)
  }
  const isOursGone = !applied.includes(changeIds.applyPlugin) || undone.includes(changeIds.applyPlugin)
  const replaced = isOursGone && applied.includes(changeIds.replacePlugin) ? replacedPlugin(reading, wish) : undefined
  if (replaced !== undefined) {
    await ports.applyObject(asRead(replaced), signal)
    undone.push(changeIds.replacePlugin)
  }
  const { node } = reading
  if (applied.includes(changeIds.label) && node !== undefined) {
    const before = node.annotations[gpuAnnotationName]
    await ports.changeNode(
      node.name,
      {
        labels: { [presentLabel]: node.labels[presentLabel] ?? null },
        annotations: { [gpuAnnotationName]: before ?? null },
      },
      signal,
    )
    undone.push(changeIds.label)
  }
  return undone
}
