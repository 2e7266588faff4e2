# shellcheck shell=sh
# shellcheck disable=SC2034 # read by the scripts before it
# shellcheck disable=SC2154 # assigned by files.sh, packages.sh and change-log.sh
# Gives a machine what it needs besides the agent, in order, under the host lock. files.sh, change-log.sh and packages.sh come
# before it.
# RUN_ID, HOLDER, LOCK_WAIT (seconds), STEPS (words); MANAGER, PACKAGES, SERVICES, MODULES (words); SYSCTL (lines key=value).
# Every step can be repeated: what is as wanted already is left alone and reported `unchanged`.
# No disk is made, mounted or formatted here, and no unit but the named ones is started; systemd reloads nothing.

step=''

# What a failing step leaves behind is in the log, for undo.sh.
report_failed_step() { if [ -n "$step" ]; then emit step "$step" state failed; fi; }

# Packages that runs of ours began to install, also killed ones.
begun_packages() { sed -n 's/^package [a-z]* \([^ ]*\) .*/\1/p' "$runs_folder"/*/log 2>/dev/null | sort -u | tr '\n' ' '; }

# Sets $missing.
find_missing() {
  missing=''
  for name in $PACKAGES; do
    case $(installed_version "$name") in - | '('*) missing="$missing $name" ;; esac
  done
}

# A name that apt does not know is a regular expression to it when it has a dot in it, and brings whatever fits (apt-get(8)).
are_names_known() {
  [ "$MANAGER" = apt ] || return 0
  for name in $missing; do
    case $name in *.*) apt-cache pkgnames "$name" 2>/dev/null 9>&- | grep -qxF -e "$name" || return 1 ;; esac
  done
}

add_packages() {
  outcome=unchanged
  # shellcheck disable=SC2046,SC2086 # words are meant
  settle_packages $PACKAGES $(begun_packages)
  find_missing
  if [ -z "$missing" ]; then return 0; fi
  if ! are_names_known; then
    refresh
    are_names_known || die packages-not-installed "apt knows no package $name"
  fi
  # shellcheck disable=SC2086
  if ! install_packages $missing; then
    # A machine that was just set up may never have read its lists.
    refresh
    # shellcheck disable=SC2086
    install_packages $missing || { emit_said && die packages-not-installed "these packages could not be installed:$missing"; }
  fi
  asked=$missing
  find_missing
  if [ -n "$missing" ]; then
    emit_said
    die packages-incomplete "the package manager ended well, and these packages are not installed:$missing"
  fi
  emit installed "${asked# }"
  outcome=changed
}

# write_own PATH TEXT: a file of ours, for the next boot.
write_own() {
  if [ -f "$ROOT$1" ] && printf '%s' "$2" | cmp -s - "$ROOT$1"; then return 0; fi
  make_folder "${1%/*}"
  temporary "$1"
  printf '%s' "$2" >"$temp" || die write-failed "$1 could not be written (is the disk full?)"
  chmod 644 "$temp"
  preserve "$1"
  replace "$1"
  outcome=changed
}

load_modules() {
  outcome=unchanged
  for name in $MODULES; do
    if is_loaded "$name"; then continue; fi
    note "module $name"
    if ! said=$(timeout 30 modprobe "$name" 2>&1 9>&-); then
      emit evidence "$said"
      die module-failed "the kernel module $name could not be loaded"
    fi
    outcome=changed
  done
  # shellcheck disable=SC2086 # words are meant
  write_own "$modules_path" "# Written by k3s-gpu-actions.
$(printf '%s\n' $MODULES)
"
}

set_sysctl() {
  outcome=unchanged
  printf '%s' "$SYSCTL" >"$run/sysctl"
  while IFS='=' read -r key value; do
    if [ -z "$key" ]; then continue; fi
    file=$(sysctl_file "$key")
    [ -e "$file" ] || die sysctl-unknown "the kernel knows no setting $key (is its module loaded?)"
    # Several numbers have tabs between them.
    now=$(tr '\t' ' ' <"$file")
    if [ "$now" = "$value" ]; then continue; fi
    note "sysctl $key $now"
    printf '%s\n' "$value" 2>"$run/said" >"$file" || die sysctl-refused "the kernel does not take $value for $key: $(cat "$run/said")"
    outcome=changed
  done <"$run/sysctl"
  write_own "$sysctl_path" "# Written by k3s-gpu-actions.
$(sed -n 's/=/ = /p' "$run/sysctl")
"
}

# A unit that systemd has not loaded yet is read from its file when it is started: no daemon-reload is needed.
enable_services() {
  outcome=unchanged
  for name in $SERVICES; do
    active=$(property "$name" ActiveState) file=$(property "$name" UnitFileState)
    if [ "$(property "$name" LoadState)" = not-found ]; then die service-unknown "there is no unit $name on this host"; fi
    if [ "$file" = masked ]; then die service-masked "the unit $name is masked: somebody does not want it to run"; fi
    # Others (static, indirect, generated, alias) are started by what needs them.
    is_due=no
    if [ "$file" = disabled ]; then is_due=yes; fi
    if is_running "$active" && [ "$is_due" = no ]; then continue; fi
    note "service $name ${active:--} ${file:--}"
    if [ "$is_due" = yes ]; then
      timeout 30 systemctl enable --no-reload "$name" >/dev/null 2>"$run/said" || { emit evidence "$(cat "$run/said")" && die enable-failed "the unit $name could not be enabled"; }
    fi
    if ! is_running "$active"; then
      timeout 10 systemctl reset-failed "$name" >/dev/null 2>&1 || :
      if ! timeout 90 systemctl start "$name" >/dev/null 2>"$run/said"; then
        emit evidence "$(cat "$run/said")"
        timeout 10 journalctl -u "$name" -n 8 --no-pager -o cat 2>/dev/null | while IFS= read -r line; do emit evidence "$line"; done
        die service-failed "the unit $name could not be started"
      fi
    fi
    outcome=changed
  done
}

check_arguments() {
  for name in $STEPS; do
    case $name in
      install-packages)
        case $MANAGER in apt | dnf | zypper) ;; *) die no-package-manager 'this host has neither apt nor dnf nor zypper' ;; esac
        ;;
      load-modules | set-sysctl | enable-services) ;;
      *) die bad-step "there is no step $name" ;;
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
      install-packages) add_packages ;;
      load-modules) load_modules ;;
      set-sysctl) set_sysctl ;;
      enable-services) enable_services ;;
    esac
    if [ "$outcome" = changed ]; then changed=yes outcome='done'; fi
    emit step "$step" state "$outcome"
  done
  step=''
  note finished
  discard_older
  emit finished "$RUN_ID"
}
