# shellcheck shell=sh
# shellcheck disable=SC2154 # assigned by change-log.sh and the room's own script before it
# The order in which an agent is taken off this host, for any distribution: change-log.sh, mounts.sh and the distribution's
# own script come before it. Can be repeated: what is gone already is gone.
# RUN_ID, HOLDER, LOCK_WAIT (seconds), STEPS (words: stop uninstall), FOLDERS (words), LIMIT (seconds, of what takes it away).
# The distribution sets unit and defines: refuse_server, refuse_others, prepare (before anything is stopped), take_away (which ends the
# script when it fails), clear_rest, name_rest (emits `stays PATH`), is_installed (whether a stopped agent can start again).

kept=$ROOT/var/lib/k3s-gpu-actions/leave
step='' was_running=no
report_failed_step() {
  if [ -n "$step" ]; then emit step "$step" state failed; fi
  # Nothing was begun, so there is nothing to go on with: the node serves on.
  if [ ! -e "$kept/begun" ]; then rm -rf "$kept"; fi
}

emit_log() { tail -n 20 "$kept/log" 2>/dev/null | while IFS= read -r line; do emit evidence "$line"; done; }

# limited_away COMMAND...: what takes the agent away, under its deadline and with an environment of its own; sets $code.
# SYSTEMD_OFFLINE keeps its systemctl from reloading systemd, which can take the GPU from running containers; that it does
# not stop the unit then, either, is why that was done before. A process group of its own (timeout) is what ends with it:
# also when the runner is gone, so that nothing is left half deleted. Without the descriptor of the lock, because an unmount
# that hangs for ever cannot be killed, and would keep every later run away.
limited_away() {
  code=0
  # A bash that has a trap hears of its end only when what it waits for has ended: it is killed a little later. Old ones of
  # busybox cannot.
  if timeout -k 1 1 true >/dev/null 2>&1; then set -- -k 10 "$LIMIT" "$@"; else set -- "$LIMIT" "$@"; fi
  if [ -n "${REHEARSAL:-}" ]; then
    set -- "ROOT=$ROOT" "REHEARSAL=$REHEARSAL" "REHEARSAL_UID=${REHEARSAL_UID:-}" timeout "$@"
  else
    set -- timeout "$@"
  fi
  env -i "PATH=$PATH" "HOME=${HOME:-/root}" LC_ALL=C SYSTEMD_OFFLINE=1 "$@" >"$kept/log" 2>&1 </dev/null 9>&- || code=$?
  # 143: so ends what busybox's timeout ended.
  case $code in
    124 | 137 | 143)
      emit_log
      die uninstall-timeout "what takes the agent away did not end in $LIMIT s"
      ;;
  esac
}

# Nothing is deleted yet, so the node can go on serving.
start_again() {
  if [ "$was_running" = yes ] && is_installed; then
    if timeout 30 systemctl start --no-block "$unit" >/dev/null 2>&1; then emit note 'the agent was started again'; fi
  fi
}

# Something may have been mounted meanwhile.
look_again() {
  if is_clear; then return 0; fi
  start_again
  check_mounts
}

stop_agent() {
  if is_running "$(unit_property ActiveState)"; then
    was_running=yes
    timeout 120 systemctl stop "$unit" >/dev/null 2>&1 || die stop-failed "$unit did not stop in 120 s"
  fi
  look_again
}

main() {
  on_stop report_failed_step
  check_run_id
  take_lock
  refuse_server
  refuse_others
  check_mounts
  (umask 077 && mkdir -p "$kept")
  for step in $STEPS; do
    prepare
    case $step in
      stop) stop_agent ;;
      uninstall)
        look_again
        : >"$kept/begun"
        take_away
        clear_rest
        ;;
      *) die bad-step "there is no step $step" ;;
    esac
    emit step "$step" state 'done'
  done
  step=''
  name_rest
  # Change logs and backups, some of which hold tokens, and what an interrupted removal needs: the last thing.
  case " $STEPS " in *' uninstall '*) rm -rf "${state:?}" ;; esac
  emit finished "$RUN_ID"
}
