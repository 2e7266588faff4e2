# flock where the machine has none: `flock [-n] [-w SECONDS] [-x] FILE COMMAND…` only, by a folder beside the file.
WAIT=3600
while [ $# -gt 0 ]; do
  case $1 in
    -n | --nonblock) WAIT=0 ;;
    -w | --timeout)
      WAIT=$2
      shift
      ;;
    -x | -e | --exclusive) ;;
    *) break ;;
  esac
  shift
done
case ${1-} in
  '' | [0-9] | [0-9][0-9])
    echo "flock: this stand-in locks files, not descriptors" >&2
    exit 64
    ;;
esac
LOCK=$1.locked
shift
TRIES=0
while ! mkdir "$LOCK" 2> /dev/null; do
  HOLDER=$(cat "$LOCK/pid" 2> /dev/null)
  if [ -n "$HOLDER" ] && ! kill -0 "$HOLDER" 2> /dev/null; then
    rm -rf "$LOCK"
    continue
  fi
  [ "$TRIES" -lt $((WAIT * 5)) ] || exit 1
  TRIES=$((TRIES + 1))
  sleep 0.2
done
echo $$ > "$LOCK/pid"
trap 'rm -rf "$LOCK"' EXIT
CODE=0
"$@" || CODE=$?
exit $CODE
