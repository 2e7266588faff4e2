# shellcheck shell=sh
# Part of the survey: what runs containers here, and what in containers uses the GPU.

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

# What another Kubernetes has or had here. Programs in containers are not this machine's: there they run on purpose.
survey_kubernetes() {
  count=0
  for path in "$ROOT/etc/cni/net.d"/*; do
    if [ ! -f "$path" ] || [ "$count" -ge 16 ]; then continue; fi
    count=$((count + 1))
    emit fact kubernetes kind cni-config name "${path##*/}" pid:n 0
  done
  count=0
  for path in "$ROOT/sys/class/net"/*; do
    case ${path##*/} in
      cni0 | flannel.[0-9]* | flannel-wg* | cilium_* | cali* | vxlan.calico | weave | kube-bridge | antrea-gw0 | ovn-k8s-mp0) ;;
      *) continue ;;
    esac
    if [ "$count" -ge 16 ]; then continue; fi
    count=$((count + 1))
    emit fact kubernetes kind interface name "${path##*/}" pid:n 0
  done
  if [ -e "$ROOT/etc/kubernetes/kubelet.conf" ]; then emit fact kubernetes kind kubelet-config name /etc/kubernetes/kubelet.conf pid:n 0; fi
  for path in "$ROOT/proc"/[0-9]*; do
    { IFS= read -r name <"$path/comm"; } 2>/dev/null || continue
    case $name in kubelet | kubelite) ;; *) continue ;; esac
    owner_of "${path##*/}"
    if [ "$owner" = host ]; then emit fact kubernetes kind kubelet name "$name" pid:n "${path##*/}" unit "$detail"; fi
  done
}

# started_at PID: when it was started, in clock ticks since the machine was (proc(5)); nothing when that cannot be read.
started_at() {
  if [ -r "$ROOT/proc/$1/stat" ] && IFS= read -r stat <"$ROOT/proc/$1/stat"; then
    # The name may hold blanks and parentheses; it ends at the last one. The third field comes next, the start is the 22nd.
    # shellcheck disable=SC2086 # the words are wanted
    (set -f && set -- ${stat##*)} && [ $# -ge 20 ] && shift 19 && printf '%s' "$1")
  fi
}

# gpu_query: sets $devices, a line "name, driver, memory in MiB" a GPU, and $code, how nvidia-smi ended. Whoever asks it for
# more puts a gpu_query of its own behind this one, so that it is asked once.
gpu_query() {
  devices=$(asked 10 nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader,nounits) && code=0 || code=$?
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
    gpu_query
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
