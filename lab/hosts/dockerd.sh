#!/bin/sh
# Plays docker on the machine with the card, as the unit docker.service: one container, whose only process is called
# tritonserver and sits in the control group that docker would have made for it. Nobody may disturb it.
# MACHINE is the folder with what stands for hardware, CONTAINER the container's id.
set -eu
mkdir -p /run/docker
# The container's shell expands these.
# shellcheck disable=SC2016
systemd-run --quiet --scope --unit="docker-$CONTAINER.scope" -- \
  sh -c 'echo $$ >/run/docker/pid.new && mv /run/docker/pid.new /run/docker/pid && exec "$0" infinity' "$MACHINE/tritonserver" &
exec sleep infinity
