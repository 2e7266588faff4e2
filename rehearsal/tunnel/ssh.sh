#!/bin/sh
# shellcheck shell=sh
# `ssh` as a machine of the rehearsal finds it: OpenSSH, led to an SSH server of the embedded world. The file `ssh-endpoints`
# beside it holds `program PATH` and, for each server, `HOST:PORT LOOPBACK-PORT`. Every other destination is an error, before a
# name is looked up or a packet is sent. What is given first wins in OpenSSH, and host keys go by the name that was asked for.
set -eu

destination='' port=22 option=''
for argument; do
  case $option in
    p) port=$argument ;;
  esac
  if [ -n "$option" ]; then
    option=''
    continue
  fi
  case $argument in
    --) ;;
    -[BbcDEeFIiJLlmOoPpQRSWw]) option=${argument#-} ;;
    -p*) port=${argument#-p} ;;
    -*) ;;
    *)
      destination=$argument
      break
      ;;
  esac
done

host=${destination##*@}
program='' to=''
while read -r name leads; do
  case $name in
    program) program=$leads ;;
    "$host:$port") to=$leads ;;
  esac
done <"$(dirname "$0")/ssh-endpoints"

if [ -z "$to" ]; then
  printf 'ssh: the rehearsal has no %s:%s\n' "$host" "$port" >&2
  exit 255
fi
exec "$program" -o HostName=127.0.0.1 -o "Port=$to" -o "HostKeyAlias=$host" "$@"
