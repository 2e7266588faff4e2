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

k3s_half_gone() { if [ -e "$ROOT/var/lib/k3s-gpu-actions/leave/begun" ]; then emit fact leave.half present:n true; fi; }

k3s_others() {
  found=$(other_units)
  if [ -n "$found" ]; then emit fact leave.obstacle words "there is $found, which it would stop, too, and then leave everything where it is"; fi
  if [ -n "$(server_traces)" ]; then emit fact leave.server-traces present:n true; fi
}

# Where the agent looks for its server when the environment does not say: the last one counts.
k3s_server() {
  url=$(cat "$ROOT/etc/rancher/k3s/config.yaml" "$ROOT/etc/rancher/k3s/config.yaml.d"/*.yaml 2>/dev/null |
    sed -n 's/^["'\'']\{0,1\}server["'\'']\{0,1\}[[:blank:]]*:[[:blank:]]*["'\'']\{0,1\}\(https:[^"'\''#[:blank:]]*\).*/\1/p' | tail -n 1) || url=''
  if [ -n "$url" ]; then emit fact leave.server url "$url"; fi
}

# Volumes of the provisioner that k3s brings are folders here, also those that no object of the cluster tells of any more.
k3s_data() {
  count=0
  for path in "$ROOT/var/lib/rancher/k3s/storage"/*; do
    if [ "$count" -lt 50 ] && { [ -e "$path" ] || [ -L "$path" ]; }; then
      emit fact leave.data path "${path#"$ROOT"}"
      count=$((count + 1))
    fi
  done
}

survey_distribution() {
  k3s_find_unit || :
  for part in binary unit env server_unit traces uninstaller half_gone others server data; do ("k3s_$part") || :; done
  (emit_mounts) || :
}
