# shellcheck shell=sh
# shellcheck disable=SC2034 # read by change-log.sh
# shellcheck disable=SC2154 # assigned by agent-files.sh and change-log.sh
# Carries out the steps of one run, in order, under the host lock. unit-file.sh, change-log.sh, agent-data.sh and edit.sh
# come before it.
# RUN_ID, HOLDER, LOCK_WAIT (seconds), STEPS (words); STAGED and BINARY_SHA256; INSTALLER and INSTALLER_SHA256;
# CONFIG; SERVER_URL and TOKEN (may be empty: stays as it is); REMOVE_ARGUMENTS (words); RESTART (yes | no: whether the
# agent is started or restarted afterwards).
# Every step can be repeated: what is as wanted already is left alone and reported `unchanged`.

binary_path=/usr/local/bin/k3s
step=''

# What a failing step leaves behind is in the log, for undo.sh.
report_failed_step() { if [ -n "$step" ]; then emit step "$step" state failed; fi; }

discard_staged() {
  if [ -n "${STAGED:-}" ]; then
    rm -f "$ROOT$STAGED"
    rmdir "$ROOT${STAGED%/*}" 2>/dev/null || :
  fi
}

# Sets $outcome to changed or unchanged, as all steps do.
install_binary() {
  outcome=unchanged
  if [ -f "$ROOT$binary_path" ] && [ ! -L "$ROOT$binary_path" ] && [ "$(mode_of "$ROOT$binary_path")" = 755 ] &&
    [ "$(sha256 "$ROOT$binary_path")" = "$BINARY_SHA256" ]; then
    return 0
  fi
  [ -r "$ROOT$STAGED" ] || die staged-missing "the uploaded file is not at $STAGED"
  make_folder "${binary_path%/*}"
  temporary "$binary_path"
  # The user owns the staged file and may change it at any moment, so what is hashed is root's own copy.
  cat <"$ROOT$STAGED" >"$temp" || die copy-failed "the uploaded file could not be copied to ${binary_path%/*} (is the disk full?)"
  found=$(sha256 "$temp") || die hash-unavailable 'neither sha256sum nor openssl is on this host'
  if [ "$found" != "$BINARY_SHA256" ]; then
    rm -f "$temp"
    die binary-mismatch "the uploaded file has SHA-256 $found, wanted $BINARY_SHA256"
  fi
  chmod 755 "$temp"
  preserve "$binary_path" link
  replace "$binary_path"
  outcome=changed
}

installer_products="$unit_path /usr/local/bin/k3s-killall.sh /usr/local/bin/k3s-agent-uninstall.sh"

# What the installer left, so that the same installer need not run again: its own hash, then hash and path of each file.
describe_products() {
  printf '%s\n' "$INSTALLER_SHA256"
  for path in $installer_products; do
    sum=$(sha256 "$ROOT$path" 2>/dev/null) || sum=missing
    printf '%s %s\n' "$sum" "$path"
  done
}

remember_products() {
  temporary "${state#"$ROOT"}/installer"
  describe_products >"$temp"
  preserve "${state#"$ROOT"}/installer"
  replace "${state#"$ROOT"}/installer"
}

# The installer deletes unit and env file and disables the unit before it writes them anew, so an env file and a link
# that were there come back afterwards. It captures every exported K3S_* variable: it gets an environment of its own.
# SYSTEMD_OFFLINE keeps its `systemctl disable` from reloading systemd, which can take the GPU from running containers.
run_installer() {
  outcome=unchanged
  if [ -f "$state/installer" ] && describe_products | cmp -s - "$state/installer"; then
    case $(cat "$state/installer") in *missing*) ;; *) return 0 ;; esac
  fi
  [ -x "$ROOT$binary_path" ] || die binary-missing "the installer needs $binary_path, which is not there"
  file=$run/install.sh
  (umask 077 && printf '%s' "$INSTALLER" >"$file")
  found=$(sha256 "$file") || die hash-unavailable 'neither sha256sum nor openssl is on this host'
  if [ "$found" != "$INSTALLER_SHA256" ]; then
    rm -f "$file"
    die installer-mismatch "the installer has SHA-256 $found, wanted $INSTALLER_SHA256"
  fi
  make_folder /etc/systemd/system
  kept_environment='' kept_link=''
  for path in $installer_products "$environment_path" "$link_path"; do
    preserve "$path"
    if is_there "$path"; then
      case $path in
        "$environment_path") kept_environment=$backup ;;
        "$link_path") kept_link=$backup ;;
      esac
    fi
  done
  # It makes these links where no such command is found, and leaves alone what is there.
  for path in /usr/local/bin/kubectl /usr/local/bin/crictl /usr/local/bin/ctr; do is_there "$path" || note "created $path"; done
  set -- "PATH=$PATH" "HOME=${HOME:-/root}" LC_ALL=C SYSTEMD_OFFLINE=1 INSTALL_K3S_EXEC=agent \
    INSTALL_K3S_SKIP_DOWNLOAD=true INSTALL_K3S_SKIP_START=true INSTALL_K3S_SKIP_ENABLE=true
  if [ -n "${REHEARSAL:-}" ]; then set -- "$@" "ROOT=$ROOT" "REHEARSAL=$REHEARSAL" "REHEARSAL_UID=${REHEARSAL_UID:-}"; fi
  code=0
  # No timeout of its own: that would put it into a process group of its own, where the end of this run does not reach it.
  env -i "$@" sh "$file" >"$run/install.log" 2>&1 </dev/null || code=$?
  rm -f "$file"
  if [ "$code" != 0 ]; then
    tail -n 20 "$run/install.log" | while IFS= read -r line; do emit evidence "$line"; done
    die installer-failed "the installer ended with exit code $code"
  fi
  [ -f "$ROOT$unit_path" ] || die installer-failed "the installer ended well and left no $unit_path"
  if [ -n "$kept_environment" ]; then
    temporary "$environment_path"
    cp -a "$kept_environment" "$temp"
    replace "$environment_path"
  fi
  if [ -n "$kept_link" ] && ! is_there "$link_path"; then cp -a "$kept_link" "$ROOT$link_path"; fi
  remember_products
  outcome=changed
}

write_config() {
  outcome=unchanged
  if [ -f "$ROOT$config_path" ] && [ "$(mode_of "$ROOT$config_path")" = 600 ] && printf '%s' "$CONFIG" | cmp -s - "$ROOT$config_path"; then
    return 0
  fi
  make_folder "${config_path%/*}"
  temporary "$config_path"
  printf '%s' "$CONFIG" >"$temp" || die write-failed "$config_path could not be written (is the disk full?)"
  preserve "$config_path"
  replace "$config_path"
  outcome=changed
}

# The editor ends the last line, which the original may not have done.
is_same_but_last_newline() { { cat "$2" && echo; } | cmp -s - "$1"; }

edit_environment() {
  outcome=unchanged
  make_folder "${environment_path%/*}"
  temporary "$environment_path"
  code=0
  {
    printf '%s\n%s\n' "$SERVER_URL" "$TOKEN"
    if [ -f "$ROOT$environment_path" ]; then cat "$ROOT$environment_path"; fi
  } | change_environment >"$temp" || code=$?
  if [ "$code" != 0 ]; then
    rm -f "$temp"
    die environment-unreadable "$environment_path has a quote or a line that does not end; correct it by hand"
  fi
  if [ -f "$ROOT$environment_path" ] && [ "$(mode_of "$ROOT$environment_path")" = 600 ] &&
    { cmp -s "$temp" "$ROOT$environment_path" || is_same_but_last_newline "$temp" "$ROOT$environment_path"; }; then
    rm -f "$temp"
    return 0
  fi
  preserve "$environment_path"
  replace "$environment_path"
  outcome=changed
}

edit_unit() {
  outcome=unchanged
  [ -f "$ROOT$unit_path" ] || die unit-missing "there is no $unit_path"
  # The pieces may hold a token, so they stay in the folder that only root enters.
  pieces=$run/unit-pieces
  code=0
  (umask 077 && split_exec <"$ROOT$unit_path" >"$pieces") || code=$?
  if [ "$code" = 0 ]; then
    temporary "$unit_path"
    cp -a "$ROOT$unit_path" "$temp"
    ended=yes
    if [ -n "$(tail -c 1 "$ROOT$unit_path")" ]; then ended=no; fi
    without_arguments "$ended" <"$pieces" >"$temp" || code=$?
  fi
  rm -f "$pieces"
  case $code in
    0) ;;
    1) die unit-unreadable "$unit_path has no ExecStart, or more than one" ;;
    2) die unit-unreadable "ExecStart of $unit_path has a quote that does not end" ;;
    *) die unit-unreadable "ExecStart of $unit_path does not run k3s itself, or more than one command" ;;
  esac
  if cmp -s "$temp" "$ROOT$unit_path"; then
    rm -f "$temp"
    return 0
  fi
  preserve "$unit_path"
  former_unit=$backup
  replace "$unit_path"
  if [ -f "$state/installer" ] && [ -n "${INSTALLER_SHA256:-}" ]; then remember_products; fi
  outcome=changed
}

# A unit that systemd has not loaded yet is read from the file when it starts.
reload_systemd() {
  outcome=unchanged
  if [ "$(unit_property NeedDaemonReload)" != yes ] && [ "$(unit_property LoadState)" = loaded ]; then return 0; fi
  note reload
  timeout 60 systemctl daemon-reload >/dev/null 2>"$run/said" || die reload-failed "systemctl daemon-reload failed: $(cat "$run/said")"
  if [ "$RESTART" = no ] && [ -n "$former_unit" ]; then touch -r "$former_unit" "$ROOT$unit_path"; fi
  outcome=changed
}

enable_unit() {
  outcome=unchanged
  if is_there "$link_path"; then return 0; fi
  [ -f "$ROOT$unit_path" ] || die unit-missing "there is no $unit_path"
  make_folder "${link_path%/*}"
  note "created $link_path"
  if ! timeout 30 systemctl enable --no-reload "$unit" >/dev/null 2>&1 || ! is_there "$link_path"; then
    ln -s "$unit_path" "$ROOT$link_path" || die enable-failed "the link $link_path could not be made"
  fi
  outcome=changed
}

check_arguments() {
  for name in $STEPS; do
    case $name in
      install-binary | run-installer | write-config | edit-environment | edit-unit | reload | enable) ;;
      *) die bad-step "there is no step $name" ;;
    esac
  done
  # A line break would become a line of its own in the env file.
  case ${SERVER_URL:-}${TOKEN:-} in
    *[[:cntrl:]]*) die bad-value 'the server address or the token holds a control character' ;;
  esac
}

main() {
  on_stop discard_staged
  on_stop report_failed_step
  check_run_id
  check_arguments
  [ -d "$ROOT/run/systemd/system" ] || die init-unsupported 'this host does not run systemd; other init systems are not supported yet'
  take_lock
  open_log
  report_interrupted
  changed=no former_unit=''
  for step in $STEPS; do
    note "step $step"
    case $step in
      install-binary) install_binary ;;
      run-installer) run_installer ;;
      write-config) write_config ;;
      edit-environment) edit_environment ;;
      edit-unit) edit_unit ;;
      reload) reload_systemd ;;
      enable) enable_unit ;;
    esac
    if [ "$outcome" = changed ]; then changed=yes outcome='done'; fi
    emit step "$step" state "$outcome"
  done
  step=''
  note finished
  discard_older
  former=false
  if [ -n "$(former_tokens)" ]; then former=true; fi
  emit finished "$RUN_ID" former_token:n "$former"
}
