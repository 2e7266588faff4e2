# shellcheck shell=sh
# Reads what may explain a failure, and changes nothing: one line a file, {"file":NAME,"part":"before"|"recent","text":…}.
# A distribution appends `evidence_distribution`, whose files come first: when the time is up, what was told by then is kept.
# AGO: seconds since the unit was ordered to start; empty: it was not.

# JSON needs up to six characters for a byte, and a line of a session ends at 1 MiB.
most_bytes=163840
since='' hangs=' ' forced=''
# Older busybox has no -k.
if timeout -k 1 5 true >/dev/null 2>&1; then forced='-k 1'; fi

# keep NAME PART head|tail: standard input as one file, cut to its beginning or its end.
keep() {
  text=$("$3" -c "$most_bytes" | tr -d '\000-\010\013-\037\177' | cut -b 1-2000) || text=''
  emit file "$1" part "$2" text "$text"
}

# show COMMAND...: what it says within a few seconds, and how it ended when it did not end well.
show() {
  printf '== %s\n' "$*"
  if ! has "$1"; then
    printf '(%s is not installed)\n' "$1"
    return 0
  fi
  case $hangs in
    *" $1 "*)
      printf '(not asked again: %s hung)\n' "$1"
      return 0
      ;;
  esac
  said=0
  # shellcheck disable=SC2086 # none or two words
  timeout $forced 4 "$@" 2>&1 </dev/null || said=$?
  # 124: GNU timeout, 137 with -k; 143: busybox.
  case $said in 124 | 137 | 143) hangs="$hangs$1 " ;; esac
  if [ "$said" != 0 ]; then printf '(exit code %s)\n' "$said"; fi
}

# Of UNIT, for a distribution: what systemd knows of it, and what it wrote.
unit_status() {
  show systemctl status --no-pager --full -n 0 "$UNIT"
  show systemctl show "$UNIT" -p LoadState -p ActiveState -p SubState -p Result -p NRestarts -p ExecMainPID -p ExecMainCode \
    -p ExecMainStatus -p ExecMainStartTimestamp -p ActiveEnterTimestamp -p StatusText -p UnitFileState -p NeedDaemonReload \
    -p FragmentPath -p DropInPaths
}

journal_lines() { timeout 8 journalctl -u "$UNIT" -q --no-pager -o short-iso -n 200 "$@" 2>&1 </dev/null; }
count_lines() { printf '%s' "$1" | grep -c '' || :; }

# The last 200 lines, told apart by whether they were written since the start.
unit_journal() {
  if ! has journalctl; then
    echo '(journalctl is not installed)' | keep journal.txt before tail
    return 0
  fi
  all=$(journal_lines | tr -d '\000') || :
  if [ -z "$since" ]; then
    printf '%s\n' "$all" | keep journal.txt before tail
    return 0
  fi
  recent=$(journal_lines --since "@$since" | tr -d '\000') || :
  before=$(($(count_lines "$all") - $(count_lines "$recent")))
  if [ "$before" -gt 0 ]; then printf '%s\n' "$all" | head -n "$before" | keep journal.txt before tail; fi
  printf '%s\n' "$recent" | keep journal.txt recent tail
}

# describe PATH: as ls sees it; with `hash` also the content's hash.
describe() {
  if [ ! -e "$ROOT$2" ] && [ ! -L "$ROOT$2" ]; then return 0; fi
  ls -ld "$ROOT$2" 2>&1 || :
  if [ "$1" = hash ] && [ -f "$ROOT$2" ]; then printf '  sha256 %s\n' "$(timeout 10 sha256sum <"$ROOT$2" 2>/dev/null | cut -c 1-64)"; fi
}

sockets() {
  if has ss; then
    show ss -lntup
    show ss -tnp
  else
    show netstat -lntup
  fi
}

routes() {
  show ip -4 route
  show ip -6 route
  show ip addr
}

room() {
  set --
  for path in / /etc /usr/local/bin /var/lib /var/lib/rancher /run /tmp; do
    if [ -e "$ROOT$path" ]; then set -- "$@" "$ROOT$path"; fi
  done
  show df -P "$@"
  show df -Pi "$@"
}

kernel_words='out of memory|oom|killed process|cgroup|overlay|no space left|i/o error|ext4-fs|xfs|remount|nvrm|segfault'
kernel_lines() { grep -iE "$kernel_words" | tail -n 100; }

# Only lines with a time can be told from those of another day.
kernel() {
  if [ -n "$since" ] && has journalctl && found=$(timeout 5 journalctl -k -q --no-pager -o short-iso --since "@$since" 2>/dev/null </dev/null); then
    printf '%s\n' "$found" | kernel_lines | keep kernel.txt recent tail
  fi
  printf '== dmesg, its lines about memory, control groups, file systems and drivers\n%s\n' "$(show dmesg 2>&1 | kernel_lines)" |
    keep kernel.txt before tail
}

main() {
  case ${AGO:-x} in
    *[!0-9]*) ;;
    *) since=$(($(date +%s) - AGO)) ;;
  esac
  evidence_distribution
  sockets | keep sockets.txt before head
  routes | keep routes.txt before head
  room | keep df.txt before head
  { cat "$ROOT/proc/mounts" 2>&1 || :; } | keep mounts.txt before head
  kernel
}
