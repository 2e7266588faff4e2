# shellcheck shell=sh
# shellcheck disable=SC2034 # read by undo-log.sh
# shellcheck disable=SC2154 # assigned by files.sh, change-log.sh and undo-log.sh
# Takes back what one run changed on this host, and what the interrupted runs did that it went on from: packages first, while
# their repository is still known, then the files, then a restart of k3s when it was restarted in between. files.sh,
# change-log.sh, undo-log.sh, undo-packages.sh and both packages.sh come before it.
# RUN_ID, HOLDER, LOCK_WAIT (seconds), UNIT. Can be repeated.

is_foreign() { return 1; }
undo_line() { :; }

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

main() {
  begin_undo
  if [ "$begun" = no ]; then return 0; fi
  read_manager
  undo_holds
  undo_packages install-toolkit
  hold_again
  follow_log_backwards
  restart_unit
  end_undo
}
