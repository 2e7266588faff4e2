#!/bin/sh
# Keeps one lab: namespaces of its own around everything it starts, control groups of its own below, and the order at the
# end. Whatever way the lab ends, all of its processes end with the first one of its process namespace, its mounts and its
# network vanish with their namespaces, and this script removes what is left: control groups and the state folder.
#
#   keeper.sh STATE COMMAND...
#
# STATE is an existing folder that becomes the lab's own; COMMAND runs inside as the second process. When the variable
# LAB_FOLLOWS is 1, standard input is a pipe from whoever started the lab, and its end is the end of the lab.
set -u
STATE=$1
shift
HERE=$(dirname "$(readlink -f "$0")")
NAME=k3s-gpu-actions-lab

# Folders of this script's control group, one for each hierarchy: version 1 has several, version 2 one.
groups() {
  while IFS=: read -r _ controllers path; do
    case $controllers in
      '') base=/sys/fs/cgroup && [ -e $base/cgroup.controllers ] || base=/sys/fs/cgroup/unified ;;
      name=*) base=/sys/fs/cgroup/${controllers#name=} ;;
      *) base=/sys/fs/cgroup/$controllers ;;
    esac
    if [ -d "$base$path" ]; then printf '%s\n' "${base}${path%/}"; fi
  done <"$1"
}

if [ ! -s "$STATE/cgroups" ]; then groups /proc/self/cgroup | sed "s|\$|/$NAME|" >"$STATE/cgroups"; fi
while read -r group; do
  mkdir -p "$group"
  # A cpuset has no processors until it is told.
  for file in cpuset.cpus cpuset.mems; do
    if [ -e "$group/$file" ] && [ -z "$(cat "$group/$file")" ]; then cat "${group%/*}/$file" >"$group/$file"; fi
  done
done <"$STATE/cgroups"

(
  # Only what runs in the namespaces belongs into the lab's control groups.
  while read -r group; do sh -c 'echo $PPID' >"$group/cgroup.procs"; done <"$STATE/cgroups"
  exec setpriv --pdeathsig KILL unshare --mount --uts --ipc --net --pid --cgroup --propagation private --fork \
    --kill-child=KILL sh "$HERE/init.sh" "$STATE" "$@"
) </dev/null &
inside=$!
trap 'kill -KILL $inside 2>/dev/null' TERM INT HUP
wait "$inside"
code=$?
echo "ended $code"
