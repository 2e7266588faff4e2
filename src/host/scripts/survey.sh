# shellcheck shell=sh
# What the host says about itself, one line a fact, in one round trip. Changes nothing. Every fact is gathered in a
# subshell of its own, so that one that cannot be had costs only itself. Files under "$ROOT/proc" and "$ROOT/sys" are
# preferred to programs: they are there on every host and cost no process.
# A distribution appends its own part as a function survey_distribution.

# first FILE: its first line; fails when there is none.
first() {
  [ -r "$1" ] || return 1
  IFS= read -r _first <"$1" || [ -n "${_first:-}" ] || return 1
  printf '%s\n' "$_first"
}

mark=$(printf '\001')

# limited SECONDS COMMAND...: a program that may hang on a broken driver or file system.
limited() {
  if has timeout; then timeout "$@"; else
    shift
    "$@"
  fi
}

# asked SECONDS COMMAND...: prints what it says, on standard error too, and ends as it did; 124 when it did not answer in
# time. A broken driver can keep a program from ever being killed, so nobody waits for the program itself: its words and
# then its code come through a pipe, into which a second process writes 124 when the time is over. \001 begins that line.
asked() (
  limit=$1
  shift
  {
    {
      "$@" </dev/null 2>&1 &
      program=$!
      {
        trap 'kill "$pause"; exit' TERM
        sleep "$limit" &
        pause=$!
        wait "$pause"
        printf '\n\001124\n'
        kill -s KILL "$program"
      } &
      watch=$!
      code=0
      wait "$program" || code=$?
      printf '\n\001%s\n' "$code"
      kill "$watch"
    } 2>/dev/null &
  } | {
    said='' code=''
    while [ -z "$code" ] && IFS= read -r line; do
      case $line in
        "$mark"*) code=${line#"$mark"} ;;
        *) said="$said$line
" ;;
      esac
    done
    printf '%s' "$said"
    exit "${code:-124}"
  }
)

survey_clock() {
  clock=$(date +%s%3N)
  case $clock in
    # busybox knows no %N.
    *[!0-9]* | ?????????? | '') clock=$(date +%s)000 ;;
  esac
  emit fact clock ms:n "$clock"
}

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
  version=0 memory=false
  if [ -r "$ROOT/sys/fs/cgroup/cgroup.controllers" ]; then
    version=2
    case " $(first "$ROOT/sys/fs/cgroup/cgroup.controllers") " in *' memory '*) memory=true ;; esac
  elif [ -r "$ROOT/proc/cgroups" ]; then
    version=1
    # name, hierarchy, number of cgroups, enabled; a controller that the kernel's command line disabled has enabled 0.
    while read -r name _ _ enabled; do
      if [ "$name" = memory ] && [ "$enabled" = 1 ]; then memory=true; fi
    done <"$ROOT/proc/cgroups"
  fi
  emit fact cgroup version:n "$version" memory:n "$memory"
}

survey_memory() {
  total='' swap=''
  while read -r name value _; do
    case $name in
      MemTotal:) total=$((value * 1024)) ;;
      SwapTotal:) swap=$((value * 1024)) ;;
    esac
  done <"$ROOT/proc/meminfo"
  emit fact memory total:n "$total" swap:n "$swap"
}

# 6443 API server, 6444 the agent's own load balancer, 10250 kubelet.
survey_ports() {
  if has ss && sockets=$(ss -lntp 2>/dev/null); then
    printf '%s\n' "$sockets" | awk '
      {
        count = split($4, address, ":")
        port = address[count]
        if (port != "6443" && port != "6444" && port != "10250") next
        name = ""; pid = 0
        if (match($0, /users:\(\(".*/)) {
          owner = substr($0, RSTART + 9)
          if (match(owner, /",pid=[0-9]+/)) { name = substr(owner, 1, RSTART - 1); pid = substr(owner, RSTART + 6, RLENGTH - 6) }
        }
        if (!seen[port " " pid]++) print port, pid, name
      }'
  else
    # State 0A is LISTEN; ports in hexadecimal. The owner would need a walk through every process, so it stays open.
    cat "$ROOT/proc/net/tcp" "$ROOT/proc/net/tcp6" 2>/dev/null | awk '
      $4 == "0A" {
        split($2, address, ":")
        port = address[2] == "192B" ? 6443 : address[2] == "192C" ? 6444 : address[2] == "280A" ? 10250 : 0
        if (port && !seen[port]++) print port, 0, ""
      }'
  fi | while read -r port pid name; do emit fact port port:n "$port" pid:n "$pid" process "$name"; done
}

survey_disks() {
  for path in /var/lib /usr/local/bin /etc; do
    [ -d "$ROOT$path" ] || continue
    bytes=$(limited 5 df -Pk "$ROOT$path" 2>/dev/null | awk 'NR == 2 { printf "%.0f", $4 * 1024 }')
    # btrfs and others make inodes as they need them and say 0 of 0; a number that cannot be had stays empty.
    inodes=$(limited 5 df -Pi "$ROOT$path" 2>/dev/null | awk 'NR == 2 && $2 > 0 { print $4 }')
    emit fact disk path "$path" bytes:n "$bytes" inodes:n "$inodes"
  done
}

survey_route() {
  route=''
  if has ip; then
    route=$(ip -o route show default 2>/dev/null) || :
    [ -n "$route" ] || route=$(ip -o -6 route show default 2>/dev/null) || :
  fi
  if [ -n "$route" ]; then
    via='' device='' source=''
    set -f
    # The first of several default routes is the preferred one; its words are wanted.
    # shellcheck disable=SC2086
    set -- ${route%%"
"*}
    while [ $# -gt 1 ]; do
      case $1 in
        via) via=$2 ;;
        dev) device=$2 ;;
        src) source=$2 ;;
      esac
      shift
    done
    if [ -z "$source" ] && [ -n "$via" ]; then
      source=$(ip -o route get "$via" 2>/dev/null | awk '{ for (i = 1; i < NF; i++) if ($i == "src") { print $(i + 1); exit } }') || source=''
    fi
    emit fact route via "$via" device "$device" source "$source"
  elif [ -r "$ROOT/proc/net/route" ]; then
    while read -r device destination gateway _ _ _ _ mask _; do
      [ "$destination$mask" = 0000000000000000 ] || continue
      # The gateway is a 32-bit number in the byte order of the machine: little-endian wherever k3s runs.
      a=${gateway%??????} b=${gateway#??} c=${gateway#????} d=${gateway#??????}
      b=${b%????} c=${c%??}
      emit fact route via "$((0x$d)).$((0x$c)).$((0x$b)).$((0x$a))" device "$device" source ''
      break
    done <"$ROOT/proc/net/route"
  fi
}

survey_addresses() {
  if has ip && addresses=$(ip -o addr show scope global 2>/dev/null); then
    printf '%s\n' "$addresses" | awk '$3 == "inet" || $3 == "inet6" { sub(/\/.*/, "", $4); print $4 }'
  else
    hostname -I 2>/dev/null | tr ' ' '\n'
  fi | while IFS= read -r address; do
    if [ -n "$address" ]; then emit fact address address "$address"; fi
  done
}

survey_runtimes() {
  set -- docker containerd podman crio
  states=''
  if has systemctl; then
    # Podman has no daemon; its API socket is what could be active.
    states=$(limited 5 systemctl is-active docker.service containerd.service podman.socket crio.service 2>/dev/null) || :
  fi
  for name in "$@"; do
    state=${states%%"
"*}
    case $states in
      *"
"*) states=${states#*"
"} ;;
      *) states='' ;;
    esac
    case $name in
      docker) has dockerd || has docker || continue ;;
      *) has "$name" || continue ;;
    esac
    case $name in
      docker) socket=docker.sock ;;
      containerd) socket=containerd/containerd.sock ;;
      podman) socket=podman/podman.sock ;;
      crio) socket=crio/crio.sock ;;
    esac
    running=false
    case $state in
      active | activating | reloading) running=true ;;
      '') if [ -S "$ROOT/run/$socket" ]; then running=true; fi ;;
    esac
    emit fact runtime name "$name" running:n "$running"
  done
}

# Who owns a process, from its control group: "pod UID", "container RUNTIME" or "host UNIT".
owner_of() {
  owner=host detail=''
  [ -r "$ROOT/proc/$1/cgroup" ] || return 0
  while IFS= read -r group; do
    group=${group#*:*:}
    case $group in
      *kubepods*)
        owner=pod detail=${group##*pod}
        # kubepods.slice/…-pod<uid with _>.slice/cri-containerd-<id>.scope, or kubepods/besteffort/pod<uid>/<id>
        detail=${detail%%/*}
        detail=$(printf '%s' "${detail%%.slice*}" | tr _ -)
        return 0
        ;;
      *docker[-/]*) owner=container detail=docker && return 0 ;;
      *libpod[-/_]*) owner=container detail=podman && return 0 ;;
      *crio[-/]*) owner=container detail=crio && return 0 ;;
      *containerd[-/]* | *nerdctl[-/]*) owner=container detail=containerd && return 0 ;;
      *lxc[./]* | *machine.slice/*) owner=container detail=${group##*/} && return 0 ;;
      *.service | *.scope) detail=${group##*/} ;;
    esac
  done <"$ROOT/proc/$1/cgroup"
}

# started_at PID: when it was started, in clock ticks since the machine was (proc(5)); nothing when that cannot be read.
started_at() {
  if [ -r "$ROOT/proc/$1/stat" ] && IFS= read -r stat <"$ROOT/proc/$1/stat"; then
    # The name may hold blanks and parentheses; it ends at the last one. The third field comes next, the start is the 22nd.
    # shellcheck disable=SC2086 # the words are wanted
    (set -f && set -- ${stat##*)} && [ $# -ge 20 ] && shift 19 && printf '%s' "$1")
  fi
}

survey_gpu() {
  pci=0
  for device in "$ROOT/sys/bus/pci/devices"/*; do
    vendor=$(first "$device/vendor") || continue
    class=$(first "$device/class") || continue
    # 0x10de is NVIDIA; 0x0300 a VGA, 0x0302 a 3D controller. Its audio and USB functions have other classes.
    case $vendor$class in 0x10de0x0300* | 0x10de0x0302*) pci=$((pci + 1)) ;; esac
  done
  devices='' problem='' known=false
  if has nvidia-smi; then
    devices=$(asked 10 nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader,nounits) && code=0 || code=$?
    case $code in
      # 14: the infoROM is corrupt, which is a warning beside a complete answer (man nvidia-smi).
      0 | 14) ;;
      124) problem='nvidia-smi gave no answer in 10 s' devices='' ;;
      *) problem="exit code $code: $devices" devices='' ;;
    esac
    case $devices in
      *'No devices were found'*) problem=$devices devices='' ;;
    esac
  fi
  emit fact gpu pci:n "$pci" problem "$problem"
  if [ -n "$devices" ]; then
    printf '%s\n' "$devices" | while IFS= read -r line; do
      memory=${line##*, } name=${line%, *}
      case $line in *', '*', '*) emit fact gpu-device name "${name%, *}" driver "${name##*, }" memory:n "$memory" ;; esac
    done
    survey_gpu_processes
  elif [ "$pci" = 0 ] && { [ -z "$problem" ] || [ -d "$ROOT/sys/bus/pci/devices" ]; }; then
    # No card, so nobody uses it. A driver's leftovers that complain are no card either where the kernel lists the bus.
    known=true
  fi
  emit fact gpu-processes known:n "$known"
}

# Sets $known: whether the list is complete. Without a list, or with a line that names no process, it is not.
survey_gpu_processes() {
  processes=$(asked 10 nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv,noheader,nounits) && code=0 || code=$?
  case $code in 0 | 14) known=true ;; *) return 0 ;; esac
  while IFS= read -r line; do
    pid=${line%%, *} name=${line#*, }
    case $line in
      '' | 'No running '*) continue ;;
      *', '*', '*) case $pid in '' | *[!0-9]*) known=false && continue ;; esac ;;
      # A complaint of the infoROM stands beside the list.
      *infoROM*) continue ;;
      *) known=false && continue ;;
    esac
    owner_of "$pid"
    started=$(started_at "$pid") || started=''
    emit fact gpu-process pid:n "$pid" name "${name%, *}" memory:n "${name##*, }" owner "$owner" detail "$detail" started:n "$started"
  done <<END
$processes
END
}

main() {
  for part in clock identity os kernel init privilege cgroup memory ports disks route addresses runtimes gpu; do
    ("survey_$part") || :
  done
  if command -v survey_distribution >/dev/null 2>&1; then survey_distribution; fi
}
