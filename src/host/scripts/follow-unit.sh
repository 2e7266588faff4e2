# shellcheck shell=sh
# Starts or restarts a unit without waiting for it, and tells what becomes of it until the runner closes the input: new
# lines of its journal and of containerd's log, and its state whenever it differs from the one told before.
# UNIT, LOG (a file, may be empty), ACTION (start | restart | none | program: by the script of a room that stands before this one;
# it defines prepare_start, start_by_program and look_at_program). `new` is said of a state once the main process is not the one that ran before the
# action. Only `restart` ends a process that is still starting: of `start` systemd thinks that it is being done already.

# Sets one variable a property; what systemd does not say is empty.
read_state() {
  ActiveState='' SubState='' NRestarts='' Result='' ExecMainStatus='' ExecMainPID='' ExecMainStartTimestampMonotonic=''
  shown=$(timeout 10 systemctl show "$UNIT" -p ActiveState -p SubState -p NRestarts -p Result -p ExecMainStatus -p ExecMainPID \
    -p ExecMainStartTimestampMonotonic 2>/dev/null) || shown=''
  while IFS='=' read -r name value; do
    case $name in
      ActiveState) ActiveState=$value ;;
      SubState) SubState=$value ;;
      NRestarts) NRestarts=$value ;;
      Result) Result=$value ;;
      ExecMainStatus) ExecMainStatus=$value ;;
      ExecMainPID) ExecMainPID=$value ;;
      ExecMainStartTimestampMonotonic) ExecMainStartTimestampMonotonic=$value ;;
    esac
  done <<END
$shown
END
}

tell_lines() {
  while IFS= read -r line || [ -n "$line" ]; do
    emit event journal text "$line"
    line=''
  done
}

stop_following() {
  # shellcheck disable=SC2086 # one or two pids
  kill $followers 2>/dev/null
  rm -rf "$folder"
}

# The moment is noted before the action, and journalctl catches up from there: no line is missed, no old one told.
follow_journal() {
  folder=$(mktemp -d "$ROOT/run/k3s-gpu-actions.XXXXXX") || die no-folder 'no folder could be made in /run'
  followers=''
  on_stop stop_following
  mkfifo "$folder/journal"
  # Without descriptor 9: a lock that is held is not held by those who only listen.
  journalctl -u "$UNIT" -f --no-tail -o cat --no-pager --since "@$since" >"$folder/journal" 2>"$folder/said" 9>&- &
  journal=$!
  followers=$journal
  tell_lines <"$folder/journal" 9>&- &
  followers="$journal $!"
}

# k3s writes containerd's output here, and a log may be rotated, by renaming or by truncating; what containerd complains of stands
# nowhere else. Each look reads at most this much, so that an endless log neither delays the states nor fills the runner.
log=${LOG:+$ROOT$LOG}
most_bytes=65536 most_lines=500
log_file='' log_at=0 log_told=0
newline='
'

# Which file it is now, and its size. Inode and size by ls, because busybox's wc reads the whole file for it.
look_at_log() {
  now_file='' now_size=0
  if [ -f "$log" ]; then
    listed=$(ls -niL "$log" 2>/dev/null) || listed=''
    read -r now_file _ _ _ _ now_size _ <<END
$listed
END
  fi
  case ${now_size:-x} in *[!0-9]*) now_file='' now_size=0 ;; esac
}

# First the number of bytes that the whole lines of the next piece take, then these lines, without what containerd says when all is
# well. A line that is longer than a piece is told in parts. The x shows whether the last line has its line break.
next_piece() {
  {
    tail -c "+$((log_at + 1))" "$log" 2>/dev/null | head -c "$most_bytes" | tr '\000\r' '  '
    printf x
  } | awk -v most="$most_bytes" '
    { line[NR] = $0; used += length($0) + 1 }
    END {
      count = NR - 1
      used -= length(line[NR]) + 1
      if (count == 0 && length(line[1]) > most) { used = most; count = 1; line[1] = substr(line[1], 1, most) }
      print used
      for (i = 1; i <= count; i++) if (line[i] != "" && line[i] !~ /level=(info|debug|trace) /) print substr(line[i], 1, 1500)
    }'
}

tell_log() {
  look_at_log
  # Another file in its place, or a shorter one: all of it is new.
  if [ "$now_file" != "$log_file" ] || [ "$now_size" -lt "$log_at" ]; then log_file=$now_file log_at=0; fi
  [ "$now_size" -gt "$log_at" ] || return 0
  piece=$(next_piece) || return 0
  log_at=$((log_at + ${piece%%"$newline"*}))
  case $piece in *"$newline"*) ;; *) return 0 ;; esac
  while IFS= read -r line; do
    log_told=$((log_told + 1))
    if [ "$log_told" -gt "$most_lines" ]; then continue; fi
    emit event journal source containerd.log text "$line"
  done <<END
${piece#*"$newline"}
END
}

act() {
  case $ACTION in
    none) return 0 ;;
    start | restart) ;;
    program)
      start_by_program
      return 0
      ;;
    *) die bad-action "there is no action $ACTION" ;;
  esac
  # Clears the restart counter, which would be read as a crash of this start, and the limit on starts in a row.
  timeout 10 systemctl reset-failed "$UNIT" >/dev/null 2>&1 || :
  # 5: no such unit. A notify unit's start ends when it is connected, which may be never: hence --no-block.
  said=$(timeout 20 systemctl "$ACTION" --no-block "$UNIT" 2>&1) || die start-refused "systemctl $ACTION $UNIT: $said"
}

main() {
  if [ "$ACTION" = program ]; then prepare_start; fi
  since=$(date +%s.%3N)
  # busybox knows no %N.
  case $since in *[!0-9.]* | *.) since=$(date +%s) ;; esac
  follow_journal
  look_at_log
  log_file=$now_file log_at=$now_size
  # A pid can come back, so the moment of its start belongs to it.
  read_state
  former="$ExecMainPID $ExecMainStartTimestampMonotonic"
  act
  told='' complained=no
  while :; do
    # Before the state, so that a reason is known when its consequence is told.
    tell_log
    if [ "$ACTION" = program ]; then look_at_program; fi
    read_state
    # Between the order to restart and its beginning the old process still looks alive, and a dead one leaves its pid.
    new=false
    if [ "$ACTION" = none ] || { [ "${ExecMainPID:-0}" != 0 ] && [ "$ExecMainPID $ExecMainStartTimestampMonotonic" != "$former" ]; }; then new=true; fi
    state="$ActiveState $SubState $NRestarts $Result $ExecMainStatus $new"
    if [ "$state" != "$told" ] && [ -n "$ActiveState" ]; then
      emit event unit active "$ActiveState" sub "$SubState" restarts:n "${NRestarts:-0}" result "$Result" status:n "${ExecMainStatus:-0}" new:n "$new"
      told=$state
    fi
    if [ "$complained" = no ] && ! kill -0 "$journal" 2>/dev/null; then
      complained=yes
      emit event journal-ended text "$(tail -c 1000 "$folder/said")"
    fi
    sleep 0.5 2>/dev/null || sleep 1
  done
}
