#!/bin/sh
# STAND-IN for the k3s program of one release and architecture, for embedded hosts only.
K3S_STANDIN_VERSION='@VERSION@'
K3S_STANDIN_ARCHITECTURE='@ARCHITECTURE@'
export K3S_STANDIN_VERSION K3S_STANDIN_ARCHITECTURE
case ${0##*/} in
  kubectl | crictl | ctr) set -- "${0##*/}" "$@" ;;
esac
exec k3s-standin "$@"
