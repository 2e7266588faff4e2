#!/bin/sh
# Runs on a host of a released k3s whenever its agent is about to start (lab-k3s.service), and not before: until then there
# must be nothing of k3s on the machine. Not yet run with a released k3s.
#
#   k3s-data.sh IMAGES LAYERS
#
# IMAGES is the folder of image archives: nothing can be pulled here, and k3s imports every archive that it finds in its own
# when it starts. LAYERS is a folder in memory for containerd: k3s lays containers' roots as overlays, the root of a lab host
# is an overlay already, and the kernel lays no other on top of it.
set -eu
agent=/var/lib/rancher/k3s/agent

mkdir -p "$agent/images"
for archive in "$1"/*.tar; do
  if [ ! -e "$agent/images/${archive##*/}" ]; then cp "$archive" "$agent/images/"; fi
done
# A link, because a mount below the agent's folder would keep that from being removed when a join is undone.
if [ ! -e "$agent/containerd" ]; then ln -s "$2" "$agent/containerd"; fi
