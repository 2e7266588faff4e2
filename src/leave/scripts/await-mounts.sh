# shellcheck shell=sh
# Waits until the kubelet has let go of the volumes of pods that have left, then says what is still mounted. Changes
# nothing. mounts.sh comes before it. FOLDERS, WAIT (seconds).
main() {
  deadline=$(($(date +%s) + WAIT))
  while list_mounts | grep -q '^volume' && [ "$(date +%s)" -lt "$deadline" ]; do sleep 0.5 2>/dev/null || sleep 1; done
  emit_mounts
}
