# shellcheck shell=sh
# shellcheck disable=SC2034 # read by apply.sh
# shellcheck disable=SC2154 # assigned by files.sh, packages.sh and change-log.sh
# The steps link-devices, quarantine-template, write-default-runtime and remove-default-runtime, for apply.sh.
# TEMPLATES (words, PATH:SHA256); SEARCH_PATH (folders, : between them).

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
