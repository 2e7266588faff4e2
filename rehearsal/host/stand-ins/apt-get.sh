# The toolkit's packages from its repository, as far as gpu-runtime asks for them. The database is dpkg's own format; the
# programs of a package are made by the host.
SIMULATE=false
VERB=
WORDS=
while [ $# -gt 0 ]; do
  case $1 in
    -s | --simulate | --dry-run) SIMULATE=true ;;
    -o) shift ;;
    -*) ;;
    *) if [ -z "$VERB" ]; then VERB=$1; else WORDS="$WORDS $1"; fi ;;
  esac
  shift
done
if [ "${REHEARSAL_UID-}" != 0 ] && ! $SIMULATE; then
  echo 'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)' >&2
  exit 100
fi
LIST=$ROOT/etc/apt/sources.list.d/nvidia-container-toolkit.list
LISTS=$ROOT/var/lib/apt/lists/nvidia-container-toolkit
case $VERB in
  update)
    if [ ! -s "$LIST" ]; then exit 0; fi
    if [ -e "$STATE/apt/unreachable" ]; then
      echo 'Err:1 https://nvidia.github.io/libnvidia-container/stable/deb/amd64  InRelease'
      echo 'E: Failed to fetch https://nvidia.github.io/libnvidia-container/stable/deb/amd64/InRelease  Could not connect' >&2
      exit 100
    fi
    KEYRING=$(sed -n 's/.*signed-by=\([^] ]*\).*/\1/p; ' "$LIST" | head -n 1)
    if [ -z "$KEYRING" ] || ! grep -qsa "$(cat "$STATE/apt/key")" "$ROOT$KEYRING"; then
      echo 'W: GPG error: https://nvidia.github.io/libnvidia-container/stable/deb/amd64  InRelease: The following signatures could not be verified because the public key is not available: NO_PUBKEY DDCAE044F796ECB0' >&2
      exit 100
    fi
    mkdir -p "${LISTS%/*}"
    : > "$LISTS"
    echo 'Hit:1 https://nvidia.github.io/libnvidia-container/stable/deb/amd64  InRelease'
    ;;
  install)
    INSTALL=
    REMOVE=
    for word in $WORDS; do
      name=${word%%=*}
      case $word in
        *-) case ${word%-} in nvidia-container-toolkit* | libnvidia-container*) REMOVE="$REMOVE ${word%-}" && continue ;; esac ;;
      esac
      version=$(dpkg-query -W -f='${Version}' "$name" 2> /dev/null) || version=
      case $word in
        *=*) wanted=${word#*=} ;;
        *) wanted=$version ;;
      esac
      if [ -n "$version" ] && [ "$version" = "$wanted" ]; then continue; fi
      known=$(awk -F'|' -v name="$name" -v wanted="$wanted" '$1 == name && (wanted == "" || $2 == wanted) { print $2; exit }' "$STATE/apt/available")
      if [ -z "$known" ] || [ ! -e "$LISTS" ]; then
        if [ -n "$wanted" ]; then echo "E: Version '$wanted' for '$name' was not found" >&2; else echo "E: Unable to locate package $name" >&2; fi
        exit 100
      fi
      if [ -n "$version" ]; then echo "Inst $name [$version] ($known stable [amd64])"; else echo "Inst $name ($known stable [amd64])"; fi
      INSTALL="$INSTALL $name=$known"
    done
    for name in $REMOVE; do echo "Purg $name"; done
    if ! $SIMULATE && [ -n "$INSTALL$REMOVE" ]; then
      # shellcheck disable=SC2086 # words are meant
      "$NODE" "$CLIENT" "$SOCKET" packages $INSTALL -- $REMOVE
    fi
    ;;
  *)
    echo "E: Invalid operation $VERB" >&2
    exit 100
    ;;
esac
