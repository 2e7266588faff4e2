import { answered, few, type JoinSituation, passed, unanswered } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import type { K3sInstallation } from '../model.ts'
import { kubeletArguments } from './settings.ts'

/** What each part is for; k3s loads the first three itself when it starts (pkg/agent/syssetup). */
const uses: Readonly<Record<string, string>> = {
  overlay: 'overlay: the layers of images; without it the agent stops',
  br_netfilter: 'br_netfilter: pods of one node reach each other through services',
  nf_conntrack: 'nf_conntrack: services and network policies',
  vxlan: 'vxlan: the network between pods of several nodes, where flannel uses VXLAN (the default)',
}

export function modulesCheck({ facts, desired }: JoinSituation): Check {
  const id = 'host.modules'
  const question = 'Does the kernel have the parts that containers and their network need?'
  // Where pods stay alone nothing goes from node to node.
  const wanted = facts.modules.filter((one) => one.name !== 'vxlan' || desired.podNetwork !== 'isolated')
  const named = (state: string): readonly string[] => wanted.filter((one) => one.state === state).map((one) => one.name)
  const missing = named('missing')
  if (missing.length > 0) {
    return answered(id, question, false, `missing: ${few(missing)} (kernel ${facts.kernel || 'unknown'})`, {
      verdict: missing.includes('overlay') ? 'fail' : 'warn',
      cause: missing.flatMap((name) => uses[name] ?? []).join('; '),
      remedy:
        'reboot when the kernel was updated; else install its extra modules (Ubuntu: linux-modules-extra-$(uname -r), Raspberry Pi: linux-modules-extra-raspi, RHEL: kernel-modules-extra)',
    })
  }
  const unknown = named('unknown')
  if (unknown.length > 0 || wanted.length === 0)
    return unanswered(id, question, unknown.length > 0 ? few(unknown) : 'the host does not say')
  const loadable = named('loadable')
  return passed(id, question, loadable.length === 0 ? 'all are there' : `all are there; ${few(loadable)} when needed`)
}

/** k3s starts its kubelet with fail-swap-on=false, always has (k3s#8811): swap matters only where somebody changed that. */
export function swapCheck(situation: JoinSituation, found: K3sInstallation): Check {
  const id = 'host.swap'
  const question = 'Will the kubelet start with the swap that is there?'
  const { memoryBytes, swapBytes } = situation.facts
  if (memoryBytes === 0) return unanswered(id, question, 'the host does not tell its memory')
  if (swapBytes === 0) return passed(id, question, 'no swap')
  const size = `${(swapBytes / 1024 ** 3).toFixed(1)} GiB of swap`
  const last = kubeletArguments(situation, found, 'fail-swap-on').at(-1)
  return answered(
    id,
    question,
    last?.value !== 'true',
    last?.value === 'true' ? `${size}, and ${last.path} sets fail-swap-on` : `${size}; pods do not use it`,
    {
      verdict: 'warn',
      cause: 'k3s lets its kubelet run beside swap, and this argument takes that back: it exits at its next start',
      remedy: `take fail-swap-on out of ${last?.path ?? 'the configuration'}, or turn swap off: sudo swapoff -a, and its line in /etc/fstab`,
    },
  )
}

/** The installer looks for the policy only when it downloads, which it does not do here (its setup_selinux). */
export function selinuxCheck({ facts }: JoinSituation, found: K3sInstallation): Check {
  const id = 'host.selinux'
  const question = 'Does SELinux let k3s work?'
  if (facts.selinux === 'unknown') return unanswered(id, question, 'the mode of SELinux cannot be read')
  if (facts.selinux !== 'enforcing')
    return passed(id, question, facts.selinux === 'permissive' ? 'permissive' : 'not in use')
  return answered(
    id,
    question,
    found.hasSelinuxPolicy,
    `enforcing, ${found.hasSelinuxPolicy ? 'with' : 'without'} the policy of k3s`,
    {
      verdict: 'warn',
      cause: 'without the package k3s-selinux the program may not be started, or containers not read their files',
      remedy:
        'sudo dnf install -y container-selinux, then the k3s-selinux package for this system (github.com/k3s-io/k3s-selinux/releases)',
    },
  )
}
