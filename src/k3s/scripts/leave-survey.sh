# shellcheck shell=sh
# shellcheck disable=SC2034 # read by mounts.sh
# What a removal has to know of k3s besides the survey: what takes it away, whether it is half gone, what is mounted where
# it deletes. Changes nothing. survey.sh and mounts.sh come before it; survey_distribution becomes the former's and this.

FOLDERS='/run/k3s /run/flannel /var/lib/kubelet /var/lib/rancher/k3s /etc/rancher/k3s /var/lib/cni'

k3s_traces() {
  for path in /usr/local/bin/k3s /opt/bin/k3s /etc/systemd/system/k3s-agent.service /etc/systemd/system/k3s-agent.service.env \
    /etc/rancher/k3s /etc/rancher/node /var/lib/rancher/k3s /var/lib/kubelet; do
    # A folder that is a mount of its owner stays, empty.
    if [ -L "$ROOT$path" ] || [ -f "$ROOT$path" ]; then
      emit fact leave.trace path "$path"
    elif [ -d "$ROOT$path" ] && [ -n "$(ls -A "$ROOT$path" 2>/dev/null)" ]; then
      emit fact leave.trace path "$path"
    fi
  done
}

k3s_uninstaller() {
  for path in /usr/local/bin/k3s-agent-uninstall.sh /opt/bin/k3s-agent-uninstall.sh /var/lib/k3s-gpu-actions/leave/uninstall.sh; do
    if [ -f "$ROOT$path" ] && [ ! -L "$ROOT$path" ]; then
      emit fact leave.uninstaller path "$path"
      return 0
    fi
  done
}

k3s_half_gone() { if [ -e "$ROOT/var/lib/k3s-gpu-actions/leave/uninstall.sh" ]; then emit fact leave.half present:n true; fi; }

survey_distribution() {
  k3s_find_unit || :
  for part in binary unit env server_unit traces uninstaller half_gone; do ("k3s_$part") || :; done
  (emit_mounts) || :
}
