# shellcheck shell=sh
# What k3s and systemd know of the agent UNIT. The env file holds a token: it is listed, never read; nor is the node's password.

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
