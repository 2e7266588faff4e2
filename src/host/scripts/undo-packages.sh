# shellcheck shell=sh
# shellcheck disable=SC2034 # read by undo-log.sh
# shellcheck disable=SC2154 # assigned by change-log.sh, undo-log.sh and the room's own script
# Takes the packages of a run back, for the undo scripts of a room: after undo-log.sh and packages.sh.
# undo_packages STEP: the step that is reported as undone.

others=''

# Which package manager the runs used; nothing when they changed no package.
read_manager() {
  MANAGER=$(awk '$2 == "package" || $2 == "held" || $2 == "was_held" { print $3; exit }' "$run/backwards")
  case $MANAGER in '' | apt | dnf | zypper) ;; *) die bad-log "the change log names a package manager $MANAGER" ;; esac
}

# concerns_only NAME...: what apt says it would do concerns these alone.
concerns_only() {
  others=$(awk -v allowed=" $* " '($1 == "Remv" || $1 == "Purg" || $1 == "Inst") && !index(allowed, " " $2 " ") { print $2 }' "$run/said" | head -n 8 | tr '\n' ' ')
  [ -z "$others" ]
}

# change_back WORD...: for apt NAME=VERSION and NAME- (remove); for the others one call for each kind.
change_back() {
  case $MANAGER in
    apt)
      # shellcheck disable=SC2086 # words are meant
      patient apt_get -s --allow-downgrades --allow-change-held-packages --purge --no-install-recommends install "$@" &&
        concerns_only $names &&
        patient apt_get --allow-downgrades --allow-change-held-packages --purge --no-install-recommends install "$@"
      ;;
    dnf | zypper)
      for word in "$@"; do
        case $MANAGER-$word in
          dnf-*=*) patient quietly dnf -q -y install "${word%%=*}-${word#*=}" || return 1 ;;
          dnf-*) patient quietly dnf -q -y --noautoremove remove "${word%-}" || return 1 ;;
          zypper-*=*) patient quietly zypper --non-interactive install --no-recommends --oldpackage "$word" || return 1 ;;
          *) patient quietly zypper --non-interactive remove "${word%-}" || return 1 ;;
        esac
      done
      ;;
    *) return 1 ;;
  esac
}

# undo_packages STEP: the oldest line about a package tells what was there before everything that is taken back.
undo_packages() {
  undone_step=$1
  awk '$2 == "package" { former[$4] = $4 " " $5 } END { for (name in former) print former[name] }' "$run/backwards" | sort >"$run/packages"
  [ -s "$run/packages" ] || return 0
  names=$(awk '{ print $1 }' "$run/packages" | tr '\n' ' ')
  # shellcheck disable=SC2086 # words are meant
  settle_packages $names
  wanted=''
  while read -r name version; do
    now=$(installed_version "$name")
    if [ "$now" = "$version" ]; then continue; fi
    case $version in
      -) wanted="$wanted $name-" ;;
      # Half installed when we came: as it is now is no worse.
      '('*) ;;
      *) wanted="$wanted $name=$version" ;;
    esac
  done <"$run/packages"
  if [ -z "$wanted" ]; then return 0; fi
  # shellcheck disable=SC2086
  if change_back $wanted; then
    emit undone "$undone_step"
    return 0
  fi
  emit_said
  incomplete=yes
  while read -r name version; do
    now=$(installed_version "$name")
    if [ "$now" = "$version" ]; then continue; fi
    if [ "$version" = - ]; then
      remains "package $name" "$now was not there before; it could not be removed${others:+, because that would change $others}"
    else
      remains "package $name" "it is $now now; $version, which was there before, could not be put back"
    fi
  done <"$run/packages"
}
