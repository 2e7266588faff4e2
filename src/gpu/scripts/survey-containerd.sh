# shellcheck shell=sh
# Part of gpu-runtime's survey: containerd as a unit of its own, as nodes of kubeadm have it. survey-runtime.sh comes before it.
# shellcheck disable=SC2154,SC2034 # what comes before and after it sets and reads

# A kubelet beside it, and no k3s: docker brings a containerd, too, and k3s runs one that this says nothing about.
gpu_has_own_containerd() {
  if [ -n "${unit_name:-}" ]; then return 1; fi
  [ -e "$ROOT/etc/kubernetes/kubelet.conf" ] || [ -n "$(gpu_unit_file kubelet)" ]
}

# gpu_unit_file NAME: where the unit's file is; nothing when there is no such unit.
gpu_unit_file() { limited 10 systemctl show "$1.service" -p FragmentPath 2>/dev/null </dev/null | sed -n 's/^FragmentPath=//p'; }

# gpu_service_file NAME PATH-FOR-PEOPLE FILE
gpu_service_file() {
  text=$(gpu_text "$3" && printf x) || text=x
  sum=$(limited 10 sha256sum <"$3" 2>/dev/null) || sum=''
  emit fact gpu.service-file name "$1" path "$2" sha256 "${sum%% *}" text "${text%x}"
}

gpu_own_containerd() {
  gpu_has_own_containerd || return 0
  if [ -z "$(gpu_unit_file containerd)" ]; then return 0; fi
  shown=$(limited 10 systemctl show containerd.service -p ActiveState -p MainPID 2>/dev/null </dev/null) || shown=''
  pid=$(gpu_property MainPID) changed='' problem='' version=''
  config=/etc/containerd/config.toml
  if has containerd; then
    # "containerd github.com/containerd/containerd 1.7.28 b98a3aa…"
    version=$(limited 5 containerd --version 2>/dev/null </dev/null | awk '{ print $3; exit }') || version=''
  fi
  if [ -f "$ROOT$config" ] && [ -r "$ROOT$config" ]; then gpu_service_file config "$config" "$ROOT$config"; fi
  for file in "$ROOT/etc/containerd/conf.d"/*.toml; do
    if [ -f "$file" ] && [ -r "$file" ]; then gpu_service_file drop-in "${file#"$ROOT"}" "$file"; fi
  done
  # The process's folder is as old as the process.
  case $pid in
    '' | 0 | *[!0-9]*) ;;
    *)
      for file in "$ROOT$config" "$ROOT/etc/containerd/conf.d"/*.toml; do
        if [ -f "$file" ] && [ -d "$ROOT/proc/$pid" ] && [ -n "$(find "$file" -newer "$ROOT/proc/$pid" 2>/dev/null)" ]; then
          changed="$changed${changed:+
}${file#"$ROOT"}"
        fi
      done
      ;;
  esac
  # All imports taken together, as the next start would have them; it names what it does not understand and ends with 1.
  if has containerd; then
    if dump=$(limited 10 containerd config dump 2>/dev/null </dev/null); then
      text=$(printf '%s\n' "$dump" | gpu_text - && printf x) || text=x
      emit fact gpu.service-file name effective path 'containerd config dump' sha256 '' text "${text%x}"
    else
      problem=$(limited 10 containerd config dump 2>&1 >/dev/null </dev/null | head -c 400 | tr '\n' ' ' | gpu_without_credentials) || problem=''
      problem=${problem:-'containerd config dump ended with an error and said nothing'}
    fi
  else
    problem='there is no program containerd on the PATH'
  fi
  emit fact gpu.service active "$(gpu_property ActiveState)" version "$version" problem "$problem" changed "$changed"
}
