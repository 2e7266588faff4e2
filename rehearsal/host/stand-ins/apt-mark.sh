# Holds, as dpkg keeps them: the wanted state of a package.
VERB=${1-}
[ $# -eq 0 ] || shift
DATABASE=$ROOT/var/lib/dpkg/status
case $VERB in
  showhold) awk '/^Package: / { name = $2 } /^Status: hold / { print name }' "$DATABASE" 2> /dev/null || : ;;
  hold | unhold)
    if [ "${REHEARSAL_UID-}" != 0 ]; then
      echo 'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)' >&2
      exit 100
    fi
    WANT=install
    [ "$VERB" = unhold ] || WANT=hold
    for name in "$@"; do
      if ! grep -qx "Package: $name" "$DATABASE"; then
        echo "E: Can't select installed nor candidate version from package '$name' as it has neither of them" >&2
        exit 100
      fi
      awk -v name="$name" -v want="$WANT" '
        /^Package: / { is = $2 == name }
        is && /^Status: / { $2 = want }
        { print }' "$DATABASE" > "$DATABASE.new" && cat "$DATABASE.new" > "$DATABASE" && rm -f "$DATABASE.new"
      if [ "$WANT" = hold ]; then echo "$name set on hold."; else echo "Canceled hold on $name."; fi
    done
    ;;
  *)
    echo "apt-mark: '$VERB' is not part of this embedded host" >&2
    exit 1
    ;;
esac
