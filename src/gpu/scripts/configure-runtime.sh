# shellcheck shell=sh
# shellcheck disable=SC2034 # read by apply.sh
# shellcheck disable=SC2154 # assigned by files.sh, packages.sh and change-log.sh
# The step configure-runtime, for apply.sh: a containerd that is no part of k3s is told of the runtime, by nvidia-ctk and here only.
# PROGRAM (path of nvidia-container-runtime), DEFAULT_RUNTIME (keep | nvidia | unset).

sum_of() { if [ -f "$ROOT$1" ]; then sha256 "$ROOT$1" || echo unknown; else echo none; fi; }

# nvidia-ctk reads the configuration, writes the drop-in and lets the configuration import it, its comments lost
# (NVIDIA/nvidia-container-toolkit v1.20.0, pkg/config/engine/containerd). containerd is asked whether it understands the
# result before anybody restarts it.
configure_runtime() {
  outcome=unchanged
  has nvidia-ctk || die runtime-missing 'there is no nvidia-ctk on this host (package nvidia-container-toolkit-base)'
  if [ ! -x "$ROOT$PROGRAM" ]; then die runtime-missing "there is no $PROGRAM on this host, so containerd could not start it"; fi
  before="$(sum_of "$containerd_config") $(sum_of "$runtime_drop_in")"
  make_folder "${containerd_config%/*}"
  make_folder "${runtime_drop_in%/*}"
  preserve "$containerd_config"
  preserve "$runtime_drop_in"
  # What a former call set as the default stays in the drop-in until it is written anew.
  if [ "$DEFAULT_RUNTIME" = unset ]; then rm -f "$ROOT$runtime_drop_in"; fi
  set -- --runtime=containerd --config="$containerd_config" --drop-in-config="$runtime_drop_in" --nvidia-runtime-path="$PROGRAM"
  if [ "$DEFAULT_RUNTIME" = nvidia ]; then set -- "$@" --nvidia-set-as-default; fi
  quietly timeout 30 nvidia-ctk runtime configure "$@" || { emit_said && die configure-failed 'nvidia-ctk runtime configure ended with an error'; }
  relabel "$containerd_config"
  relabel "$runtime_drop_in"
  quietly timeout 30 containerd config dump || { emit_said && die config-invalid "containerd does not understand $containerd_config as nvidia-ctk left it"; }
  if [ "$(sum_of "$containerd_config") $(sum_of "$runtime_drop_in")" != "$before" ]; then outcome=changed; fi
}
