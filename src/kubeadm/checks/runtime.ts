import { answered, passed, unanswered } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import { criSocketOf } from '../cri.ts'
import type { KubeadmInstallation } from '../model.ts'
import { paths } from '../model.ts'

const isContainerd = (socket: string | undefined): boolean => socket?.endsWith('/containerd.sock') ?? false

export function socketCheck(found: KubeadmInstallation): Check {
  const id = 'kubeadm.cri-socket'
  const question = 'Is it clear which container runtime the kubelet uses?'
  const socket = criSocketOf(found)
  if (found.criSockets.length < 2)
    return passed(id, question, found.criSockets[0] ?? 'no socket yet; containerd’s is the default')
  if (socket !== undefined) return passed(id, question, `${socket}, of ${found.criSockets.join(' and ')}`)
  return answered(id, question, false, `several: ${found.criSockets.join(', ')}`, {
    // fixtures/kubeadm/70-two-crisockets
    cause: 'kubeadm refuses to choose (found multiple CRI endpoints on the host), and containerd is not usable',
    remedy: 'remove the runtime that is not used, or start containerd',
  })
}

export function containerdCheck(found: KubeadmInstallation): Check {
  const id = 'kubeadm.containerd'
  const question = 'Does the container runtime run, with its interface for kubelets?'
  const socket = criSocketOf(found)
  if (socket !== undefined && !isContainerd(socket)) return passed(id, question, socket)
  const { activeState, config, isEnabled } = found.containerd
  // kubeadm only warns about a runtime that is down, and then waits four minutes for the kubelet (fixtures/kubeadm/62-containerd-down).
  if (activeState !== 'active' && found.criSockets.length === 0) {
    const isInstalled = found.programs.containerd !== undefined
    return answered(id, question, false, isInstalled ? `containerd is ${activeState || 'no unit'}` : 'no containerd', {
      cause: 'a kubelet without a container runtime does not start; kubeadm only warns and then waits for minutes',
      remedy: isInstalled
        ? 'sudo systemctl enable --now containerd'
        : 'install containerd (package containerd.io or containerd)',
    })
  }
  if (activeState !== '' && activeState !== 'active') {
    return answered(id, question, false, `containerd is ${activeState}`, {
      cause: 'a kubelet without a container runtime does not start; kubeadm only warns and then waits for minutes',
      remedy: 'sudo systemctl enable --now containerd; when it does not stay up: journalctl -u containerd',
    })
  }
  if (config?.isCriDisabled) {
    return answered(id, question, false, `${config.path} has cri in disabled_plugins`, {
      cause: 'the packages of Docker ship containerd without its interface for kubelets',
      remedy: `take cri out of disabled_plugins in ${config.path}, then: sudo systemctl restart containerd`,
    })
  }
  if (activeState === 'active' && !isEnabled) {
    return answered(id, question, false, 'containerd runs, and is not started at boot', {
      verdict: 'warn',
      cause: 'after a reboot the kubelet would wait for it',
      remedy: 'sudo systemctl enable containerd',
    })
  }
  return passed(id, question, `containerd ${found.programs.containerd?.version || 'of unknown version'}`)
}

function versionOf(text: string | undefined): number {
  const [, major, minor] = /^v?(\d+)\.(\d+)\./.exec(text ?? '') ?? []
  return major === undefined ? 0 : Number(major) * 100 + Number(minor)
}

/** The driver that containerd uses for the runtime that pods get by default; undefined: its files do not say it all. */
function containerdDriver(found: KubeadmInstallation): 'systemd' | 'cgroupfs' | undefined {
  const { config } = found.containerd
  if (config === undefined) return found.programs.containerd ? 'cgroupfs' : undefined
  const isSystemd = config.systemdCgroup[config.defaultRuntime || 'runc']
  if (isSystemd === undefined) return config.hasImports ? undefined : 'cgroupfs'
  return isSystemd ? 'systemd' : 'cgroupfs'
}

export function cgroupDriverCheck(found: KubeadmInstallation): Check {
  const id = 'kubeadm.cgroup-driver'
  const question = 'Do kubelet and container runtime use the same cgroup driver?'
  const wanted =
    found.cgroupDriver ||
    (found.cluster?.kubeletConfig.state === 'read' ? found.cluster.kubeletConfig.cgroupDriver : '') ||
    // kubeadm's default since 1.22
    'systemd'
  if (!isContainerd(criSocketOf(found))) return unanswered(id, question, 'the runtime is not containerd')
  // KEP-4033: from 1.31 on a kubelet asks the runtime, and containerd answers from 2.0 on.
  if (versionOf(found.programs.kubelet?.version) >= 131 && versionOf(found.programs.containerd?.version) >= 200)
    return passed(id, question, 'the kubelet asks containerd for it')
  const has = containerdDriver(found)
  if (has === undefined) return unanswered(id, question, `${paths.containerdConfig} imports other files`)
  const runtime = found.containerd.config?.defaultRuntime || 'runc'
  return answered(id, question, has === wanted, has === wanted ? has : `kubelet ${wanted}, containerd ${has}`, {
    cause: 'with two drivers pods are killed or never start, and the node says nothing of it',
    remedy:
      wanted === 'systemd'
        ? `set SystemdCgroup = true in the options of runtime ${runtime} in ${found.containerd.config?.path ?? `${paths.containerdConfig} (containerd config default writes one)`}, then: sudo systemctl restart containerd`
        : `set SystemdCgroup = false for runtime ${runtime}, or cgroupDriver: systemd in kube-system/kubelet-config`,
  })
}
