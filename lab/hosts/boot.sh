#!/bin/sh
# Boots a machine from its root, in control groups of its own: two systemds in the same ones would fight over them.
#
#   boot.sh GROUP ARGUMENT...
#
# GROUP is the name of the control groups, made below the root of every hierarchy; the ARGUMENTs are systemd-nspawn's.
set -eu
GROUP=$1
shift

# enter HIERARCHY: makes the group there and goes into it.
enter() {
  mkdir -p "$1/$GROUP"
  # A cpuset has no processors until it is told.
  for file in cpuset.cpus cpuset.mems; do
    if [ -e "$1/$file" ]; then cat "$1/$file" >"$1/$GROUP/$file"; fi
  done
  echo $$ >"$1/$GROUP/cgroup.procs"
}

if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  # Version 2 lets controllers through only from a group without processes of its own. Not yet run.
  mkdir -p /sys/fs/cgroup/lab
  while read -r pid; do echo "$pid" >/sys/fs/cgroup/lab/cgroup.procs || :; done </sys/fs/cgroup/cgroup.procs
  tr ' ' '\n' </sys/fs/cgroup/cgroup.controllers | while read -r controller; do
    echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control || :
  done
  enter /sys/fs/cgroup
else
  for hierarchy in /sys/fs/cgroup/*/; do
    # Some names of version 1 are links to a hierarchy of several controllers.
    if [ ! -L "${hierarchy%/}" ]; then enter "${hierarchy%/}"; fi
  done
fi

# API file systems are writable, as on a machine: the kubelet sets what it wants there.
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=1
exec systemd-nspawn "$@"
