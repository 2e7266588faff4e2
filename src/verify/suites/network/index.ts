import { type AccessRequest, ClusterError, type KindReference } from '../../../kubernetes/index.ts'
import type { Check } from '../../../report/index.ts'
import { gather, unanswered } from '../../gather.ts'
import type { PodSeen, Suite, SuiteOutcome, VerifyEntry, VerifyPorts, VerifyWish } from '../../model.ts'
import { podAccess } from '../../pod-run/index.ts'
import { type DnsEndpoint, dnsPods, dnsService, judgeDns, readDnsSlice } from './dns.ts'
import { askEndpoints, endpointEntry } from './endpoints.ts'
import { askPods, podsEntry } from './pods.ts'

const dns = {
  id: 'network.dns',
  suite: 'network',
  asks: 'Does the DNS of the cluster run, and has its service endpoints?',
  severity: 'fail',
  mode: 'observe',
  remedy: 'kubectl -n kube-system get pods,endpointslices -l k8s-app=kube-dns',
} as const satisfies VerifyEntry

const sliceKind: KindReference = { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' }

/** Undefined: they may not be listed. */
async function podsOf({ lists }: VerifyPorts): Promise<readonly PodSeen[] | undefined> {
  try {
    return await lists.pods()
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'forbidden') return undefined
    throw error
  }
}

/** The answer, and the nodes on which the cluster's DNS runs. */
async function askDns(
  ports: VerifyPorts,
  { severities }: VerifyWish,
): Promise<{ readonly check: Check; readonly nodes: readonly string[] }> {
  const { namespace, name } = dnsService
  const pods = await podsOf(ports)
  let slices: readonly (readonly DnsEndpoint[])[]
  try {
    const options = { namespace, labelSelector: `kubernetes.io/service-name=${name}` }
    slices = (await ports.lists.of(sliceKind, readDnsSlice, options)) ?? []
  } catch (error) {
    return { check: unanswered(dns.id, dns.asks, error), nodes: [] }
  }
  const ready = slices.flat().filter(({ isReady }) => isReady)
  const nodes = ready.map(({ node }) => node)
  const count = pods === undefined ? '' : `, ${dnsPods(pods).length} pods`
  const passed = `${ready.length} endpoints${count}`
  return { check: gather(dns.id, dns.asks, judgeDns(slices, pods), passed, severities), nodes }
}

async function askCluster(ports: VerifyPorts, wish: VerifyWish): Promise<readonly Check[]> {
  const { check, nodes } = await askDns(ports, wish)
  if (wish.mode === 'observe') return [check]
  return [check, ...(await askPods(ports, wish, nodes))]
}

async function verify(ports: VerifyPorts, wish: VerifyWish): Promise<SuiteOutcome> {
  // Both are waited for: pods of this run are gone before it settles.
  const [endpoints, cluster] = await Promise.allSettled([askEndpoints(ports, wish), askCluster(ports, wish)])
  if (endpoints.status === 'rejected') throw endpoints.reason
  ports.signal.throwIfAborted()
  // Addresses are not asked through the API: that it is gone takes nothing from what they answered.
  const ofCluster = cluster.status === 'fulfilled' ? cluster.value : [unanswered(dns.id, dns.asks, cluster.reason)]
  return { checks: [...ofCluster, ...endpoints.value] }
}

function access({ mode, namespace }: VerifyWish): readonly AccessRequest[] {
  return [
    { verb: 'list', group: '', resource: 'pods' },
    { verb: 'list', group: sliceKind.group, resource: sliceKind.resource, namespace: dnsService.namespace },
    ...(mode === 'observe' ? [] : [{ verb: 'list', group: '', resource: 'nodes' }, ...podAccess(namespace)]),
  ]
}

/** DNS of the cluster, addresses that must answer, and in mode probe the network of pods. */
export const networkSuite: Suite = { name: 'network', entries: [dns, endpointEntry, podsEntry], access, verify }
