#!/bin/sh
# Runs in a pod: does it reach the cluster's DNS, and a service? Answers in lines behind a mark; whatever the image has is used:
# Python, busybox, or bash with getent. Kubernetes replaces $(NAME) in a command where NAME is a variable of the container: there is none.
set -u
mark=k3s-gpu-actions/pod-network

say() {
  printf '%s %s\n' "$mark" "$*" | tr -d '\r' | cut -c 1-300
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# `search default.svc.cluster.local svc.cluster.local cluster.local`: the kubelet writes the cluster's domain there.
resolver=${ROOT:-}/etc/resolv.conf
domain=$(sed -n 's/^search.* svc\.\([^ ]*\).*/\1/p' "$resolver" | head -n 1)
server=$(sed -n 's/^nameserver  *//p' "$resolver" | head -n 1)
name=kubernetes.default.svc.${domain:-cluster.local}.
host=${KUBERNETES_SERVICE_HOST:-}
port=${KUBERNETES_SERVICE_PORT:-443}
say "asks $server"

# Old busybox wants `timeout -t`: without a limit of its own a try still ends with the pod.
if timeout 1 true 2>/dev/null; then limited() { timeout 20 "$@" 2>&1; }; else limited() { "$@" 2>&1; }; fi

if has python3; then with=python
elif has nslookup && has nc; then with=busybox
elif has getent && has bash; then with=bash
else
  say 'tools none'
  exit 0
fi

# Debian's busybox has an nc without -z; it ends as well when the server closes, which one that speaks TLS does at once.
only_connect=''
if [ "$with" = busybox ] && nc --help 2>&1 | grep -q -e '-z'; then only_connect=-z; fi

resolve() {
  case $with in
    python) limited python3 -c 'import socket,sys; print(socket.getaddrinfo(sys.argv[1],None)[0][4][0])' "$name" ;;
    # Its exit code is also that of a question for an IPv6 address that does not exist.
    busybox) answer=$(limited nslookup "$name"); printf '%s\n' "$answer"; printf '%s\n' "$answer" | grep -q '^Name:' ;;
    bash) limited getent ahosts "$name" ;;
  esac
}

reach() {
  # shellcheck disable=SC2016,SC2086  # the inner shell expands them; an option or nothing
  case $with in
    python) limited python3 -c 'import socket,sys; socket.create_connection((sys.argv[1],int(sys.argv[2])),8).close()' "$host" "$port" ;;
    busybox) limited nc $only_connect -w 8 "$host" "$port" </dev/null ;;
    bash) limited bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$host" "$port" ;;
  esac
}

# Once again after a moment: one lost packet is no broken network.
said=$(resolve) || { sleep 2; said=$(resolve); }
case $? in
  0) say 'dns ok' ;;
  *) say "dns failed $(printf '%s' "$said" | tail -n 1)" ;;
esac

if [ -z "$host" ]; then
  say 'service failed the pod knows no KUBERNETES_SERVICE_HOST'
  exit 0
fi
said=$(reach) || { sleep 2; said=$(reach); }
case $? in
  0) say 'service ok' ;;
  *) say "service failed $(printf '%s' "$said" | tail -n 1)" ;;
esac
exit 0
