# shellcheck shell=sh
# shellcheck disable=SC2034 # read by undo-log.sh
# shellcheck disable=SC2154 # assigned by kubeadm-files.sh, change-log.sh and undo-log.sh
# Takes back what one run changed on this host: the join, if this run began one, then its change log backwards. Before it:
# kubeadm-files.sh, change-log.sh, take-back.sh, undo-log.sh. RUN_ID, HOLDER, LOCK_WAIT (seconds), CRI_SOCKET.
# Can be repeated; what a killed run never got to is simply not there.

complain() {
  incomplete=yes
  remains "$1" "$2"
}

is_foreign() { return 1; }
undo_line() { :; }

has_joined() {
  for name in $runs; do
    if grep -q '^joining ' "$runs_folder/$name/log"; then return 0; fi
  done
  return 1
}

main() {
  begin_undo
  if [ "$begun" = no ]; then return 0; fi
  if has_joined; then
    take_join_back "$oldest/log"
    if [ "$taken" = yes ]; then
      emit undone start
      emit undone join
    else incomplete=yes; fi
    timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
  fi
  follow_log_backwards
  # A kubelet that waited for its configuration, started by systemd again and again, waits again.
  if has_joined && is_running "$was_state"; then timeout 30 systemctl start --no-block "$unit" >/dev/null 2>&1 || :; fi
  end_undo
}
