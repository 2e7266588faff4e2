# Every module that k3s asks for is part of Ubuntu's kernel; what is loaded now stands in /proc/modules.
REMOVE=false
for word in "$@"; do
  case $word in
    -r) REMOVE=true ;;
    -*) ;;
    *) MODULE=$word ;;
  esac
done
LIST=$ROOT/proc/modules
if [ -n "${MODULE-}" ] && [ "${REHEARSAL_UID-}" = 0 ] && [ -f "$LIST" ]; then
  if $REMOVE; then
    grep -v "^$MODULE " "$LIST" > "$LIST.new"
    mv -f "$LIST.new" "$LIST"
  elif ! grep -q "^$MODULE " "$LIST"; then
    echo "$MODULE 16384 0 - Live 0x0" >> "$LIST"
  fi
fi
exit 0
