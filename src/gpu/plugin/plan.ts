import type { Change, Check } from '../../report/index.ts'
import { gpuAnnotation, isLabelOurs } from '../annotation.ts'
import { clusterChecks } from '../checks/cluster.ts'
import { changeIds, type GpuSituation, gpuAnnotationName, pluginName, pluginNamespace, presentLabel } from '../model.ts'
import { hasOtherImage, pluginDrift } from './compare.ts'
import { ownPlugin, replacedPlugin } from './owners.ts'
import { nameOf, weaknesses } from './recognise.ts'
import { isClassMade, renderDevicePlugin, taintsOfGpuNodes } from './render.ts'

const ourName = `${pluginNamespace}/${pluginName}`

/** Whether the label will be ours once the plan is carried out. */
function willLabelBeOurs({ wish, reading: { node } }: GpuSituation): boolean {
  if (node === undefined || wish.devicePlugin === 'absent') return false
  const isThere = node.labels[presentLabel] === 'true'
  return isThere ? isLabelOurs(node.annotations) : wish.devicePlugin === 'apply'
}

function applyChanges(situation: GpuSituation): readonly Change[] {
  const { wish, reading } = situation
  const { node, gpuNodes } = reading
  if (node === undefined) return []
  const changes: Change[] = []
  const label = node.labels[presentLabel]
  if (label !== 'true') {
    changes.push({
      id: changeIds.label,
      kind: 'label',
      target: `node ${node.name}: ${presentLabel}=true`,
      reason: label === undefined ? 'the device plugin runs where this label is' : `it says ${label}`,
      undo: label === undefined ? 'the label is taken away' : `the label is set to ${label} again`,
    })
  }
  if (isClassMade(situation)) {
    changes.push({
      id: changeIds.runtimeClass,
      kind: 'apply',
      target: 'RuntimeClass nvidia (handler nvidia)',
      reason: 'the device plugin and GPU pods name it, and nothing but k3s brings it',
      undo: 'not needed: a class that no pod names does nothing',
    })
  }
  const replaced = replacedPlugin(reading, wish)
  if (replaced !== undefined) {
    const why = weaknesses(replaced).slice(0, 2).join('; ')
    changes.push({
      id: changeIds.replacePlugin,
      kind: 'delete',
      target: `DaemonSet ${nameOf(replaced)} (uid ${replaced.uid})`,
      reason: `replace-device-plugin names it${why === '' ? '' : `: it ${why}`}`,
      disrupts:
        'for some seconds no new pod gets a GPU; pods that have one keep it' +
        (replaced.desired > gpuNodes.length
          ? `; it runs on ${replaced.desired} nodes, ours on ${gpuNodes.length}, those with the label: a GPU elsewhere is offered no more until this action was run for its node`
          : ''),
      undo: 'it is made again as it was read',
    })
  }
  const ours = renderDevicePlugin({ image: wish.devicePluginImage, taints: taintsOfGpuNodes(gpuNodes) })
  const live = ownPlugin(reading)
  const drift = live === undefined ? [] : pluginDrift(ours, live)
  if (live === undefined || drift.length > 0) {
    const differs = drift.filter((path) => !path.startsWith('.metadata.annotations')).slice(0, 3)
    changes.push({
      id: changeIds.applyPlugin,
      kind: 'apply',
      target: `DaemonSet ${ourName}, ${wish.devicePluginImage}`,
      reason:
        live === undefined
          ? 'nothing tells the kubelet of the GPU'
          : `differs in ${differs.join(', ') || 'what this version sets'}`,
      ...(live === undefined
        ? {}
        : { disrupts: 'the plugin starts anew on every GPU node; pods that have a GPU keep it' }),
      undo:
        live === undefined
          ? 'the DaemonSet is deleted'
          : hasOtherImage(ours, live)
            ? 'the former one is applied again'
            : 'none: the next run applies what is wanted then',
    })
  }
  return changes
}

function absentChanges({ reading }: GpuSituation): readonly Change[] {
  const { node, gpuNodes } = reading
  const changes: Change[] = []
  const live = ownPlugin(reading)
  const others = gpuNodes.filter((one) => one.name !== node?.name && one.labels[presentLabel] === 'true')
  // The plugin of the other GPU nodes is the same object: it stays for them, and leaves this node with the label.
  if (live !== undefined && others.length === 0) {
    changes.push({
      id: changeIds.deletePlugin,
      kind: 'delete',
      target: `DaemonSet ${ourName} (uid ${live.uid})`,
      reason: 'device-plugin: absent, and no other node has its label',
      disrupts: 'no new pod gets a GPU; pods that have one keep it',
      undo: 'none: device-plugin: apply makes it again',
    })
  }
  if (node !== undefined && node.labels[presentLabel] !== undefined && isLabelOurs(node.annotations)) {
    changes.push({
      id: changeIds.unlabel,
      kind: 'label',
      target: `node ${node.name}: ${presentLabel} is taken away`,
      reason: 'device-plugin: absent, and this project set it',
      ...(others.length > 0
        ? {
            disrupts: `the plugin leaves this node; it stays on ${others.length} other${others.length === 1 ? '' : 's'}`,
          }
        : {}),
      undo: 'none: device-plugin: apply sets it again',
    })
  }
  return changes
}

/**
 * What is to be changed in the cluster, and what forbids it. `toolkitVersion`: the one that is installed once the host's part of the plan
 * is carried out. Pure.
 */
export function planCluster(
  situation: GpuSituation,
  toolkitVersion?: string,
): { readonly changes: readonly Change[]; readonly checks: readonly Check[] } {
  const { wish, reading } = situation
  const checks = clusterChecks(situation)
  const plugin =
    wish.devicePlugin === 'apply'
      ? applyChanges(situation)
      : wish.devicePlugin === 'absent'
        ? absentChanges(situation)
        : []
  const { node } = reading
  if (node === undefined) return { changes: plugin, checks }
  const before = node.annotations[gpuAnnotationName]
  const after = wantedAnnotation(situation, toolkitVersion)
  const record: Change = {
    id: changeIds.record,
    kind: 'annotate',
    target: `node ${node.name}: ${gpuAnnotationName}`,
    reason:
      before === undefined
        ? 'says which GPUs, driver and toolkit were found'
        : 'what was found is no longer what it says',
    undo: 'not needed: a hint only',
  }
  return { changes: before === after ? plugin : [...plugin, record], checks }
}

/** The value that the change `record-gpu` writes, from what is true after the run. */
export function wantedAnnotation(situation: GpuSituation, toolkitVersion?: string): string {
  return gpuAnnotation(situation.gpu, {
    ...(toolkitVersion ? { toolkit: toolkitVersion } : {}),
    isLabelOurs: willLabelBeOurs(situation),
  })
}
