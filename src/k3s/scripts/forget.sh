# shellcheck shell=sh
# shellcheck disable=SC2154 # assigned by agent-files.sh and change-log.sh
# Deletes the backups that hold a former token, of this run and of every earlier one, once nobody will want the run
# undone: a server's token that was replaced must not stay on the host in a copy. Can be repeated. change-log.sh comes
# before it. RUN_ID, HOLDER, LOCK_WAIT.
main() {
  check_run_id
  take_lock
  former_tokens | while IFS= read -r copy; do
    rm -f "$copy"
    emit forgotten "${copy#"$ROOT"}"
  done
  emit finished "$RUN_ID"
}
