# shellcheck shell=sh
# What is mounted under the folders that leaving empties, and whose it is; for the survey, for the wait after a drain, and
# for the last look before anything is stopped or deleted. Nothing is ever unmounted here.
# FOLDERS (words, without ROOT). The uninstallers unmount by force and delete through what is still mounted (k3s#8520,
# longhorn#8132: umount -f hangs; k3s#3264: rm -rf /var/lib/kubelet deleted the data of a volume), so nothing but what
# holds nothing of anybody's may be left.

# list_mounts: lines "KIND TYPE PATH SOURCE" with \001 between. own: of the pods' own machinery. volume: of a pod or driver.
# foreign: of nobody that the cluster knows. A folder that is itself a mount is where its owner keeps it: it is emptied, and
# stays mounted. The first process sees what the machine has mounted, whatever sudo or systemd hide from this one.
list_mounts() {
  if [ -r "$ROOT/proc/1/mountinfo" ]; then
    awk '{ end = 7; while (end < NF && $end != "-") end++; print $5 "\001" $(end + 1) "\001" $(end + 2) "\001" $4 }' "$ROOT/proc/1/mountinfo"
  else
    awk '{ print $2 "\001" $3 "\001" $1 "\001" }' "$ROOT/proc/mounts"
  fi | awk -F '\001' -v folders="$FOLDERS" '
    # Blanks and the like stand as \040 (proc(5)).
    function plain(text) { gsub(/\\040/, " ", text); gsub(/\\011/, "\t", text); gsub(/\\134/, "\\", text); return text }
    function below(path, folder) { return index(path, folder "/") == 1 }
    BEGIN { count = split(folders, folder, " ") }
    {
      path = $1
      inside = 0
      for (at = 1; at <= count; at++) if (below(path, folder[at])) inside = 1
      if (!inside) next
      for (at = 1; at <= count; at++) if (path == folder[at]) next
      ofPods = path ~ /^\/var\/lib\/kubelet\/(pods|plugins)\// || path ~ /^\/run\/k3s\// || path ~ /^\/var\/lib\/rancher\/k3s\/agent\//
      # Without contents that could be lost, or with what the kubelet itself laid below its own folder.
      empty = $2 ~ /^(overlay|nsfs|proc|sysfs|mqueue|devpts|cgroup2?)$/
      if (empty || (ofPods && ($2 == "tmpfs" || $4 ~ /^(\/var\/lib)?\/kubelet\/pods\//))) kind = "own"
      else if (path ~ /^\/var\/lib\/kubelet\/pods\/[^\/]*\/(volumes|volume-subpaths|volumeDevices)\// || path ~ /^\/var\/lib\/kubelet\/plugins\//) kind = "volume"
      else kind = "foreign"
      printf "%s\001%s\001%s\001%s\n", kind, plain($2), plain(path), plain($3)
    }'
}

# emit_mounts: one line each, at most 200, then that they are known.
emit_mounts() {
  if [ ! -r "$ROOT/proc/1/mountinfo" ] && [ ! -r "$ROOT/proc/mounts" ]; then return 0; fi
  list_mounts | head -n 200 | while IFS="$(printf '\001')" read -r kind type path source; do
    emit fact leave.mount kind "$kind" type "$type" path "$path" source "$source"
  done
  emit fact leave.mounts known:n true
}

# first_mount KIND_PATTERN: the first that is in nobody's way to keep, for a message; nothing when there is none.
first_mounts() { list_mounts | awk -F '\001' '$1 != "own" { print $3 " (" $2 ", " $4 ")" }'; }

# check_mounts: ends the script when something of somebody's is still mounted.
check_mounts() {
  if [ ! -r "$ROOT/proc/1/mountinfo" ] && [ ! -r "$ROOT/proc/mounts" ]; then
    die mounts-unknown 'what is mounted on this host cannot be read, so nothing is deleted'
  fi
  left=$(first_mounts)
  [ -n "$left" ] || return 0
  printf '%s\n' "$left" | head -n 20 | while IFS= read -r line; do emit evidence "$line"; done
  first=${left%%"
"*}
  die foreign-mounts "$first is mounted under a folder that leaving empties"
}
