# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # assigned by agent-files.sh, change-log.sh, mounts.sh and leave-steps.sh, which follows
# How k3s is taken off this host: by the official uninstaller, of which a copy is kept. agent-files.sh, change-log.sh and
# mounts.sh come before it, leave-steps.sh after it.
#
# What the official uninstaller does (k3s-io/k3s install.sh @0136cf258954, create_killall and create_uninstall): stops every
# k3s unit, kills what runs below containerd's shims, unmounts by force and deletes all that begins with /run/k3s,
# /var/lib/kubelet/pods, /var/lib/kubelet/plugins, takes CNI's networks and rules away, reloads systemd, deletes
# /etc/rancher/k3s, /run/k3s, /var/lib/rancher/k3s, /var/lib/kubelet, its programs, and itself, however it ends. So nothing
# of others may be mounted there, a server may not be here, and a copy is kept for the run after one that was interrupted.

is_installed() { [ -f "$ROOT$unit_path" ]; }

# Without the copy a run that was killed half way could never be finished.
prepare() {
  for path in /usr/local/bin/k3s-agent-uninstall.sh /opt/bin/k3s-agent-uninstall.sh; do
    if [ -f "$ROOT$path" ] && [ ! -L "$ROOT$path" ]; then
      cp "$ROOT$path" "$kept/uninstall.sh.part" || die backup-failed "$path could not be copied to ${kept#"$ROOT"} (is the disk full?)"
      mv -f "$kept/uninstall.sh.part" "$kept/uninstall.sh"
      break
    fi
  done
  [ -f "$kept/uninstall.sh" ] || die uninstaller-missing 'there is no k3s-agent-uninstall.sh on this host, and no copy of one'
}

refuse_server() {
  for folder in /etc /run /usr/local/lib /usr/lib /lib; do
    if [ -f "$ROOT$folder/systemd/system/k3s.service" ]; then
      die server-present "there is a k3s server on this host ($folder/systemd/system/k3s.service): its uninstaller would stop it, too"
    fi
  done
  found=$(server_traces)
  [ -z "$found" ] || die server-present "there is a k3s server on this host ($found): its uninstaller would delete a cluster"
}

# It stops and leaves everything as it is when there is another unit of that name, after it has stopped, killed and unmounted.
refuse_others() {
  found=$(other_units)
  [ -z "$found" ] || die other-units "there is $found: the uninstaller would stop it, too, and then leave everything where it is"
}

# Judged by what is left, not by its exit code: it goes on after every failure, and its last command is a package manager's.
take_away() {
  limited_away sh "$kept/uninstall.sh"
  left=''
  for path in /usr/local/bin/k3s "$unit_path" "$environment_path" /etc/rancher/k3s; do
    if is_there "$path"; then left="$left $path"; fi
  done
  for path in /var/lib/rancher/k3s /var/lib/kubelet; do
    if [ -d "$ROOT$path" ] && [ -n "$(ls -A "$ROOT$path" 2>/dev/null)" ]; then left="$left $path"; fi
  done
  [ -n "$left" ] || return 0
  emit_log
  die uninstall-failed "after k3s-agent-uninstall.sh (exit code $code) there is still:$left"
}

# What the uninstaller leaves of k3s. A password of the node would only be refused, or believed, at the next join.
clear_rest() {
  if [ ! -L "$ROOT/etc/rancher/node" ]; then rm -rf "$ROOT/etc/rancher/node"; fi
  for path in /etc/rancher /var/lib/rancher; do rmdir "$ROOT$path" 2>/dev/null || :; done
  # A unit that rests, and whose file is gone, is dropped by systemd without a reload.
  timeout 10 systemctl reset-failed "$unit" >/dev/null 2>&1 || :
  rm -f "$ROOT/etc/systemd/system"/.k3s-gpu-actions.*
}

# What stays on purpose: it may serve others, and taking it away is nobody's wish that was said.
name_rest() {
  for path in "$ROOT/etc/modules-load.d"/*k3s-gpu-actions* "$ROOT/etc/sysctl.d"/*k3s-gpu-actions* "$ROOT/etc/udev/rules.d"/*k3s-gpu-actions* \
    "$ROOT/etc/apt/sources.list.d"/*k3s-gpu-actions* "$ROOT/etc/apt/preferences.d"/*k3s-gpu-actions* \
    "$ROOT/etc/yum.repos.d"/*k3s-gpu-actions* "$ROOT/etc/zypp/repos.d"/*k3s-gpu-actions* "$ROOT/usr/share/keyrings"/*k3s-gpu-actions* \
    "$ROOT/etc/systemd/system/k3s-agent.service.d"/*; do
    if [ -e "$path" ]; then emit stays "${path#"$ROOT"}"; fi
  done
}
