#!/bin/sh
# The first process inside the lab's namespaces: gives them their own /proc, control groups and network, and then waits
# for the command. Orphans of the whole lab become its children, and it reaps them.
set -eu
STATE=$1
shift
mount -t proc -o nosuid,nodev,noexec proc /proc
# The control groups as the lab's namespace sees them: its own are the root, and nothing above can be reached.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 /sys/fs/cgroup
else
  mkdir -p "$STATE/cgroup"
  mount -t tmpfs -o mode=755 tmpfs "$STATE/cgroup"
  grep ' - cgroup' /proc/self/mountinfo | while read -r _ _ _ _ point _ rest; do
    options=${rest##* }
    type=${rest#*- }
    type=${type%% *}
    folder=$STATE/cgroup/${point##*/}
    mkdir -p "$folder"
    if [ "$type" = cgroup2 ]; then mount -t cgroup2 cgroup2 "$folder"; else
      case ",$options," in
        *,name=*) options=none,name=${options##*name=} ;;
        *) options=${options#rw,} ;;
      esac
      mount -t cgroup -o "$options" cgroup "$folder"
    fi
  done
  mount --move "$STATE/cgroup" /sys/fs/cgroup
fi
ip link set lo up
"$@" &
code=0
wait $! || code=$?
exit "$code"
