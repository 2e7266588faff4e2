# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # assigned by kubeadm-files.sh and change-log.sh before it; used by those that come after it
# Takes a join back that a run of this project began: kubeadm's own reset under a deadline, where it destroys nothing that was there
# before; else only what makes this machine a member. Before it: kubeadm-files.sh, change-log.sh. CRI_SOCKET (may be empty).
# A room's script says `complain PATH WHY` of what is not as it was.

# forget_join LOG: without kubeadm reset. The kubelet is stopped first, or it would go on with what it has read. What is mounted belongs to
# somebody, with all that is in it.
forget_join() {
  if ! timeout 40 systemctl stop "$unit" >/dev/null 2>&1; then complain "$unit" 'it did not stop in 40 s'; fi
  for path in $join_files $kubelet_files; do
    if ! is_there "$path"; then continue; fi
    if [ -n "$(mounted_below "$path")" ]; then
      complain "$path" 'something is mounted there, and it was not deleted'
      continue
    fi
    # Its own certificate alone, where others were there before.
    if [ "$path" = "$kubelet_folder/pki" ] && grep -qx 'keeps pki' "$1"; then
      rm -f "$ROOT$path"/kubelet-client-*.pem || complain "$path" 'the certificate of the join could not be deleted'
      continue
    fi
    # shellcheck disable=SC2086 # none or one word
    if ! rm -rf $apart "$ROOT$path"; then complain "$path" 'could not be deleted'; fi
  done
}

# take_join_back LOG: that log says how the host was before the join. Sets $taken: yes, when nothing of the join is left.
take_join_back() {
  taken=yes
  kept=$(sed -n 's/^keeps //p' "$1" | head -n 5 | tr '\n' ' ')
  mounts=$(foreign_mounts | head -n 5 | tr '\n' ' ')
  others=$(others_files | head -n 5 | tr '\n' ' ')
  if [ -n "$mounts" ]; then
    complain "$kubelet_folder" "mounts below it are not the kubelet's own: ${mounts% }"
    forget_join "$1"
  elif [ -n "$kept" ]; then
    complain "$kubelet_folder" "it held ${kept% } before, which kubeadm reset would delete"
    forget_join "$1"
  elif [ -n "$others" ]; then
    complain "${others% }" 'no join of a worker wrote that, and kubeadm reset would delete it'
    forget_join "$1"
  else
    # Without that phase it would empty /var/lib/etcd, on a worker too (recorded: fixtures/kubeadm/40-reset).
    set -- "$1" reset -f --skip-phases=remove-etcd-member
    if [ -n "${CRI_SOCKET:-}" ]; then set -- "$@" --cri-socket "$CRI_SOCKET"; fi
    log=$1
    shift
    code=0
    # shellcheck disable=SC2086 # none or two words
    timeout $forced 40 kubeadm "$@" >"$run/reset.log" 2>&1 </dev/null || code=$?
    set -- "$log"
    if [ "$code" != 0 ]; then
      tail -n 5 "$run/reset.log" | while IFS= read -r line; do emit evidence "kubeadm reset: $line"; done
      complain kubeadm "kubeadm reset ended with exit code $code"
      forget_join "$1"
    fi
    rm -f "$run/reset.log"
  fi
  for path in $join_files; do if is_there "$path"; then taken=no; fi; done
  clear_network_files "$1"
}

# Older busybox has no -k, and none has the other.
forced='' apart=''
if timeout -k 1 5 true >/dev/null 2>&1; then forced='-k 5'; fi
if rm -rf --one-file-system "$ROOT/run/k3s-gpu-actions.none" >/dev/null 2>&1; then apart=--one-file-system; fi

# Files that other users of CNI bring with their packages (podman, nerdctl, CRI-O, containerd's own example): they may have come after
# an interrupted join, and are not its.
is_of_others() {
  case ${1##*/} in *podman* | nerdctl-* | *crio* | *loopback* | 10-containerd-net.conflist | cni.lock) return 0 ;; esac
  return 1
}

# A reset leaves the network plugin's configuration; what this join brought would make the next kubelet Ready with a dead network.
clear_network_files() {
  for file in "$ROOT$cni_folder"/*; do
    if [ ! -e "$file" ] && [ ! -L "$file" ]; then continue; fi
    if grep -qxF "cni ${file#"$ROOT"}" "$1" || is_of_others "$file"; then continue; fi
    if ! rm -rf "$file"; then complain "${file#"$ROOT"}" 'could not be deleted'; fi
  done
  for path in $join_folders; do
    if [ -d "$ROOT$path" ] && grep -qxF "absent $path" "$1"; then rmdir "$ROOT$path" 2>/dev/null || :; fi
  done
}
