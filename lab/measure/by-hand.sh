#!/bin/sh
# The manual procedure as people follow it: the program and the installer are on the machine, one command installs, and
# somebody watches until the node is Ready. Run as root on the machine; what it needs comes as environment.
set -eu
install -m 755 /tmp/k3s /usr/local/bin/k3s
K3S_URL=$K3S_URL K3S_TOKEN=$K3S_TOKEN INSTALL_K3S_SKIP_DOWNLOAD=true \
  sh /tmp/install.sh agent --node-label oceanid.node/name=calypso --node-label oceanid.node/gpu=nvidia-rtx-4090 >/dev/null
