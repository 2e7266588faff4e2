#!/bin/sh
# In a control group namespace of its own, before the others are made. Without version 1, processes may only be in leaves:
# the lab's group hands all of its controllers down, and the lab's first processes move into a leaf below it.
#
#   enter.sh KEEPER STATE COMMAND...
set -eu
keeper=$1
shift
# A keeper that died before this process was told to die with it.
[ "$PPID" = "$keeper" ] || exit 1
HERE=$(dirname "$(readlink -f "$0")")
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  read -r group <"$1/cgroups"
  mkdir -p "$group/init"
  echo 0 >"$group/init/cgroup.procs"
  tr ' ' '\n' <"$group/cgroup.controllers" | while read -r controller; do
    printf '+%s' "$controller" >"$group/cgroup.subtree_control"
  done
fi
exec unshare --mount --uts --ipc --net --pid --propagation private --fork --kill-child=KILL sh "$HERE/init.sh" "$@"
