import { answered, few, type JoinSituation, passed } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import type { K3sInstallation } from '../model.ts'

/** Networks of container engines that lie in the same folder and are nobody's cluster. */
const harmless = /(podman|docker|nerdctl|containerd-net|loopback|crio-bridge)|^\.|\.(bak|disabled|orig)$/
/** What k3s itself makes with its own flannel, and takes up again. */
const ownInterfaces = /^(cni0|flannel\.\d+|flannel-wg.*)$/

export function tracesCheck({ facts }: JoinSituation, found: K3sInstallation): Check {
  const id = 'host.cni'
  const question = 'Is the host free of another Kubernetes and its network?'
  const unit = `${found.unit?.name ?? 'k3s-agent'}.service`
  const kubelets = facts.kubernetes.filter((one) => one.kind === 'kubelet' && one.unit !== unit)
  if (kubelets.length > 0) {
    const named = kubelets.map((one) => `${one.name} (pid ${one.pid}${one.unit ? `, ${one.unit}` : ''})`)
    const units = [...new Set(kubelets.map((one) => one.unit).filter((name) => name.endsWith('.service')))]
    return answered(id, question, false, `${few(named)} ${named.length === 1 ? 'runs' : 'run'} here`, {
      cause: 'two kubelets on one machine fight for ports, control groups and packet filters',
      remedy:
        units.length > 0
          ? `leave the other cluster first; then: sudo systemctl disable --now ${units.join(' ')}`
          : 'leave the other cluster first, with its own tools (kubeadm reset, snap remove microk8s …)',
    })
  }
  const names = (kind: string): readonly string[] =>
    facts.kubernetes.filter((one) => one.kind === kind).map((one) => one.name)
  const configs = names('cni-config').filter((name) => !harmless.test(name))
  const interfaces = names('interface').filter((name) => !(found.unit && ownInterfaces.test(name)))
  const kubeletConfigs = names('kubelet-config')
  const left = [...kubeletConfigs, ...configs.map((name) => `/etc/cni/net.d/${name}`), ...interfaces]
  if (left.length === 0) return passed(id, question, 'nothing found')
  const commands = [
    ...(kubeletConfigs.length > 0 ? ['sudo kubeadm reset'] : []),
    ...interfaces.slice(0, 4).map((name) => `sudo ip link delete ${name}`),
    ...(configs.length > 0
      ? [
          `sudo rm ${configs
            .slice(0, 4)
            .map((name) => `/etc/cni/net.d/${name}`)
            .join(' ')}`,
        ]
      : []),
  ]
  return answered(id, question, false, `left behind: ${few(left)}`, {
    verdict: 'warn',
    cause:
      interfaces.length > 0
        ? 'an interface that keeps the address of another network breaks the one of k3s ("cni0" already has an IP address different from …)'
        : 'another Kubernetes was set up here; its rules of the packet filter may be there still',
    remedy: `when nothing of it is needed: ${commands.join('; ')}`,
  })
}
