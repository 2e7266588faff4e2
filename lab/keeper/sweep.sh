#!/bin/sh
# Removes what a killed keeper could not: control groups, settings, the state folder. A lab whose keeper lives is left alone.
#
#   sweep.sh STATE
#
# Exit code: 0 when nothing is left, 3 when a lab stands there, 1 when something could not be removed.
set -u

main() {
  HERE=$(dirname "$(readlink -f "$0")")
  STATE=${1%/}
  # shellcheck source=lab/keeper/ground.sh
  . "$HERE/ground.sh"
  # A keeper that was killed between making its folder and naming it.
  for new in "$STATE".new-??????; do
    if [ -d "$new" ] && [ ! -L "$new" ] && [ -O "$new" ]; then
      pid=$(sed -n 's/^{"pid":\([0-9]*\),.*/\1/p' "$new/owner" 2>/dev/null)
      if [ -z "$pid" ] || ! kill -0 "$pid" 2>/dev/null; then rm -rf --one-file-system -- "$new"; fi
    fi
  done
  [ -e "$STATE" ] || exit 0
  if [ ! -f "$STATE/owner" ]; then
    say "$STATE is not a lab's: it is left as it is"
    exit 1
  fi
  if keeper_lives; then exit 3; fi
  failed=0
  # Of another boot: its groups and settings went with it.
  if [ "$(owner_value boot)" = "$(cat /proc/sys/kernel/random/boot_id)" ]; then
    restore_settings || failed=1
    if [ -r "$STATE/cgroups" ]; then remove_groups || failed=1; fi
  fi
  # Control groups that could not be removed are known by this folder only, so it stays with them.
  if [ $failed -eq 0 ]; then remove_state || failed=1; fi
  exit $failed
}

main "$@"
