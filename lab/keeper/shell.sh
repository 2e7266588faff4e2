#!/bin/sh
# Runs COMMAND in the namespaces of process PID of the lab in STATE, and in its control groups, so that what it starts is
# counted there and ends with the lab.
#
#   shell.sh STATE PID COMMAND...
set -eu
STATE=$1
target=$2
shift 2
# shellcheck source=lab/keeper/ground.sh
. "$(dirname "$(readlink -f "$0")")/ground.sh"
for group in $(folders_in "/proc/$target/cgroup"); do echo 0 >"$group/cgroup.procs"; done
exec nsenter --target "$target" --all -- env --chdir=/root "$@"
