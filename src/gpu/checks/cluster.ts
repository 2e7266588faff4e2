import { answered, few, nameOwner, passed, unanswered } from '../../join/index.ts'
import { type DaemonSetState, formatTaint, type NodeState } from '../../kubernetes/index.ts'
import type { Check } from '../../report/index.ts'
import { templatesToQuarantine } from '../containerd/index.ts'
import type { GpuSituation } from '../model.ts'
import { restartReasons } from '../plan-runtime.ts'
import { foreignPlugins, ownPlugin, remedyFor, replacedPlugin, servingPlugin } from '../plugin/owners.ts'
import { isDevicePlugin, nameOf, ownerOf, weaknesses } from '../plugin/recognise.ts'
import { isClassMade, taintsOfGpuNodes, tolerationsFor } from '../plugin/render.ts'
import { lastingTaints, obstacles, tolerates } from '../plugin/scheduling.ts'
import { templateOf } from '../plugin/shape.ts'

function nodeCheck(situation: GpuSituation): Check {
  const { wish, reading, gpu } = situation
  const id = 'gpu.node'
  const question = 'Is the node there, and Ready?'
  const { node } = reading
  if (node === undefined) {
    return answered(id, question, false, `the cluster has no node ${wish.node}`, {
      cause: 'the machine has not joined, or under another name',
      remedy: 'join it first (action k3s-join), or give the name that kubectl get nodes shows',
    })
  }
  // A template that replaces k3s's configuration keeps a node NotReady. Moving it aside is what heals it, or the restart that an
  // earlier run did not come to.
  const isRestartLeft = restartReasons(situation, []).includes('harmful-template-removed')
  const mayBeHealed = templatesToQuarantine(situation).length > 0 || isRestartLeft
  const said = `Ready=${node.ready} ${node.readyReason} ${node.readyMessage}`.trim()
  return answered(id, question, node.ready === 'True', said, {
    verdict: mayBeHealed ? 'warn' : 'fail',
    cause: 'the kubelet does not run, or cannot run pods: a device plugin would not start',
    remedy: mayBeHealed
      ? `nothing to do yet: the containerd template that ${isRestartLeft ? 'was' : 'is'} moved aside may be the cause`
      : `kubectl describe node ${wish.node}; on the host: journalctl -u ${gpu.service ? 'kubelet' : gpu.k3s.unit || 'k3s-agent'} -n 50`,
  })
}

/** Everything that follows changes this host for the sake of that node: they have to be one machine. */
function machineCheck({ wish, reading: { node }, host }: GpuSituation): Check | undefined {
  if (node === undefined) return undefined
  const id = 'gpu.machine'
  const question = 'Is the host the machine of this node?'
  const owner = nameOwner(node, host)
  if (owner === 'this-machine') return passed(id, question, 'both name the same machine')
  const isOther = owner === 'another-machine' || (node.machineId !== '' && host.machineId !== '')
  return answered(id, question, false, isOther ? 'no: it is another machine' : 'unknown: neither says which it is', {
    verdict: isOther ? 'fail' : 'warn',
    cause: isOther
      ? `what is planned for ${wish.node} would be done to another machine, and its k3s restarted`
      : 'without an identity nothing shows that both are one machine',
    remedy: isOther
      ? `give the \`host\` of ${wish.node}, or the \`node\` of this host; when it is the right one, restart its k3s once, which tells its identity anew`
      : 'compare the addresses yourself',
    evidence: [
      `node ${node.name}: system UUID ${node.systemUuid || 'unknown'}, machine-id ${node.machineId || 'unknown'}, ${few(node.internalIps) || 'no address'}`,
      `host ${host.hostname}: system UUID ${host.systemUuid || 'unknown'}, machine-id ${host.machineId || 'unknown'}, ${few(host.addresses) || 'no address'}`,
    ],
  })
}

const makeClass = `echo '{"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"nvidia"},"handler":"nvidia"}' | kubectl apply -f -`

function runtimeClassCheck(situation: GpuSituation): Check | undefined {
  const { wish, reading, gpu } = situation
  // What goes needs none.
  if (wish.devicePlugin === 'absent') return undefined
  const id = 'gpu.runtime-class'
  const question = `Does the RuntimeClass nvidia lead to the runtime that ${gpu.service ? 'nvidia-ctk writes' : 'k3s renders'}?`
  // What pods of others name is their business; ours name this class.
  const verdict = wish.devicePlugin === 'apply' ? 'fail' : 'warn'
  const found = reading.runtimeClass
  if (found === undefined && isClassMade(situation)) return passed(id, question, 'there is none yet; the plan makes it')
  if (found === undefined) {
    return answered(id, question, false, 'there is no RuntimeClass nvidia', {
      verdict,
      cause: gpu.service
        ? 'nothing but k3s ships it, and `device-plugin: apply` makes it'
        : 'the servers run with --disable=runtimes, or are older than the releases of k3s that ship it (k3s-io/k3s#8751)',
      remedy: gpu.service ? makeClass : `start the servers without --disable=runtimes, or: ${makeClass}`,
    })
  }
  return answered(id, question, found.handler === 'nvidia', `handler ${found.handler}`, {
    verdict,
    cause: `${gpu.service ? 'nvidia-ctk writes' : 'k3s renders'} the NVIDIA runtime under the name nvidia; a pod of this class would ask containerd for "${found.handler}"`,
    remedy: `a handler cannot be changed: kubectl delete runtimeclass nvidia, then: ${makeClass}`,
  })
}

function ownerCheck({ wish, reading }: GpuSituation): Check | undefined {
  if (wish.devicePlugin === 'none') return undefined
  const id = 'gpu.plugin-owner'
  const question = 'Whose is the device plugin?'
  const own = ownPlugin(reading)
  const others = foreignPlugins(reading)
  const inWords = others.map((one) => `${nameOf(one)} of ${ownerOf(one).words}`)
  const faults = others.flatMap((one) => weaknesses(one).map((weakness) => `${nameOf(one)} ${weakness}`))
  const evidence = faults.length > 0 ? { evidence: faults.slice(0, 8) } : {}
  const found = [...(own ? [`${nameOf(own)} of this project`] : []), ...inWords].join(', ') || 'there is none'

  if (wish.devicePlugin === 'absent') return passed(id, question, `${found}; what is of others stays`)
  if (wish.devicePlugin === 'verify') {
    const serving = servingPlugin(reading)
    if (serving === undefined) {
      return answered(id, question, false, found, {
        cause: 'nothing tells the kubelet of the GPU, so no pod can ask for one',
        remedy: 'press again with `device-plugin: apply`',
      })
    }
    return answered(id, question, faults.length === 0, found, {
      verdict: 'warn',
      cause: 'it may work today; this is how such plugins break',
      remedy: remedyFor(others.find((one) => weaknesses(one).length > 0) ?? serving),
      ...evidence,
    })
  }

  const replaced = replacedPlugin(reading, wish)
  const left = others.filter((one) => one !== replaced)
  const [first] = left
  if (first !== undefined) {
    const isOtherKind = !isDevicePlugin(first)
    return answered(id, question, false, found, {
      cause: isOtherKind
        ? `${nameOf(first)} has the name that our DaemonSet needs, and is not ours`
        : `two device plugins for one GPU take it from each other: both register nvidia.com/gpu at the kubelet`,
      remedy: left.length === 1 ? remedyFor(first) : left.map((one) => `${nameOf(one)}: ${remedyFor(one)}`).join('; '),
      ...evidence,
    })
  }
  if (wish.replaceDevicePlugin !== '' && replaced === undefined && own === undefined) {
    return answered(id, question, false, found, {
      cause: `replace-device-plugin names ${wish.replaceDevicePlugin}, and there is no such plugin`,
      remedy: 'leave replace-device-plugin empty, or give the namespace and name that kubectl get daemonsets -A shows',
    })
  }
  if (reading.hasClusterPolicy === true) {
    return answered(id, question, false, 'none yet, but gpu-operator is installed (clusterpolicies.nvidia.com)', {
      cause: 'it waits for a node with a GPU: as soon as one is labelled, it brings its own plugin, toolkit and driver',
      remedy:
        'leave the GPU to it, or remove it: helm uninstall gpu-operator -n gpu-operator. When it is gone already and only its CRD stayed: kubectl delete crd clusterpolicies.nvidia.com',
    })
  }
  const words = replaced === undefined ? found : `${nameOf(replaced)}, which is replaced by ours as asked for`
  return passed(id, question, own === undefined && replaced === undefined ? 'there is none; ours is made' : words)
}

/** What makes the chart's pods come; the name of the chart is known to nobody but helm. */
function helmRemedy(serving: DaemonSetState, node: NodeState): string {
  const release = serving.annotations['meta.helm.sh/release-name'] ?? '<release>'
  const namespace = serving.annotations['meta.helm.sh/release-namespace'] ?? serving.namespace
  const { tolerations } = templateOf(serving)
  const missing = lastingTaints(node).filter((taint) => !tolerations.some((one) => tolerates(one, taint)))
  const upgrade = `helm upgrade ${release} <its chart> -n ${namespace} --reuse-values --set-json`
  const values = JSON.stringify([...tolerations, ...tolerationsFor(missing).slice(1)])
  return `${missing.length > 0 ? `${upgrade} 'tolerations=${values}'` : `give the chart a nodeSelector and affinity that fit: ${upgrade} …`}; or: helm uninstall ${release} -n ${namespace}, and press with \`device-plugin: apply\``
}

function tolerationsCheck({ wish, reading }: GpuSituation): Check | undefined {
  if (wish.devicePlugin === 'none' || wish.devicePlugin === 'absent') return undefined
  const id = 'gpu.tolerations'
  const question = 'Do the pods of the device plugin come to the node?'
  const { node } = reading
  if (node === undefined) return unanswered(id, question, 'there is no such node')
  if (wish.devicePlugin === 'apply') {
    const taints = taintsOfGpuNodes(reading.gpuNodes).map(formatTaint)
    return passed(id, question, taints.length === 0 ? 'no taint is in the way' : `tolerated: ${few(taints, 8)}`)
  }
  const serving = servingPlugin(reading)
  if (serving === undefined) return unanswered(id, question, 'there is no device plugin')
  const reasons = obstacles(templateOf(serving), node)
  const isHelm = ownerOf(serving).kind === 'helm'
  return answered(
    id,
    question,
    reasons.length === 0,
    reasons.length === 0 ? `${nameOf(serving)} does` : reasons.join('; '),
    {
      cause: `${nameOf(serving)} is not made for this node, so its DESIRED does not count it (NVIDIA/k8s-device-plugin#708)`,
      remedy: isHelm
        ? helmRemedy(serving, node)
        : 'add the toleration or the label where the plugin is kept, or let ours be made: `device-plugin: apply`',
      evidence: [`taints: ${node.taints.map(formatTaint).join(', ') || 'none'}`],
    },
  )
}

/** What the cluster's part of the preflight asks. Pure. */
export function clusterChecks(situation: GpuSituation): readonly Check[] {
  const all = [nodeCheck, machineCheck, runtimeClassCheck, ownerCheck, tolerationsCheck]
  return all.map((ask) => ask(situation)).filter((check) => check !== undefined)
}
