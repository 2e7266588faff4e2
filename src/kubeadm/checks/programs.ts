import { answered, type JoinSituation } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import type { KubeadmInstallation } from '../model.ts'
import { kubeadmMinor } from '../version.ts'

/** The programs that this kubeadm demands, of those that are missing (its preflight/checks_linux.go, by version). */
export function missingTools(found: KubeadmInstallation): readonly string[] {
  const minor = kubeadmMinor(found) ?? 133
  const demanded = ['mount']
  if (minor >= 133) demanded.push('losetup')
  else demanded.push('ip', 'iptables', 'nsenter')
  if (minor < 132) demanded.push('conntrack')
  return found.missingTools.filter((name) => demanded.includes(name))
}

export function programsCheck(situation: JoinSituation, found: KubeadmInstallation): Check {
  const { kubeadm, kubelet } = found.programs
  const missing = [...(kubeadm ? [] : ['kubeadm']), ...(kubelet ? [] : ['kubelet']), ...missingTools(found)]
  const isRpm = /rhel|fedora|suse/.test(`${situation.facts.os.id} ${situation.facts.os.idLike}`)
  const minor = situation.version.replace(/^(v\d+\.\d+)\..*$/, '$1')
  return answered(
    'kubeadm.programs',
    'Are kubeadm, the kubelet and what they call installed?',
    missing.length === 0,
    missing.length === 0
      ? `kubeadm ${kubeadm?.version || 'of unknown version'}, kubelet ${kubelet?.version || 'of unknown version'}`
      : `missing: ${missing.join(', ')}`,
    {
      cause: 'kubeadm joins with what is installed; nothing of Kubernetes is downloaded',
      remedy:
        kubeadm && kubelet
          ? `install the packages that bring them (iproute, iptables, conntrack, util-linux, mount)`
          : `install the packages of ${minor} from pkgs.k8s.io: sudo ${isRpm ? 'dnf install kubelet kubeadm' : 'apt-get install kubelet kubeadm'}, then hold them`,
    },
  )
}
