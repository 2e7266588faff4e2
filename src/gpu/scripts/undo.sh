# shellcheck shell=sh
# shellcheck disable=SC2034 # read by undo-log.sh
# shellcheck disable=SC2154 # assigned by files.sh, change-log.sh and undo-log.sh
# Takes back what one run changed on this host, and what the interrupted runs did that it went on from: packages first, while
# their repository is still known, then the files, then a restart of k3s when it was restarted in between. files.sh,
# change-log.sh, undo-log.sh and packages.sh come before it.
# RUN_ID, HOLDER, LOCK_WAIT (seconds), UNIT. Can be repeated.

is_foreign() { return 1; }
undo_line() { :; }

# Which package manager the runs used; nothing when they changed no package.
read_manager() {
  MANAGER=$(awk '$2 == "package" || $2 == "held" || $2 == "was_held" { print $3; exit }' "$run/backwards")
  case $MANAGER in '' | apt | dnf | zypper) ;; *) die bad-log "the change log names a package manager $MANAGER" ;; esac
}

# names_of KIND: of packages, one a line.
names_of() { awk -v kind="$1" '$2 == kind { print $4 }' "$run/backwards" | sort -u; }

undo_holds() {
  freed=no
  for name in $(names_of held); do
    case $(installed_version "$name") in -*) continue ;; esac
    held_packages | grep -qxF "$name" || continue
    if patient hold no "$name"; then freed=yes; else
      incomplete=yes
      remains "package $name" 'upgrades are still kept from it'
    fi
  done
  if [ "$freed" = yes ]; then emit undone hold-packages; fi
}

# A package manager that changes a held package lets go of it.
hold_again() {
  for name in $(names_of was_held); do
    case $(installed_version "$name") in -*) continue ;; esac
    if held_packages | grep -qxF "$name" || patient hold yes "$name"; then continue; fi
    incomplete=yes
    remains "package $name" 'upgrades were kept from it before, and are no more'
  done
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

# The oldest line about a package tells what was there before everything that is taken back.
undo_packages() {
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
    emit undone install-toolkit
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

main() {
  begin_undo
  if [ "$begun" = no ]; then return 0; fi
  others=''
  read_manager
  undo_holds
  undo_packages
  hold_again
  follow_log_backwards
  restart_unit
  end_undo
}
