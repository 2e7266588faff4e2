import { obstacles, templateOf } from '../../../gpu/index.ts'
import { distributionOf } from '../../distribution.ts'
import type { Finding } from '../../model.ts'
import { sharesOf } from './devices.ts'
import type { Answer } from './judge-node.ts'
import type { GpuNode, GpuWorld } from './read.ts'

const makeClass = `echo '{"apiVersion":"node.k8s.io/v1","kind":"RuntimeClass","metadata":{"name":"nvidia"},"handler":"nvidia"}' | kubectl apply -f -`

/** The node offers at least one GPU: whatever is missing, its plugin does without. */
const offers = (one: GpuNode): boolean => sharesOf(one).some(({ allocatable }) => allocatable > 0)

/** L2. Where `nvidia` is containerd's default runtime the class is not needed, and every GPU is registered without it. Pure. */
export function judgeRuntimeClass({ runtimeClass, nodes }: Pick<GpuWorld, 'runtimeClass' | 'nodes'>): Answer {
  const verdict = nodes.every(offers) ? 'warn' : 'fail'
  const isK3s = nodes.some(({ node }) => distributionOf(node?.kubeletVersion ?? '') === 'k3s') || nodes.length === 0
  const finding = (found: string, cause: string, remedy: string): Answer => ({
    passed: '',
    findings: [{ namespace: '', subject: 'RuntimeClass/nvidia', verdict, found, cause, remedy }],
  })
  if (runtimeClass === undefined) {
    return finding(
      'there is none',
      isK3s
        ? 'the servers run with --disable=runtimes, or are older than the releases of k3s that ship it (k3s-io/k3s#8751)'
        : 'nobody has made it: only k3s does so by itself',
      isK3s ? `start the servers without --disable=runtimes, or: ${makeClass}` : makeClass,
    )
  }
  if (runtimeClass.handler !== 'nvidia') {
    return finding(
      `its handler is ${runtimeClass.handler}`,
      'k3s renders the NVIDIA runtime under the name nvidia: pods of this class would ask containerd for another one',
      `a handler cannot be changed: kubectl delete runtimeclass nvidia, then: ${makeClass}`,
    )
  }
  return { findings: [], passed: 'RuntimeClass nvidia has the handler nvidia' }
}

/** L3: its pod on this node. Pure. */
export function judgePluginOf(one: GpuNode): Answer {
  const { name, node, plugin, pods } = one
  const finding = (found: string, cause: string, remedy: string, more: Partial<Finding> = {}): Answer => ({
    passed: '',
    findings: [{ namespace: plugin?.namespace ?? '', subject: name, verdict: 'fail', found, cause, remedy, ...more }],
  })
  const press = `press gpu-runtime for ${name}`
  if (plugin === undefined) {
    if (offers(one))
      return finding(
        'GPUs are offered, but by no device plugin that this program knows',
        'it is no DaemonSet, or one of an unknown kind',
        `see who runs it: kubectl get pods -A --field-selector spec.nodeName=${name}`,
        { verdict: 'warn' },
      )
    return finding(
      'the cluster has no NVIDIA device plugin',
      'without one the kubelet does not know of the GPU, and no pod gets it',
      press,
    )
  }
  const title = `${plugin.namespace}/${plugin.name}`
  const own = pods.filter((pod) => pod.namespace === plugin.namespace && pod.owner === `DaemonSet/${plugin.name}`)
  if (own.some((pod) => pod.isReady && !pod.isTerminating))
    return { findings: [], passed: `${title} is Ready on ${name}` }
  const why = node === undefined ? [] : obstacles(templateOf(plugin), node)
  if (own.length === 0) {
    return why.length > 0
      ? finding(
          `no pod of ${title} comes to it: ${why.join('; ')}`,
          'labels or taints of the node do not fit the plugin',
          press,
        )
      : finding(
          `no pod of ${title} is there`,
          'the DaemonSet controller did not make one, or it was evicted',
          `kubectl -n ${plugin.namespace} describe daemonset ${plugin.name}`,
        )
  }
  const troubles = own.flatMap(({ troubles: some }) => some)
  const [first] = troubles
  return finding(
    `the pod of ${title} is not Ready${first ? `: ${first.reason}` : ''}`,
    causeOf(troubles.map(({ reason, message }) => `${reason}: ${message}`).join(' ')),
    `kubectl -n ${plugin.namespace} logs daemonset/${plugin.name} --tail=40; ${press}`,
    { evidence: troubles.map(({ reason, message }) => `${reason}: ${message}`).slice(0, 6) },
  )
}

function causeOf(words: string): string {
  if (/no runtime for/.test(words))
    return 'containerd on the node has no NVIDIA runtime: k3s did not find it when it last started'
  if (/ImagePull|ErrImage|InvalidImage/.test(words)) return 'its image cannot be fetched'
  if (/CrashLoop|Error|exit code/.test(words))
    return 'it ends again and again: most often it sees no driver, because it does not run under the NVIDIA runtime'
  return 'it does not run: its events and log say why'
}
