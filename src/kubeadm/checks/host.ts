import { answered, type JoinSituation, passed, unanswered } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import { type KubeadmInstallation, kubeletPort } from '../model.ts'
import { joinState } from '../state.ts'

/** kubeadm only warns about swap and then waits four minutes for a kubelet that refuses it (fixtures/kubeadm/72-swap-join). */
export function swapCheck(situation: JoinSituation, found: KubeadmInstallation): Check {
  const { facts } = situation
  const id = 'kubeadm.swap'
  const question = 'Will the kubelet start with the swap that is there?'
  if (facts.swapBytes === 0) return passed(id, question, 'no swap')
  const found_ = `${Math.round(facts.swapBytes / 1024 ** 2)} MiB of swap`
  const config = found.cluster?.kubeletConfig
  if (config?.state === 'read' && !config.failSwapOn)
    return passed(id, question, `${found_}, and kube-system/kubelet-config has failSwapOn: false`)
  if (joinState(situation, found) === 'joined') return passed(id, question, `${found_}, and the kubelet lives with it`)
  return answered(id, question, false, found_, {
    cause: 'a kubelet refuses to run with swap unless failSwapOn is false, and kubeadm waits for it for minutes',
    remedy:
      'sudo swapoff -a, and take swap out of /etc/fstab (on a Raspberry Pi: sudo systemctl disable --now dphys-swapfile)',
  })
}

export function forwardingCheck({ server }: JoinSituation, found: KubeadmInstallation): Check {
  const id = 'kubeadm.ip-forward'
  const question = 'Does the kernel forward packets, as pods need it?'
  const isIpv6 = new URL(server).hostname.startsWith('[')
  const value = isIpv6 ? found.sysctl.ipv6Forward : found.sysctl.ipForward
  const name = isIpv6 ? 'net.ipv6.conf.default.forwarding' : 'net.ipv4.ip_forward'
  if (value === '') return unanswered(id, question, `the host does not say what ${name} is`)
  return answered(id, question, value === '1', `${name} = ${value}`, {
    cause: 'kubeadm refuses to join without it, and packets between pods would be dropped',
    remedy: `set \`sysctl\` ${name}: 1 for this node, or: echo '${name} = 1' | sudo tee /etc/sysctl.d/99-kubernetes.conf && sudo sysctl --system`,
  })
}

export function portCheck({ facts, server }: JoinSituation, found: KubeadmInstallation): Check {
  const id = 'kubeadm.port'
  const question = `Is port ${kubeletPort} free for the kubelet?`
  const holders = facts.ports.filter((one) => one.port === kubeletPort)
  const [holder] = holders
  if (!holder) return passed(id, question, 'free')
  const isJoined = joinState({ server }, found) === 'joined'
  const isOwn = holders.every(
    ({ process, owner }) => owner === 'kubelet.service' || (owner === '' && (process === 'kubelet' || process === '')),
  )
  if (isJoined && isOwn) return passed(id, question, 'held by the kubelet itself')
  const who = `${holder.process || 'an unknown process'} (pid ${holder.pid || 'unknown'}${holder.owner ? `, ${holder.owner}` : ''})`
  return answered(id, question, false, `held by ${who}`, {
    cause: 'kubeadm refuses to join, and the kubelet could not listen there',
    remedy: holder.owner.endsWith('.service')
      ? `stop it when nobody needs it: sudo systemctl disable --now ${holder.owner}`
      : `stop that process: sudo ss -lntp 'sport = :${kubeletPort}'`,
  })
}

export function unitCheck(found: KubeadmInstallation): Check {
  const id = 'kubeadm.kubelet-unit'
  const question = 'Is the kubelet a unit that reads what kubeadm writes?'
  const { unit } = found
  if (!unit) {
    return answered(id, question, false, 'there is no unit kubelet', {
      cause: 'kubeadm starts the kubelet by systemd',
      remedy: 'install the package kubelet from pkgs.k8s.io, which brings the unit and its drop-in',
    })
  }
  if (unit.isMasked) {
    return answered(id, question, false, 'the unit kubelet is masked', {
      cause: 'a masked unit cannot be started',
      remedy: 'sudo systemctl unmask kubelet',
    })
  }
  if (!unit.readsKubeadm) {
    return answered(
      id,
      question,
      false,
      `${unit.path} ${unit.dropIns.length > 0 ? `with ${unit.dropIns.join(', ')}` : 'without a drop-in'}`,
      {
        cause:
          'its command line does not name bootstrap-kubelet.conf, kubelet.conf, config.yaml and kubeadm-flags.env, so it would start without what kubeadm writes',
        remedy:
          'put the drop-in 10-kubeadm.conf of the package kubeadm back (kubernetes.io: the kubelet drop-in file for systemd), then: sudo systemctl daemon-reload',
      },
    )
  }
  return passed(id, question, `${unit.activeState} (${unit.subState})${unit.isEnabled ? '' : ', not enabled yet'}`)
}
