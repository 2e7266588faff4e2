import type { NodeState } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { gather, nameSome, skipped } from '../../gather.ts'
import type { Finding, VerifyEntry, VerifyWish } from '../../model.ts'
import { typeable } from '../reading.ts'
import type { Sample } from './prometheus.ts'

/** As charts and manifests name it: prometheus-node-exporter, node-exporter, node_exporter (prometheus-community/helm-charts). */
const isNodeJob = (job: string): boolean => /(^|[-_/])node[-_]exporter($|[-_/])/.test(job)

/** `10.0.0.1:9100`, `[fd00::1]:9100`, `calypso:9100` → without brackets and port. */
function hostOf(instance: string): string {
  const [, host = instance] = /^\[([^\]]*)\](?::\d+)?$/.exec(instance) ?? /^([^:]*):\d+$/.exec(instance) ?? []
  return host
}

/** Which node a target stands on: by the label that service discovery of Kubernetes gives it, else by its address. */
function isOn({ labels }: Sample, node: NodeState): boolean {
  const named = labels.node ?? labels.kubernetes_node ?? labels.nodename
  if (named !== undefined && named !== '') return named === node.name
  const instance = labels.instance ?? ''
  const hosts = [node.name, node.labels['kubernetes.io/hostname'] ?? '', ...node.internalIps, ...node.externalIps]
  return hosts.some((host) => host !== '' && hostOf(instance) === host)
}

/** Jobs that have a target on every node; empty: none is known to. */
export function nodeJobsOf(samples: readonly Sample[], { nodeJobs }: Pick<VerifyWish, 'nodeJobs'>): readonly string[] {
  if (nodeJobs.length > 0) return nodeJobs
  return [...new Set(samples.map(({ labels }) => labels.job ?? ''))].filter(isNodeJob)
}

export const noNodeJob = 'no job of it is named like a node-exporter (verify.monitoring.node-jobs names others)'

/** Whether every node that is asked about has its target in each job that is about nodes, and whether it can be read. Pure. */
export function judgeNodeTargets(
  { id, asks, remedy }: VerifyEntry,
  samples: readonly Sample[],
  nodes: readonly NodeState[],
  wish: VerifyWish,
): Check {
  const about = nodeJobsOf(samples, wish)
  const asked = nodes.filter(({ name }) => wish.nodes.length === 0 || wish.nodes.includes(name))
  const declared = asked.filter(({ name }) => wish.expected?.[name]?.podNetwork === 'isolated')
  const rest = asked.filter(
    (node) => !declared.includes(node) && (node.labels['kubernetes.io/os'] ?? 'linux') === 'linux',
  )
  if (rest.length === 0) return skipped(id, asks, 'declared (pod-network: isolated)')
  const findings = about.flatMap((job) =>
    rest.flatMap((node): readonly Finding[] => {
      const own = samples.filter((sample) => (sample.labels.job ?? '') === job && isOn(sample, node))
      if (own.some(({ value }) => value === 1)) return []
      const isThere = own.length > 0
      return [
        {
          namespace: own[0]?.labels.namespace ?? '',
          subject: node.name,
          found: isThere ? `job ${job} cannot read it` : `job ${job} has no target of it`,
          verdict: 'fail',
          cause: isThere
            ? 'its node-exporter does not run, or the way to its port is closed'
            : 'no pod of the DaemonSet runs on it (a taint that it does not tolerate), or Prometheus has a fixed list of targets',
          remedy: isThere ? `curl http://${typeable(node.name)}:9100/metrics from where Prometheus runs` : remedy,
        },
      ]
    }),
  )
  const aside = declared.length === 0 ? '' : `; not asked: ${nameSome(declared.map(({ name }) => name))} (isolated)`
  return gather(id, asks, findings, `${rest.length} nodes in ${about.join(', ')}${aside}`, wish.severities)
}
