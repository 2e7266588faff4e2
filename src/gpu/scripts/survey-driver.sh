# shellcheck shell=sh
# Part of gpu-runtime's survey: the cards on the bus, and the driver as it is loaded, on disk, and after the next reboot.

# Display and 3D controllers, as NVIDIA's own libraries count them (NVIDIA/go-nvlib pkg/nvpci/nvpci.go).
gpu_pci() {
  for device in "$ROOT/sys/bus/pci/devices"/*; do
    vendor=$(first "$device/vendor") || continue
    class=$(first "$device/class") || continue
    case $vendor$class in 0x10de0x0300* | 0x10de0x0302*) ;; *) continue ;; esac
    id=$(first "$device/device") || id=''
    # The name of the folder that the link leads to; cd tells it without a program.
    driver=$(cd -P "$device/driver" 2>/dev/null && printf '%s' "${PWD##*/}") || driver=''
    emit fact gpu.pci address "${device##*/}" id "10de:${id#0x}" driver "$driver"
  done
}

# gpu_module_version: of the module that modprobe would load now. Debian's is called nvidia-current.
gpu_module_version() {
  has modinfo || return 0
  for name in nvidia nvidia-current; do
    version=$(limited 5 modinfo -F version "$name" 2>/dev/null </dev/null) || continue
    if [ -n "$version" ]; then
      printf '%.128s' "${version%%"
"*}"
      return 0
    fi
  done
}

# The file that libnvidia-ml.so.1 leads to; its name ends in the version of the driver's programs and libraries.
gpu_library() {
  for folder in /usr/lib/x86_64-linux-gnu /usr/lib/aarch64-linux-gnu /usr/lib64 /usr/lib /lib64 /lib; do
    library=$ROOT$folder/libnvidia-ml.so.1
    [ -e "$library" ] || continue
    library=$(readlink -f "$library" 2>/dev/null) || continue
    printf '%s' "${library##*/}"
    return 0
  done
}

# The EFI variable is four bytes of attributes and one of value; a machine that was not started by EFI has no Secure Boot.
gpu_secure_boot() {
  state=unknown
  variable=$ROOT/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
  if [ -d "$ROOT/sys/firmware" ] && [ ! -d "$ROOT/sys/firmware/efi" ]; then
    state=disabled
  elif [ -r "$variable" ]; then
    case $(head -c 5 "$variable" 2>/dev/null | tail -c 1 | tr '\000\001' '01') in
      0) state=disabled ;;
      1) state=enabled ;;
    esac
  fi
  if [ "$state" = unknown ] && has mokutil; then
    case $(limited 5 mokutil --sb-state 2>/dev/null </dev/null) in
      *'SecureBoot enabled'*) state=enabled ;;
      *'SecureBoot disabled'*) state=disabled ;;
    esac
  fi
  printf '%s' "$state"
}

gpu_driver() {
  loaded=$(first "$ROOT/proc/driver/nvidia/version") || loaded=$(first "$ROOT/sys/module/nvidia/version") || loaded=''
  nouveau=false
  if [ -d "$ROOT/sys/module/nouveau" ]; then nouveau=true; fi
  emit fact gpu.driver loaded "$loaded" on_disk "$(gpu_module_version)" library "$(gpu_library)" nouveau:n "$nouveau" \
    secure_boot "$(gpu_secure_boot)"
}

# Installed kernels, and those of them with a module of the driver; which one is started next is for others to say.
gpu_kernels() {
  kernels=''
  for path in "$ROOT/boot"/vmlinuz-*; do
    if [ -f "$path" ]; then kernels="$kernels ${path##*/vmlinuz-}"; fi
  done
  [ -n "$kernels" ] || return 0
  with=$(grep -lE '(^|/)nvidia(-current)?\.ko' "$ROOT/lib/modules"/*/modules.dep 2>/dev/null |
    sed 's|/modules\.dep$||; s|.*/||' | tr '\n' ' ') || with=''
  emit fact gpu.kernels installed "${kernels# }" with_module "$with"
}

# Debian's marker and its list, SUSE's marker, Red Hat's program.
gpu_reboot() {
  pending=false packages=''
  for folder in /run /var/run; do
    if [ -e "$ROOT$folder/reboot-required" ]; then
      pending=true
      if [ -r "$ROOT$folder/reboot-required.pkgs" ]; then packages=$(head -c 8192 "$ROOT$folder/reboot-required.pkgs"); fi
      break
    fi
  done
  if [ -e "$ROOT/run/reboot-needed" ]; then pending=true; fi
  if [ "$pending" = false ] && has needs-restarting; then
    # "  * kernel" for every package that is newer than the boot.
    packages=$(limited 20 needs-restarting -r 2>/dev/null </dev/null | awk 'NR <= 256 && $1 == "*" { print $2 }') || packages=''
    if [ -n "$packages" ]; then pending=true; fi
  fi
  emit fact gpu.reboot pending:n "$pending" packages "$packages"
}

gpu_unattended() {
  on=false
  # apt reads its files in the order of their names, and the last one counts.
  case $(cat "$ROOT/etc/apt/apt.conf" "$ROOT/etc/apt/apt.conf.d"/* 2>/dev/null | head -c 1048576 | awk '
    /^[ \t]*(\/\/|#)/ { next }
    match($0, /APT::Periodic::Unattended-Upgrade[ \t]+"[^"]*"/) { value = substr($0, RSTART, RLENGTH); gsub(/^[^"]*"|"$/, "", value) }
    END { print value }') in
    '' | 0) ;;
    *) if [ -e "$ROOT/usr/bin/unattended-upgrade" ] || has unattended-upgrade; then on=true; fi ;;
  esac
  for path in "$ROOT/etc/systemd/system/timers.target.wants"/dnf*automatic*.timer "$ROOT/etc/systemd/system/timers.target.wants/transactional-update.timer"; do
    if [ -e "$path" ] || [ -L "$path" ]; then on=true; fi
  done
  emit fact gpu.unattended on:n "$on"
}

gpu_kernel_log() {
  has dmesg || return 0
  lines=$(limited 5 dmesg 2>/dev/null </dev/null | head -c 4194304 | awk '
    /NVRM|Xid|Key was rejected by service|nvidia.*(version magic|disagrees|verification failed)/ { kept[count++ % 20] = substr($0, 1, 400) }
    END { for (at = count > 20 ? count - 20 : 0; at < count; at++) print kept[at % 20] }') || lines=''
  if [ -n "$lines" ]; then emit fact gpu.kernel-log lines "$lines"; fi
}
