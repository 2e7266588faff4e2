# shellcheck shell=sh
# shellcheck disable=SC2034 # read by change-log.sh
# shellcheck disable=SC2154 # assigned by kubeadm-files.sh and change-log.sh
# What has to be done on a host before kubeadm joins it, under the host lock: kubeadm-files.sh, change-log.sh, take-back.sh before it.
# RUN_ID, HOLDER, LOCK_WAIT (seconds), STEPS (words of: reset, forget-token, enable, reload), CRI_SOCKET, JOINS (yes | no: whether a join follows).
# Every step can be repeated: what is as wanted already is left alone and reported `unchanged`.

step=''
report_failed_step() { if [ -n "$step" ]; then emit step "$step" state failed; fi; }

complain() {
  emit evidence "$1: $2"
  complaints="$complaints$1: $2; "
}

# The oldest of the runs that were interrupted: its log tells how this host was before any of them.
oldest_log() {
  oldest=''
  for name in $continued; do oldest=$runs_folder/$name/log; done
  printf '%s\n' "$oldest"
}

has_begun() {
  for name in $continued; do
    if grep -qs '^joining ' "$runs_folder/$name/log"; then return 0; fi
  done
  return 1
}

reset_join() {
  outcome=unchanged left=no complaints=''
  for path in $join_files; do if is_there "$path"; then left=yes; fi; done
  if [ "$left" = no ]; then return 0; fi
  before=$(oldest_log)
  # Only what a run of ours began and did not end is taken back: anything else is somebody's node.
  if ! has_begun; then
    die kubeadm-not-ours 'what is left of a join on this host was not begun by this project, and is not taken back'
  fi
  # It was none when it was looked at.
  if is_there /etc/kubernetes/kubelet.conf && is_there "$kubelet_folder/pki/kubelet-client-current.pem"; then
    die kubeadm-not-ours 'this host has become a node of a cluster since it was looked at, and is not taken out of it'
  fi
  take_join_back "$before"
  if [ "$taken" != yes ]; then die kubeadm-reset-failed "what an interrupted run left could not be taken back: ${complaints%; }"; fi
  outcome=changed
}

# kubeadm deletes this file at its own end; a run that was killed before leaves it behind, with its token. The kubelet needs it no more
# once it has a certificate.
forget_token() {
  outcome=unchanged
  if ! is_there /etc/kubernetes/bootstrap-kubelet.conf; then return 0; fi
  is_there /etc/kubernetes/kubelet.conf || die kubeadm-not-ours 'this host has no kubelet.conf: its kubelet still needs bootstrap-kubelet.conf'
  rm -f "$ROOT/etc/kubernetes/bootstrap-kubelet.conf" || die write-failed '/etc/kubernetes/bootstrap-kubelet.conf could not be deleted'
  outcome=changed
}

enable_unit() {
  outcome=unchanged
  if is_there "$link_path"; then return 0; fi
  make_folder "${link_path%/*}"
  note "created $link_path"
  if ! timeout 30 systemctl enable --no-reload "$unit" >/dev/null 2>"$run/said" || ! is_there "$link_path"; then
    die enable-failed "systemctl enable $unit: $(cat "$run/said")"
  fi
  outcome=changed
}

reload_systemd() {
  outcome=unchanged
  if [ "$(unit_property NeedDaemonReload)" != yes ]; then return 0; fi
  note reload
  timeout 60 systemctl daemon-reload >/dev/null 2>"$run/said" || die reload-failed "systemctl daemon-reload failed: $(cat "$run/said")"
  outcome=changed
}

main() {
  on_stop report_failed_step
  check_run_id
  for name in $STEPS; do
    case $name in reset | forget-token | enable | reload) ;; *) die bad-step "there is no step $name" ;; esac
  done
  [ -d "$ROOT/run/systemd/system" ] || die init-unsupported 'this host does not run systemd; other init systems are not supported yet'
  take_lock
  open_log
  report_interrupted
  changed=no
  for step in $STEPS; do
    note "step $step"
    case $step in
      reset) reset_join ;;
      forget-token) forget_token ;;
      enable) enable_unit ;;
      reload) reload_systemd ;;
    esac
    if [ "$outcome" = changed ]; then changed=yes outcome='done'; fi
    emit step "$step" state "$outcome"
  done
  step=''
  # Where a join follows, the run is finished when that is.
  if [ "$JOINS" = no ]; then
    note finished
    discard_older
  fi
  emit finished "$RUN_ID"
}
