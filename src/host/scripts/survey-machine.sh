# shellcheck shell=sh
# Part of the survey: what the machine and its system are.

survey_identity() {
  hostname=$(first "$ROOT/proc/sys/kernel/hostname") || hostname=$(uname -n) || hostname=''
  machine_id=$(first "$ROOT/etc/machine-id") || machine_id=''
  # Only root may read it.
  uuid=$(first "$ROOT/sys/class/dmi/id/product_uuid" 2>/dev/null) || uuid=''
  emit fact identity hostname "$hostname" user "${SUDO_USER:-$(id -un)}" machine_id "$machine_id" system_uuid "$uuid"
}

survey_os() {
  release=$ROOT/etc/os-release
  [ -r "$release" ] || release=$ROOT/usr/lib/os-release
  [ -r "$release" ] || return 0
  id='' like='' version='' pretty=''
  # Read, not sourced: the file is data. Its beginning is enough: a shell needs minutes for a line of megabytes.
  while IFS= read -r line || [ -n "$line" ]; do
    value=${line#*=}
    case $value in
      \"*\") value=${value#\"} value=${value%\"} ;;
      \'*\') value=${value#\'} value=${value%\'} ;;
    esac
    case $line in
      ID=*) id=$value ;;
      ID_LIKE=*) like=$value ;;
      VERSION_ID=*) version=$value ;;
      PRETTY_NAME=*) pretty=$value ;;
    esac
  done <<END
$(head -c 16384 "$release")
END
  emit fact os id "$id" id_like "$like" version_id "$version" pretty "$pretty"
}

# Only root is told the truth: what belongs to root is no place for anybody else's files.
survey_read_only() {
  [ "$(id -u)" = 0 ] || return 0
  for path in /usr/local/bin /etc/systemd/system; do
    if [ -d "$ROOT$path" ] && [ ! -w "$ROOT$path" ]; then emit fact read-only path "$path"; fi
  done
}

survey_kernel() {
  release=$(first "$ROOT/proc/sys/kernel/osrelease") || release=$(uname -r)
  machine=$(uname -m)
  case $machine in
    x86_64) machine=amd64 ;;
    aarch64) machine=arm64 ;;
    armv6l | armv7l) machine=arm ;;
  esac
  emit fact kernel release "$release" architecture "$machine"
}

survey_init() {
  init=other
  if [ -d "$ROOT/run/systemd/system" ]; then init=systemd; elif [ -e "$ROOT/run/openrc/softlevel" ]; then init=openrc; fi
  # "systemd 249 (249.11-0ubuntu3.16)"
  systemd=''
  if [ "$init" = systemd ] && has systemctl; then
    systemd=$(limited 5 systemctl --version 2>/dev/null </dev/null | awk 'NR == 1 && $1 == "systemd" { sub(/[^0-9].*/, "", $2); print $2 }') || systemd=''
  fi
  emit fact init name "$init" systemd:n "$systemd"
}

survey_privilege() {
  state=${SUDO_STATE:-}
  if [ -z "$state" ]; then
    if [ "$(id -u)" = 0 ]; then state=root; else state=none; fi
  fi
  emit fact privilege state "$state" problem "${SUDO_PROBLEM:-}"
}

survey_cgroup() {
  version=0 controllers=''
  if [ -r "$ROOT/sys/fs/cgroup/cgroup.controllers" ]; then
    version=2
    controllers=$(first "$ROOT/sys/fs/cgroup/cgroup.controllers") || controllers=''
  elif [ -r "$ROOT/proc/cgroups" ]; then
    version=1
    # name, hierarchy, number of cgroups, enabled; a controller that the kernel's command line disabled has enabled 0.
    while read -r name _ _ enabled; do
      if [ "$enabled" = 1 ]; then controllers="$controllers $name"; fi
    done <"$ROOT/proc/cgroups"
  fi
  emit fact cgroup version:n "$version" controllers "${controllers# }"
}

survey_memory() {
  [ -r "$ROOT/proc/meminfo" ] || return 0
  total='' swap=''
  while read -r name value _; do
    case $name in
      MemTotal:) total=$((value * 1024)) ;;
      SwapTotal:) swap=$((value * 1024)) ;;
    esac
  done <"$ROOT/proc/meminfo"
  emit fact memory total:n "$total" swap:n "$swap"
}

# disk PATH: how much room there is. Sets $place to its file system; empty when that cannot be had.
disk() {
  blocks=$(limited 5 df -Pk "$ROOT$1" 2>/dev/null </dev/null | awk 'NR == 2 { printf "%.0f %.0f %s\n", $4 * 1024, $2 * 1024, $1 ":" $6 }')
  place=${blocks##* } total=${blocks#* }
  case "|$2|" in *"|${place:-none}|"*) return 0 ;; esac
  # btrfs and others make inodes as they need them and say 0 of 0; a number that cannot be had stays empty.
  inodes=$(limited 5 df -Pi "$ROOT$1" 2>/dev/null </dev/null | awk 'NR == 2 && $2 > 0 { print $4 }')
  emit fact disk path "$1" bytes:n "${blocks%% *}" total:n "${total%% *}" inodes:n "$inodes"
}

# Of the folders for data each file system once; programs and configuration need little, wherever they are.
survey_disks() {
  places='' told=' '
  for path in ${data_folders:-/var/lib}; do
    # What is not there yet will be made where its nearest folder is.
    while [ -n "$path" ] && [ ! -d "$ROOT$path" ]; do path=${path%/*}; done
    case $told in *" ${path:-/} "*) continue ;; esac
    told="$told${path:-/} "
    disk "${path:-/}" "$places"
    places="$places|$place"
  done
  for path in /usr/local/bin /etc; do
    if [ -d "$ROOT$path" ]; then disk "$path" ''; fi
  done
}

survey_selinux() {
  mode=unknown
  case $(first "$ROOT/sys/fs/selinux/enforce") in
    1) mode=enforcing ;;
    0) mode=permissive ;;
    *) if [ -d "$ROOT/sys/fs" ] && [ ! -d "$ROOT/sys/fs/selinux" ]; then mode=disabled; fi ;;
  esac
  emit fact selinux mode "$mode"
}

# What shows that a part of the kernel is there, as a module or built in.
module_shows() {
  if [ -d "$ROOT/sys/module/$1" ]; then return 0; fi
  case $1 in
    overlay) grep -q '[[:blank:]]overlay$' "$ROOT/proc/filesystems" 2>/dev/null && return 0 ;;
    nf_conntrack) [ -e "$ROOT/proc/sys/net/netfilter/nf_conntrack_max" ] && return 0 ;;
    br_netfilter) [ -e "$ROOT/proc/sys/net/bridge/bridge-nf-call-iptables" ] && return 0 ;;
  esac
  grep -q "^$1 " "$ROOT/proc/modules" 2>/dev/null
}

# loaded: it works now; loadable: the kernel's folder has it, or the kernel itself; missing: neither has it; else unknown.
survey_modules() {
  if [ -z "${kernel_modules:-}" ]; then return 0; fi
  release=$(first "$ROOT/proc/sys/kernel/osrelease") || release=$(uname -r)
  folder=$ROOT/lib/modules/$release
  otherwise=unknown found=''
  if [ -r "$folder/modules.dep" ]; then
    otherwise=missing
    # "kernel/fs/overlayfs/overlay.ko.zst: …" here, without what it needs in modules.builtin.
    found=$(cat "$folder/modules.builtin" "$folder/modules.dep" 2>/dev/null | awk '
      { name = $1; sub(/:$/, "", name); sub(/.*\//, "", name); sub(/\.ko(\.[a-z0-9]+)?$/, "", name); gsub(/-/, "_", name); print name }' |
      grep -Ex "$(printf '%s' "$kernel_modules" | tr ' ' '|')" | tr '\n' ' ') || :
  fi
  for name in $kernel_modules; do
    state=$otherwise
    case " $found " in *" $name "*) state=loadable ;; esac
    if module_shows "$name"; then state=loaded; fi
    emit fact module name "$name" state "$state"
  done
}
