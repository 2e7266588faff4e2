# shellcheck shell=sh
# shellcheck disable=SC2034 # read by the scripts before it
# shellcheck disable=SC2154 # assigned by files.sh, packages.sh and change-log.sh
# Carries out the steps of one run, in order, under the host lock. files.sh, change-log.sh, packages.sh and repository.sh come
# before it.
# RUN_ID, HOLDER, LOCK_WAIT (seconds), STEPS (words), UNIT; MANAGER, VERSION (without revision), HOLD (names, words), and
# what repository.sh wants; TEMPLATES (words, PATH:SHA256); SEARCH_PATH (folders, : between them).
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
      emit_said
      emit evidence "to be had: $(apt-cache madison nvidia-container-toolkit 2>/dev/null 9>&- | awk -F '|' 'NR <= 8 { printf "%s", $2 }')"
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

count_links() {
  set -- "$ROOT/dev/char"/*
  echo $#
}

# nvidia-ctk makes a link for every NVIDIA device that there can be, so that the device rules which systemd makes anew at a
# reload still find them (NVIDIA/nvidia-container-toolkit#48). The rule does so again whenever the driver is loaded. A driver
# or toolkit for which it does not work is no reason to take everything back.
link_devices() {
  outcome=unchanged
  ctk=$(command -v nvidia-ctk) || ctk=''
  case $ctk in
    /*) ;;
    *)
      emit warning 'there is no nvidia-ctk on this host, so the links in /dev/char were not made'
      return 0
      ;;
  esac
  ctk=${ctk#"$ROOT"}
  case $ctk in
    *[!A-Za-z0-9/._-]*)
      emit warning "the path of nvidia-ctk ($ctk) cannot stand in a rule of udev, so the links in /dev/char were not made"
      return 0
      ;;
  esac
  before=$(count_links)
  if ! quietly timeout 30 nvidia-ctk system create-dev-char-symlinks --create-all; then
    emit warning "nvidia-ctk could not make the links in /dev/char: $(tail -n 1 "$run/said")"
    return 0
  fi
  make_folder "${rule_path%/*}"
  temporary "$rule_path"
  {
    printf '# Written by gpu-runtime of k3s-gpu-actions: without these links a reload of systemd takes the GPU from running containers.\n'
    printf 'ACTION=="add", DEVPATH=="/bus/pci/drivers/nvidia", RUN+="%s system create-dev-char-symlinks --create-all"\n' "$ctk"
  } >"$temp" || die write-failed "$rule_path could not be written (is the disk full?)"
  chmod 644 "$temp"
  if [ -f "$ROOT$rule_path" ] && cmp -s "$temp" "$ROOT$rule_path"; then
    rm -f "$temp"
  else
    preserve "$rule_path"
    replace "$rule_path"
    outcome=changed
  fi
  if [ "$(count_links)" != "$before" ]; then outcome=changed; fi
}

# The name says which content was moved aside, so a second one of another content has a name of its own.
quarantine_templates() {
  outcome=unchanged
  for word in $TEMPLATES; do
    path=${word%:*} sum=${word##*:}
    disabled=$path.disabled-$(printf '%.8s' "$sum")
    if ! is_there "$path"; then continue; fi
    found=$(sha256 "$ROOT$path") || die hash-unavailable 'neither sha256sum nor openssl is on this host'
    if [ "$found" != "$sum" ]; then die template-changed "$path is not what it was when it was judged; it was left as it is"; fi
    preserve "$path"
    if ! is_there "$disabled"; then note "created $disabled"; fi
    mv -f "$ROOT$path" "$ROOT$disabled" || die replace-failed "$path could not be renamed"
    outcome=changed
  done
}

# k3s does not start with a default runtime that it cannot find (k3s-io/k3s:pkg/agent/containerd/config_linux.go), so it is
# looked for once more, where k3s will look.
write_default_runtime() {
  outcome=unchanged
  found=''
  rest=$SEARCH_PATH:
  while [ -n "$rest" ]; do
    folder=${rest%%:*} rest=${rest#*:}
    case $folder in /*) ;; *) continue ;; esac
    if [ -f "$ROOT$folder/nvidia-container-runtime" ] && [ -x "$ROOT$folder/nvidia-container-runtime" ]; then
      found=$folder/nvidia-container-runtime
      break
    fi
  done
  if [ -z "$found" ]; then
    die runtime-missing "there is no nvidia-container-runtime where k3s looks for it ($SEARCH_PATH), so k3s would not start"
  fi
  make_folder "${default_runtime_path%/*}"
  temporary "$default_runtime_path"
  printf '# Written by gpu-runtime of k3s-gpu-actions; its input default-runtime: unset takes it away.\ndefault-runtime: nvidia\n' \
    >"$temp" || die write-failed "$default_runtime_path could not be written (is the disk full?)"
  if [ -f "$ROOT$default_runtime_path" ] && cmp -s "$temp" "$ROOT$default_runtime_path"; then
    rm -f "$temp"
    return 0
  fi
  preserve "$default_runtime_path"
  replace "$default_runtime_path"
  outcome=changed
}

remove_default_runtime() {
  outcome=unchanged
  if ! is_there "$default_runtime_path"; then return 0; fi
  preserve "$default_runtime_path"
  rm -f "$ROOT$default_runtime_path" || die replace-failed "$default_runtime_path could not be deleted"
  outcome=changed
}

check_arguments() {
  for name in $STEPS; do
    case $name in
      add-repository | install-toolkit | hold-packages)
        case $MANAGER in apt | dnf | zypper) ;; *) die bad-value "there is no package manager $MANAGER" ;; esac
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
