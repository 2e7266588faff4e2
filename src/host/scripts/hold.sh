# shellcheck shell=sh
# shellcheck disable=SC2034 # lock belongs to change-log.sh, which comes before it
# Keeps every other run away from this host from before a token is minted until the node is proven: two runs that took
# turns, script by script, would undo each other's work, and the later one would sweep the earlier one's token.
# HOLDER, LOCK_WAIT, HOLD (seconds): for a runner that is gone without closing anything.
main() {
  lock=$ROOT/run/k3s-gpu-actions.run.lock
  # Whoever held it before emptied the file at its end.
  released=$(date -r "$lock" +%s 2>/dev/null) || released=0
  take_lock
  emit held yes released:n "$released"
  # Without the lock's descriptor: should this shell be killed, nothing of it holds the host.
  sleep "$HOLD" 9>&- &
  wait "$!"
}
