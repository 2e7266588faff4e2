# shellcheck shell=sh disable=SC2154 # what is known of the runner is set by facts.sh, options by check-runner-host.sh
# The machine around the runner, and the cluster that it may be the server of.

# Files that make their reader an administrator of the cluster, or a node of it. The paths are those of k3s and kubeadm.
cluster_secrets='/etc/rancher/k3s/k3s.yaml /etc/rancher/node/password /etc/systemd/system/k3s.service.env
/etc/systemd/system/k3s-agent.service.env /var/lib/rancher/k3s/server/token /var/lib/rancher/k3s/server/agent-token
/var/lib/rancher/k3s/server/node-token /var/lib/rancher/k3s/server/cred/admin.kubeconfig
/var/lib/rancher/k3s/server/tls/server-ca.key /var/lib/rancher/k3s/server/tls/client-ca.key
/var/lib/rancher/k3s/server/tls/service.key /var/lib/rancher/k3s/server/db/state.db
/var/lib/rancher/k3s/agent/client-kubelet.key /var/lib/rancher/k3s/agent/kubelet.kubeconfig
/etc/kubernetes/admin.conf /etc/kubernetes/super-admin.conf /etc/kubernetes/kubelet.conf /etc/kubernetes/pki/ca.key
/root/.kube/config'

check_cluster_files() {
  _open='' _hidden=''
  for _secret in $cluster_secrets; do
    is_there "$_secret" || continue
    _code=0
    may r "$_secret" || _code=$?
    case $_code in
      0) _open="$_open $_secret" ;;
      2) _hidden="$_hidden $_secret" ;;
    esac
  done
  # What lies in folders of root an ordinary user does not even see.
  if [ "$is_root" != yes ] && { is_there /etc/rancher || is_there /var/lib/rancher || is_there /etc/kubernetes; }; then _hidden="$_hidden the folders of the cluster"; fi
  if [ -n "$_open" ]; then
    fail runner.cluster-files "$user reads$_open" 'every job is an administrator of the cluster then, or a node of it, whatever kubeconfig it is given' \
      "sudo chmod 600 $(typed "${_open##* }"); for k3s.yaml also write-kubeconfig-mode, or k3s opens it again at its next start"
  elif [ -n "$_hidden" ]; then
    skip runner.cluster-files "it cannot be told for$_hidden: run this with sudo, and look at getfacl"
  else
    pass runner.cluster-files "$user reads no kubeconfig, key or token of a cluster"
  fi
}

check_machine() {
  check_server
  check_ptrace
  check_egress
  check_clock
  check_disk
  check_tools
}

is_server() {
  is_there /etc/systemd/system/k3s.service || is_there /var/lib/rancher/k3s/server || is_there /etc/kubernetes/manifests/kube-apiserver.yaml
}

# k3s writes k3s.yaml at every start with the mode that it is told (--write-kubeconfig-mode, K3S_KUBECONFIG_MODE).
kubeconfig_mode() {
  {
    for _file in "$ROOT"/etc/rancher/k3s/config.yaml "$ROOT"/etc/rancher/k3s/config.yaml.d/*.yaml "$ROOT"/etc/systemd/system/k3s.service "$ROOT"/etc/systemd/system/k3s.service.env; do
      text_of "${_file#"$ROOT"}" || :
    done
  } | tr -d "\"'" | sed -n -e 's/.*write-kubeconfig-mode[:= ][ ]*\([0-7][0-7]*\).*/\1/p' -e 's/.*K3S_KUBECONFIG_MODE=\([0-7][0-7]*\).*/\1/p' | tail -n 1
}

check_server() {
  if ! is_server; then
    pass machine.server 'no control plane of a cluster is here'
    return
  fi
  _mode=$(kubeconfig_mode)
  if [ -n "$_mode" ] && [ $((0$_mode & 63)) -ne 0 ]; then
    fail machine.server "k3s is told to write k3s.yaml with mode $_mode" 'at its next start every user of this machine is an administrator of the cluster' \
      'take write-kubeconfig-mode out of /etc/rancher/k3s/config.yaml, out of the unit and out of its .env; sudo chmod 600 /etc/rancher/k3s/k3s.yaml'
  else
    warn machine.server 'this machine is the control plane of a cluster' 'whoever becomes root here owns the cluster: only reviewed code of main may run here, never a pull request' \
      'limit the runner to the workflow that deploys (docs/runner.md), and run nothing else here'
  fi
}

check_ptrace() {
  _scope=$(text_of /proc/sys/kernel/yama/ptrace_scope | head -c 2) || _scope=''
  case $_scope in
    [123]*) pass machine.ptrace "kernel.yama.ptrace_scope is $(safe "$_scope")" ;;
    *)
      warn machine.ptrace "kernel.yama.ptrace_scope is ${_scope:-not there}" 'a program of a job can look into another one of the same user, also into the runner, which holds the job'"'"'s secrets' \
        'echo kernel.yama.ptrace_scope=1 | sudo tee /etc/sysctl.d/50-ptrace.conf && sudo sysctl --system'
      ;;
  esac
}

# The table of egress.nft, beside this script.
check_egress() {
  if ! has nft; then
    warn machine.egress 'nft is not installed' 'a job can send what it got to anywhere, and reach whatever this machine reaches' 'install nftables and adapt egress.nft (docs/runner.md)'
  elif [ "$is_root" != yes ]; then
    skip machine.egress 'only root sees the rules: run this with sudo'
  else
    _rules=$(limited nft list table inet runner_egress 2>/dev/null | head -c 65536) || _rules=''
    case $_rules in
      *skuid*reject* | *skuid*drop*) pass machine.egress 'the table inet runner_egress limits what jobs may reach' ;;
      *)
        warn machine.egress 'there is no table inet runner_egress that refuses anything' 'a job can send what it got to anywhere, and reach whatever this machine reaches' \
          'adapt egress.nft, then: sudo nft --check --file egress.nft && sudo nft --file egress.nft (docs/runner.md)'
        ;;
    esac
  fi
}

# ID tokens and certificates have a beginning and an end; a machine whose clock is wrong is refused without a word of clocks.
check_clock() {
  _synchronised=''
  if has timedatectl; then _synchronised=$(limited timedatectl show --property=NTPSynchronized --value 2>/dev/null | head -c 10) || _synchronised=''; fi
  case $_synchronised in
    yes) pass machine.clock 'it is synchronised' ;;
    no) warn machine.clock 'it is not synchronised' 'ID tokens and certificates are refused when it is wrong by minutes' 'sudo timedatectl set-ntp true' ;;
    *) skip machine.clock 'timedatectl does not say whether it is synchronised' ;;
  esac
}

check_disk() {
  _free=$(limited df -Pk "$ROOT${work:-/}" 2>/dev/null | sed -n '2p' | awk '{print $4}') || _free=''
  [ -n "$_free" ] || _free=$(limited df -Pk "$ROOT/" 2>/dev/null | sed -n '2p' | awk '{print $4}') || _free=''
  case $_free in
    '' | *[!0-9]*) skip machine.disk 'df does not say how much is free' ;;
    *)
      if [ "$_free" -lt 1048576 ]; then
        fail machine.disk "$((_free / 1024)) MiB are free" 'a job that cannot write ends half way' 'sudo du -xsh /var/log /tmp '"$(typed "${work:-/}")"
      elif [ "$_free" -lt 5242880 ]; then
        warn machine.disk "$((_free / 1048576)) GiB are free" 'a Pulumi CLI with its plugins takes more than half a GiB' 'sudo du -xsh /var/log /tmp '"$(typed "${work:-/}")"
      else
        pass machine.disk "$((_free / 1048576)) GiB are free"
      fi
      ;;
  esac
}

check_tools() {
  _missing=''
  for _tool in bash git tar gzip ssh; do has "$_tool" || _missing="$_missing $_tool"; done
  if [ -n "$_missing" ]; then
    warn machine.tools "not installed:$_missing" 'steps of jobs need bash, checkout needs git, downloads tar and gzip, the tunnel of kubeconfig-esc ssh' "install$_missing"
  else
    pass machine.tools 'bash, git, tar, gzip and ssh are there'
  fi
}
