#!/bin/sh
# STAND-IN for the installer of k3s: written for the rehearsal from what the official one was read to do. It installs
# nothing on a real machine: every path is under ROOT, and it refuses to run without one, except on a host of the lab.
set -eu
set -o noglob

info() { echo '[INFO] ' "$@"; }
fatal() {
  echo '[ERROR] ' "$@" >&2
  exit 1
}
ROOT=${ROOT-}
[ -n "$ROOT" ] || [ -e /usr/lib/k3s-gpu-actions-lab/stand-in ] ||
  fatal 'This is the stand-in of the rehearsal: ROOT must name the tree of an embedded host'

# Words of the unit's command line, one a line, each in single quotes.
quoted() {
  for word in "$@"; do
    printf '%s\n' "$word" | sed "s/'/'\\\\''/g; 1s/^/'/; \$s/\$/'/"
  done
}
# INSTALL_K3S_EXEC is read with the shell's own word splitting and quotes, as the real one does; script arguments follow.
eval "set -- $(printf '%s' "${INSTALL_K3S_EXEC-}" | sed -e 's/\([][!#$%&()*;<=>?\\_`{|}]\)/\\\1/g') $(quoted "$@" | tr '\n' ' ')"

case ${1-} in
  '' | -*)
    if [ -z "${K3S_URL-}" ]; then
      COMMAND=server
    else
      if [ -z "${K3S_TOKEN-}" ] && [ -z "${K3S_TOKEN_FILE-}" ]; then
        fatal "Defaulted k3s exec command to 'agent' because K3S_URL is defined, but K3S_TOKEN or K3S_TOKEN_FILE is not defined."
      fi
      COMMAND=agent
    fi
    ;;
  *)
    COMMAND=$1
    shift
    ;;
esac
case ${K3S_URL-} in
  '' | https://*) ;;
  *) fatal "Only https:// URLs are supported for K3S_URL (have $K3S_URL)" ;;
esac

if [ -n "${INSTALL_K3S_NAME-}" ]; then
  NAME=k3s-$INSTALL_K3S_NAME
elif [ "$COMMAND" = server ]; then
  NAME=k3s
else
  NAME=k3s-$COMMAND
fi
[ "$(id -u)" = 0 ] || fatal 'The stand-in does not call sudo itself: run it as root'

BIN=${INSTALL_K3S_BIN_DIR:-/usr/local/bin}
UNITS=${INSTALL_K3S_SYSTEMD_DIR:-/etc/systemd/system}
UNIT=$UNITS/$NAME.service
UNINSTALL=$BIN/$NAME-uninstall.sh
KILLALL=$BIN/k3s-killall.sh
installed_hashes() { sha256sum "$ROOT$BIN/k3s" "$ROOT$UNIT" "$ROOT$UNIT.env" 2>&1 || true; }
BEFORE=$(installed_hashes)

case ${INSTALL_K3S_SKIP_DOWNLOAD-} in
  true | binary)
    info 'Skipping k3s download and verify'
    [ -x "$ROOT$BIN/k3s" ] || fatal "Executable k3s binary not found at $BIN/k3s"
    ;;
  *)
    info "Using ${INSTALL_K3S_VERSION:-stable} as release"
    fatal 'Download failed'
    ;;
esac
info 'Skipping installation of SELinux RPM'

if [ "${INSTALL_K3S_SYMLINK-}" != skip ]; then
  for program in kubectl crictl ctr; do
    if [ -L "$ROOT$BIN/$program" ] || [ -e "$ROOT$BIN/$program" ]; then
      if [ "${INSTALL_K3S_SYMLINK-}" != force ]; then
        info "Skipping $BIN/$program symlink to k3s, already exists"
        continue
      fi
    fi
    info "Creating $BIN/$program symlink to k3s"
    ln -sf k3s "$ROOT$BIN/$program"
  done
fi

info "Creating killall script $KILLALL"
cat > "$ROOT$KILLALL" <<'SCRIPT'
#!/bin/sh
# Stand-in: the real one kills containers and unmounts by force. Nothing but the uninstaller may call it, so it says so and fails.
ROOT=${ROOT-}
if [ "${K3S_STANDIN_CALLER-}" != uninstall ]; then
  echo 'k3s-killall.sh was called on this stand-in' >> "$ROOT/var/log/k3s-killall.called"
  exit 1
fi
# On a host of the lab pods outlive the agent, as the real ones do: their processes go here, on an embedded host by its world.
if [ -n "$ROOT" ]; then
  k3s-standin-shims
else
  family() { for child in $(pgrep -P "$1"); do family "$child"; done; echo "$1"; }
  for shim in $(pgrep -f '^[^ ]*containerd-shim-runc-v2 .*-address /run/k3s/'); do
    kill -KILL $(family "$shim") 2> /dev/null
  done
fi
mounts=/proc/self/mounts
[ -z "$ROOT" ] || mounts=$ROOT/proc/mounts
# As the real one: by force, whatever it is and whosever, and then the folder (k3s-io/k3s:install.sh, do_unmount_and_remove).
do_unmount_and_remove() {
  while read -r _ path _; do
    case "$path" in "$1"*) echo "$path" ;; esac
  done < "$mounts" | sort -r |
    xargs -r -n 1 sh -c 'umount -f "$0" && rm -rf "${ROOT-}$0"'
}
for place in /run/k3s /var/lib/kubelet/pods /var/lib/kubelet/plugins /run/netns/cni-; do do_unmount_and_remove "$place"; done
if [ -z "$ROOT" ]; then
  ! ip link show cni0 > /dev/null 2>&1 || ip link delete cni0
fi
rm -rf "$ROOT/var/lib/cni"
SCRIPT
chmod 755 "$ROOT$KILLALL"
chown root:root "$ROOT$KILLALL"

info "Creating uninstall script $UNINSTALL"
cat > "$ROOT$UNINSTALL" <<SCRIPT
#!/bin/sh
# Stand-in for the uninstaller, in the order of the real one (k3s-io/k3s:install.sh, create_uninstall): it ends and unmounts what
# k3s's containers left, removes what the installer wrote, and leaves /etc/rancher/node. It fails at nothing and says 0, as that does.
ROOT=\${ROOT-}
[ -n "\$ROOT" ] || [ -e /usr/lib/k3s-gpu-actions-lab/stand-in ] || exit 1
export ROOT
systemctl stop $NAME
K3S_STANDIN_CALLER=uninstall "\$ROOT$KILLALL"
systemctl disable $NAME
systemctl reset-failed $NAME
systemctl daemon-reload
rm -f "\$ROOT$UNIT" "\$ROOT$UNIT.env"
trap 'rm -f "\$ROOT$UNINSTALL"' EXIT
if ls "\$ROOT$UNITS"/k3s*.service > /dev/null 2>&1; then
  echo 'Additional k3s services installed, skipping uninstall of k3s'
  exit
fi
for program in kubectl crictl ctr; do
  [ ! -L "\$ROOT$BIN/\$program" ] || rm -f "\$ROOT$BIN/\$program"
done
rm -rf "\$ROOT/etc/rancher/k3s" "\$ROOT/run/k3s" "\$ROOT/run/flannel" "\$ROOT/var/lib/rancher/k3s" "\$ROOT/var/lib/kubelet"
rm -f "\$ROOT$BIN/k3s" "\$ROOT$KILLALL"
SCRIPT
chmod 755 "$ROOT$UNINSTALL"
chown root:root "$ROOT$UNINSTALL"

# As the real one on every run: an interruption from here on leaves a running agent that will not start at boot.
systemctl disable "$NAME" > /dev/null 2>&1 || true
rm -f "$ROOT$UNIT" "$ROOT$UNIT.env"

info "env: Creating environment file $UNIT.env"
touch "$ROOT$UNIT.env"
chmod 0600 "$ROOT$UNIT.env"
sh -c export | sed -n -E 's/^export ((K3S|CONTAINERD)_[A-Z0-9_]*=.*)/\1/p' | grep -v '^K3S_STANDIN_' > "$ROOT$UNIT.env" || true
sh -c export | sed -n -E 's/^export (((NO|HTTP|HTTPS)_PROXY|(no|http|https)_proxy)=.*)/\1/p' >> "$ROOT$UNIT.env"

info "systemd: Creating service file $UNIT"
{
  printf '%s\n' '[Unit]' 'Description=Lightweight Kubernetes' 'Documentation=https://k3s.io' \
    'Wants=network-online.target' 'After=network-online.target' '' '[Install]' 'WantedBy=multi-user.target' '' '[Service]'
  printf '%s\n' "Type=${INSTALL_K3S_TYPE:-notify}" 'EnvironmentFile=-/etc/default/%N' 'EnvironmentFile=-/etc/sysconfig/%N' \
    "EnvironmentFile=-$UNIT.env" 'KillMode=process' 'Delegate=yes' 'User=root' 'LimitNOFILE=1048576' 'LimitNPROC=infinity' \
    'LimitCORE=infinity' 'TasksMax=infinity' 'TimeoutStartSec=0' 'Restart=always' 'RestartSec=5s' \
    'ExecStartPre=-/sbin/modprobe br_netfilter' 'ExecStartPre=-/sbin/modprobe overlay'
  printf 'ExecStart=%s/k3s \\\n    %s \\\n' "$BIN" "$COMMAND"
  [ $# -eq 0 ] || quoted "$@" | sed 's/.*/\t& \\/'
  echo
} > "$ROOT$UNIT"

grep -qs memory "$ROOT/sys/fs/cgroup/cgroup.controllers" ||
  info 'Failed to find memory cgroup, you may need to add "cgroup_memory=1 cgroup_enable=memory" to your linux cmdline (/boot/cmdline.txt on a Raspberry Pi)'
[ "${INSTALL_K3S_SKIP_ENABLE-}" != true ] || exit 0
info "systemd: Enabling $NAME unit"
systemctl enable "$NAME" > /dev/null
systemctl daemon-reload > /dev/null
[ "${INSTALL_K3S_SKIP_START-}" != true ] || exit 0
if [ "$BEFORE" = "$(installed_hashes)" ] && [ "${INSTALL_K3S_FORCE_RESTART-}" != true ]; then
  info 'No change detected so skipping service start'
  exit 0
fi
info "systemd: Starting $NAME"
systemctl restart "$NAME"
