# shellcheck shell=sh
# shellcheck disable=SC2034 # read by undo-log.sh
# shellcheck disable=SC2154 # assigned by agent-files.sh and change-log.sh
# Takes back what one run changed on this host, following its change log backwards; then what the interrupted runs did that
# it went on from, so that nothing half done is left. change-log.sh, undo-log.sh and agent-data.sh come before it.
# RUN_ID, HOLDER, LOCK_WAIT (seconds), STOP (yes | no: whether an agent that this run started is stopped).
# Never calls an uninstaller or killall: they unmount by force. Can be repeated; what a killed run never got to is
# simply not there.

# An agent that did not run before this run, and does or tried to now, was started by it.
stop_agent() {
  started=no
  if is_running "$was_state" || [ "$was_state" = unknown ]; then return 0; fi
  now=$(unit_property ActiveState)
  case $now in '' | inactive) return 0 ;; esac
  started=yes
  if [ "$STOP" != yes ]; then
    remains "$unit" 'keeps running'
    return 0
  fi
  if timeout 40 systemctl stop "$unit" >/dev/null 2>&1; then emit undone start; else
    incomplete=yes
    remains "$unit" "it did not stop in 40 s"
  fi
}

# A daemon-reload can take the GPU from running containers: only a run that did one is followed by another. A unit whose
# file is gone needs none: systemd drops what is neither running nor failed.
reload_systemd() {
  if [ "$started" = yes ]; then timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :; fi
  if [ "$reloaded" = yes ]; then
    if timeout 60 systemctl daemon-reload >/dev/null 2>&1; then emit undone reload; else
      incomplete=yes
      remains systemd 'systemctl daemon-reload failed'
    fi
  elif is_there "$unit_path" && [ "$(unit_property NeedDaemonReload)" = yes ]; then
    remains systemd 'has not read the restored unit yet: sudo systemctl daemon-reload, when no container depends on the GPU'
  fi
}

# The installer makes links to k3s; anything else of that name is somebody else's.
is_foreign() {
  case $1 in
    /usr/local/bin/kubectl | /usr/local/bin/crictl | /usr/local/bin/ctr) [ "$(readlink "$ROOT$1" 2>/dev/null)" != k3s ] ;;
    *) return 1 ;;
  esac
}

# What k3s itself wrote has been looked at by agent-data.sh.
undo_line() { :; }

main() {
  begin_undo
  if [ "$begun" = no ]; then return 0; fi
  stop_agent
  clear_agent_data
  follow_log_backwards
  reload_systemd
  restart_unit
  end_undo
}
