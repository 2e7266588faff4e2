# The toolkit's packages from its repository, and those of a storage node, as far as the actions ask for them: its lists come through the host's own
# network. The database is dpkg's own format; the programs of a package are made by the host.
SIMULATE=false
VERB=
WORDS=
TIMEOUT=0
while [ $# -gt 0 ]; do
  case $1 in
    -s | --simulate | --dry-run) SIMULATE=true ;;
    -o)
      shift
      case $1 in DPkg::Lock::Timeout=*) TIMEOUT=${1#*=} ;; esac
      ;;
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
LISTS=$ROOT/var/lib/apt/lists

# take_lock: waits for whoever has it ($STATE/apt/lock: for how many seconds from now, pid, name), as long as it may.
take_lock() {
  [ -s "$STATE/apt/lock" ] || return 0
  read -r seconds pid name < "$STATE/apt/lock"
  if [ "$seconds" -le "$TIMEOUT" ]; then
    sleep "$seconds"
    rm -f "$STATE/apt/lock"
    return 0
  fi
  sleep "$TIMEOUT"
  echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process $pid ($name)" >&2
  echo 'N: Be aware that removing the lock file is not a solution and may break your system.' >&2
  echo 'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?' >&2
  exit 100
}

# known NAME VERSION: the version that the lists have of it; any when none is named.
known() {
  cat "$LISTS"/*_Packages 2> /dev/null | awk -v name="$1" -v wanted="$2" '
    /^Package: / { is = $2 == name }
    is && /^Version: / && (wanted == "" || $2 == wanted) { print $2; exit }'
}

case $VERB in
  update)
    # shellcheck disable=SC2016 # the variable is apt's own
    URL=$(sed -n 's/^deb .* \(https:[^ ]*\) \/ *$/\1/p' "$LIST" 2> /dev/null | sed 's/\$(ARCH)/amd64/' | head -n 1)
    [ -n "$URL" ] || exit 0
    KEYRING=$(sed -n 's/^deb .*signed-by=\([^] ]*\).*/\1/p' "$LIST" | head -n 1)
    mkdir -p "$LISTS"
    FILE=$(printf '%s' "${URL#https://}" | tr / _)
    # Whom it believes is the signature's business, not that of a certificate.
    if ! "$NODE" "$CLIENT" "$SOCKET" curl -fsSk -m 20 -o "$LISTS/partial" "$URL/InRelease" 2> "$LISTS/why"; then
      why=$(sed 's/^curl: ([0-9]*) //' "$LISTS/why")
      printf 'Err:1 %s  InRelease\n  %s\n' "$URL" "$why"
      echo "E: Failed to fetch $URL/InRelease  $why" >&2
      echo 'E: Some index files failed to download. They have been ignored, or old ones used instead.' >&2
      exit 100
    fi
    SIGNER=$(sed -n 's/^fpr://p' "$LISTS/partial")
    if [ -z "$KEYRING" ] || ! grep -qsaxF "fpr:$SIGNER" "$ROOT$KEYRING"; then
      echo "W: GPG error: $URL  InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY ${SIGNER#????????????????????????}" >&2
      echo "E: The repository '$URL  InRelease' is not signed." >&2
      exit 100
    fi
    "$NODE" "$CLIENT" "$SOCKET" curl -fsSk -m 20 -o "$LISTS/${FILE}_Packages" "$URL/Packages" || exit 100
    mv -f "$LISTS/partial" "$LISTS/${FILE}_InRelease"
    rm -f "$LISTS/why"
    echo "Get:1 $URL  InRelease [1477 B]"
    ;;
  install)
    if ! $SIMULATE; then take_lock; fi
    if dpkg-query -W -f='${db:Status-Status}\n' | grep -Eqs 'half-|unpacked'; then
      echo "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. " >&2
      exit 100
    fi
    INSTALL=
    REMOVE=
    for word in $WORDS; do
      name=${word%%=*}
      case $word in
        *-) case ${word%-} in nvidia-container-toolkit* | libnvidia-container* | open-iscsi | nfs-common | cryptsetup | jq) REMOVE="$REMOVE ${word%-}" && continue ;; esac ;;
      esac
      version=$(dpkg-query -W -f='${Version}' "$name" 2> /dev/null) || version=
      case $word in
        *=*) wanted=${word#*=} ;;
        *) wanted=$version ;;
      esac
      if [ -n "$version" ] && [ "$version" = "$wanted" ]; then continue; fi
      known=$(known "$name" "$wanted")
      if [ -z "$known" ]; then
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
