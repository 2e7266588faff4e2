#!/bin/sh
# Runs COMMAND in the namespaces of process PID of the lab in STATE, and in the lab's control groups, so that what it
# starts ends with the lab.
#
#   shell.sh STATE PID COMMAND...
set -eu
STATE=$1
pid=$2
shift 2
while read -r group; do
  if [ -d "$group/init" ] && [ -e "$group/cgroup.controllers" ]; then group=$group/init; fi
  echo 0 >"$group/cgroup.procs"
done <"$STATE/cgroups"
exec nsenter --target "$pid" --all --wd=/root -- "$@"
