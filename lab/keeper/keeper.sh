#!/bin/sh
# Keeps one lab: namespaces of its own around everything it starts, control groups of its own below, and the order at the
# end. Whatever way the lab ends, all of its processes end with the first one of its process namespace, its mounts and its
# network vanish with their namespaces, and this script removes what is left: control groups, settings, the state folder.
#
#   keeper.sh STATE COMMAND...
#
# STATE becomes the lab's own folder. When there is none, the keeper makes it, writes `owner` into it, sends what COMMAND
# prints to `log` in it, and removes it at the end. One that is there already is used and stays, COMMAND's output goes where
# ours goes, and the namespaces are bare (no bridge, the machine's /tmp and names): for trials. COMMAND runs as the second
# process inside. LAB_KIND (suite, standing) is written into the owner file. When LAB_FOLLOWS is 1, standard input is a
# pipe from whoever started the lab, and its end is the end of the lab.
#
# Exit code: COMMAND's; 3 when another lab has STATE; 143 when the lab was ended from outside.
set -u

# Makes STATE with the owner file in it, in one step: nobody ever sees a lab without an owner, and of two keepers one wins.
take() {
  new=$(mktemp -d "$STATE.new-XXXXXX") || exit 1
  printf '{"pid":%s,"start":"%s","boot":"%s","since":"%s","kind":"%s"}\n' "$$" "$(start_of $$)" \
    "$(cat /proc/sys/kernel/random/boot_id)" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "${LAB_KIND:-standing}" >"$new/owner"
  if mv --no-target-directory "$new" "$STATE" 2>/dev/null; then return; fi
  rm -rf -- "$new"
  say "another lab has $STATE"
  exit 3
}

end_inside() {
  isEnding=yes
  if [ -n "$inside" ]; then kill -KILL "$inside" 2>/dev/null; fi
}

main() {
  HERE=$(dirname "$(readlink -f "$0")")
  STATE=${1%/}
  shift
  # shellcheck source=lab/keeper/ground.sh
  . "$HERE/ground.sh"
  inside='' follower='' isEnding='' isOwner=''
  trap end_inside TERM INT HUP
  if [ -e "$STATE/owner" ]; then
    say "another lab has $STATE"
    exit 3
  fi
  if [ ! -e "$STATE" ]; then
    take
    isOwner=yes
  fi
  save_settings
  make_groups || exit 1
  # A background command's standard input would be /dev/null.
  exec 3<&0
  if [ "${LAB_FOLLOWS:-}" = 1 ]; then
    # It has no child that would outlive it.
    # shellcheck disable=SC2016 # the inner shell expands it
    setpriv --pdeathsig KILL sh -c 'while read -r _; do :; done; kill -TERM "$1"' follower $$ <&3 &
    follower=$!
  fi
  (
    exec 3<&- </dev/null
    if [ -n "$isOwner" ]; then exec >"$STATE/log" 2>&1; fi
    # Only what runs in the namespaces belongs into the lab's control groups.
    while read -r group; do echo 0 >"$group/cgroup.procs"; done <"$STATE/cgroups"
    exec setpriv --pdeathsig KILL unshare --cgroup sh "$HERE/enter.sh" "$$" "$STATE" "$@"
  ) &
  inside=$!
  # Whoever read our messages may be gone, and the shell itself has one for a child that was killed.
  trap '' PIPE
  exec 3<&-
  if [ -n "$isEnding" ]; then end_inside; fi
  code=0
  while :; do
    wait "$inside"
    code=$?
    # A signal of ours ends `wait` before the process.
    kill -0 "$inside" 2>/dev/null || break
  done
  trap '' TERM INT HUP
  if [ -n "$follower" ]; then kill -KILL "$follower" 2>/dev/null; fi
  if [ -n "$isEnding" ]; then code=143; elif [ $code -ne 0 ] && [ -n "$isOwner" ]; then
    # By a program of its own: whoever reads it may be gone.
    tail -n 20 "$STATE/log" >&2
  fi
  restore_settings
  remove_groups
  if [ -n "$isOwner" ]; then remove_state; fi
  exit "$code"
}

main "$@"
