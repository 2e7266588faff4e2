# shellcheck shell=sh
# shellcheck disable=SC2034 # read by mounts.sh
# What a removal has to know of a node that kubeadm made. Changes nothing. mounts.sh comes before it.

FOLDERS='/var/lib/kubelet /etc/kubernetes'

# Only what a join leaves tells of one: packages and unit stay installed on machines that are in no cluster.
kubeadm_traces() {
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf /etc/kubernetes/pki/ca.crt /var/lib/kubelet/config.yaml; do
    if [ -e "$ROOT$path" ]; then emit fact leave.trace path "$path"; fi
  done
}

# The first address in a kubeconfig of the kubelet; keys and certificates stay where they are.
kubeadm_server() {
  for path in /etc/kubernetes/kubelet.conf /etc/kubernetes/bootstrap-kubelet.conf; do
    [ -r "$ROOT$path" ] || continue
    server=$(sed -n 's/^[[:blank:]]*server:[[:blank:]]*["'\'']\{0,1\}\(https:[^"'\''[:blank:]]*\).*/\1/p' "$ROOT$path" | head -n 1)
    if [ -n "$server" ]; then
      emit fact leave.server url "$server"
      return 0
    fi
  done
}

kubeadm_programs() {
  found=$(command -v kubeadm) || found=''
  if [ -n "$found" ]; then emit fact leave.uninstaller path "kubeadm reset (${found#"$ROOT"})"; fi
  # "Kubernetes v1.33.4"
  version=$(timeout 10 kubelet --version 2>/dev/null </dev/null) || version=''
  case $version in 'Kubernetes v'*) emit fact leave.version version "${version#Kubernetes }" ;; esac
}

kubeadm_unit() {
  state=$(timeout 10 systemctl show kubelet.service -p ActiveState 2>/dev/null | sed -n 's/^ActiveState=//p') || state=''
  emit fact leave.unit state "$state"
}

# Static pods of a control plane are files of its node.
kubeadm_role() {
  for name in kube-apiserver kube-controller-manager etcd; do
    if [ -e "$ROOT/etc/kubernetes/manifests/$name.yaml" ]; then emit fact leave.control-plane present:n true; fi
  done
  if [ -e "$ROOT/etc/kubernetes/pki/ca.key" ]; then emit fact leave.control-plane present:n true; fi
}

kubeadm_half_gone() { if [ -e "$ROOT/var/lib/k3s-gpu-actions/leave/begun" ]; then emit fact leave.half present:n true; fi; }

survey_distribution() {
  for part in traces server programs unit role half_gone; do ("kubeadm_$part") || :; done
  (emit_mounts) || :
}
