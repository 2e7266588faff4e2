# shellcheck shell=sh
# shellcheck disable=SC2034 # lock and unit belong to change-log.sh
# shellcheck disable=SC2154 # assigned by agent-files.sh and change-log.sh
# Takes an agent off this host: stop, then the official uninstaller under a deadline, then what it leaves. agent-files.sh,
# change-log.sh and mounts.sh come before it. Can be repeated: what is gone already is gone.
# RUN_ID, HOLDER, LOCK_WAIT (seconds), STEPS (words: stop uninstall), FOLDERS (words), LIMIT (seconds, of the uninstaller).
#
# What the official uninstaller does (k3s-io/k3s install.sh @0136cf258954, create_killall and create_uninstall): stops every
# k3s unit, kills what runs below containerd's shims, unmounts by force and deletes all that begins with /run/k3s,
# /var/lib/kubelet/pods, /var/lib/kubelet/plugins, takes CNI's networks and rules away, reloads systemd, deletes
# /etc/rancher/k3s, /run/k3s, /var/lib/rancher/k3s, /var/lib/kubelet, its programs, and itself, however it ends. So nothing
# of others may be mounted there, a server may not be here, and a copy is kept for the run after one that was interrupted.

kept=$ROOT/var/lib/k3s-gpu-actions/leave
step=''
report_failed_step() { if [ -n "$step" ]; then emit step "$step" state failed; fi; }

# keep_uninstaller: the copy that runs. Without one a run that was killed half way could never be finished.
keep_uninstaller() {
  (umask 077 && mkdir -p "$kept")
  for path in /usr/local/bin/k3s-agent-uninstall.sh /opt/bin/k3s-agent-uninstall.sh; do
    if [ -f "$ROOT$path" ] && [ ! -L "$ROOT$path" ]; then
      cp "$ROOT$path" "$kept/uninstall.sh.part" || die backup-failed "$path could not be copied to ${kept#"$ROOT"} (is the disk full?)"
      mv -f "$kept/uninstall.sh.part" "$kept/uninstall.sh"
      break
    fi
  done
  [ -f "$kept/uninstall.sh" ] || die uninstaller-missing 'there is no k3s-agent-uninstall.sh on this host, and no copy of one'
}

refuse_server() {
  for folder in /etc /run /usr/local/lib /usr/lib /lib; do
    if [ -f "$ROOT$folder/systemd/system/k3s.service" ]; then
      die server-present "there is a k3s server on this host ($folder/systemd/system/k3s.service): its uninstaller would stop it, too"
    fi
  done
}

start_again() {
  if [ "$was_running" = yes ] && [ -f "$ROOT$unit_path" ]; then
    if timeout 30 systemctl start --no-block "$unit" >/dev/null 2>&1; then emit note 'the agent was started again'; fi
  fi
}

stop_agent() {
  was_running=no
  if is_running "$(unit_property ActiveState)"; then
    was_running=yes
    timeout 120 systemctl stop "$unit" >/dev/null 2>&1 || die stop-failed "$unit did not stop in 120 s"
  fi
  # The kubelet may have mounted something while it ended. Nothing is deleted yet, so the node can go on serving.
  if [ -n "$(first_mounts)" ]; then
    start_again
    check_mounts
  fi
}

# Ends with what is left, not with its exit code: it goes on after every failure, and its last command is a package manager's.
# SYSTEMD_OFFLINE keeps its systemctl from reloading systemd, which can take the GPU from running containers; that it does
# not stop the unit then, either, is why that was done before. A process group of its own (timeout) is what ends with it.
run_uninstaller() {
  set -- "PATH=$PATH" "HOME=${HOME:-/root}" LC_ALL=C SYSTEMD_OFFLINE=1
  if [ -n "${REHEARSAL:-}" ]; then set -- "$@" "ROOT=$ROOT" "REHEARSAL=$REHEARSAL" "REHEARSAL_UID=${REHEARSAL_UID:-}"; fi
  code=0
  env -i "$@" timeout "$LIMIT" sh "$kept/uninstall.sh" >"$kept/uninstall.log" 2>&1 </dev/null || code=$?
  if [ "$code" = 124 ] || [ "$code" = 137 ]; then
    emit_log
    die uninstall-timeout "k3s-agent-uninstall.sh did not end in $LIMIT s"
  fi
}

emit_log() { tail -n 20 "$kept/uninstall.log" 2>/dev/null | while IFS= read -r line; do emit evidence "$line"; done; }

check_gone() {
  left=''
  for path in /usr/local/bin/k3s "$unit_path" "$environment_path" /etc/rancher/k3s; do
    if is_there "$path"; then left="$left $path"; fi
  done
  for path in /var/lib/rancher/k3s /var/lib/kubelet; do
    if [ -d "$ROOT$path" ] && [ -n "$(ls -A "$ROOT$path" 2>/dev/null)" ]; then left="$left $path"; fi
  done
  [ -n "$left" ] || return 0
  emit_log
  die uninstall-failed "after k3s-agent-uninstall.sh (exit code $code) there is still:$left"
}

# What the uninstaller leaves of k3s, and everything that this project wrote for the agent. A password of the node would only be
# refused, or believed, at the next join.
clear_rest() {
  if [ ! -L "$ROOT/etc/rancher/node" ]; then rm -rf "$ROOT/etc/rancher/node"; fi
  for path in /etc/rancher /var/lib/rancher; do rmdir "$ROOT$path" 2>/dev/null || :; done
  # A unit that rests, and whose file is gone, is dropped by systemd without a reload.
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
  rm -f "$ROOT/etc/systemd/system"/.k3s-gpu-actions.*
}

# What stays on purpose: it may serve others, and taking it away is nobody's wish that was said.
name_rest() {
  for path in "$ROOT/etc/modules-load.d"/*k3s-gpu-actions* "$ROOT/etc/sysctl.d"/*k3s-gpu-actions* "$ROOT/etc/udev/rules.d"/*k3s-gpu-actions* \
    "$ROOT/etc/apt/sources.list.d"/*k3s-gpu-actions* "$ROOT/etc/apt/preferences.d"/*k3s-gpu-actions* \
    "$ROOT/etc/yum.repos.d"/*k3s-gpu-actions* "$ROOT/etc/zypp/repos.d"/*k3s-gpu-actions* "$ROOT/usr/share/keyrings"/*k3s-gpu-actions* \
    "$ROOT/etc/systemd/system/k3s-agent.service.d"/*; do
    if [ -e "$path" ]; then emit stays "${path#"$ROOT"}"; fi
  done
}

main() {
  on_stop report_failed_step
  check_run_id
  take_lock
  refuse_server
  check_mounts
  for step in $STEPS; do
    case $step in
      stop)
        keep_uninstaller
        stop_agent
        ;;
      uninstall)
        keep_uninstaller
        check_mounts
        run_uninstaller
        check_gone
        clear_rest
        ;;
      *) die bad-step "there is no step $step" ;;
    esac
    emit step "$step" state 'done'
  done
  step=''
  name_rest
  # Change logs and backups, some of which hold tokens, and the copy of the uninstaller: the last thing, so that a run that is
  # killed before finds what it needs.
  case " $STEPS " in *' uninstall '*) rm -rf "${state:?}" ;; esac
  emit finished "$RUN_ID"
}
