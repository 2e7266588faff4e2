#!/bin/sh
# Stand-in of nvidia-container-runtime: there is no GPU here whose libraries it could hand to a container. What can be seen
# with it is whether a container was started by this runtime at all: one line for each call, and everything else is runc's.
#
#   LAB_NVIDIA_RUNTIME_LOG  file for the lines. Default: /var/log/nvidia-container-runtime.log
#   LAB_RUNC                the real runtime. Default: runc on PATH
LOG=${LAB_NVIDIA_RUNTIME_LOG:-/var/log/nvidia-container-runtime.log}
{
  printf 'stand-in nvidia-container-runtime:'
  printf ' %s' "$@"
  printf '\n'
} >>"$LOG"
exec "${LAB_RUNC:-runc}" "$@"
