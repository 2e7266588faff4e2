import type { Remedies } from '../host/index.ts'

/** What to do about each way in which kubeadm's scripts give up, beside those of any script. */
export const remedies: Remedies = {
  'init-unsupported': 'join a host that runs systemd',
  'kubeadm-missing': 'install kubeadm, kubelet and containerd on the host: this action brings no packages for kubeadm',
  'kubeadm-joined-already':
    'press the button again: it looks at the host anew and says whose node it is; nothing is ever joined over',
  'kubeadm-not-ours':
    'look whose node this machine was; when it is nobody’s: sudo kubeadm reset -f on the host, then run it again',
  'kubeadm-reset-failed': 'look at the host on its console: sudo kubeadm reset -f; then run it again',
  'enable-failed': 'look at the host on its console: sudo systemctl enable kubelet',
}
