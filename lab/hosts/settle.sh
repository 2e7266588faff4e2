#!/bin/sh
# Runs on a lab host at boot, before sshd: what a machine's firmware, kernel and installer would have set up already.
# ADDRESS and GATEWAY come from the unit's environment file; MACHINE is the folder with what stands for hardware.
set -eu

ip address add "$ADDRESS/24" dev host0
ip link set host0 up
ip route add default via "$GATEWAY"
echo 1 >/proc/sys/net/ipv4/ip_forward

# The container manager mounts the controllers of version 1 read-only; kubelet and containerd make groups in them.
# In a hierarchy of version 2 everything is writable already (not yet run).
if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
  for controller in /sys/fs/cgroup/*/; do
    if [ ! -L "${controller%/}" ]; then mount -o remount,bind,rw "${controller%/}"; fi
  done
fi

# The container manager leaves a mount point for SELinux, whether the kernel has it or not; a machine without has no such folder.
rmdir /sys/fs/selinux 2>/dev/null || :

# The identity that the kubelet reports, and the card on the bus: laid over what the kernel shows, which is another
# machine's or, in a virtual one, nothing.
mount -t overlay -o "ro,lowerdir=$MACHINE/class:/sys/class" overlay /sys/class
if [ -d "$MACHINE/pci" ]; then
  mount -t overlay -o "ro,lowerdir=$MACHINE/pci:/sys/bus/pci/devices" overlay /sys/bus/pci/devices
fi

# What a loaded driver shows, and the device files that its own programs make, without links in /dev/char. Nothing answers there.
if [ -d "$MACHINE/driver" ]; then
  mount --bind "$MACHINE/driver" /proc/driver
  {
    sed '/^$/,$d' /proc/devices
    printf '195 nvidia\n508 nvidia-uvm\n'
    sed -n '/^$/,$p' /proc/devices
  } >/run/lab-devices
  mount --bind /run/lab-devices /proc/devices
  mknod -m 666 /dev/nvidia0 c 195 0
  mknod -m 666 /dev/nvidiactl c 195 255
  mknod -m 666 /dev/nvidia-uvm c 508 0
fi
