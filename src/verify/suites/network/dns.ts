import type { ApiObject } from '../../../kubernetes/index.ts'
import type { Finding, PodSeen } from '../../model.ts'
import { line, listAt, textAt, typeable, valueAt } from '../reading.ts'

/** CoreDNS and whatever came before it carry this label, and its Service this name (k3s-io/k3s:manifests/coredns.yaml, kubeadm as well). */
export const dnsService = { namespace: 'kube-system', name: 'kube-dns', label: 'k8s-app' } as const

/** Of all EndpointSlices of the Service: addresses and the nodes that they are on. Remote text. */
export interface DnsEndpoint {
  readonly isReady: boolean
  readonly node: string
}

/** kubernetes/api:discovery/v1: `ready` absent counts as ready. */
export function readDnsSlice(object: ApiObject): readonly DnsEndpoint[] {
  return listAt(object, 'endpoints')
    .slice(0, 1000)
    .map((endpoint) => ({
      isReady: valueAt(endpoint, 'conditions', 'ready') !== false && listAt(endpoint, 'addresses').length > 0,
      node: textAt(endpoint, 'nodeName'),
    }))
}

export function dnsPods(pods: readonly PodSeen[]): readonly PodSeen[] {
  return pods.filter(
    ({ namespace, labels, phase }) =>
      namespace === dnsService.namespace &&
      labels[dnsService.label] === dnsService.name &&
      phase !== 'Succeeded' &&
      phase !== 'Failed',
  )
}

/** `pods` undefined: they may not be listed. `slices` empty: there is no such Service, or nothing behind it. */
export function judgeDns(
  slices: readonly (readonly DnsEndpoint[])[],
  pods: readonly PodSeen[] | undefined,
): readonly Finding[] {
  const ready = slices.flat().filter(({ isReady }) => isReady)
  const own = pods === undefined ? [] : dnsPods(pods)
  const about = { namespace: dnsService.namespace, subject: `Service/${dnsService.name}` }
  const broken = own.filter(({ isReady }) => !isReady)
  const trouble = broken.flatMap(({ troubles }) => troubles)[0]
  const said = trouble === undefined ? '' : line(`${trouble.reason}: ${trouble.message}`, 200)
  if (ready.length === 0) {
    return [
      {
        ...about,
        found:
          slices.length === 0 ? 'there is no such Service, or it has no endpoints' : 'none of its endpoints is ready',
        verdict: 'fail',
        cause: said || (own.length === 0 ? 'no CoreDNS pod runs' : 'its pods run and are not ready'),
        remedy:
          'kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide; kubectl -n kube-system logs deployment/coredns',
      },
    ]
  }
  return broken.map((pod) => ({
    namespace: pod.namespace,
    subject: pod.owner || pod.name,
    found: `one of its pods is not ready${pod.node === '' ? '' : ` on ${line(pod.node, 80)}`}`,
    verdict: 'warn',
    cause: said || 'another one answers for it as long as it lives',
    remedy: `kubectl -n kube-system describe pod ${typeable(pod.name)}`,
  }))
}
