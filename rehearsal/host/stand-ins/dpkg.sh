# Finishes what was cut off, and says for which machine it is.
DATABASE=$ROOT/var/lib/dpkg/status
VERB=
for word in "$@"; do
  case $word in
    --force-* | -a | --pending) ;;
    --configure | --print-architecture | --version) VERB=$word ;;
    *)
      echo "dpkg: '$word' is not part of this embedded host" >&2
      exit 2
      ;;
  esac
done
case $VERB in
  --print-architecture) if [ "$(cat "$STATE/machine")" = aarch64 ]; then echo arm64; else echo amd64; fi ;;
  --version) echo "Debian 'dpkg' package management program version 1.21.1 (amd64)." ;;
  --configure)
    if [ "${REHEARSAL_UID-}" != 0 ]; then
      echo 'dpkg: error: requested operation requires superuser privilege' >&2
      exit 2
    fi
    awk '/^Package: / { name = $2 } /^Status: .* (unpacked|half-configured)$/ { $NF = "installed"; print "Setting up " name " ..." > "/dev/stderr" } { print }' \
      "$DATABASE" > "$DATABASE.new" && cat "$DATABASE.new" > "$DATABASE" && rm -f "$DATABASE.new"
    ;;
  *)
    echo 'dpkg: error: need an action option' >&2
    exit 2
    ;;
esac
