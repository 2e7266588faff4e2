#!/bin/sh
# What the released k3s file of the lab execs: the stand-in that starts the real containerd and kubelet.
FOLDER=/usr/lib/k3s-gpu-actions-lab
exec "$FOLDER/node" --disable-warning=ExperimentalWarning "$FOLDER/source/lab/k3s/main.ts" "$@"
