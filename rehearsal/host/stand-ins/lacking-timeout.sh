# timeout where the machine has none: -k SECONDS, -s SIGNAL, --foreground, a duration in seconds, then the command.
KILL_AFTER=
SIGNAL=TERM
while [ $# -gt 0 ]; do
  case $1 in
    -k)
      KILL_AFTER=$2
      shift
      ;;
    --kill-after=*) KILL_AFTER=${1#*=} ;;
    -s)
      SIGNAL=$2
      shift
      ;;
    --signal=*) SIGNAL=${1#*=} ;;
    --foreground | --preserve-status | -v) ;;
    *) break ;;
  esac
  shift
done
SECONDS_GIVEN=${1%s}
shift
# A background command's standard input would be /dev/null.
exec 3<&0
"$@" <&3 3<&- &
CHILD=$!
exec 3<&-
FLAG=$STATE/timeout.$$
(
  trap 'kill "$SLEEPER" 2> /dev/null; exit 0' TERM
  sleep "$SECONDS_GIVEN" &
  SLEEPER=$!
  wait "$SLEEPER"
  : > "$FLAG"
  kill -s "$SIGNAL" "$CHILD" 2> /dev/null || exit 0
  [ -n "$KILL_AFTER" ] || exit 0
  sleep "${KILL_AFTER%s}" &
  SLEEPER=$!
  wait "$SLEEPER"
  kill -s KILL "$CHILD" 2> /dev/null
) < /dev/null > /dev/null 2>&1 &
WATCHER=$!
trap 'kill -s TERM "$CHILD" 2> /dev/null' TERM INT HUP
CODE=0
wait "$CHILD" || CODE=$?
kill "$WATCHER" 2> /dev/null
if [ -e "$FLAG" ]; then
  rm -f "$FLAG"
  CODE=124
fi
exit $CODE
