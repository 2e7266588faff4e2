# shellcheck shell=sh
# shellcheck disable=SC2034 # read by undo-log.sh
# shellcheck disable=SC2154 # assigned by files.sh, change-log.sh and undo-log.sh
# Takes back what one run gave this host besides the agent, and what the interrupted runs did that it went on from: services,
# settings and modules first, the packages that they come from last. files.sh, change-log.sh, undo-log.sh, packages.sh and
# undo-packages.sh come before it.
# RUN_ID, HOLDER, LOCK_WAIT (seconds). Can be repeated.

is_foreign() { return 1; }

undo_service() {
  name=$1 active=$2 file=$3
  if ! is_running "$active" && is_running "$(property "$name" ActiveState)"; then
    if timeout 40 systemctl stop "$name" >/dev/null 2>&1; then touched=yes; else
      incomplete=yes
      remains "$name" 'it did not stop in 40 s'
    fi
  fi
  if [ "$file" = disabled ] && [ "$(property "$name" UnitFileState)" = enabled ]; then
    if timeout 30 systemctl disable --no-reload "$name" >/dev/null 2>&1; then touched=yes; else
      incomplete=yes
      remains "$name" 'it still starts at boot'
    fi
  fi
}

# undo_line KIND REST: of this room's own lines.
undo_line() {
  # shellcheck disable=SC2086 # three words are meant
  case $1 in
    service) undo_service $2 ;;
    sysctl)
      file=$(sysctl_file "${2%% *}")
      if [ -e "$file" ] && printf '%s\n' "${2#* }" 2>/dev/null >"$file"; then touched=yes; else remains "${2%% *}" 'the kernel keeps its value until the next boot'; fi
      ;;
    module)
      if ! is_loaded "$2"; then return 0; fi
      if timeout 30 modprobe -r "$2" >/dev/null 2>&1; then touched=yes; else remains "module $2" 'in use; it stays loaded until the next boot'; fi
      ;;
  esac
}

main() {
  begin_undo
  if [ "$begun" = no ]; then return 0; fi
  read_manager
  follow_log_backwards
  undo_packages install-packages
  end_undo
}
