#!/bin/sh
# Runs on a lab host of kubeadm at boot, once containerd answers: imports what pods need, for nothing can be pulled here.
#
#   kubeadm-images.sh IMAGES
#
# IMAGES is the folder of image archives. The sandbox gets the name that kubeadm 1.33 gives it.
set -eu
for archive in "$1"/*.tar; do
  ctr --namespace k8s.io images import --local --snapshotter native "$archive" >/dev/null
done
ctr --namespace k8s.io images tag --force docker.io/rancher/mirrored-pause:3.6 registry.k8s.io/pause:3.10 >/dev/null
