# shellcheck shell=sh
# shellcheck disable=SC2034 # used by the scripts that are appended
# shellcheck disable=SC2154 # assigned by change-log.sh and the room's own script before it
# Follows the change log of a run backwards, for the undo scripts of a room: after change-log.sh.
# RUN_ID. A room may say what to do about lines of its own (undo_line KIND REST) and which files of the log are not its to
# delete (is_foreign PATH); it defines both before it calls follow_log_backwards.

incomplete=no reported=' '

# remains PATH WHY: what is not as before.
remains() {
  emit remaining "$1 ($2)"
  reported="$reported$1 "
}

# Files count as one thing again when content, mode and owner agree.
is_same_file() {
  if [ -L "$1" ] || [ -L "$2" ]; then
    [ -L "$1" ] && [ -L "$2" ] && [ "$(readlink "$1")" = "$(readlink "$2")" ]
    return
  fi
  [ -f "$1" ] && [ -f "$2" ] && cmp -s "$1" "$2" && [ "$(look_of "$1")" = "$(look_of "$2")" ]
}

# Mode and owner, without the link count between them.
look_of() {
  # shellcheck disable=SC2012 # mode and owner are wanted, and stat has other options on every system
  ls -ldn "$1" | awk 'NR == 1 { print $1, $3, $4 }'
}

restore() {
  backup=$folder/backups/$1 target=$ROOT$2
  if [ ! -e "$backup" ] && [ ! -L "$backup" ]; then
    remains "$2" "its backup held a token and was deleted when the run had ended"
    return 0
  fi
  if is_same_file "$backup" "$target"; then return 0; fi
  temp=${target%/*}/.k3s-gpu-actions.$RUN_ID.undo
  rm -f "$temp"
  if cp -a "$backup" "$temp" && mv -f "$temp" "$target"; then
    touched=yes
    relabel "$2"
  else
    incomplete=yes
    remains "$2" "could not be restored; the backup is ${backup#"$ROOT"}"
  fi
}

delete_created() {
  is_there "$1" || return 0
  if is_foreign "$1"; then return 0; fi
  if rm -f "$ROOT$1"; then touched=yes; else
    incomplete=yes
    remains "$1" "could not be deleted"
  fi
}

# Sets $was_state and $was_pid: the unit before the first change.
read_unit_before() {
  was_state=unknown was_pid=0
  while read -r kind _ state_before pid_before; do
    if [ "$kind" = unit ]; then
      was_state=$state_before was_pid=$pid_before
      break
    fi
  done <"$oldest/log"
}

# The runs that are taken back: sets $runs, the newest first, and $oldest, the folder of the last of them. Writes their
# logs backwards into one, with the name of its run before each line.
read_logs() {
  runs=$RUN_ID oldest=$run
  # shellcheck disable=SC2013 # names of runs are words
  for name in $(sed -n 's/^continues //p' "$run/log"); do
    if [ -f "$runs_folder/$name/log" ]; then runs="$runs $name" oldest=$runs_folder/$name; fi
  done
  for name in $runs; do
    awk -v name="$name" '{ line[NR] = name " " $0 } END { for (i = NR; i > 0; i--) print line[i] }' "$runs_folder/$name/log"
  done >"$state/backwards.$RUN_ID"
  mv -f "$state/backwards.$RUN_ID" "$run/backwards"
}

# It ran before, and was restarted with what is now gone again.
restart_unit() {
  is_running "$was_state" || return 0
  if is_running "$(unit_property ActiveState)" && [ "$(unit_property MainPID)" = "$was_pid" ]; then return 0; fi
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
  if timeout 30 systemctl restart --no-block "$unit" >/dev/null 2>&1; then emit undone restart; else
    incomplete=yes
    remains "$unit" "it could not be restarted with its former configuration"
  fi
}

follow_log_backwards() {
  touched=no reloaded=no
  while read -r name kind rest; do
    folder=$runs_folder/$name
    case $kind in
      created) delete_created "$rest" ;;
      replaced) restore "${rest%% *}" "${rest#* }" ;;
      temporary) rm -f "$ROOT$rest" ;;
      reload) reloaded=yes ;;
      folder)
        if [ -d "$ROOT$rest" ]; then
          if rmdir "$ROOT$rest" 2>/dev/null; then touched=yes; else
            # Named already, when it is only there for what k3s wrote.
            case $reported in *" $rest/"*) ;; *) remains "$rest" 'not empty' ;; esac
          fi
        fi
        ;;
      step)
        if [ "$touched" = yes ]; then emit undone "$rest"; fi
        touched=no
        ;;
      *) undo_line "$kind" "$rest" ;;
    esac
  done <"$run/backwards"
}

# begin_undo: takes the lock and reads the logs. Sets $begun: no, when nothing was begun on this host or it has been taken
# back already. Not its exit code: a function that is a condition goes on after a command that failed.
begin_undo() {
  begun=no
  check_run_id
  take_lock
  if [ ! -f "$run/log" ]; then
    emit finished "$RUN_ID"
    return 0
  fi
  begun=yes
  if grep -qsxF "continues $RUN_ID" "$runs_folder"/*/log; then
    die overtaken 'a later run has gone on from this one, and is not disturbed'
  fi
  read_logs
  read_unit_before
}

# end_undo: the logs stay when something could not be taken back, for another try.
end_undo() {
  if [ "$incomplete" = no ]; then
    for name in $runs; do rm -rf "${runs_folder:?}/$name"; done
    rmdir "$runs_folder" "$state" 2>/dev/null || :
  fi
  emit finished "$RUN_ID"
}
