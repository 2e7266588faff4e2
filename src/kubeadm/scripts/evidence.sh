# shellcheck shell=sh
# What kubeadm, systemd and containerd know of a kubelet (UNIT), for evidence.sh of the host, which comes after it. Kubeconfigs hold
# tokens and keys: they are listed, never read.

containerd_journal() {
  if [ -n "$since" ]; then
    { timeout 8 journalctl -u containerd -q --no-pager -o short-iso -n 200 --since "@$since" 2>&1 </dev/null || :; } | keep containerd.log recent tail
  else
    { timeout 8 journalctl -u containerd -q --no-pager -o short-iso -n 200 2>&1 </dev/null || :; } | keep containerd.log before tail
  fi
}

installed() {
  show kubeadm version -o short
  show kubelet --version
  show containerd --version
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt \
    /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env /var/lib/kubelet/pki; do
    describe list "$path"
  done
  for folder in /etc/kubernetes/manifests /etc/cni/net.d /var/lib/kubelet/pki /etc/containerd; do
    for file in "$ROOT$folder"/*; do describe list "${file#"$ROOT"}"; done
  done
  for file in "$ROOT/var/lib/kubelet/config.yaml" "$ROOT/var/lib/kubelet/kubeadm-flags.env"; do
    if [ -f "$file" ]; then
      printf '== %s\n' "${file#"$ROOT"}"
      head -c 20000 "$file" 2>&1 || :
    fi
  done
}

evidence_distribution() {
  {
    unit_status
    show systemctl status --no-pager --full -n 0 containerd
  } | keep unit-status.txt before head
  unit_journal
  containerd_journal
  installed | keep files.txt before head
}
