# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # assigned by change-log.sh, mounts.sh and leave-steps.sh, which follows
# How a node that kubeadm made is taken off this host: by `kubeadm reset`, and what that leaves. change-log.sh and mounts.sh
# come before it, leave-steps.sh after it.
#
# What it does was recorded (kubeadm 1.33.13): it stops the kubelet, unmounts everything below /var/lib/kubelet, removes the
# containers of pods, deletes the contents of /etc/kubernetes/manifests, /etc/kubernetes/pki and /var/lib/kubelet and the
# kubeconfigs beside them; it leaves CNI's configuration, network rules, and the Node. Its phase remove-etcd-member deletes
# what is in /var/lib/etcd also on a node that never had any, which may be somebody else's: it is left out.

runs_folder=$ROOT/var/lib/k3s-gpu-actions/runs
unit=kubelet.service

is_installed() { [ -f "$ROOT/etc/kubernetes/kubelet.conf" ]; }

prepare() {
  has kubeadm || die uninstaller-missing 'there is no kubeadm on this host'
}

refuse_server() {
  for name in kube-apiserver kube-controller-manager etcd; do
    if [ -e "$ROOT/etc/kubernetes/manifests/$name.yaml" ]; then
      die server-present "this host is a control plane (/etc/kubernetes/manifests/$name.yaml)"
    fi
  done
  # Reset empties /etc/kubernetes/pki: the key of a cluster would be gone, whoever put it there.
  if [ -e "$ROOT/etc/kubernetes/pki/ca.key" ]; then die server-present 'the key of a cluster lies on this host (/etc/kubernetes/pki/ca.key)'; fi
}

# The packages of kubeadm bring one kubelet, and nobody else's goes with it.
refuse_others() { :; }

# The socket that the node was joined with: where a host has two, kubeadm refuses to choose.
cri_socket() {
  sed -n 's/.*--container-runtime-endpoint=\([^ "]*\).*/\1/p' "$ROOT/var/lib/kubelet/kubeadm-flags.env" 2>/dev/null | head -n 1
}

take_away() {
  socket=$(cri_socket) || socket=''
  set -- reset --force --skip-phases=remove-etcd-member
  if [ -n "$socket" ]; then set -- "$@" --cri-socket "$socket"; fi
  limited_away kubeadm "$@"
  left=''
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt /var/lib/kubelet/config.yaml \
    /var/lib/kubelet/pki; do
    if is_there "$path"; then left="$left $path"; fi
  done
  if [ -z "$left" ] && [ "$code" = 0 ]; then return 0; fi
  emit_log
  die uninstall-failed "kubeadm reset ended with exit code $code${left:+, and there is still:$left}"
}

# The configuration of the cluster's own network, which reset leaves: the next cluster's would come after it by name. Other
# files there belong to other users of CNI (podman, nerdctl), and stay.
clear_rest() {
  for name in 10-calico.conflist calico-kubeconfig 10-canal.conflist 10-flannel.conflist 05-cilium.conflist 05-cilium.conf 10-weave.conflist \
    10-kuberouter.conflist 00-multus.conf; do
    rm -f "$ROOT/etc/cni/net.d/$name"
  done
  # May hold a bootstrap token, after a dry run of kubeadm.
  rm -rf "$ROOT/etc/kubernetes/tmp"
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
}

# What stays on purpose: it may serve others, and taking it away is nobody's wish that was said.
name_rest() {
  for path in "$ROOT/etc/modules-load.d"/*k3s-gpu-actions* "$ROOT/etc/sysctl.d"/*k3s-gpu-actions* "$ROOT/etc/udev/rules.d"/*k3s-gpu-actions* \
    "$ROOT/etc/containerd/conf.d"/*k3s-gpu-actions* "$ROOT/etc/apt/sources.list.d"/*k3s-gpu-actions* \
    "$ROOT/etc/apt/preferences.d"/*k3s-gpu-actions* "$ROOT/usr/share/keyrings"/*k3s-gpu-actions* "$ROOT/etc/cni/net.d"/*; do
    if [ -e "$path" ]; then emit stays "${path#"$ROOT"}"; fi
  done
  emit stays 'packages kubeadm, kubelet and containerd'
  emit stays 'rules of the cluster network in iptables, until the next reboot'
}
