# shellcheck shell=sh
# What k3s and systemd know of the agent UNIT. The env file holds a token: it is listed, never read; nor is the node's password.

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

# containerd writes local time, as RFC 3339 has it; Z where that is UTC.
containerd_log() {
  log=$ROOT/var/lib/rancher/k3s/agent/containerd/containerd.log
  if [ ! -f "$log" ]; then
    echo '(not there)' | keep containerd.log before tail
    return 0
  fi
  here='' utc=''
  if [ -n "$since" ]; then
    here=$(date -d "@$since" +%Y-%m-%dT%H:%M:%S 2>/dev/null) || here=''
    utc=$(date -u -d "@$since" +%Y-%m-%dT%H:%M:%S 2>/dev/null) || utc=''
  fi
  # shellcheck disable=SC2154 # the host's part sets it
  all=$(tail -c "$most_bytes" "$log" 2>&1 | tr -d '\000' | cut -b 1-2000 | tail -n 300) || all=''
  first=$(printf '%s\n' "$all" | awk -v here="$here" -v utc="$utc" '
    here != "" && match($0, /time="[^"]*"/) {
      stamp = substr($0, RSTART + 6, RLENGTH - 7)
      if (substr(stamp, 1, 19) >= (stamp ~ /Z$/ ? utc : here)) { print NR; exit }
    }')
  if [ -z "$first" ]; then
    printf '%s\n' "$all" | keep containerd.log before tail
    return 0
  fi
  if [ "$first" -gt 1 ]; then printf '%s\n' "$all" | head -n "$((first - 1))" | keep containerd.log before tail; fi
  printf '%s\n' "$all" | tail -n "+$first" | keep containerd.log recent tail
}

# describe PATH: as ls sees it; with `hash` also the content's hash.
describe() {
  if [ ! -e "$ROOT$2" ] && [ ! -L "$ROOT$2" ]; then return 0; fi
  ls -ld "$ROOT$2" 2>&1 || :
  if [ "$1" = hash ] && [ -f "$ROOT$2" ]; then printf '  sha256 %s\n' "$(timeout 10 sha256sum <"$ROOT$2" 2>/dev/null | cut -c 1-64)"; fi
}

installed() {
  units=/etc/systemd/system
  agent=/var/lib/rancher/k3s/agent
  describe hash /usr/local/bin/k3s
  describe hash "$units/$UNIT.service"
  describe list "$units/$UNIT.service.env"
  describe list /etc/rancher/node/password
  for path in "$units/$UNIT.service.d" /etc/rancher/k3s /etc/rancher/k3s/config.yaml.d "$agent/etc/containerd" "$agent/etc/cni/net.d"; do
    describe list "$path"
    for file in "$ROOT$path"/*; do
      case $file in
        *.kubeconfig | *.key | *.env) describe list "${file#"$ROOT"}" ;;
        *) if [ -f "$file" ]; then describe hash "${file#"$ROOT"}"; fi ;;
      esac
    done
  done
}

evidence_distribution() {
  unit_status | keep unit-status.txt before head
  unit_journal
  containerd_log
  installed | keep files.txt before head
}
