# journalctl over the files in $STATE/journal: one line an entry, the same line number in every rendering.
UNIT=all
FOLLOW=false
LINES=
OUTPUT=short
SINCE=
QUIET=false
REVERSE=false
while [ $# -gt 0 ]; do
  case $1 in
    -u | --unit)
      UNIT=$2
      shift
      ;;
    -u?*) UNIT=${1#-u} ;;
    --unit=*) UNIT=${1#*=} ;;
    -f | --follow) FOLLOW=true ;;
    -n | --lines)
      case ${2-} in
        '' | -*) LINES=10 ;;
        *)
          LINES=$2
          shift
          ;;
      esac
      ;;
    -n?*) LINES=${1#-n} ;;
    --lines=*) LINES=${1#*=} ;;
    -o | --output)
      OUTPUT=$2
      shift
      ;;
    -o?*) OUTPUT=${1#-o} ;;
    --output=*) OUTPUT=${1#*=} ;;
    -S | --since)
      SINCE=$2
      shift
      ;;
    --since=*) SINCE=${1#*=} ;;
    -q | --quiet) QUIET=true ;;
    -r | --reverse) REVERSE=true ;;
    --no-tail) LINES=all ;;
    --no-pager | -a | --all | -b | --boot | -l | --full | --no-full | --no-hostname | -x | -e | --utc | -m) ;;
    -p | --priority | -t | --identifier) shift ;;
    --priority=*) ;;
    *)
      echo "journalctl: unrecognized option '$1'" >&2
      exit 1
      ;;
  esac
  shift
done
case $UNIT in
  all | *.service | *.scope | *.slice) ;;
  *) UNIT=$UNIT.service ;;
esac
if [ "${REHEARSAL_UID-}" != 0 ]; then
  if ! $QUIET; then
    echo "Hint: You are currently not seeing messages from other users and the system." >&2
    echo "      Users in groups 'adm', 'systemd-journal' can see all messages." >&2
    echo "      Pass -q to turn off this notice." >&2
  fi
  echo "No journal files were opened due to insufficient permissions." >&2
  exit 1
fi
case $OUTPUT in
  cat | short | json) KIND=$OUTPUT ;;
  short-*) KIND=$OUTPUT ;;
  *)
    echo "Unknown output format '$OUTPUT'." >&2
    exit 1
    ;;
esac
[ -e "$STATE/journal/$UNIT.$KIND" ] || KIND=short
FILE=$STATE/journal/$UNIT.$KIND
if [ ! -e "$FILE" ]; then
  if ! $FOLLOW; then
    $QUIET || echo '-- No entries --'
    exit 0
  fi
  : >> "$FILE"
  : >> "$STATE/journal/$UNIT.time"
fi
START=1
if [ -n "$SINCE" ]; then
  case $SINCE in
    @*) AFTER=${SINCE#@} ;;
    now) AFTER=$(date +%s) ;;
    *) AFTER=$(date -d "${SINCE#-} ${SINCE:+}" +%s 2> /dev/null) || {
      echo "Failed to parse timestamp: $SINCE" >&2
      exit 1
    } ;;
  esac
  START=$(awk -v after="$AFTER" '$1 + 0 >= after + 0 { print NR; found = 1; exit } END { if (!found) print NR + 1 }' "$STATE/journal/$UNIT.time")
fi
if $FOLLOW && [ -z "$LINES" ]; then LINES=10; fi
if [ -n "$LINES" ] && [ "$LINES" != all ]; then
  TOTAL=$(wc -l < "$FILE")
  FROM=$((TOTAL - LINES + 1))
  if [ "$FROM" -gt "$START" ]; then START=$FROM; fi
fi
if $FOLLOW; then exec tail -n "+$START" -f "$FILE"; fi
if $REVERSE; then
  tail -n "+$START" "$FILE" | awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }'
else
  tail -n "+$START" "$FILE"
fi
