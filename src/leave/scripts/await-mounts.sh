# shellcheck shell=sh
# Waits until the kubelet has let go of the volumes of pods that have left, then says what is still mounted. Changes
# nothing. mounts.sh comes before it. FOLDERS, WAIT (seconds).
main() {
  deadline=$(($(date +%s) + WAIT))
  while :; do
    read_mounts || die mounts-unknown 'what is mounted on this host cannot be read'
    if ! list_mounts | grep -q '^volume' || [ "$(date +%s)" -ge "$deadline" ]; then break; fi
    sleep 0.5 2>/dev/null || sleep 1
  done
  emit_mounts
}
