#!/bin/sh
# Runs in a pod with a volume at $VOLUME: writes a text there, or reads the one that a pod before it wrote. Answers in lines behind a mark.
# Kubernetes replaces $(NAME) in a command where NAME is a variable of the container: there is none here.
set -u
mark=k3s-gpu-actions/volume
place=${VOLUME:-/volume}
file=$place/k3s-gpu-actions-probe

say() {
  printf '%s %s\n' "$mark" "$*" | tr -d '\r' | cut -c 1-300
}

# device and type of what is mounted there: `/dev/longhorn/pvc-… ext4`
mounted=$(while read -r device at type _; do
  if [ "$at" = "$place" ]; then printf '%s %s' "$type" "$device"; fi
done <"${ROOT:-}/proc/mounts")
if [ -z "$mounted" ]; then
  say 'mount failed nothing is mounted there'
  exit 1
fi
say "mount ok $mounted"

case ${STEP:-} in
  write)
    said=$(printf '%s\n' "${TEXT:-}" 2>&1 >"$file") || { say "write failed $said"; exit 1; }
    # Through to the disk: the next pod may be on another machine.
    sync 2>/dev/null
    say 'write ok'
    ;;
  read)
    said=$(cat "$file" 2>&1) || { say "read failed $said"; exit 1; }
    say "read ok $said"
    ;;
  *)
    say 'step failed unknown'
    exit 1
    ;;
esac
exit 0
