# shellcheck shell=sh
# shellcheck disable=SC2034 # read by the scripts before it
# shellcheck disable=SC2154 # assigned by files.sh, packages.sh and change-log.sh
# Carries out the steps of one run, in order, under the host lock. files.sh, change-log.sh, both packages.sh, repository.sh,
# runtime-files.sh and configure-runtime.sh come before it.
# RUN_ID, HOLDER, LOCK_WAIT (seconds), STEPS (words), UNIT; MANAGER, VERSION (without revision), HOLD (names, words), and
# what repository.sh, runtime-files.sh and configure-runtime.sh want.
# Every step can be repeated: what is as wanted already is left alone and reported `unchanged`.
# Nothing is restarted and systemd reloads nothing here.

step=''

# What a failing step leaves behind is in the log, for undo.sh.
report_failed_step() { if [ -n "$step" ]; then emit step "$step" state failed; fi; }

# Packages that runs of ours began to install, also killed ones.
begun_packages() { sed -n 's/^package [a-z]* \([^ ]*\) .*/\1/p' "$runs_folder"/*/log 2>/dev/null | sort -u | tr '\n' ' '; }

# Sets $wanted to what all four packages are called at one revision of $VERSION; fails when it cannot be had.
find_version() {
  wanted='' revision=''
  for name in $toolkit_packages; do
    found=$(found_version "$name")
    : "${revision:=$found}"
    if [ -z "$found" ] || [ "$found" != "$revision" ]; then return 1; fi
    wanted="$wanted $name=$found"
  done
}

name_versions() {
  case $MANAGER in
    apt)
      if find_version; then return 0; fi
      refresh own || :
      if find_version; then return 0; fi
      refresh all || :
      if find_version; then return 0; fi
      # As `toolkit-version` takes them.
      emit evidence "to be had: $(apt-cache madison nvidia-container-toolkit 2>/dev/null 9>&- | awk -F '|' '
        { version = $2; gsub(/[ \t]/, "", version); sub(/-[^-]*$/, "", version) }
        version != "" && !(version in seen) && count++ < 8 { seen[version] = 1; printf "%s ", version }')"
      emit_said
      die version-unavailable "the package manager knows no revision of $VERSION that all of these have: $toolkit_packages"
      ;;
    dnf) wanted=$(for name in $toolkit_packages; do printf ' %s-%s' "$name" "$VERSION"; done) ;;
    zypper) wanted=$(for name in $toolkit_packages; do printf ' %s=%s' "$name" "$VERSION"; done) ;;
  esac
}

is_toolkit_installed() {
  for name in $toolkit_packages; do
    if ! has_version "$(installed_version "$name")" "$VERSION"; then return 1; fi
  done
}

install_toolkit() {
  outcome=unchanged
  # shellcheck disable=SC2046,SC2086 # words are meant
  settle_packages $toolkit_packages $(begun_packages)
  if is_toolkit_installed; then return 0; fi
  name_versions
  kept=''
  for name in $(held_packages); do
    case " $toolkit_packages " in *" $name "*) kept="$kept $name" && note "was_held $MANAGER $name" ;; esac
  done
  # The packages' scripts write this file and make these links, and leave them behind.
  if [ ! -d "$ROOT/etc/nvidia-container-runtime" ]; then note 'folder /etc/nvidia-container-runtime'; fi
  preserve /etc/nvidia-container-runtime/config.toml
  for path in /etc/systemd/system/multi-user.target.wants/nvidia-cdi-refresh.path \
    /etc/systemd/system/multi-user.target.wants/nvidia-cdi-refresh.service; do
    if ! is_there "$path"; then note "created $path"; fi
  done
  # shellcheck disable=SC2086
  if ! install_packages $wanted; then
    # What the packages need besides may be known only to lists that are older than the mirror.
    refresh all || :
    # shellcheck disable=SC2086
    install_packages $wanted || { emit_said && die install-failed "these packages could not be installed:$wanted"; }
  fi
  # apt lets go of a held package that it changes.
  for name in $kept; do patient hold yes "$name" || { emit_said && die hold-failed "upgrades could not be kept from $name again"; }; done
  if ! is_toolkit_installed; then
    emit_said
    die install-incomplete "the package manager ended well, and not all packages have version $VERSION"
  fi
  outcome=changed
}

hold_packages() {
  outcome=unchanged
  held=" $(held_packages | tr '\n' ' ') "
  for name in $HOLD; do
    case $held in *" $name "*) continue ;; esac
    case $(installed_version "$name") in -*) continue ;; esac
    note "held $MANAGER $name"
    patient hold yes "$name" || { emit_said && die hold-failed "upgrades could not be kept from $name"; }
    outcome=changed
  done
}

check_arguments() {
  for name in $STEPS; do
    case $name in
      add-repository | install-toolkit | hold-packages)
        case $MANAGER in apt | dnf | zypper) ;; *) die bad-value "there is no package manager $MANAGER" ;; esac
        ;;
      configure-runtime)
        [ "$UNIT" = containerd ] || die bad-step "$UNIT has a containerd of its own, and no file of it is written"
        ;;
      link-devices | quarantine-template | write-default-runtime | remove-default-runtime) ;;
      *) die bad-step "there is no step $name" ;;
    esac
  done
  for word in $TEMPLATES; do
    name=${word%:*}
    case ${name#"$containerd_folder/"} in
      config.toml.tmpl | config-v3.toml.tmpl) ;;
      *) die bad-value "$name is no template of k3s" ;;
    esac
  done
}

main() {
  on_stop report_failed_step
  check_run_id
  check_arguments
  [ -d "$ROOT/run/systemd/system" ] || die init-unsupported 'this host does not run systemd; other init systems are not supported yet'
  take_lock
  open_log
  report_interrupted
  changed=no
  for step in $STEPS; do
    note "step $step"
    case $step in
      add-repository) add_repository ;;
      install-toolkit) install_toolkit ;;
      hold-packages) hold_packages ;;
      link-devices) link_devices ;;
      configure-runtime) configure_runtime ;;
      quarantine-template) quarantine_templates ;;
      write-default-runtime) write_default_runtime ;;
      remove-default-runtime) remove_default_runtime ;;
    esac
    if [ "$outcome" = changed ]; then changed=yes outcome='done'; fi
    emit step "$step" state "$outcome"
  done
  step=''
  note finished
  discard_older
  emit finished "$RUN_ID"
}
