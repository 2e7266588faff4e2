# shellcheck shell=sh
# shellcheck disable=SC2154 # assigned by change-log.sh
# Deletes the backups that hold a former token, once nobody will want the run undone: a server's token that was
# replaced must not stay on the host in a copy. change-log.sh comes before it. RUN_ID, HOLDER, LOCK_WAIT.
main() {
  check_run_id
  take_lock
  if [ -f "$run/log" ]; then
    former_tokens | while IFS= read -r backup; do
      rm -f "$backup"
      emit forgotten "${backup#"$ROOT"}"
    done
  fi
  emit finished "$RUN_ID"
}
