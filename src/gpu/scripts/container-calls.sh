# shellcheck shell=sh
# shellcheck disable=SC2154 # assigned by survey.sh
# A GPU call in every container that has the GPU, through the container's own runtime: only that shows whether its device rules
# still let it. survey.sh and its parts come before it; this main is the one that runs. Changes nothing.

# A container whose driver hangs takes its limit, and there may be many of them.
most=32 seconds=40

# container_of PID: sets $runtime and $id; fails when the process is in none that can be asked.
container_of() {
  [ -r "$ROOT/proc/$1/cgroup" ] || return 1
  while IFS= read -r group; do
    group=${group#*:*:}
    id=${group##*/} id=${id%.scope}
    case $group in
      *libpod-conmon-*) continue ;;
      *kubepods*/docker-* | */docker/* | *docker-*) runtime=docker ;;
      # Without k3s the kubelet's containers are those of a containerd of its own (kubeadm).
      *kubepods*) if has k3s; then runtime=k3s; else runtime=crictl; fi ;;
      *libpod-*) runtime=podman ;;
      *) continue ;;
    esac
    id=${id##*-}
    case $id in *[!0-9a-f]* | '') continue ;; esac
    if [ ${#id} = 64 ]; then return 0; fi
  done <"$ROOT/proc/$1/cgroup"
  return 1
}

# Processes that can see the device: those that nvidia-smi names, and those in whose root it stands.
candidates() {
  if has nvidia-smi; then
    asked 10 nvidia-smi --query-compute-apps=pid --format=csv,noheader,nounits | awk '$1 ~ /^[0-9]+$/ { print $1 }'
  fi
  for path in "$ROOT/proc"/[0-9]*; do
    if [ -e "$path/root/dev/nvidiactl" ]; then echo "${path##*/}"; fi
  done
}

# pod_crictl RUNTIME SECONDS WORD...
pod_crictl() {
  _runtime=$1 _limit=$2
  shift 2
  case $_runtime in
    k3s) asked "$_limit" k3s crictl "$@" ;;
    *) asked "$_limit" crictl --runtime-endpoint unix:///run/containerd/containerd.sock "$@" ;;
  esac
}

# exec_in RUNTIME ID SECONDS PROGRAM...
# crictl without --sync: that one tells of a failure without the words on standard output, and nvidia-smi says there what is
# wrong (kubernetes-sigs/cri-tools:cmd/crictl/exec.go). The program's own exit code is in the text then.
exec_in() {
  _runtime=$1 _id=$2 _limit=$3
  shift 3
  case $_runtime in
    k3s | crictl) pod_crictl "$_runtime" "$_limit" exec "$_id" "$@" ;;
    *) asked "$_limit" "$_runtime" exec "$_id" "$@" ;;
  esac
}

name_of() {
  case $1 in
    k3s | crictl) pod_crictl "$1" 5 inspect --output go-template --template '{{ index .status.labels "io.kubernetes.pod.namespace" }}/{{ index .status.labels "io.kubernetes.pod.name" }}/{{ .status.metadata.name }}' "$2" ;;
    *) asked 5 "$1" inspect --format '{{ .Name }}' "$2" ;;
  esac
}

call() {
  has "$1" || return 0
  name=$(name_of "$1" "$2") || name=''
  code=0
  said=$(exec_in "$1" "$2" 15 nvidia-smi -L) || code=$?
  case $code-$said in
    # 14 is a warning beside a complete list.
    0-*'GPU '* | 14-*'GPU '* | *-*'GPU '*'exit code 14'*) outcome=ok ;;
    *'executable file not found'* | 126-* | 127-*) outcome=not-asked ;;
    124-*) outcome=failed said='no answer in 15 s' ;;
    *) outcome=failed said="exit code $code: $said" ;;
  esac
  emit container_call "$outcome" runtime "$1" id "$2" name "$(printf '%.200s' "$name")" said "$(printf '%.500s' "$said")"
}

main() {
  seen=' ' count=0 began=$(date +%s)
  for pid in $(candidates | sort -nu); do
    container_of "$pid" || continue
    case $seen in *" $id "*) continue ;; esac
    seen="$seen$id "
    count=$((count + 1))
    if [ "$count" -gt "$most" ] || [ "$(($(date +%s) - began))" -ge "$seconds" ]; then
      emit left_out yes
      break
    fi
    call "$runtime" "$id"
  done
  emit finished yes
}
