import { answered, few, type JoinSituation, passed, replacesNode } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import { judgeAuthorities } from '../authorities.ts'
import { type KubeadmInstallation, paths } from '../model.ts'
import { foreignTraces, joinState } from '../state.ts'

/** What a join left that stands in the way of another, and is of no cluster that lives here. */
export function leftoversCheck(situation: JoinSituation, found: KubeadmInstallation): Check {
  const id = 'kubeadm.leftovers'
  const question = 'Is the host free of what an earlier join left?'
  const state = joinState(situation, found)
  if (state === 'joined') return passed(id, question, 'it is a node of this cluster')
  if (state === 'unfinished')
    return passed(id, question, `left by an interrupted run of this project, and reset: ${few(found.files)}`)
  const left = [...found.files, ...found.manifests.map((name) => `${paths.manifests}/${name}`)]
  if (state === 'fresh')
    return passed(id, question, left.length > 0 ? `nothing that matters (${few(left)})` : 'nothing found')
  return answered(id, question, false, `left behind: ${few(left)}`, {
    cause:
      state === 'leftover'
        ? 'kubeadm refuses to join over it, and a foreign pki/ca.crt would stay: logs and exec of such a node do not work'
        : 'this host belongs to something else, see plan.kubeadm-cluster',
    remedy: 'when nothing of it is needed, on the host: sudo kubeadm reset -f; then press the button again',
    evidence: foreignTraces(situation, found),
  })
}

/** The four places of the authority. Without the second look nothing can be compared, because no join is ahead. */
export function authorityCheck(situation: JoinSituation, found: KubeadmInstallation): readonly Check[] {
  const { cluster, authorityPem } = found
  if (cluster === undefined || authorityPem === undefined) return []
  if (['foreign', 'control-plane'].includes(joinState(situation, found))) return []
  const host: Record<string, string> = {}
  if (found.caPem !== undefined) host[paths.clusterAuthority] = found.caPem
  for (const one of found.kubeconfigs) if (one.caPem !== '') host[one.path] = one.caPem
  const { check } = judgeAuthorities({
    kubeconfig: authorityPem,
    ...(cluster.clusterInfo.state === 'read' ? { clusterInfo: cluster.clusterInfo.caPem } : {}),
    host,
    served: cluster.served,
  })
  if (cluster.clusterInfo.state === 'missing') {
    return [
      {
        ...check,
        verdict: 'fail',
        found: 'there is no ConfigMap kube-public/cluster-info',
        cause: 'kubeadm finds the cluster by it; a cluster that kubeadm did not set up has none',
        remedy: 'on a control plane: sudo kubeadm init phase bootstrap-token; or set `distribution: k3s`',
      },
    ]
  }
  return [check]
}

/** Whose host it is. What belongs to another cluster, or is a control plane, is nobody's to join: this cannot be ignored. */
export function clusterCheck(situation: JoinSituation, found: KubeadmInstallation): readonly Check[] {
  const id = 'plan.kubeadm-cluster'
  const question = 'Does the host belong to no other cluster, and to no control plane?'
  const state = joinState(situation, found)
  if (state === 'control-plane') {
    return [
      answered(id, question, false, `a control plane: ${few(found.manifests)} in ${paths.manifests}`, {
        cause: 'a control plane is not turned into a worker',
        remedy: 'name another host',
      }),
    ]
  }
  const others = found.others ?? []
  if (others.length > 0 && !['foreign', 'joined'].includes(state)) {
    return [
      answered(id, question, false, `another Kubernetes is installed: ${few(others)}`, {
        cause: 'its kubelet keeps pods and their volumes in /var/lib/kubelet too, which kubeadm takes for its own',
        remedy:
          'join this host with that distribution; or, when nothing of it is needed, drain its node and uninstall it (k3s: k3s-agent-uninstall.sh)',
      }),
    ]
  }
  if (state !== 'foreign') return [passed(id, question, state === 'joined' ? 'it belongs to this one' : 'it does not')]
  const isAlive = ['active', 'activating'].includes(found.unit?.activeState ?? '') && found.hasClientCertificate
  return [
    answered(id, question, false, few(foreignTraces(situation, found)), {
      // fixtures/kubeadm/49-leftover-LIVE-othercluster-skip-preflight: kubeadm said that the node had joined, and it was Ready there.
      cause: isAlive
        ? 'its kubelet runs for another cluster; kubeadm that is told to skip its checks would say that it joined, and the node would be Ready there'
        : 'it was a node of another cluster; a kubelet that finds its kubelet.conf goes back there',
      remedy: `leave the other cluster first: drain and delete the node there, then on the host: sudo kubeadm reset -f${isAlive ? '' : ' (when nothing of it is needed)'}`,
    }),
  ]
}

/** kubeadm refuses to join under the name of a Node that is still called Ready (fixtures/kubeadm/41-rejoin-right-after-reset). */
export function nodeCheck(situation: JoinSituation, found: KubeadmInstallation): readonly Check[] {
  const { node } = situation.reading
  const isJoining = ['fresh', 'unfinished', 'leftover'].includes(joinState(situation, found))
  if (!isJoining || node === undefined || node.ready !== 'True' || replacesNode(situation)) return []
  return [
    answered(
      'plan.kubeadm-node',
      'Is there no Node of this name that is called Ready?',
      false,
      `${node.name} is Ready (uid ${node.uid})`,
      {
        cause: 'the host is no node any more, and kubeadm refuses to join while the API calls it Ready',
        remedy: `press the button again in a minute, when it is no longer Ready; or now with replace-node = ${node.name}, once it has no heartbeat`,
      },
    ),
  ]
}
