import { expectedCapacity, gpuResource, numberOf, readGpuAnnotation } from '../../../gpu/index.ts'
import type { Finding } from '../../model.ts'
import { physicalGpus, sharesOf } from './devices.ts'
import type { Answer } from './judge-node.ts'
import type { GpuNode } from './read.ts'

const count = (number: number): string => `${number} GPU${number === 1 ? '' : 's'}`

/** What the node should offer by its plugin's own counting; undefined: nobody knows. */
function expectedOf({ node, plugin, pluginConfig, expected }: GpuNode): ReturnType<typeof expectedCapacity> {
  const physical = physicalGpus({ ...(node ? { node } : {}), ...(expected ? { expected } : {}) })
  if (node === undefined || plugin === undefined || physical === undefined) return undefined
  // Parts of a GPU are counted by their labels alone: what was recorded knows only whole ones.
  const isDivided = Object.keys(node.capacity).some((name) => name.startsWith('nvidia.com/mig-'))
  if (isDivided || node.labels['nvidia.com/mig.strategy'] === 'single') return undefined
  const devices = Array.from({ length: physical }, () => ({}))
  return expectedCapacity({ devices, migDevices: [] }, plugin, pluginConfig, node)
}

/**
 * L4: capacity = allocatable = expected. None registered, unhealthy, fewer than there are, and left over are different faults with
 * different remedies, as gpu-runtime tells them. Pure.
 */
export function judgeCapacity(one: GpuNode): Answer {
  const { name, node, plugin, expected: wanted } = one
  if (node === undefined) return { skip: 'the node is not there' }
  const restart = plugin
    ? `kubectl -n ${plugin.namespace} rollout restart daemonset/${plugin.name}`
    : `restart the device plugin of ${name}`
  const shares = sharesOf(one)
  const numbers = shares.map(
    (share) => `${share.resource}: capacity ${share.capacity}, allocatable ${share.allocatable}`,
  )
  const finding = (found: string, cause: string, remedy: string): Finding => ({
    namespace: '',
    subject: name,
    verdict: 'fail',
    found,
    cause,
    remedy,
    evidence: numbers,
  })
  const expected = expectedOf(one)
  const names = Object.keys(expected?.resources ?? { [gpuResource]: 1 })
  if (shares.length === 0) {
    return {
      passed: '',
      findings: [
        finding(
          'no GPU is registered with its kubelet',
          'no device plugin has registered it: it sees no GPU, or lost its registration (NVIDIA/k8s-device-plugin#1228)',
          `${restart}; when that does not help: nvidia-smi on ${name}`,
        ),
      ],
    }
  }
  const findings: Finding[] = []
  for (const { resource, capacity, allocatable } of shares.filter((share) => share.allocatable < share.capacity)) {
    findings.push(
      finding(
        `only ${allocatable} of ${capacity} ${resource} are healthy`,
        'the plugin reported a device as unhealthy (an Xid error, or it fell off the bus), and never takes that back (NVIDIA/k8s-device-plugin#1014)',
        `on ${name}: nvidia-smi, and dmesg | grep -i xid; when the GPU is well: ${restart}`,
      ),
    )
  }
  for (const resource of names) {
    const [has, should] = [numberOf(node.capacity, resource), expected?.resources[resource] ?? 0]
    if (has < should)
      findings.push(
        finding(
          `${has} ${resource} registered, ${expected?.words ?? ''} expected`,
          'the plugin registered fewer than there are: a GPU was not there yet when it started, or its configuration leaves some out',
          `compare nvidia-smi -L on ${name} with the log of the plugin, then: ${restart}`,
        ),
      )
    else if (has > should && expected !== undefined)
      findings.push({
        ...finding(
          `${has} ${resource} registered, ${expected.words} expected`,
          'GPUs are shared by a configuration that could not be read, a card was added since gpu-runtime recorded them, or somebody set the numbers by hand',
          `press gpu-runtime for ${name}, which records anew what is there`,
        ),
        verdict: 'warn',
      })
  }
  const [physical, wish] = [physicalGpus({ node, ...(wanted ? { expected: wanted } : {}) }), wanted?.gpu?.count]
  const offered = shares.reduce((sum, { capacity }) => sum + capacity, 0)
  // Whatever an unknown plugin counts: sharing and MIG make more of a GPU, and nothing makes less.
  if (expected === undefined && wish !== undefined && offered < wish)
    findings.push(
      finding(
        `${count(offered)} registered, the cluster file says ${wish}`,
        'a card is missing, the driver does not see it, or the plugin leaves it out',
        `on ${name}: nvidia-smi -L; or correct gpu.count in the cluster file`,
      ),
    )
  if (wish !== undefined && physical !== undefined && physical !== wish)
    findings.push(
      finding(
        `the machine has ${count(physical)}, the cluster file says ${wish}`,
        physical < wish ? 'a card is missing, or the driver does not see it' : 'a card was added',
        `on ${name}: nvidia-smi -L and lspci -nn -d 10de:; or correct gpu.count in the cluster file`,
      ),
    )
  return { findings, passed: numbers.join('; ') }
}

/** What gpu-runtime recorded, against what is wished. Pure. */
export function judgeAnnotation({ name, node, expected }: GpuNode): Answer {
  const recorded = node && readGpuAnnotation(node.annotations)
  if (recorded === undefined) return { skip: `gpu-runtime has recorded nothing about ${name} yet` }
  const finding = (found: string, cause: string): Answer => ({
    passed: '',
    findings: [
      { namespace: '', subject: name, verdict: 'warn', found, cause, remedy: `press gpu-runtime for ${name}` },
    ],
  })
  if (recorded === 'unreadable')
    return finding('the annotation k3s-gpu-actions/gpu cannot be read', 'somebody else wrote into it')
  const product = expected?.gpu?.product
  const other = product === undefined ? undefined : recorded.gpus.find((gpu) => gpu.product !== product)
  if (other !== undefined)
    return finding(
      `a ${other.product || 'nameless GPU'} is recorded, the cluster file says ${product}`,
      'the card was exchanged, or the cluster file is wrong',
    )
  const products = [...new Set(recorded.gpus.map((gpu) => gpu.product))].join(', ')
  return {
    findings: [],
    passed: `${count(recorded.gpus.length)} (${products}), driver ${recorded.driver || 'unknown'}, CUDA ${recorded.cuda || 'unknown'}`,
  }
}

/** Who holds the GPUs, for information. Without names of pods, which are others every night. Pure. */
export function describeBusy(one: GpuNode): string {
  const words = sharesOf(one).map(({ resource, allocatable, held, holders }) =>
    held === 0
      ? `${allocatable} of ${allocatable} ${resource} free`
      : `${Math.max(0, allocatable - held)} of ${allocatable} ${resource} free; the others are held by pods of ${holders.slice(0, 5).join(', ')}`,
  )
  return words.join('; ') || 'no GPU is registered'
}

/**
 * Whether models can move between the GPU nodes: a program built for a major version of CUDA runs under a driver that serves this one
 * or a later one. Pure.
 */
export function judgeCuda(nodes: readonly GpuNode[]): Answer {
  const known = nodes.flatMap(({ name, node }) => {
    const recorded = node && readGpuAnnotation(node.annotations)
    const cuda = recorded === undefined || recorded === 'unreadable' ? '' : recorded.cuda
    return cuda === '' ? [] : [{ name, cuda, major: Number(cuda.split('.')[0]) }]
  })
  if (nodes.length < 2) return { skip: nodes.length === 0 ? 'no node has a GPU' : 'only one node has a GPU' }
  if (known.length < 2) return { skip: 'fewer than two GPU nodes have recorded their CUDA version' }
  const newest = Math.max(...known.map(({ major }) => major))
  const words = known.map(({ name, cuda }) => `${name} ${cuda}`).join(', ')
  return {
    passed: `all serve CUDA ${newest}: ${words}`,
    findings: known
      .filter(({ major }) => major < newest)
      .map(({ name, cuda }) => ({
        namespace: '',
        subject: name,
        verdict: 'warn',
        found: `its driver serves CUDA ${cuda}, another node's ${newest}`,
        cause: 'what is built for the newer major version does not run on the older driver',
        remedy: `update the driver of ${name}`,
        evidence: [words],
      })),
  }
}
