# The module on disk for the running kernel, or for the one that -k names.
KERNEL=$(cat "$STATE/kernel")
NAME=
FIELD=
while [ $# -gt 0 ]; do
  case $1 in
    -F)
      FIELD=$2
      shift
      ;;
    -k)
      KERNEL=$2
      shift
      ;;
    *) NAME=$1 ;;
  esac
  shift
done
MODULE=$ROOT/lib/modules/$KERNEL/updates/dkms/$NAME.ko
if [ ! -e "$MODULE" ]; then
  echo "modinfo: ERROR: Module $NAME not found." >&2
  exit 1
fi
VERSION=$(awk '/^Package: nvidia-dkms-/ { is = 1 } is && /^Version: / { sub(/-.*/, "", $2); print $2; exit }' "$ROOT/var/lib/dpkg/status" 2> /dev/null)
case $FIELD in
  version) echo "$VERSION" ;;
  '') printf 'filename:       %s\nversion:        %s\n' "${MODULE#"$ROOT"}" "$VERSION" ;;
esac
