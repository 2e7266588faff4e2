#!/bin/sh
# The first process inside the lab's namespaces: gives them their own /proc, control groups, /run, /tmp, names and network,
# and then waits for the command. Orphans of the whole lab become its children, and it reaps them.
#
#   init.sh STATE COMMAND...
#
# LAB_KEEP lists what must stay visible although it lies below /tmp, separated by colons; without it /tmp is shared.
set -eu
STATE=$1
shift

mount_groups() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 /sys/fs/cgroup
    return
  fi
  # The control groups as the lab's namespace sees them: its own are the root, and nothing above can be reached.
  mkdir -p "$STATE/cgroup"
  mount -t tmpfs -o mode=755 tmpfs "$STATE/cgroup"
  grep ' - cgroup' /proc/self/mountinfo | while read -r _ _ _ _ point _ rest; do
    options=${rest##* }
    type=${rest#*- }
    type=${type%% *}
    folder=$STATE/cgroup/${point##*/}
    mkdir -p "$folder"
    if [ "$type" = cgroup2 ]; then mount -t cgroup2 cgroup2 "$folder"; else
      case ",$options," in
        *,name=*) options=none,name=${options##*name=} ;;
        *) options=${options#rw,} ;;
      esac
      mount -t cgroup -o "$options" cgroup "$folder"
    fi
  done
  mount --move "$STATE/cgroup" /sys/fs/cgroup
  rmdir "$STATE/cgroup"
}

# Nothing that programs inside write to the usual places for short-lived files reaches the machine's.
mount_private() {
  mkdir -p /run/lock /run/systemd /run/netns
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs /dev/shm
  if [ -n "${LAB_KEEP:-}" ]; then
    mkdir -p "$STATE/tmp"
    mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$STATE/tmp"
    printf '%s\n' "$STATE:$LAB_KEEP" | tr : '\n' | while read -r path; do
      case $path in /tmp/*) ;; *) continue ;; esac
      # A part of what is there already, as the repository's own Node is: making it anew would empty the original.
      if [ -e "$STATE/tmp/${path#/tmp/}" ]; then continue; fi
      if [ -d "$path" ]; then mkdir -p "$STATE/tmp/${path#/tmp/}"; else
        mkdir -p "$(dirname "$STATE/tmp/${path#/tmp/}")"
        : >"$STATE/tmp/${path#/tmp/}"
      fi
      mount --bind "$path" "$STATE/tmp/${path#/tmp/}"
    done
    mount --move "$STATE/tmp" /tmp
    rmdir "$STATE/tmp"
  fi
  # etcd waits for the disk at every write; here nothing has to outlive the lab.
  mkdir -p "$STATE/cluster/etcd"
  mount -t tmpfs -o mode=700,nosuid,nodev tmpfs "$STATE/cluster/etcd"
}

# No name leads out of here.
mount_names() {
  mkdir -p "$STATE/names"
  printf '%s\n' '127.0.0.1 localhost' '::1 localhost' '192.0.2.1 srv712429' \
    '192.0.2.10 github.com api.github.com raw.githubusercontent.com release-assets.githubusercontent.com' \
    '192.0.2.1 k3s.oceanid.test' \
    >"$STATE/names/hosts"
  : >"$STATE/names/resolv.conf"
  for file in hosts resolv.conf; do
    target=$(readlink -m "/etc/$file")
    # Often a link into /run, which is empty now.
    case $target in /run/*) mkdir -p "$(dirname "$target")" && : >"$target" ;; esac
    if [ -e "$target" ]; then mount --bind "$STATE/names/$file" "$target"; fi
  done
  hostname srv712429
}

make_network() {
  ip link add lab0 type bridge
  ip address add 192.0.2.1/24 dev lab0
  ip address add 192.0.2.10/24 dev lab0
  # The two clusters that kubeadm sets up.
  ip address add 192.0.2.20/24 dev lab0
  ip address add 192.0.2.21/24 dev lab0
  # Whoever answers in the server's place, when that is the fault.
  ip address add 192.0.2.66/24 dev lab0
  ip link set lab0 up
  echo 1 >/proc/sys/net/ipv4/ip_forward
}

# First of all, and unrecorded: mount keeps notes in /run/mount.
mount --no-mtab -t tmpfs -o mode=755,nosuid,nodev tmpfs /run
mount -t proc -o nosuid,nodev,noexec proc /proc
mount_groups
mount_private
ip link set lo up
# For trials in a folder that is no lab's, the namespaces are bare.
if [ -e "$STATE/owner" ]; then
  mount_names
  make_network
fi
# A core file would be written wherever the machine's pattern says.
# shellcheck disable=SC3045 # dash, bash and busybox know -c
ulimit -c 0
"$@" &
code=0
wait $! || code=$?
exit "$code"
