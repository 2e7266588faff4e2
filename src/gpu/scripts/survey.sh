# shellcheck shell=sh
# What a host says about its GPUs and what makes them usable: gpu-runtime's part of the survey, called after the
# distribution's. Changes nothing. The facts are in survey-*.sh beside this file, each gathered in a subshell of its own.

survey_gpu_runtime() {
  cards=$(gpu_pci)
  if [ -n "$cards" ]; then printf '%s\n' "$cards"; fi
  # Where the kernel lists the bus, no card is on it and no driver is loaded, there is nothing that anything below could be about. A GPU
  # need not be on the bus: that of a module or a virtual machine may not.
  if [ -z "$cards" ] && [ -d "$ROOT/sys/bus/pci/devices" ] && [ ! -e "$ROOT/proc/driver/nvidia/version" ] && ! has nvidia-smi; then return 0; fi
  for part in driver kernels reboot unattended kernel_log packages repository runtimes default_runtimes containerd own_containerd handlers \
    device_links own_files; do
    ("gpu_$part") || :
  done
}
