# systemctl for the simulated systemd: read-only verbs from the files that the host keeps up to date in $STATE/units,
# actions through its socket.
VERB=
UNITS=
PROPERTIES=
ONLY_VALUES=false
QUIET=false
NOW=false
RELOAD=true
ACTION_FLAGS=
while [ $# -gt 0 ]; do
  case $1 in
    -p | --property)
      PROPERTIES="$PROPERTIES,$2"
      shift
      ;;
    -p?*) PROPERTIES="$PROPERTIES,${1#-p}" ;;
    --property=*) PROPERTIES="$PROPERTIES,${1#*=}" ;;
    --value) ONLY_VALUES=true ;;
    -q | --quiet) QUIET=true ;;
    --now) NOW=true ;;
    --no-reload) RELOAD=false ;;
    --no-block) ACTION_FLAGS=--no-block ;;
    --no-pager | --plain | --no-legend | --full | -l | --system | --no-ask-password | --force | -f | --all | -a | --no-warn | --type=*) ;;
    -n | --lines | -o | --output | -t | --type | -s | --signal) shift ;;
    -n?* | --lines=* | --output=* | --signal=*) ;;
    --version)
      echo "systemd 249 (249.11-0ubuntu3.16)"
      exit 0
      ;;
    -*)
      echo "systemctl: unrecognized option '$1'" >&2
      exit 1
      ;;
    *)
      if [ -z "$VERB" ]; then
        VERB=$1
      else
        case ${1##*/} in
          *.service | *.socket | *.target | *.timer | *.mount) UNITS="$UNITS ${1##*/}" ;;
          *) UNITS="$UNITS ${1##*/}.service" ;;
        esac
      fi
      ;;
  esac
  shift
done

fragment_of() {
  FRAGMENT=
  for folder in /etc/systemd/system /run/systemd/system /lib/systemd/system /usr/lib/systemd/system; do
    if [ -e "$ROOT$folder/$1" ]; then
      FRAGMENT=$folder/$1
      return 0
    fi
  done
  return 1
}
# A unit file that is a link to nowhere.
is_masked() {
  fragment_of "$1" && [ "$(readlink "$ROOT$FRAGMENT")" = /dev/null ]
}
links_of() {
  for link in "$ROOT"/etc/systemd/system/*.wants/"$1" "$ROOT"/etc/systemd/system/*.requires/"$1"; do
    if [ -L "$link" ] || [ -e "$link" ]; then printf '%s\n' "$link"; fi
  done
}
file_state_of() {
  FILE_STATE=
  fragment_of "$1" || return 0
  if is_masked "$1"; then
    FILE_STATE=masked
  elif [ -n "$(links_of "$1")" ]; then
    FILE_STATE=enabled
  elif grep -q '^\[Install\]' "$ROOT$FRAGMENT"; then
    FILE_STATE=disabled
  else
    FILE_STATE=static
  fi
}
# One property of the manager's own state; what it does not hold in memory is inactive.
state_of() {
  STATE_VALUE=
  if [ -e "$STATE/units/$1.show" ]; then STATE_VALUE=$(sed -n "s/^$2=//p" "$STATE/units/$1.show"); fi
  if [ -z "$STATE_VALUE" ] && [ "$2" = ActiveState ]; then STATE_VALUE=inactive; fi
}
needs_reload() {
  [ -e "$STATE/units/$1.loaded" ] || return 1
  fragment_of "$1" || return 0
  # A file that is older or merely differs goes unnoticed (unit_need_daemon_reload in systemd's src/core/unit.c).
  # shellcheck disable=SC3013 # dash, bash, ash and zsh have it; POSIX since 2024
  [ "$ROOT$FRAGMENT" -nt "$STATE/units/$1.loaded" ]
}
show_unit() {
  {
    NEVER='StatusText= ExecMainPID=0 ExecMainCode=0 ExecMainStartTimestamp= ActiveEnterTimestamp= DropInPaths='
    PRESET=enabled
    if [ -e "$STATE/units/$1.show" ]; then
      cat "$STATE/units/$1.show"
    elif is_masked "$1"; then
      # shellcheck disable=SC2086
      printf '%s\n' MainPID=0 Result=success NRestarts=0 ExecMainStatus=0 $NEVER \
        "Id=$1" "Names=$1" "Description=$1" LoadState=masked ActiveState=inactive SubState=dead "FragmentPath=$FRAGMENT"
    elif fragment_of "$1"; then
      # shellcheck disable=SC2086 # one word a property
      printf '%s\n' Type=notify MainPID=0 Result=success NRestarts=0 ExecMainStatus=0 $NEVER \
        "Id=$1" "Names=$1" LoadState=loaded ActiveState=inactive SubState=dead "FragmentPath=$FRAGMENT"
    else
      # Properties without a value are printed as well, but for command lines.
      PRESET=
      # shellcheck disable=SC2086
      printf '%s\n' MainPID=0 Result=success NRestarts=0 ExecMainStatus=0 $NEVER FragmentPath= \
        "Id=$1" "Names=$1" "Description=$1" LoadState=not-found ActiveState=inactive SubState=dead
    fi
    file_state_of "$1"
    printf '%s\n' "UnitFileState=$FILE_STATE" "UnitFilePreset=$PRESET"
    if needs_reload "$1"; then echo NeedDaemonReload=yes; else echo NeedDaemonReload=no; fi
  } | awk -v wanted="$PROPERTIES" -v values="$ONLY_VALUES" '
    BEGIN { count = split(wanted, names, ","); for (i = 1; i <= count; i++) if (names[i] != "") { only = 1; want[names[i]] = 1 } }
    {
      name = substr($0, 1, index($0, "=") - 1)
      if (only && !(name in want)) next
      print values == "true" ? substr($0, index($0, "=") + 1) : $0
    }'
}
# Actions are the manager's: the socket's client prints what systemctl would and ends with its code.
act() {
  if [ "${REHEARSAL_UID-}" != 0 ]; then
    # An Ubuntu 22.04 has polkit. Without it the bus itself refuses, with "Access denied" and status 4 (seen on a Debian 12).
    case $1 in
      daemon-reload) echo "Failed to reload daemon: Interactive authentication required." >&2 ;;
      reset-failed) echo "Failed to reset failed state${2:+ of unit $2}: Interactive authentication required." >&2 ;;
      *) printf '%s\n' "Failed to $1 $2: Interactive authentication required." \
        "See system logs and 'systemctl status $2' for details." >&2 ;;
    esac
    exit 1
  fi
  # shellcheck disable=SC2153 # the header that programs.ts puts before each stand-in sets NODE
  "$NODE" "$CLIENT" "$SOCKET" systemctl "$@"
}

# What needs the manager is ignored (systemd, src/systemctl/systemctl.c: VERB_ONLINE_ONLY); links are made and removed without it.
case ${SYSTEMD_OFFLINE-} in
  1 | yes | true | on)
    RELOAD=false
    NOW=false
    case $VERB in
      start | stop | restart | try-restart | reset-failed | daemon-reload)
        echo "Running in chroot, ignoring command '$VERB'" >&2
        exit 0
        ;;
    esac
    ;;
esac

case $VERB in
  show)
    first=true
    for unit in $UNITS; do
      $first || echo
      first=false
      show_unit "$unit"
    done
    ;;
  is-active | is-failed)
    CODE=3
    [ "$VERB" = is-active ] || CODE=1
    for unit in $UNITS; do
      state_of "$unit" ActiveState
      $QUIET || echo "$STATE_VALUE"
      if [ "$VERB" = is-active ] && [ "$STATE_VALUE" = active ]; then CODE=0; fi
      if [ "$VERB" = is-failed ] && [ "$STATE_VALUE" = failed ]; then CODE=0; fi
    done
    exit $CODE
    ;;
  is-enabled)
    CODE=1
    for unit in $UNITS; do
      file_state_of "$unit"
      if [ -z "$FILE_STATE" ]; then
        echo "Failed to get unit file state for $unit: No such file or directory" >&2
      else
        $QUIET || echo "$FILE_STATE"
        case $FILE_STATE in disabled | masked) ;; *) CODE=0 ;; esac
      fi
    done
    exit $CODE
    ;;
  is-system-running) echo running ;;
  cat)
    for unit in $UNITS; do
      if ! fragment_of "$unit"; then
        echo "No files found for $unit." >&2
        exit 1
      fi
      if is_masked "$unit"; then
        echo "# Unit $unit is masked."
        continue
      fi
      echo "# $FRAGMENT"
      cat "$ROOT$FRAGMENT"
      for dropin in "$ROOT/usr/lib/systemd/system/$unit.d"/*.conf "$ROOT/etc/systemd/system/$unit.d"/*.conf; do
        if [ -e "$dropin" ]; then
          echo
          echo "# ${dropin#"$ROOT"}"
          cat "$dropin"
        fi
      done
    done
    ;;
  status)
    for unit in $UNITS; do
      if ! fragment_of "$unit"; then
        echo "Unit $unit could not be found." >&2
        exit 4
      fi
      if is_masked "$unit"; then
        printf '%s\n' "* $unit" "     Loaded: masked (Reason: Unit $unit is masked.)" '     Active: inactive (dead)'
        exit 3
      fi
      file_state_of "$unit"
      if needs_reload "$unit"; then
        echo "Warning: The unit file, source configuration file or drop-ins of $unit changed on disk. Run 'systemctl daemon-reload' to reload units." >&2
      fi
      state_of "$unit" ActiveState
      active=$STATE_VALUE
      state_of "$unit" Description
      MARK='*'
      if [ "$active" = failed ]; then MARK=x; fi
      echo "$MARK $unit - $STATE_VALUE"
      echo "     Loaded: loaded ($FRAGMENT; $FILE_STATE; vendor preset: enabled)"
      state_of "$unit" SubState
      sub=${STATE_VALUE:-dead}
      state_of "$unit" Result
      if [ "${STATE_VALUE:-success}" = success ]; then
        echo "     Active: $active ($sub)"
      else
        echo "     Active: $active ($sub) (Result: $STATE_VALUE)"
      fi
      state_of "$unit" MainPID
      if [ "${STATE_VALUE:-0}" != 0 ]; then echo "   Main PID: $STATE_VALUE"; fi
      if [ -e "$STATE/journal/$unit.short" ]; then
        echo
        tail -n 10 "$STATE/journal/$unit.short"
      fi
      if [ "$active" != active ] && [ "$active" != activating ]; then exit 3; fi
    done
    ;;
  enable | disable)
    if [ "${REHEARSAL_UID-}" != 0 ]; then
      echo "Failed to $VERB unit: Interactive authentication required." >&2
      exit 1
    fi
    for unit in $UNITS; do
      if ! fragment_of "$unit"; then
        echo "Failed to $VERB unit: Unit file $unit does not exist." >&2
        exit 1
      fi
      if [ "$VERB" = enable ] && is_masked "$unit"; then
        echo "Failed to enable unit: Unit file $FRAGMENT is masked." >&2
        exit 1
      fi
      if [ "$VERB" = disable ]; then
        links_of "$unit" | while IFS= read -r link; do
          rm -f "$link"
          $QUIET || echo "Removed ${link#"$ROOT"}." >&2
        done
      else
        sed -n 's/^WantedBy=//p' "$ROOT$FRAGMENT" | tr ' ' '\n' | while IFS= read -r target; do
          [ -n "$target" ] || continue
          mkdir -p "$ROOT/etc/systemd/system/$target.wants"
          if [ ! -L "$ROOT/etc/systemd/system/$target.wants/$unit" ]; then
            ln -s "$FRAGMENT" "$ROOT/etc/systemd/system/$target.wants/$unit"
            $QUIET || echo "Created symlink /etc/systemd/system/$target.wants/$unit -> $FRAGMENT." >&2
          fi
        done
      fi
    done
    if $RELOAD; then act daemon-reload || exit $?; fi
    if $NOW; then
      ACTION=start
      if [ "$VERB" = disable ]; then ACTION=stop; fi
      for unit in $UNITS; do act "$ACTION" "$unit" $ACTION_FLAGS || exit $?; done
    fi
    ;;
  start | stop | restart | try-restart | reset-failed)
    if [ -z "$UNITS" ]; then
      [ "$VERB" = reset-failed ] || { echo "Too few arguments." >&2 && exit 1; }
    fi
    CODE=0
    for unit in $UNITS; do act "$VERB" "$unit" $ACTION_FLAGS || CODE=$?; done
    exit $CODE
    ;;
  daemon-reload) act daemon-reload ;;
  list-units | list-unit-files | '') ;;
  *)
    echo "Unknown command verb $VERB." >&2
    exit 1
    ;;
esac
