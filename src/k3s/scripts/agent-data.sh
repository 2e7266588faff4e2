# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # assigned and used by change-log.sh and undo.sh
# What k3s itself writes when an agent runs: noted by apply.sh before the first change, so that undo.sh can tell what came
# with the run's own agent. change-log.sh comes before it. Nothing that is mounted, layered over or in use is deleted,
# and no mount is followed: a container that outlives its agent (KillMode=process) keeps what it works on.

# Trees that only k3s writes into; then folders around them that others may use as well, the inner ones first. The last
# are the kubelet's default folder for volume plugins, and what containerd makes where a template names no folders of its
# own (seen with containerd 2.0.13).
agent_trees='/etc/rancher/node /var/lib/rancher/k3s/agent /var/lib/rancher/k3s/data /var/lib/kubelet /var/lib/cni'
agent_folders='/var/lib/rancher/k3s /var/lib/rancher
/usr/libexec/kubernetes/kubelet-plugins/volume/exec /usr/libexec/kubernetes/kubelet-plugins/volume
/usr/libexec/kubernetes/kubelet-plugins /usr/libexec/kubernetes
/etc/cni/net.d /etc/cni /opt/containerd/bin /opt/containerd/lib /opt/containerd'
# A tree with more in it than this is not listed, and what is added to it cannot be told from what was there.
most_listed=5000

# note_agent_data: lines of the log. absent PATH: was not there. listed PATH: $run/listed names what was in it.
# unlisted PATH: too much was in it.
note_agent_data() {
  for path in $agent_trees $agent_folders; do is_there "$path" || note "absent $path"; done
  : >"$run/listed"
  for path in $agent_trees; do
    is_there "$path" || continue
    find "$ROOT$path" -xdev 2>/dev/null | head -n "$((most_listed + 1))" >"$run/listing"
    if [ "$(wc -l <"$run/listing")" -gt "$most_listed" ]; then
      note "unlisted $path"
    else
      cat "$run/listing" >>"$run/listed"
      note "listed $path"
    fi
  done
  rm -f "$run/listing"
}

# use_of PATH: why it must not be deleted; nothing when nobody uses it. Every process has mounts of its own, hence all of
# them are looked at; what is layered over a folder has its name among its mount's options.
# shellcheck disable=SC2010 # where links lead is wanted, of many processes at once
use_of() {
  top=$(cd -P "${ROOT:-/}" && pwd -P)
  real=$(cd -P "$ROOT$1" 2>/dev/null && pwd -P) || real=$1
  for name in "$1" "${real#"${top%/}"}"; do
    if [ ! -r "$ROOT/proc/mounts" ]; then
      echo 'what is mounted on this host cannot be read'
    elif cat "$ROOT/proc/mounts" "$ROOT/proc"/[0-9]*/mountinfo 2>/dev/null | grep -qF -e "$name"; then
      echo 'containers or mounts still use it'
    elif ls -l "$ROOT/proc"/[0-9]*/exe "$ROOT/proc"/[0-9]*/cwd "$ROOT/proc"/[0-9]*/root "$ROOT/proc"/[0-9]*/fd 2>/dev/null |
      grep -qF -e "-> $name"; then
      echo 'a process still uses it'
    else continue; fi
    return 0
  done
}

# await_free PATH: sets $use. containerd ends a moment after the agent; all paths together are waited for 5 s.
await_free() {
  while :; do
    use=$(use_of "$1")
    if [ -z "$use" ] || [ "$(date +%s)" -ge "$free_by" ]; then return 0; fi
    sleep 0.2 2>/dev/null || sleep 1
  done
}

# delete_tree PATH (with ROOT): busybox's rm follows mounts, its find does not.
delete_tree() {
  if ! rm -rf --one-file-system "$1" 2>/dev/null; then
    find "$1" -xdev ! -type d -exec rm -f {} + 2>/dev/null || :
    find "$1" -xdev -depth -type d -exec rmdir {} \; 2>/dev/null || :
  fi
  if [ -e "$1" ] || [ -L "$1" ]; then
    incomplete=yes
    remains "${1#"$ROOT"}" 'could not be deleted'
  else
    cleared=yes
  fi
}

clear_tree() {
  is_there "$1" || return 0
  if [ -L "$ROOT$1" ]; then
    remains "$1" 'a link that neither k3s nor this run made'
    return 0
  fi
  await_free "$1"
  if [ -n "$use" ]; then remains "$1" "$use"; else delete_tree "$ROOT$1"; fi
}

# Into a tree that was there: what was added goes, what was changed cannot come back and is said.
clear_additions() {
  [ -d "$ROOT$1" ] || return 0
  find "$ROOT$1" -xdev 2>/dev/null | awk -v list="$oldest/listed" '
    BEGIN { while ((getline line <list) > 0) was[line] = 1 }
    !($0 in was) {
      parent = $0
      sub("/[^/]*$", "", parent)
      if (parent in was) print
    }' >"$run/additions"
  if [ -s "$run/additions" ]; then
    await_free "$1"
    if [ -n "$use" ]; then
      remains "$1" "$use"
    else
      while IFS= read -r added; do
        case $added in "$ROOT$1"/*) delete_tree "$added" ;; esac
      done <"$run/additions"
    fi
  fi
  overwritten=$(find "$ROOT$1" -xdev -type f -newer "$oldest/listed" 2>/dev/null | wc -l)
  if [ "$((overwritten))" != 0 ]; then remains "$1" "$((overwritten)) of its former files were changed by the agent"; fi
}

# clear_agent_data: for an agent that did not run before this run. $oldest is the folder whose log tells how it was then.
clear_agent_data() {
  if is_running "$was_state" || [ "$was_state" = unknown ]; then return 0; fi
  if is_running "$(unit_property ActiveState)"; then
    for path in $agent_trees; do
      if grep -qxF "absent $path" "$oldest/log" && is_there "$path"; then remains "$path" 'the agent still runs'; fi
    done
    return 0
  fi
  cleared=no free_by=$(($(date +%s) + 5))
  for path in $agent_trees; do
    if grep -qxF "absent $path" "$oldest/log"; then clear_tree "$path"
    elif grep -qxF "listed $path" "$oldest/log"; then clear_additions "$path"
    elif find "$ROOT$path" -xdev -newer "$oldest/listed" 2>/dev/null | grep -q .; then
      remains "$path" 'k3s has written into it, and what it held before could not be listed'
    fi
  done
  for path in $agent_folders; do
    if [ ! -d "$ROOT$path" ] || ! grep -qxF "absent $path" "$oldest/log"; then continue; fi
    if ! rmdir "$ROOT$path" 2>/dev/null; then
      # Named already, when it is only there for what is left in it.
      case $reported in *" $path/"*) ;; *) remains "$path" 'not empty' ;; esac
    fi
  done
  if [ "$cleared" = yes ]; then emit undone agent-data; fi
}
